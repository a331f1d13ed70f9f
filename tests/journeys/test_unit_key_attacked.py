"""Somebody with the database meddles with the unit's key and its history: an alarm, and no key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.crypto.fingerprint import fingerprint
from portal.crypto.unit import UnitKey, new_unit, succeed, wrap_unit
from portal.domain.deeds import Deed, line
from portal.domain.people import Role, system
from portal.journeys.deed import tending, unjudged
from portal.journeys.keys.change_unit_key import change_unit_key
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.rewrap_unit import rewrap_unit
from portal.journeys.keys.unit_chain import sign_change
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.meetings.read_names import read_names
from portal.journeys.opening.opened import Spoilt
from portal.records import keys, people
from portal.records.database import reading
from portal.records.schema import row
from tests.journeys.test_unit_key import change, everything_opens, now_of, unit_of
from tests.staging import Stage


def put(stage: Stage, key: UnitKey, *members: str) -> None:
    """The rows of a unit whose key this is."""
    with tending(stage.house) as db:
        db.execute(
            keys.unit_keys.update().values(
                recipient=key.recipient(), fingerprint=fingerprint(key.recipient(), b"")
            )
        )
        for name in members:
            own = stage.world.secrets(name).keyring.recipient()
            wrap = wrap_unit(key, own)
            area = stage.world.area.id
            keys.save_unit_wrap(
                db, keys.UnitWrap(area, stage.id(name), wrap, stage.world.clock.now())
            )


def say(stage: Stage, who: str, former: str, now: str, signature: str, names: str = "") -> None:
    """A line that the server's own key covers, as whoever holds `keys/` could write it."""
    actor = stage.world.who(who).actor if who else system(stage.world.area.id)
    with unjudged(stage.house, actor, Deed.UNIT_KEY_CHANGED) as deed:
        deed.note(
            line(
                Deed.UNIT_KEY_CHANGED,
                former=former,
                unit_fingerprint=now,
                signature=signature,
                names=names,
                members=1,
            )
        )


def signed(stage: Stage, who: str, former: str, now: str) -> str:
    seed = stage.world.secrets(who).keyring.signing_seed
    return sign_change(seed, stage.world.area.id, former, now)


def alarmed(stage: Stage) -> None:
    with reading(stage.house.engine) as db, pytest.raises(KeyAlarm):
        unit_recipient(stage.house, db, stage.world.area.id)
    with pytest.raises(KeyAlarm):
        stage.send()
    with pytest.raises(KeyAlarm):
        read_names(stage.house, stage.world.who("helen"))


def test_another_key_in_the_row(stage: Stage) -> None:
    put(stage, new_unit(), "helen", "tom", "priya")
    alarmed(stage)


def test_a_key_that_follows_and_no_line_tells_of(stage: Stage) -> None:
    put(stage, succeed(unit_of(stage).key), "helen", "tom", "priya")
    alarmed(stage)


def test_a_former_key_put_back_with_its_wraps(stage: Stage) -> None:
    with reading(stage.house.engine) as db:
        old = [dict(found) for found in db.execute(select(keys.unit_wraps)).mappings()]
        was = keys.unit_key_of(db, stage.world.area.id)
    assert was is not None
    change(stage)
    with tending(stage.house) as db:
        db.execute(keys.unit_wraps.delete())
        db.execute(keys.unit_wraps.insert(), old)
        db.execute(keys.unit_keys.update().values(**row(was)))
    alarmed(stage)


def test_only_the_wraps_put_back(stage: Stage) -> None:
    with reading(stage.house.engine) as db:
        old = [dict(found) for found in db.execute(select(keys.unit_wraps)).mappings()]
    change(stage)
    with tending(stage.house) as db:
        db.execute(keys.unit_wraps.delete())
        db.execute(keys.unit_wraps.insert(), old)
    with pytest.raises(KeyAlarm):
        stage.send()


def test_a_line_without_a_coordinators_signature(stage: Stage) -> None:
    was, new = unit_of(stage), succeed(unit_of(stage).key)
    now = fingerprint(new.recipient(), b"")
    for signature in ("", "00" * 64, "zz", signed(stage, "helen", now, was.public.fingerprint)):
        say(stage, "helen", was.public.fingerprint, now, signature)
    put(stage, new, "helen", "tom", "priya")
    alarmed(stage)


@pytest.mark.parametrize("who", ["", "una", "tom"])
def test_a_line_that_somebody_else_signed(stage: Stage, who: str) -> None:
    """The server itself, somebody whose key nobody confirmed, and one deputy for another."""
    was, new = unit_of(stage), succeed(unit_of(stage).key)
    now = fingerprint(new.recipient(), b"")
    says = "helen" if who == "tom" else who
    say(stage, says, was.public.fingerprint, now,
        signed(stage, who or "helen", was.public.fingerprint, now))  # fmt: skip
    put(stage, new, "helen", "tom", "priya")
    alarmed(stage)


