"""Somebody changes the database or the store: nothing is sent, nothing opens, and it is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from portal.cli.sealed import group
from portal.crypto.age.files import header_for_all
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.commitment import key_commit
from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import new_keyring
from portal.crypto.sealing import header_for, new_file_key, open_header, seal_payload
from portal.domain.grants import GrantState
from portal.domain.papers import UNIT_READER, Header
from portal.journeys.deed import tending
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import grant_waiting
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.opened import Spoilt
from portal.journeys.packs.preview_pack import preview_pack
from portal.journeys.packs.send_pack import send_pack
from portal.policy.judge import Refused
from portal.records import keys, papers, sendings
from portal.records.database import reading
from portal.storage.store import StorageError
from tests.staging import Stage

Tamper = Callable[[Stage], None]


def _public_key(stage: Stage) -> None:
    other = new_keyring()
    with tending(stage.house) as db:
        db.execute(
            update(keys.public_keys)
            .where(keys.public_keys.c.person_id == stage.id("joe"))
            .values(recipient=other.recipient(), sign_public=other.signing_public())
        )


def _public_key_and_fingerprints(stage: Stage) -> None:
    other = new_keyring()
    print_ = fingerprint(other.recipient(), other.signing_public())
    with tending(stage.house) as db:
        db.execute(
            update(keys.public_keys)
            .where(keys.public_keys.c.person_id == stage.id("joe"))
            .values(
                recipient=other.recipient(), sign_public=other.signing_public(), fingerprint=print_
            )
        )
        db.execute(
            update(keys.confirmations)
            .where(keys.confirmations.c.person_id == stage.id("joe"))
            .values(fingerprint=print_)
        )


def _confirmation_of_another(stage: Stage) -> None:
    with tending(stage.house) as db:
        found = keys.confirmations_of_area(db, stage.world.area.id)[stage.id("ruth")]
        db.execute(
            update(keys.confirmations)
            .where(keys.confirmations.c.person_id == stage.id("joe"))
            .values(
                statement=found.statement,
                signature=found.signature,
                ledger_position=found.ledger_position,
            )
        )


def _unit_key(stage: Stage) -> None:
    with tending(stage.house) as db:
        db.execute(update(keys.unit_keys).values(recipient=HybridIdentity().recipient().raw))


@pytest.mark.parametrize(
    "tamper", [_public_key, _public_key_and_fingerprints, _confirmation_of_another, _unit_key]
)
def test_a_swapped_key_stops_the_sending(stage: Stage, tamper: Tamper) -> None:
    digest = stage.digest()
    tamper(stage)
    with pytest.raises(KeyAlarm):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                  stage.world.code("helen"), "No referral.")  # fmt: skip
    assert stage.lines("pack.sent") == []
    with reading(stage.house.engine) as db:
        assert sendings.grants_in(db, stage.world.area.id, *GrantState) == []


def test_a_key_swapped_while_the_pack_is_bound_stops_it(stage: Stage) -> None:
    digest, put = stage.digest(), stage.house.store.put

    def slow(name, sealed):
        put(name, sealed)
        _public_key(stage)

    object.__setattr__(stage.world.store, "put", slow)
    with pytest.raises(KeyAlarm):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                  stage.world.code("helen"), "No referral.")  # fmt: skip
    assert stage.lines("pack.sent") == []


def test_a_key_swapped_while_somebody_waits_gives_nothing(stage: Stage) -> None:
    stage.send()
    stage.confirm("una")
    with tending(stage.house) as db:
        db.execute(
            update(keys.public_keys)
            .where(keys.public_keys.c.person_id == stage.id("una"))
            .values(recipient=new_keyring().recipient())
        )
    with pytest.raises(KeyAlarm):
        grant_waiting(stage.house, stage.world.who("helen"), stage.id("una"))
    assert stage.states()["una"] is GrantState.WAITING


def _foreign_payload(stage: Stage) -> None:
    """The same name in the store, other bytes."""
    for name in list(stage.world.store._kept):
        stage.world.store._kept[name] = seal_payload(new_file_key(), b"%PDF-1.7 forged").body


def _another_payload_named(stage: Stage) -> None:
    """A payload that the forger sealed, and rows that name it."""
    file_key = new_file_key()
    forged = seal_payload(file_key, b"%PDF-1.7 forged")
    stage.house.store.put(forged.sha256, forged)
    version = stage.grant("joe").version_id
    own = stage.world.secrets("joe").keyring.recipient()
    with tending(stage.house) as db:
        db.execute(
            update(papers.versions)
            .where(papers.versions.c.id == version)
            .values(
                payload_sha256=forged.sha256,
                clear_size=forged.clear_size,
                key_commit=key_commit(file_key, version, forged.sha256),
            )
        )
        kept = papers.header_for(db, stage.world.area.id, version, stage.id("joe"))
        assert kept is not None
        papers.save_header(db, replace(kept, header=header_for(file_key, own)))


def _manifest_edited(stage: Stage) -> None:
    with tending(stage.house) as db:
        for row in papers.manifests_of(db, stage.world.area.id, stage.grant("joe").version_id):
            body = json.loads(row.body)
            body["closes_at"] = "2029-01-01T00:00:00+00:00"
            forged = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
            db.execute(
                update(papers.manifests).where(papers.manifests.c.id == row.id).values(body=forged)
            )


def _manifest_signed_by_a_reader(stage: Stage) -> None:
    """A confirmed key, but not the author's, and nothing of it stands in the ledger."""
    with tending(stage.house) as db:
        for row in papers.manifests_of(db, stage.world.area.id, stage.grant("joe").version_id):
            db.execute(
                update(papers.manifests)
                .where(papers.manifests.c.id == row.id)
                .values(signer_id=stage.id("carys"))
            )


