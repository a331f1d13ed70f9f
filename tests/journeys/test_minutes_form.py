"""The minutes written in the portal: kept at every step, sealed, filed as one draft, compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.minutes_form import LONGEST_TEXT, Section
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.minutes.compare_minutes import compare_minutes
from portal.journeys.minutes.read_minutes import read_minutes
from portal.journeys.minutes.read_minutes_form import read_minutes_form
from portal.journeys.minutes.set_minutes import NOT_LOCKED, NOT_WHOLE, set_minutes
from portal.journeys.minutes.write_minutes import write_minutes
from portal.journeys.opening.opened import Spoilt
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.minutes import chair_page, minutes_page
from portal.journeys.views.minutes_form import Progress, minutes_form_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, texts
from portal.records.database import reading
from tests.documents.making import opened
from tests.documents.making import texts as pages_of
from tests.documents.test_still_universal import claims
from tests.journeys.form_of_minutes import digest, whole, write, write_all
from tests.staging import Stage

RISK = Section.RISK
WORDS = "Seen twice near the school of Quillfeather Lane."


def set_(stage: Stage, by: str = "priya") -> None:
    set_minutes(stage.house, stage.world.who(by), stage.slot_id, digest(stage, by))


def locked(stage: Stage) -> None:
    stage.register()
    stage.lock()


def test_what_is_written_is_filed_as_a_draft_that_the_chair_approves_and_that_is_sent(
    stage: Stage,
) -> None:
    locked(stage)
    write_all(stage)
    set_(stage)
    page = minutes_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert page.version_number == 1
    assert page.pages >= 2
    clear = read_minutes(stage.house, stage.world.who("alan"), stage.slot_id)
    assert claims(clear)
    text = " ".join(" ".join(pages_of(clear)).split())
    for words in (
        "MAPPA C: minutes of the meeting", "Put at the start of this case", "10:05",
        "Housing: rent is paid.", "Unannounced visits.", "Protection of a victim",
        "He would learn who reported him.", "The employer knows already.",
        "Health would have moved to Level 1.", "None recorded", "Sgt Carys Bevan", "12 June 2026",
        "Level 2, multi-agency management", "3 September 2026", "Alan Reeve", "OFFICIAL-SENSITIVE",
    ):  # fmt: skip
        assert words in text
    assert "/StructTreeRoot" in opened(clear).Root
    stage.approve()
    stage.send_minutes()
    stage.whole()


def test_nothing_of_it_stands_in_the_clear(stage: Stage) -> None:
    write(stage, RISK, {"risk": WORDS})
    kept = stage.house.engine.url.database
    assert kept is not None
    for file in Path(kept).parent.glob("portal.db*"):
        assert b"Quillfeather" not in file.read_bytes()
    told = stage.lines("minutes.written")[0]
    assert set(told) >= {"slot", "section", "text"}
    assert "Quillfeather" not in str(told)


def test_it_is_kept_unfinished_and_says_what_is_missing(stage: Stage) -> None:
    priya = stage.world.who("priya")
    lacks = write_minutes(
        stage.house, priya, stage.slot_id, Section.PLAN, {"supervision": " Weekly. "}, ""
    )
    assert [each.field for each in lacks] == ["monitoring", "interventions", "victim_safety"]
    page = minutes_form_page(stage.house, priya, stage.slot_id)
    assert page.progress[Section.PLAN] is Progress.IN_PROGRESS
    assert page.progress[RISK] is Progress.NOT_STARTED
    assert not page.whole
    found = read_minutes_form(stage.house, stage.world.who("tom"), stage.slot_id)
    assert found.of(Section.PLAN) == {"supervision": "Weekly."}
    assert len(stage.lines("minutes.form_read")) == 1


def test_it_is_not_filed_before_it_is_whole_nor_before_the_attendance_is_locked(
    stage: Stage,
) -> None:
    write_all(stage)
    with pytest.raises(Unacceptable) as refused:
        set_(stage)
    assert refused.value.words == NOT_LOCKED
    locked(stage)
    write(stage, Section.INFORMED, {"informed": "withheld", "reason": "No ground is given."})
    with pytest.raises(Unacceptable) as refused:
        set_(stage)
    assert refused.value.words == NOT_WHOLE
    assert stage.lines("minutes.filed") == []


def test_what_was_checked_is_what_is_filed(stage: Stage) -> None:
    locked(stage)
    write_all(stage)
    checked = digest(stage)
    write(stage, RISK, {"risk": "Another text."})
    with pytest.raises(Changed):
        set_minutes(stage.house, stage.world.who("priya"), stage.slot_id, checked)
    assert stage.lines("minutes.filed") == []


def test_two_people_do_not_overwrite_each_other_unseen(stage: Stage) -> None:
    priya, tom = stage.world.who("priya"), stage.world.who("tom")
    write_minutes(stage.house, priya, stage.slot_id, RISK, {"risk": "First."}, "")
    with pytest.raises(Changed, match="Somebody else"):
        write_minutes(stage.house, tom, stage.slot_id, RISK, {"risk": "Second."}, "")
    assert read_minutes_form(stage.house, tom, stage.slot_id).of(RISK) == {"risk": "First."}


@pytest.mark.parametrize("name", ["alan", "carys", "sian", "dev", "joe"])
def test_nobody_but_the_unit_writes_or_reads_the_form(stage: Stage, name: str) -> None:
    write(stage, RISK, {"risk": WORDS})
    who = stage.world.who(name)
    for act in (
        lambda: read_minutes_form(stage.house, who, stage.slot_id),
        lambda: minutes_form_page(stage.house, who, stage.slot_id),
        lambda: write_minutes(stage.house, who, stage.slot_id, RISK, {"risk": "x"}, ""),
        lambda: set_minutes(stage.house, who, stage.slot_id, ""),
    ):
        with pytest.raises(Refused):
            act()


def test_what_the_chair_approved_is_written_no_more(stage: Stage) -> None:
    stage.minutes_ready()
    priya = stage.world.who("priya")
    for act in (
        lambda: read_minutes_form(stage.house, priya, stage.slot_id),
        lambda: write_minutes(stage.house, priya, stage.slot_id, RISK, {"risk": "x"}, ""),
        lambda: set_minutes(stage.house, priya, stage.slot_id, ""),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.why is Why.ALREADY_APPROVED


def test_an_earlier_text_put_back_is_not_believed(stage: Stage) -> None:
    area = stage.world.area.id
    locked(stage)
    write(stage, RISK, {"risk": "He has moved."})
    with reading(stage.house.engine) as db:
        old = texts.load(db, area, stage.slot_id, "minutes-risk")
    assert old is not None
    write(stage, RISK, {"risk": "He has moved back."})
    with tending(stage.house) as db:
        texts.save(
            db,
            texts.SealedText(area, stage.slot_id, "minutes-risk", old, stage.house.clock.now()),
        )
    with pytest.raises(Spoilt):
        read_minutes_form(stage.house, stage.world.who("priya"), stage.slot_id)
    with pytest.raises(Spoilt):
        set_minutes(stage.house, stage.world.who("priya"), stage.slot_id, "")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"risk": "x" * (LONGEST_TEXT + 1)}, "risk"),
        ({"risk": "\x00" * 1_000_000}, "risk"),
    ],
)
def test_too_much_is_refused_with_words(stage: Stage, typed: dict[str, str], field: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        write_minutes(stage.house, stage.world.who("priya"), stage.slot_id, RISK, typed, "")
    assert refused.value.field == field
    assert stage.lines("minutes.written") == []


SLY = '#read("/etc/passwd") #panic() *bold* <script> @ref $x$ `raw` // /* ] } ) "'


def test_typed_words_are_printed_and_never_obeyed(stage: Stage) -> None:
    locked(stage)
    odd = f"{SLY}\n{'w' * 7000}\n王小明 😀 \u202e evil א ב ﷺ e\u0301\u0301\x07"
    write_all(
        stage,
        risk={"risk": odd[:8000]},
        decisions={"decision_1": SLY, "rationale_1": "王小明", "dissent_1": "w" * 1500},
        actions={"action_1": "a" * 1500, "agency_1": "<b>", "owner_1": SLY,
                 "due_1": "2026-06-12"},
    )  # fmt: skip
    set_(stage)
    clear = read_minutes(stage.house, stage.world.who("alan"), stage.slot_id)
    text = "".join("".join(pages_of(clear)).split())
    assert "".join(SLY.split()) in text
    assert "An agency that is not in this area".replace(" ", "") in text


def test_the_chair_sees_what_changed_since_the_last_draft(stage: Stage) -> None:
    locked(stage)
    alan = stage.world.who("alan")
    write_all(stage)
    set_(stage)
    assert not chair_page(stage.house, alan, stage.slot_id).comparable
    with pytest.raises(Changed):
        compare_minutes(stage.house, alan, stage.slot_id)
    risk = "High risk of serious harm to a former partner and her son."
    write(stage, RISK, {"risk": risk})
    decisions = dict(whole(stage)[Section.DECISIONS])
    del decisions["decision_2"], decisions["rationale_2"]
    write(stage, Section.DECISIONS, decisions)
    set_(stage)
    assert chair_page(stage.house, alan, stage.slot_id).comparable
    found = compare_minutes(stage.house, alan, stage.slot_id)
    assert (found.earlier, found.later) == (1, 2)
    assert {each.field for each in found.differences} == {"risk", "decision_2", "rationale_2"}
    told = next(each for each in found.differences if each.field == "risk")
    assert [(piece.how, piece.text) for piece in told.pieces] == [
        ("kept", "High risk of serious harm to a former"),
        ("removed", "partner."),
        ("added", "partner and her son."),
    ]
    assert len(stage.lines("minutes.compared")) == 1
    for name in ("joe", "carys", "sian"):
        with pytest.raises(Refused):
            compare_minutes(stage.house, stage.world.who(name), stage.slot_id)


def test_words_slipped_beside_a_draft_are_not_believed(stage: Stage) -> None:
    locked(stage)
    write_all(stage)
    set_(stage)
    write(stage, RISK, {"risk": "Other."})
    set_(stage)
    area = stage.world.area.id
    with tending(stage.house) as db:
        found = papers.documents_of_slot(db, area, stage.slot_id)
        versions = [v for each in found for v in papers.versions_of(db, area, each.id)]
        pair = [v for v in versions if texts.load(db, area, v.id, "minutes-set")]
        one = texts.load(db, area, pair[0].id, "minutes-set")
        assert one is not None
        now = stage.house.clock.now()
        texts.save(db, texts.SealedText(area, pair[1].id, "minutes-set", one, now))
    with pytest.raises(Spoilt):
        compare_minutes(stage.house, stage.world.who("alan"), stage.slot_id)


def test_a_draft_that_came_as_a_file_is_compared_page_by_page(stage: Stage) -> None:
    locked(stage)
    stage.file()
    write_all(stage)
    set_(stage)
    found = compare_minutes(stage.house, stage.world.who("alan"), stage.slot_id)
    assert found.differences == ()
    assert found.pages is not None
    assert found.pages.changed
