"""A restricted case: sealed to a key of its own, opened by its holders, there for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.crypto.age.errors import AgeError
from portal.crypto.sealing import open_header, open_text
from portal.domain.papers import UNIT_READER
from portal.domain.restricted import Concern
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.rewrap_unit import rewrap_unit
from portal.journeys.keys.unit_of import open_unit_of, open_unit_of_case, unit_of_case
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.meetings.open_case import open_case
from portal.journeys.meetings.read_case import read_case
from portal.journeys.meetings.read_names import read_names
from portal.journeys.record.read_record import Narrowed, read_record
from portal.journeys.restricted.open_restricted import open_restricted
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.cases import case_rows
from portal.journeys.views.today import today
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import outbox, papers, restrictions, texts
from portal.records.database import reading, writing
from portal.records.schema import every
from tests.restricted.holding import (
    HOLDERS,
    NAME,
    REFERENCE,
    ids,
    new_case,
    promote,
    restriction,
    set_holders,
)
from tests.staging import Stage
from tests.world import World


def test_its_holders_read_who_it_is_about(held: Stage) -> None:
    for name in HOLDERS:
        who = held.world.who(name)
        assert read_case(held.house, who, held.case_id).particulars.name == NAME
        assert read_names(held.house, who)[held.case_id] == NAME


def test_everything_of_it_is_sealed_to_its_own_key(held: Stage) -> None:
    held.send("tom")
    own = restriction(held).public.fingerprint
    with reading(held.house.engine) as db:
        found = set(
            db.execute(
                select(papers.headers.c.fingerprint).where(
                    papers.headers.c.reader_id == UNIT_READER
                )
            ).scalars()
        )
        written = {each.unit_key for each in every(db, texts.sealed_texts, texts.SealedText)}
        area = unit_recipient(held.house, db, held.world.area.id).fingerprint
    assert found == {own}
    assert own in written
    assert area not in written


def test_the_areas_key_opens_nothing_of_it(held: Stage) -> None:
    held.send("tom")
    with reading(held.house.engine) as db:
        unit = open_unit_of(held.house, db, held.world.who("helen")).key.openers()
        headers = every(db, papers.headers, papers.Header)
        written = every(db, texts.sealed_texts, texts.SealedText)
    assert headers
    assert written
    for header in headers:
        with pytest.raises(AgeError):
            open_header(header.header, unit)
    for text in written:
        with pytest.raises(AgeError):
            open_text(text.sealed, unit)


@pytest.mark.parametrize("name", ["helen", "priya"])
def test_to_the_rest_of_the_unit_it_is_not_there(held: Stage, name: str) -> None:
    who = held.world.who(name)
    with pytest.raises(Refused) as refused:
        read_case(held.house, who, held.case_id)
    assert refused.value.why is Why.NOT_THERE
    assert read_names(held.house, who) == {}
    assert case_rows(held.house, who, {}) == ()
    board = today(held.house, who)
    assert (board.coming, board.past, board.disclosures) == ((), (), ())
    with reading(held.house.engine) as db, pytest.raises(Refused) as refused:
        open_unit_of_case(held.house, db, who, held.case_id)
    assert refused.value.why is Why.NOT_THERE


def test_readers_get_their_packs_as_always(held: Stage) -> None:
    held.send("tom")
    held.accept("carys")
    assert held.opens("carys").startswith(b"%PDF")
    held.whole()


def test_the_units_mailbox_hears_nothing_of_it(held: Stage) -> None:
    with reading(held.house.engine) as db:
        sent = every(db, outbox.outbox, outbox.Notice)
    about = {each.address for each in sent if REFERENCE in each.fields.get("reference", "")}
    assert {held.world.person(name).email for name in HOLDERS} <= about
    assert held.world.area.unit_email not in about
    assert held.world.person("helen").email not in about


def test_whoever_opens_it_need_not_hold_it(world: World) -> None:
    promote(world)
    who = world.who("helen")
    case = open_restricted(
        world.house, who, new_case(world), Concern.COLLEAGUE, ids(world, HOLDERS)
    )
    with pytest.raises(Refused):
        read_case(world.house, who, case.id)
    assert read_case(world.house, world.who("grace"), case.id).particulars.name == NAME


@pytest.mark.parametrize(
    "holders",
    [(), ("tom",), ("tom", "tom"), ("tom", "priya"), ("tom", "alan"), ("tom", "newcomer")],
)
def test_who_may_not_hold_it(world: World, holders: tuple[str, ...]) -> None:
    with pytest.raises(Unacceptable) as refused:
        open_restricted(
            world.house, world.who("tom"), new_case(world), Concern.FAMILY, ids(world, holders)
        )
    assert refused.value.field == "holders"


@pytest.mark.parametrize("name", ["priya", "alan", "carys", "sian", "dev"])
def test_who_may_not_open_one(world: World, name: str) -> None:
    with pytest.raises(Refused):
        open_restricted(
            world.house, world.who(name), new_case(world), Concern.FAMILY,
            ids(world, ("helen", "tom")),
        )  # fmt: skip


def test_its_reference_is_taken(held: Stage) -> None:
    with pytest.raises(Unacceptable):
        open_case(held.house, held.world.who("helen"), new_case(held.world))


def test_category_4_is_no_ordinary_case(world: World) -> None:
    with pytest.raises(Unacceptable):
        open_case(world.house, world.who("helen"), new_case(world, category=4))


def row_gone(db: Any, stage: Stage) -> None:
    db.execute(restrictions.restricted_cases.delete())


def another_key(db: Any, stage: Stage) -> None:
    area = unit_recipient(stage.house, db, stage.world.area.id)
    db.execute(
        restrictions.restricted_cases.update().values(
            recipient=area.recipient, fingerprint=area.fingerprint
        )
    )


@pytest.mark.parametrize("tampered", [row_gone, another_key])
def test_rows_do_not_bring_the_areas_key_back(
    held: Stage, tampered: Callable[[Any, Stage], None]
) -> None:
    with writing(held.house.engine) as db:
        tampered(db, held)
        db.commit()
    with reading(held.house.engine) as db, pytest.raises(KeyAlarm):
        unit_of_case(held.house, db, held.world.area.id, held.case_id)


def test_a_row_makes_nobody_a_holder(held: Stage) -> None:
    helen = held.world.who("helen")
    with writing(held.house.engine) as db:
        tom = restrictions.holder_of(
            db, held.world.area.id, held.case_id, held.world.secrets("tom").person_id
        )
        assert tom is not None
        slipped = restrictions.CaseHolder(
            held.case_id, helen.actor.person_id, held.world.area.id, tom.sealed, tom.made_at
        )
        restrictions.save_holder(db, slipped)
        db.commit()
    with pytest.raises(Refused):
        read_case(held.house, helen, held.case_id)


def test_the_record_tells_nobody_else_of_its_key_or_its_name(held: Stage) -> None:
    """Sealing the rest to a new key leaves a line of the case; names are counted without it."""
    set_holders(held, "tom", "tom", "grace", "helen")
    set_holders(held, "tom", "tom", "grace")
    held.world.clock.advance(timedelta(minutes=1))
    rewrap_unit(held.house, held.world.who("tom"), case_id=held.case_id)
    assert {each["case"] for each in held.lines("unit_key.rewrapped")} == {held.case_id}
    for name in ("tom", "helen"):
        read_names(held.house, held.world.who(name))
    assert {each["cases"] for each in held.lines("names.read")} == {0}
    shown = read_record(held.house, held.world.who("helen"), Narrowed())
    assert "unit_key.rewrapped" not in {each.entry.deed for each in shown.lines}
    shown = read_record(held.house, held.world.who("tom"), Narrowed())
    assert "unit_key.rewrapped" in {each.entry.deed for each in shown.lines}