def _ledger_position(stage: Stage) -> None:
    with tending(stage.house) as db:
        db.execute(update(papers.manifests).values(ledger_position=1))


def _window(stage: Stage) -> None:
    closes = stage.grant("joe").closes_at
    assert closes is not None
    with tending(stage.house) as db:
        db.execute(
            update(sendings.grants)
            .where(sendings.grants.c.person_id == stage.id("joe"))
            .values(closes_at=closes + timedelta(days=30))
        )


def _header_of_another(stage: Stage) -> None:
    version = stage.grant("joe").version_id
    with tending(stage.house) as db:
        ruths = papers.header_for(db, stage.world.area.id, version, stage.id("ruth"))
        assert ruths is not None
        papers.save_header(db, replace(ruths, reader_id=stage.id("joe")))


def _header_bytes(stage: Stage) -> None:
    version = stage.grant("joe").version_id
    with tending(stage.house) as db:
        own = papers.header_for(db, stage.world.area.id, version, stage.id("joe"))
        assert own is not None
        bad = own.header[:-2] + bytes([own.header[-2] ^ 1]) + own.header[-1:]
        papers.save_header(db, replace(own, header=bad))


def _salamander(stage: Stage) -> None:
    """Another file key in a well-made header: the commitment that was signed is to the first."""
    version = stage.grant("joe").version_id
    own = stage.world.secrets("joe").keyring.recipient()
    with tending(stage.house) as db:
        kept = papers.header_for(db, stage.world.area.id, version, stage.id("joe"))
        assert kept is not None
        papers.save_header(db, replace(kept, header=header_for(new_file_key(), own)))


