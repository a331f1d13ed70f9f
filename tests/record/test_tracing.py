"""Whose copy it is takes two people, an unused code and an hour; and the record says so."""

from __future__ import annotations

from datetime import timedelta

import pypdf
import pytest

from portal.documents.refusal import RefusedPaper
from portal.domain.ids import TraceId
from portal.domain.people import Account
from portal.journeys.copies.ask_trace import NamesNobody, ask_trace
from portal.journeys.copies.confirm_trace import confirm_trace
from portal.journeys.copies.read_trace import list_traces, read_trace
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.opened import Spoilt
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people
from portal.records.database import writing
from tests.documents.making import numbered, plain
from tests.journeys.other_area import other_area
from tests.staging import Stage

REASON = "Found in the waiting room of a surgery in Elmsworth on Monday."


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send()
    stage.accept("ruth", "joe")
    return stage


def leaked(stage: Stage, name: str = "ruth") -> bytes:
    return stage.opens(name)


def asked(stage: Stage, by: str = "helen") -> TraceId:
    return ask_trace(stage.house, stage.world.who(by), REASON, file=leaked(stage))


def confirmed(stage: Stage, trace_id: TraceId, by: str = "tom") -> list[str]:
    code = stage.world.code(by)
    found = confirm_trace(stage.house, stage.world.who(by), trace_id, code)
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("first", "second"), [("helen", "tom"), ("tom", "helen"), ("helen", "sian")]
)
def test_two_people_are_told_whose_it_is(sent: Stage, first: str, second: str) -> None:
    sent.opens("joe")
    trace_id = asked(sent, first)
    before = read_trace(sent.house, sent.world.who(first), trace_id)
    assert (before.told, before.copies, before.reason) == (False, (), REASON)
    assert read_trace(sent.house, sent.world.who(second), trace_id).reason == REASON
    assert confirmed(sent, trace_id, second) == ["Ruth Okell"]
    for name in (first, second):
        (copy,) = read_trace(sent.house, sent.world.who(name), trace_id).copies
        assert (copy.name, copy.agency) == ("Ruth Okell", "Northmere Adult Social Care")
        assert copy.of == f"copy {sent.grant('ruth').copy_number} of 8 of NMR/26/0117-P1"
        assert copy.proven
    sent.whole()


def test_the_record_holds_identifiers_and_digests_alone(sent: Stage) -> None:
    trace_id = asked(sent)
    confirmed(sent, trace_id)
    opened = sent.lines("paper.opened")[-1]
    position = sent.lines().index(opened)
    (first,), (second,) = sent.lines("trace.asked"), sent.lines("trace.answered")
    assert (first["actor"], first["trace"]) == (sent.id("helen"), trace_id)
    assert all(len(str(first[name])) == 64 for name in ("reason", "references", "file"))
    assert (second["actor"], second["person"]) == (sent.id("tom"), sent.id("helen"))
    assert list(second["copies"]) == [opened["copy"]]  # type: ignore[arg-type]
    assert list(second["positions"]) == [str(position)]  # type: ignore[arg-type]
    assert "surgery" not in str(sent.lines())


def test_the_file_is_kept_nowhere(sent: Stage) -> None:
    copy = leaked(sent)
    kept = dict(sent.world.store._kept)
    ask_trace(sent.house, sent.world.who("helen"), REASON, file=copy)
    assert sent.world.store._kept == kept
    with sent.house.engine.connect() as db:
        found = db.exec_driver_sql(
            "SELECT field, sealed FROM sealed_texts WHERE field LIKE 'trace%'"
        )
        rows = list(found)
    assert sorted(name for name, _ in rows) == ["trace reason", "trace references"]
    assert all(b"age-encryption.org" in sealed and b"surgery" not in sealed for _, sealed in rows)


@pytest.mark.parametrize(
    "shape", ["{0}-{1}-{2}", "ref {0}-{1}-{2}", "{0}{1}{2}", "Ref {0} {1} {2} "]
)
def test_a_reference_can_be_typed_as_it_is_seen(sent: Stage, shape: str) -> None:
    sent.opens("ruth")
    parts = str(sent.lines("paper.opened")[-1]["copy"]).split("-")
    for typed in (shape.format(*parts), shape.format(*parts).lower()):
        trace_id = ask_trace(sent.house, sent.world.who("helen"), REASON, written=typed)
        assert confirmed(sent, trace_id) == ["Ruth Okell"]
    assert sent.lines("trace.asked")[-1]["file"] == ""


