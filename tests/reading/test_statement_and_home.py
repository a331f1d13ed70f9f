"""The statement is accepted by those on the list, in its very wording; home is by time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.domain import statement
from portal.domain.grants import Openness
from portal.domain.ids import SlotId
from portal.journeys.changed import Changed
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.meetings.read_invitation import read_invitation
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.views.reader_home import Entry, What, reader_home
from portal.journeys.views.reader_paper import reader_paper, statement_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.journeys.other_area import other_area
from tests.staging import BORN, Stage

INDIVIDUAL = "Wilfred Crane"


def accepts(stage: Stage, name: str, slot_id: SlotId | None = None) -> int:
    return accept_statement(
        stage.house,
        stage.world.who(name),
        stage.slot_id if slot_id is None else slot_id,
        statement.CURRENT.digest,
    )


def home(stage: Stage, name: str) -> dict[What, Entry]:
    found = reader_home(stage.house, stage.world.who(name))
    return {entry.what: entry for entry in (*found.entries, *found.over)}


# ---- the wording ----


def test_every_word_of_the_wording_is_in_its_digest() -> None:
    words = statement.CURRENT
    for at, paragraph in enumerate(words.paragraphs):
        changed = (*words.paragraphs[:at], paragraph + " ", *words.paragraphs[at + 1 :])
        assert statement.Wording(words.version, changed).digest != words.digest
    assert statement.Wording("2", words.paragraphs).digest != words.digest


def test_moving_words_between_paragraphs_changes_the_digest() -> None:
    one = statement.wording("1", "First.\n\nSecond.")
    assert one.paragraphs == ("First.", "Second.")
    assert one.digest != statement.wording("1", "First. Second.").digest


# ---- accepting ----


def test_accepting_leaves_the_wording_in_the_ledger(stage: Stage) -> None:
    accepts(stage, "ruth")
    line = stage.lines("statement.accepted")[-1]
    assert (line["slot"], line["wording_version"], line["wording"], line["actor"]) == (
        stage.slot_id,
        statement.CURRENT.version,
        statement.CURRENT.digest,
        stage.id("ruth"),
    )
    page = statement_page(stage.house, stage.world.who("ruth"), stage.slot_id)
    assert page.accepted


@pytest.mark.parametrize("digest", ["", "0" * 64, "x" * 9000])
def test_a_wording_that_was_not_the_one_shown_is_not_accepted(stage: Stage, digest: str) -> None:
    with pytest.raises(Changed):
        accept_statement(stage.house, stage.world.who("ruth"), stage.slot_id, digest)
    assert stage.lines("statement.accepted") == []


@pytest.mark.parametrize("name", ["grace", "helen", "priya", "sian", "dev"])
def test_who_is_not_on_the_list_accepts_nothing_and_sees_nothing(stage: Stage, name: str) -> None:
    who = stage.world.who(name)
    for journey in (statement_page, read_invitation):
        with pytest.raises(Refused) as caught:
            journey(stage.house, who, stage.slot_id)
        assert caught.value.why is Why.NOT_THERE
    with pytest.raises(Refused) as caught:
        accepts(stage, name)
    assert caught.value.why is Why.NOT_THERE
    assert stage.lines("statement.accepted") == []
    assert stage.lines("particulars.read") == []


def test_another_area_and_a_guess_see_nothing(stage: Stage) -> None:
    olga = other_area(stage.world).olga
    with pytest.raises(Refused) as caught:
        statement_page(stage.house, olga, stage.slot_id)
    assert caught.value.why is Why.NOT_THERE
    with pytest.raises(Refused) as caught:
        accepts(stage, "ruth", SlotId("a" * 26))
    assert caught.value.why is Why.NOT_THERE


def test_who_is_no_longer_invited_is_not_on_the_list(stage: Stage) -> None:
    stage.send()
    withdraw_invitation(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("ruth"))
    with pytest.raises(Refused):
        accepts(stage, "ruth")
    with pytest.raises(Refused):
        read_invitation(stage.house, stage.world.who("ruth"), stage.slot_id)


# ---- the invitation ----


def test_an_invited_person_sees_who_it_is_about_with_a_line_first(stage: Stage) -> None:
    found = read_invitation(stage.house, stage.world.who("mark"), stage.slot_id)
    assert found.individual is not None
    assert (found.individual.name, found.individual.born) == (INDIVIDUAL, BORN)
    line = stage.lines("particulars.read")[-1]
    assert (line["case"], line["actor"]) == (stage.case_id, stage.id("mark"))


def test_without_a_confirmed_key_no_name_is_shown(stage: Stage) -> None:
    found = read_invitation(stage.house, stage.world.who("una"), stage.slot_id)
    assert found.individual is None
    assert stage.lines("particulars.read") == []


# ---- home ----


def test_home_before_and_after_a_pack_was_sent(stage: Stage) -> None:
    before = home(stage, "ruth")
    assert set(before) == {What.STATEMENT}
    stage.send()
    pack = home(stage, "ruth")[What.PACK]
    assert (pack.state, pack.statement_first) == (Openness.OPEN, True)
    stage.accept("ruth")
    after = home(stage, "ruth")
    assert set(after) == {What.PACK}
    assert not after[What.PACK].statement_first


def test_home_says_what_became_of_a_pack(stage: Stage) -> None:
    sent = stage.send()
    assert home(stage, "una")[What.PACK].state is Openness.WAITING
    take_back(stage.house, stage.world.who("helen"), sent.sending.id, person_id=stage.id("ruth"))
    found = reader_home(stage.house, stage.world.who("ruth"))
    assert [entry.state for entry in found.over] == [Openness.TAKEN_BACK]
    assert What.PACK not in {entry.what for entry in found.entries}
    closes = stage.grant("joe").closes_at
    assert closes is not None
    stage.world.clock.set(closes - timedelta(hours=1))
    assert home(stage, "joe")[What.PACK].soon
    stage.world.clock.set(closes)
    over = reader_home(stage.house, stage.world.who("joe")).over
    assert [entry.state for entry in over] == [Openness.ENDED]


def test_home_names_nobody(stage: Stage) -> None:
    stage.send()
    for name in ("ruth", "alan", "carys"):
        found = repr(reader_home(stage.house, stage.world.who(name)))
        assert INDIVIDUAL not in found
        assert INDIVIDUAL.split()[0] not in found


@pytest.mark.parametrize("name", ["grace", "sian", "dev", "helen"])
def test_home_of_others_is_empty(stage: Stage, name: str) -> None:
    stage.send()
    found = reader_home(stage.house, stage.world.who(name))
    assert (found.entries, found.over) == ((), ())


def test_reports_are_owed_by_contacts_of_the_agency_only(stage: Stage) -> None:
    from datetime import date

    from portal.journeys.reports.ask_for_report import ask_for_report

    world = stage.world
    ask_for_report(
        stage.house, world.who("helen"), stage.slot_id, world.agency("housing").id, "update",
        date(2026, 5, 5),
    )  # fmt: skip
    owed = home(stage, "joe")[What.REPORT]
    assert (owed.soon, owed.overdue) == (True, False)
    assert What.REPORT not in home(stage, "una")
    world.clock.set(world.clock.now() + timedelta(days=3))
    assert home(stage, "joe")[What.REPORT].overdue


def test_more_packs_do_not_cost_more_queries(stage: Stage) -> None:
    counted: list[str] = []
    event.listen(stage.house.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    stage.send()
    who = stage.world.who("ruth")
    counted.clear()
    reader_home(stage.house, who)
    few = len(counted)
    stage.send()
    who = stage.world.who("ruth")
    counted.clear()
    assert len(reader_home(stage.house, who).entries) == 3
    assert len(counted) == few


def test_a_papers_page_is_its_readers_alone(stage: Stage) -> None:
    stage.send()
    grant = stage.grant("ruth")
    found = reader_paper(stage.house, stage.world.who("ruth"), grant.id)
    assert (found.copy_number, found.copies, found.sent_by) == (
        grant.copy_number,
        grant.copies,
        "Helen Marsh",
    )
    for name in ("joe", "helen", "sian", "grace"):
        with pytest.raises(Refused) as caught:
            reader_paper(stage.house, stage.world.who(name), grant.id)
        assert caught.value.why is Why.NOT_THERE