TAMPERINGS = [
    _foreign_payload, _another_payload_named, _manifest_edited, _manifest_signed_by_a_reader,
    _ledger_position, _window, _header_of_another, _header_bytes, _salamander,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_what_was_tampered_with_opens_nothing(stage: Stage, tamper: Tamper) -> None:
    stage.send()
    stage.accept("joe")
    assert stage.opens("joe")
    tamper(stage)
    with pytest.raises((Spoilt, StorageError)):
        stage.opens("joe")


@pytest.mark.parametrize(
    "tamper",
    [_another_payload_named, _manifest_edited, _manifest_signed_by_a_reader, _ledger_position],
)
def test_nor_is_it_given_to_anybody_else(stage: Stage, tamper: Tamper) -> None:
    stage.send()
    stage.confirm("una")
    tamper(stage)
    helen = stage.world.who("helen")
    with pytest.raises(Spoilt):
        grant_waiting(stage.house, helen, stage.id("una"))
    closes = stage.grant("joe").closes_at
    assert closes is not None
    later = closes + timedelta(days=40)
    with pytest.raises(Spoilt):
        give_more_time(stage.house, helen, stage.grant("joe").id, later, "On leave.")
    assert stage.states()["una"] is GrantState.WAITING


def test_a_report_whose_unit_header_is_another_key_stops_preview_and_sending(stage: Stage) -> None:
    digest = stage.digest()
    with tending(stage.house) as db:
        kept = papers.header_for(db, stage.world.area.id, stage.papers["A"], UNIT_READER)
        unit = keys.unit_key_of(db, stage.world.area.id)
        assert kept is not None
        assert unit is not None
        papers.save_header(db, replace(kept, header=header_for(new_file_key(), unit.recipient)))
    helen = stage.world.who("helen")
    with pytest.raises(Spoilt):
        preview_pack(stage.house, helen, stage.slot_id, stage.id("joe"))
    with pytest.raises(Spoilt):
        send_pack(stage.house, helen, stage.slot_id, digest, stage.world.code("helen"), "None.")
    assert stage.lines("pack.sent") == []


def test_a_wrap_for_an_outsider_slipped_in_opens_nothing_through_the_portal(stage: Stage) -> None:
    """Whoever holds the unit's key and the database can make one; no grant stands behind it."""
    stage.send()
    version = stage.grant("joe").version_id
    mine = stage.world.secrets("dev").keyring
    priya = stage.world.who("priya")
    with tending(stage.house) as db:
        unit = priya.unit(db)
        kept = papers.header_for(db, stage.world.area.id, version, UNIT_READER)
        assert kept is not None
        file_key = open_header(kept.header, [unit.opener()])
        papers.save_header(
            db,
            Header(kept.area_id, version, stage.id("dev"), kept.fingerprint,
                   header_for(file_key, mine.recipient())),
        )  # fmt: skip
    with pytest.raises(Refused):
        open_paper(stage.house, stage.world.who("dev"), stage.grant("joe").id)


def test_one_readers_header_and_the_payload_are_a_whole_age_file_for_them_alone(
    stage: Stage, tmp_path: Path
) -> None:
    """Checked with the portal's own age command, which the age program agrees with."""
    stage.send()
    version_id = stage.grant("joe").version_id
    with reading(stage.house.engine) as db:
        version = papers.load_version(db, stage.world.area.id, version_id)
        header = papers.header_for(db, stage.world.area.id, version_id, stage.id("joe"))
    assert version is not None
    assert header is not None
    sealed = tmp_path / "joe.age"
    sealed.write_bytes(header.header + stage.house.store.get(version.payload_sha256))
    assert sealed.read_bytes().startswith(b"age-encryption.org/v1\n-> mlkem768x25519 ")
    for name, code in (("joe", 0), ("ruth", 2), ("helen", 2), ("dev", 2)):
        own = tmp_path / f"{name}.key"
        identities = stage.world.secrets(name).keyring.identities()
        own.write_text("".join(f"{each}\n" for each in identities))
        out = tmp_path / f"{name}.pdf"
        ran = CliRunner().invoke(group, ["open", "-i", str(own), str(sealed), str(out)])
        assert ran.exit_code == code, ran.output
        assert out.exists() == (code == 0)
    assert (tmp_path / "joe.pdf").read_bytes().startswith(b"%PDF")
    assert len((tmp_path / "joe.pdf").read_bytes()) == version.clear_size


def test_a_payload_of_two_keys_is_refused_for_the_second(stage: Stage) -> None:
    """Both headers are well made and both open by age's rules; the manifest commits to one key."""
    stage.send()
    stage.accept("joe")
    own = stage.world.secrets("joe").keyring
    other = new_file_key()
    forged = header_for_all(other, [HybridIdentity(own.identities()[0].raw).recipient()])
    assert open_header(forged, own.identities()) == other
    version = stage.grant("joe").version_id
    with tending(stage.house) as db:
        kept = papers.header_for(db, stage.world.area.id, version, stage.id("joe"))
        assert kept is not None
        papers.save_header(db, replace(kept, header=forged))
    with pytest.raises(Spoilt, match="WrongKey"):
        stage.opens("joe")


def test_the_kept_bytes_hold_nothing_in_the_clear(stage: Stage) -> None:
    stage.send()
    for body in stage.world.store._kept.values():
        assert b"%PDF" not in body
        assert b"Form A" not in body