def test_pages_of_two_copies_name_both(sent: Stage) -> None:
    import io

    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for name in ("ruth", "joe"):
        writer.add_page(pypdf.PdfReader(io.BytesIO(sent.opens(name))).pages[2])
    writer.write(out)
    trace_id = ask_trace(sent.house, sent.world.who("helen"), REASON, file=out.getvalue())
    assert confirmed(sent, trace_id) == ["Ruth Okell", "Joe Tarn"]


# ---- who may not ----


@pytest.mark.parametrize("name", ["priya", "sian", "ruth", "alan", "dev"])
def test_only_coordinators_and_deputies_ask(sent: Stage, name: str) -> None:
    copy = leaked(sent)
    with pytest.raises(Refused) as refused:
        ask_trace(sent.house, sent.world.who(name), REASON, file=copy)
    assert refused.value.why is Why.NOT_YOUR_ROLE
    assert not sent.lines("trace.asked")


@pytest.mark.parametrize("name", ["priya", "ruth", "alan", "dev", "mark"])
def test_nobody_else_confirms(sent: Stage, name: str) -> None:
    trace_id = asked(sent)
    for act in (
        lambda: confirmed(sent, trace_id, name),
        lambda: read_trace(sent.house, sent.world.who(name), trace_id),
        lambda: list_traces(sent.house, sent.world.who(name)),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.why is Why.NOT_YOUR_ROLE
    assert not sent.lines("trace.answered")


def test_nobody_confirms_their_own_question_and_spends_no_code(sent: Stage) -> None:
    trace_id, code = asked(sent), sent.world.code("helen")
    with pytest.raises(Refused) as refused:
        confirm_trace(sent.house, sent.world.who("helen"), trace_id, code)
    assert refused.value.why is Why.NOT_ONESELF
    tom = asked(sent, "tom")
    assert confirm_trace(sent.house, sent.world.who("helen"), tom, code)


@pytest.mark.parametrize(("seconds", "may"), [(3599, True), (3600, False), (90_000, False)])
def test_it_can_be_confirmed_for_an_hour(sent: Stage, seconds: int, may: bool) -> None:
    trace_id = asked(sent)
    until = sent.world.clock.now() + timedelta(seconds=seconds)
    sent.world.code("tom")
    sent.world.clock.advance(until - sent.world.clock.now())
    code = sent.world.code("tom")
    if may and sent.world.clock.now() <= until:
        assert confirm_trace(sent.house, sent.world.who("tom"), trace_id, code)
        return
    with pytest.raises(Refused) as refused:
        confirm_trace(sent.house, sent.world.who("tom"), trace_id, code)
    assert refused.value.why is Why.CONFIRM_OVER
    assert list_traces(sent.house, sent.world.who("tom")).rows[0].over
    assert not sent.lines("trace.answered")


def test_it_is_answered_once(sent: Stage) -> None:
    trace_id = asked(sent)
    confirmed(sent, trace_id)
    with pytest.raises(Refused) as refused:
        confirmed(sent, trace_id, "sian")
    assert refused.value.why is Why.ALREADY_DECIDED
    assert len(sent.lines("trace.answered")) == 1
    third = read_trace(sent.house, sent.world.who("sian"), trace_id)
    assert (third.told, third.copies) == (False, ())


@pytest.mark.parametrize("code", ["", "000000", "12345", "not a code"])
def test_a_wrong_code_tells_nothing(sent: Stage, code: str) -> None:
    trace_id = asked(sent)
    with pytest.raises(CodeRefused):
        confirm_trace(sent.house, sent.world.who("tom"), trace_id, code)
    assert not sent.lines("trace.answered")


def test_a_code_that_was_used_tells_nothing(sent: Stage) -> None:
    first, second, code = asked(sent), asked(sent), sent.world.code("tom")
    confirm_trace(sent.house, sent.world.who("tom"), first, code)
    with pytest.raises(CodeRefused):
        confirm_trace(sent.house, sent.world.who("tom"), second, code)


# ---- what names nobody ----


def test_what_names_no_copy_says_so_and_leaves_its_line(sent: Stage) -> None:
    helen = sent.world.who("helen")
    for file, code in (
        (numbered(2), "no_reference"),
        (plain(b"BT /F1 9 Tf 9 9 Td (AAAA-BBBB-CCCC) Tj ET"), "no_copy"),
    ):
        with pytest.raises(NamesNobody) as nobody:
            ask_trace(sent.house, helen, REASON, file=file)
        assert nobody.value.code == code
        assert sent.lines()[-1]["code"] == code
    for typed in ("0000-1111-2222", "it said seven", "%"):
        with pytest.raises(NamesNobody):
            ask_trace(sent.house, helen, REASON, written=typed)
    assert not sent.lines("trace.asked")
    assert len(sent.lines("trace.in_vain")) == 5


@pytest.mark.parametrize(
    "file", [b"no pdf", b"%PDF-1.7\n", bytes(4000), b"%PDF-1.4\n" + b"<<" * 90_000]
)
def test_a_hostile_file_costs_its_child_alone(sent: Stage, file: bytes) -> None:
    with pytest.raises(RefusedPaper):
        ask_trace(sent.house, sent.world.who("helen"), REASON, file=file)
    assert sent.lines()[-1]["deed"] == "trace.in_vain"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": REASON}, "file"),
        ({"reason": "short", "written": "0000-1111-2222"}, "reason"),
        ({"reason": "x" * 2001, "written": "0000-1111-2222"}, "reason"),
        ({"reason": REASON, "written": "0" * 201}, "written"),
    ],
)
def test_what_is_missing_is_said(sent: Stage, fields: dict[str, str], field: str) -> None:
    with pytest.raises(Unacceptable) as bad:
        ask_trace(sent.house, sent.world.who("helen"), **fields)
    assert bad.value.field == field