def test_a_chain_that_goes_back_to_a_former_key(stage: Stage) -> None:
    first = now_of(stage)
    change(stage)
    second, kept = now_of(stage), unit_of(stage).key
    say(stage, "helen", second, first, signed(stage, "helen", second, first))
    put(stage, UnitKey(kept.former[0]), "helen", "tom", "priya")
    alarmed(stage)


@pytest.mark.parametrize("former", ["first", "never"])
def test_a_change_from_a_key_that_is_not_the_newest(stage: Stage, former: str) -> None:
    first = now_of(stage)
    change(stage)
    new = succeed(unit_of(stage).key)
    now = fingerprint(new.recipient(), b"")
    was = first if former == "first" else "cd" * 32
    say(stage, "helen", was, now, signed(stage, "helen", was, now))
    put(stage, new, "helen", "tom", "priya")
    alarmed(stage)


def test_a_member_by_a_row_alone_is_given_nothing(stage: Stage) -> None:
    was = now_of(stage)
    with tending(stage.house) as db:
        people.set_roles(db, stage.world.area.id, stage.id("ruth"), frozenset({Role.ADMINISTRATOR}))
    with pytest.raises(KeyAlarm):
        change(stage)
    assert now_of(stage) == was


def test_a_wrap_by_a_row_alone_does_not_get_the_new_key(stage: Stage) -> None:
    key = unit_of(stage).key
    put(stage, key, "helen", "tom", "priya", "ruth")
    assert change(stage).members == 3
    with reading(stage.house.engine) as db:
        assert keys.unit_wrap_of(db, stage.world.area.id, stage.id("ruth")) is None


def test_a_member_whose_key_was_swapped(stage: Stage) -> None:
    was = now_of(stage)
    other = stage.world.secrets("una").keyring
    with tending(stage.house) as db:
        db.execute(
            keys.public_keys.update()
            .where(keys.public_keys.c.person_id == stage.id("priya"))
            .values(recipient=other.recipient(), sign_public=other.signing_public())
        )
    with pytest.raises(KeyAlarm):
        change(stage)
    assert now_of(stage) == was


@pytest.mark.parametrize("kit", [b"", new_unit().recipient()], ids=["none", "another"])
def test_a_recovery_kit_that_the_ledger_does_not_name(stage: Stage, kit: bytes) -> None:
    """The new key must not be sealed to whoever put their own key in the place of the kit's."""
    was = now_of(stage)
    with tending(stage.house) as db:
        db.execute(keys.unit_keys.update().values(kit=kit))
    with pytest.raises(KeyAlarm) as caught:
        change(stage)
    assert caught.value.person_id == "kit"
    assert now_of(stage) == was


def test_a_copy_of_the_key_with_one_more_identity(stage: Stage) -> None:
    change(stage)
    key = unit_of(stage).key
    put(stage, replace(key, former=(*key.former, new_unit().identity)), "helen")
    with pytest.raises(KeyAlarm):
        change_unit_key(
            stage.house, stage.world.who("helen"), now_of(stage), stage.world.code("helen")
        )
    with pytest.raises(KeyAlarm):
        read_names(stage.house, stage.world.who("helen"))


def test_an_index_of_names_from_before_put_back(stage: Stage) -> None:
    with reading(stage.house.engine) as db:
        old = db.exec_driver_sql("SELECT sealed FROM names").scalar_one()
    change(stage)
    with tending(stage.house) as db:
        db.exec_driver_sql("UPDATE names SET sealed = ?", (old,))
    with pytest.raises(Spoilt):
        read_names(stage.house, stage.world.who("helen"))


def test_rows_that_lie_about_the_work_lose_nothing(stage: Stage) -> None:
    """What counts as done stays sealed to the former key, which every member still has."""
    stage.send()
    stage.accept("ruth")
    change(stage)
    with tending(stage.house) as db:
        db.exec_driver_sql(
            "UPDATE headers SET fingerprint = (SELECT fingerprint FROM unit_keys) "
            "WHERE reader_id = 'unit'"
        )
        db.exec_driver_sql("UPDATE sealed_texts SET unit_key = ''")
    assert rewrap_unit(stage.house, stage.world.who("helen")).left == 0
    everything_opens(stage)
    with tending(stage.house) as db:
        db.exec_driver_sql("UPDATE headers SET fingerprint = '' WHERE reader_id = 'unit'")
    assert rewrap_unit(stage.house, stage.world.who("helen")).left == 0
    everything_opens(stage)
