"""Giving a sealed paper to one more reader: nothing is given that was not signed for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from portal.crypto.manifest import open_manifest
from portal.crypto.sealing import header_for, new_file_key, open_header
from portal.domain.cases import Case
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfCase
from portal.domain.papers import UNIT_READER, Header
from portal.journeys.deed import doing
from portal.journeys.giving.rewrapping import rewrap, rewrap_all
from portal.journeys.giving.sealing import keep_manifest, own_fingerprint
from portal.journeys.house import Who
from portal.journeys.keys.directory import KeyAlarm, confirmed_keys
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.meetings.particulars import stored
from portal.journeys.opening.opened import NotGiven, Spoilt
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import keys, papers
from portal.records.database import writing
from tests.journeys.planning import NAME, case_of, read_by
from tests.world import World


def give(world: World, case: Case, by: str = "helen", to: str = "carys") -> None:
    """Re-wrap a case's particulars for one person, as a deed does it."""
    who = world.who(by)
    with doing(world.house, who.actor, Action.UNIT_INVITATION_MAKE) as deed:
        deed.require(OfCase(who.actor.area_id, None))
        document, version = stored(deed.db, case)
        reader = confirmed_keys(world.house, deed.db, deed.area_id)[world.person(to).id]
        opens, closes = deed.now, deed.now + timedelta(days=1)
        header, signed = rewrap(deed, who, document, version, reader, opens, closes, "late")
        unit = unit_recipient(world.house, deed.db, deed.area_id)
        found = open_manifest(signed.body, signed.signature, who.keyring.signing_public())
        assert set(found.recipients) == {unit.fingerprint, reader.fingerprint}
        assert (found.opens_at, found.closes_at) == (opens.isoformat(), closes.isoformat())
        assert found.author_fingerprint == own_fingerprint(who)
        papers.save_header(deed.db, header)
        position = deed.note(
            line(
                Deed.INVITATION_MADE, slot="s", person=reader.person_id, agency="a",
                capacity="chair", reason="", manifest=signed.sha256,
            )
        )  # fmt: skip
        keep_manifest(deed, version, signed, position)


@pytest.mark.parametrize("by", ["helen", "tom", "priya"])
def test_any_member_of_the_unit_gives_and_the_reader_opens(world: World, by: str) -> None:
    case = case_of(world)
    give(world, case, by)
    assert read_by(world, case, world.who("carys")).name == NAME
    with pytest.raises(NotGiven):
        read_by(world, case, world.who("ruth"))


def test_a_wrap_without_a_signed_manifest_names_nobody(world: World) -> None:
    case, helen, ruth = case_of(world), world.who("helen"), world.who("ruth")
    version_id = case.particulars_version
    with writing(world.house.engine) as db:
        kept = papers.header_for(db, world.area.id, version_id, UNIT_READER)
        assert kept is not None
        file_key = open_header(kept.header, [helen.unit(db).opener()])
        header = header_for(file_key, ruth.keyring.recipient())
        papers.save_header(
            db,
            Header(
                world.area.id, version_id, ruth.actor.person_id, own_fingerprint(ruth), header
            ),
        )  # fmt: skip
        db.commit()
    with pytest.raises(NotGiven):
        read_by(world, case, ruth)


def _other_key(world: World, db: Connection, case: Case) -> None:
    unit = unit_recipient(world.house, db, world.area.id)
    header = header_for(new_file_key(), unit.recipient)
    papers.save_header(
        db,
        Header(
            world.area.id, case.particulars_version, UNIT_READER, unit.fingerprint, header
        ),
    )  # fmt: skip


def _no_header(world: World, db: Connection, case: Case) -> None:
    papers.remove_header(db, world.area.id, case.particulars_version, UNIT_READER)


def _other_commit(world: World, db: Connection, case: Case) -> None:
    db.execute(update(papers.versions).values(key_commit=b"\0" * 32))


def _other_payload(world: World, db: Connection, case: Case) -> None:
    db.execute(update(papers.versions).values(payload_sha256="0" * 64))


def _other_signature(world: World, db: Connection, case: Case) -> None:
    db.execute(update(papers.manifests).values(signature=b"\0" * 64))


def _other_line(world: World, db: Connection, case: Case) -> None:
    db.execute(update(papers.manifests).values(ledger_position=1))


def _no_manifest(world: World, db: Connection, case: Case) -> None:
    db.execute(papers.manifests.delete())


def _other_signer(world: World, db: Connection, case: Case) -> None:
    db.execute(update(papers.manifests).values(signer_id=world.person("una").id))


def _other_unit(world: World, db: Connection, case: Case) -> None:
    db.execute(update(keys.unit_keys).values(fingerprint="0" * 64, recipient=b"\0" * 1216))


@pytest.mark.parametrize(
    ("meddle", "found"),
    [
        (_other_key, Spoilt),
        (_no_header, NotGiven),
        (_other_commit, Spoilt),
        (_other_payload, Spoilt),
        (_other_signature, Spoilt),
        (_other_line, Spoilt),
        (_no_manifest, Spoilt),
        (_other_signer, Spoilt),
        (_other_unit, KeyAlarm),
    ],
)
def test_nothing_is_given_when_anything_does_not_agree(
    world: World, meddle: Callable[[World, Connection, Case], None], found: type[Exception]
) -> None:
    case = case_of(world)
    with writing(world.house.engine) as db:
        meddle(world, db, case)
        db.commit()
    with pytest.raises(found):
        give(world, case)
    with pytest.raises((Spoilt, NotGiven, KeyAlarm)):
        read_by(world, case, world.who("carys"))


@pytest.mark.parametrize("name", ["carys", "sian", "una"])
def test_nobody_outside_the_unit_can_wrap_again(world: World, name: str) -> None:
    case = case_of(world)
    helen, other = world.who("helen"), world.who(name)
    with pytest.raises(Refused):
        _wrap(world, case, helen, other)


def _wrap(world: World, case: Case, judged: Who, wrapping: Who) -> None:
    with doing(world.house, judged.actor, Action.UNIT_INVITATION_MAKE) as deed:
        deed.require(OfCase(judged.actor.area_id, None))
        document, version = stored(deed.db, case)
        reader = confirmed_keys(world.house, deed.db, deed.area_id)[world.person("carys").id]
        rewrap_all(deed, wrapping, document, version, [reader], None, None, "")