def test_another_areas_copy_is_not_there(sent: Stage) -> None:
    olga = other_area(sent.world).olga
    with pytest.raises(NamesNobody) as nobody:
        ask_trace(sent.house, olga, REASON, file=leaked(sent))
    assert nobody.value.code == "no_copy"
    trace_id = asked(sent)
    for act in (
        lambda: read_trace(sent.house, olga, trace_id),
        lambda: confirm_trace(sent.house, olga, trace_id, "000000"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.why is Why.NOT_THERE


# ---- what somebody with the database could do ----


def test_another_sealed_text_is_not_believed(sent: Stage) -> None:
    first = asked(sent)
    second = ask_trace(
        sent.house,
        sent.world.who("helen"),
        "Another reason, that somebody made up.",
        file=leaked(sent, "joe"),
    )
    with writing(sent.house.engine) as db:
        db.exec_driver_sql("DELETE FROM sealed_texts WHERE subject = ?", (first,))
        db.exec_driver_sql("UPDATE sealed_texts SET subject = ? WHERE subject = ?", (first, second))
        db.commit()
    assert read_trace(sent.house, sent.world.who("tom"), first).reason is None
    with pytest.raises(Spoilt):
        confirmed(sent, first)
    with pytest.raises(Spoilt):
        confirmed(sent, second)
    assert not sent.lines("trace.answered")


def test_an_auditor_whose_key_came_later_is_told_to_wait(sent: Stage) -> None:
    """What was sealed before they joined is not for them: somebody else confirms."""
    with writing(sent.house.engine) as db:
        people.set_account(db, sent.world.area.id, sent.id("sian"), Account.LEFT)
        db.commit()
    trace_id = asked(sent)
    with writing(sent.house.engine) as db:
        people.set_account(db, sent.world.area.id, sent.id("sian"), Account.ENROLLED)
        db.commit()
    assert read_trace(sent.house, sent.world.who("sian"), trace_id).reason is None
    with pytest.raises(Refused) as refused:
        confirmed(sent, trace_id, "sian")
    assert refused.value.why is Why.CANNOT_OPEN_YET
    assert confirmed(sent, trace_id) == ["Ruth Okell"]


def test_an_erased_reader_is_said_to_be_erased(sent: Stage) -> None:
    trace_id = asked(sent)
    with writing(sent.house.engine) as db:
        db.exec_driver_sql("DELETE FROM people WHERE id = ?", (sent.id("ruth"),))
        db.commit()
    assert confirmed(sent, trace_id) == ["somebody whose account was erased"]


def test_copies_of_every_kind_are_found(sent: Stage) -> None:
    """A copy made to cut an extract of, and one of one's own report, are copies too."""
    from portal.journeys.extracts.mark_extract import begin_extract

    begin_extract(sent.house, sent.world.who("helen"), sent.papers["F"])
    made = sent.lines("extract.begun")[-1]
    trace_id = ask_trace(sent.house, sent.world.who("tom"), REASON, written=str(made["copy"]))
    code = sent.world.code("sian")
    (copy,) = confirm_trace(sent.house, sent.world.who("sian"), trace_id, code)
    assert (copy.name, copy.of) == ("Helen Marsh", "NMR/26/0117")


def test_reading_a_copy_goes_on_meanwhile(sent: Stage) -> None:
    asked(sent)
    grant = sent.grant("ruth")
    assert b"".join(open_paper(sent.house, sent.world.who("ruth"), grant.id).chunks())
