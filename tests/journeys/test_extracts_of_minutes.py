"""Somebody who attended in part gets the extract of the minutes that was chosen (rule 41)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.domain.grants import GrantState
from portal.domain.ids import VersionId
from portal.domain.meetings import Presence
from portal.domain.packs import LeftOut
from portal.journeys.changed import Changed
from portal.journeys.giving.take_back import take_back
from portal.journeys.minutes.send_minutes import send_minutes
from portal.journeys.opening.opened import Spoilt
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.views.minutes import minutes_send_page
from portal.records import papers, sendings
from portal.records.database import reading
from tests.cutting import cut, minutes_of, unmarked
from tests.documents.making import texts
from tests.staging import REASON, Stage

pytestmark = pytest.mark.real("SQLite and folder")


@pytest.fixture
def part(stage: Stage) -> Stage:
    """Joe was there for a part; the minutes have two pages and are approved."""
    stage.minutes_ready(joe=Presence.PART)
    return stage


def nothing_sent(stage: Stage) -> None:
    assert stage.lines("minutes.sent") == []
    assert stage.states() == {}


def test_without_a_choice_they_get_nothing_yet_and_the_others_theirs(part: Stage) -> None:
    page = minutes_send_page(part.house, part.world.who("helen"), part.slot_id)
    assert [(part.name_of(c.person_id), why) for c, why in page.proposal.left_out] == [
        ("joe", LeftOut.PART)
    ]
    assert page.proposal.warnings == ()
    part.send_minutes(reason="")
    assert "joe" not in part.states()
    extract = cut(part, minutes_of(part))
    sent = part.send_minutes(reason="", parts={"joe": extract})
    assert set(sent.grants) == {part.id("joe")}
    part.whole()


def test_the_extract_is_bound_numbered_marked_and_holds_no_more(part: Stage) -> None:
    extract = cut(part, minutes_of(part))
    sent = part.send_minutes(parts={"joe": extract})
    pages = [" ".join(page.split()) for page in texts(unmarked(part, "joe"))]
    assert pages[0].count("Extract of the minutes") == 1
    assert "Minute 1" in pages[2]
    assert "Page 3 of 4" in pages[2]
    assert "Page 4 of 4" in pages[3]
    assert "It has an extract of this paper." in pages[3]
    whole = [" ".join(page.split()) for page in texts(unmarked(part, "ruth"))]
    assert "Minute 2" in whole[3]
    assert "xtract" not in " ".join(whole)
    part.accept("joe")
    copy = " ".join(texts(part.opens("joe", sent.sending.id)))
    assert part.world.person("joe").name in copy
    part.whole()


def test_attack_nothing_that_reaches_them_holds_the_rest(part: Stage) -> None:
    """Every wrap in the database is tried, and the payload that theirs opens is searched."""
    extract = cut(part, minutes_of(part))
    part.send_minutes(parts={"joe": extract})
    joe, area, grant = part.id("joe"), part.world.area.id, part.grant("joe")
    with reading(part.house.engine) as db:
        versions = db.execute(
            text("SELECT v.id FROM versions v JOIN documents d ON d.id = v.document_id "
                 "WHERE d.kind != 'particulars'")
        ).scalars().all()  # fmt: skip
        own = [v for v in versions if papers.header_for(db, area, VersionId(v), joe) is not None]
        assert own == [grant.version_id]
        assert papers.readers_of(db, area, grant.version_id) == {"unit", joe}
        assert sendings.holds(db, area, joe, extract)
        assert not sendings.holds(db, area, joe, minutes_of(part))
    clear = unmarked(part, "joe")
    assert "Minute 2" not in " ".join(texts(clear))
    assert b"Minute 2" not in clear
    ruth = part.grant("ruth")
    assert ruth.version_id != grant.version_id


def test_all_of_them_take_a_reason(part: Stage) -> None:
    page = minutes_send_page(
        part.house, part.world.who("helen"), part.slot_id, {part.id("joe"): minutes_of(part)}
    )
    assert page.proposal.warnings == (
        "Joe Tarn was there for part of the meeting. These minutes hold all of it.",
    )
    assert not any(reader.instead for reader in page.proposal.readers)


def test_one_that_nobody_looked_through_cannot_be_chosen(part: Stage) -> None:
    extract = cut(part, minutes_of(part), checked=False)
    page = minutes_send_page(part.house, part.world.who("helen"), part.slot_id)
    assert page.extracts == ()
    with pytest.raises(Changed):
        part.send_minutes(parts={"joe": extract})
    nothing_sent(part)


def test_attack_a_row_that_says_it_was_looked_through(part: Stage) -> None:
    extract = cut(part, minutes_of(part), checked=False)
    with part.house.engine.begin() as db:
        db.execute(text("UPDATE extracts SET checked_by = made_by, checked_at = made_at"))
    with pytest.raises(Changed):
        part.send_minutes(parts={"joe": extract})
    nothing_sent(part)


def test_attack_an_extract_of_another_paper_said_to_be_of_the_minutes(part: Stage) -> None:
    extract = cut(part, "F")
    with pytest.raises(Changed):
        part.send_minutes(parts={"joe": extract})
    with part.house.engine.begin() as db:
        db.execute(text("UPDATE extracts SET source_id = :v"), {"v": minutes_of(part)})
    with pytest.raises(Spoilt):
        part.send_minutes(parts={"joe": extract})
    nothing_sent(part)


@pytest.mark.parametrize("name", ["ruth", "mark", "grace"])
def test_nothing_is_chosen_for_somebody_who_was_not_there_for_a_part(
    stage: Stage, name: str
) -> None:
    stage.minutes_ready(joe=Presence.PART, mark=Presence.APOLOGIES)
    for version in (cut(stage, minutes_of(stage)), minutes_of(stage), VersionId("a" * 26)):
        with pytest.raises(Changed):
            stage.send_minutes(parts={name: version})
    nothing_sent(stage)


@pytest.mark.parametrize("change", ["extract", "whole", "nothing"])
def test_what_is_sent_is_what_was_on_the_page(part: Stage, change: str) -> None:
    first, second = cut(part, minutes_of(part)), cut(part, minutes_of(part), "2")
    helen, joe = part.world.who("helen"), part.id("joe")
    digest = part.minutes_digest("helen", {joe: first})
    other = {"extract": {joe: second}, "whole": {joe: minutes_of(part)}, "nothing": {}}[change]
    with pytest.raises(Changed):
        send_minutes(part.house, helen, part.slot_id, digest, part.world.code("helen"), REASON,
                     parts=other)  # fmt: skip
    nothing_sent(part)


def test_whoever_has_an_extract_has_the_minutes_until_it_is_taken_back(part: Stage) -> None:
    extract = cut(part, minutes_of(part))
    sent = part.send_minutes(parts={"joe": extract})
    with pytest.raises(Changed):
        part.send_minutes(parts={"joe": minutes_of(part)})
    with pytest.raises(NothingToSend):
        part.send_minutes()
    take_back(
        part.house, part.world.who("helen"), sent.sending.id, "The wrong items.", part.id("joe")
    )
    again = part.send_minutes(parts={"joe": minutes_of(part)})
    assert again.grants[part.id("joe")].state is GrantState.GRANTED
    part.whole()
