"""A late paper goes out as an addendum of its own, and the pack that was sent does not move."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.addenda import label, letters, run
from portal.domain.grants import GrantState, SendingKind
from portal.domain.ids import PersonId
from portal.domain.packs import Others
from portal.journeys.changed import Changed
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.packs.proposing_addendum import Choice
from portal.journeys.packs.send_addendum import send_addendum
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.views.addendum import choose_page, send_addendum_page
from portal.journeys.views.pack import arrange_page
from portal.journeys.views.reader_home import What, reader_home
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import outbox, papers, sendings
from portal.records.database import reading
from tests.documents.making import texts
from tests.staging import REASON, Stage

pytestmark = pytest.mark.real("SQLite and folder")


@pytest.mark.parametrize(
    ("number", "found"), [(1, "a"), (26, "z"), (27, "aa"), (52, "az"), (53, "ba"), (703, "aaa")]
)
def test_after_z_comes_aa(number: int, found: str) -> None:
    assert letters(number) == found


def test_pages_are_called_after_the_page_they_follow() -> None:
    assert label(47, 1) == "47a"
    assert run(47, 1, 6) == "47a to 47f"
    assert run(47, 7, 1) == "47g"
    with pytest.raises(ValueError, match="from 1"):
        letters(0)


def packed(stage: Stage) -> SendingKind:
    """A pack of two papers is sent; the third is late."""
    stage.arrange(["A", "F"])
    stage.send()
    return SendingKind.ADDENDUM


def chosen(stage: Stage, *names: str, form: str = "update", after: int = 1) -> Choice:
    return Choice(stage.papers[form], after, frozenset(stage.id(name) for name in names))


def go(stage: Stage, choice: Choice, *, download: bool = True, by: str = "helen"):
    who = stage.world.who(by)
    digest = send_addendum_page(stage.house, who, stage.slot_id, choice).digest
    return send_addendum(stage.house, who, stage.slot_id, choice, digest, stage.world.code(by),
                         REASON, download=download)  # fmt: skip


def nothing_sent(stage: Stage) -> None:
    assert stage.lines("addendum.sent") == []
    with reading(stage.house.engine) as db:
        kinds = {each.kind for each in sendings.sendings_in(db, stage.world.area.id)}
    assert SendingKind.ADDENDUM not in kinds
    stage.whole()


def test_it_goes_to_those_named_and_the_pack_stays(stage: Stage) -> None:
    packed(stage)
    stage.accept("mark", "joe")
    pack = stage.grant("joe")
    with reading(stage.house.engine) as db:
        before = papers.load_version(db, stage.world.area.id, pack.version_id)
    sent = go(stage, chosen(stage, "mark", "una"))
    assert sent.sending.reference == "NMR/26/0117-P1-ADD1"
    assert {stage.name_of(p): g.state for p, g in sent.grants.items()} == {
        "mark": GrantState.GRANTED, "una": GrantState.WAITING,
    }  # fmt: skip
    with reading(stage.house.engine) as db:
        assert papers.load_version(db, stage.world.area.id, pack.version_id) == before
    pages = texts(stage.opens("mark", sent.sending.id))
    assert "Addendum of 4 May 2026" in pages[0] or "Addendum of" in pages[0]
    assert "After page 4 (Tab 1)" in " ".join(pages[0].split())
    assert "Page 4a" in pages[1]
    assert "Page 4b" in pages[2]
    assert "Form update 1" in pages[1]
    stage.whole()


def test_they_are_told_and_nobody_else_is(stage: Stage) -> None:
    packed(stage)
    go(stage, chosen(stage, "mark", "una"))
    with reading(stage.house.engine) as db:
        found = [
            each
            for each in outbox.due(db, stage.world.clock.now(), 1000)
            if each.letter == "addendum_sent"
        ]
    assert [each.address.split("@")[0] for each in found] == ["mark"]
    assert found[0].fields["reference"] == "NMR/26/0117-P1-ADD1"


def test_a_second_one_after_the_same_page_goes_on_with_the_letters(stage: Stage) -> None:
    stage.arrange(["A"])
    stage.send()
    first = go(stage, chosen(stage, "mark"))
    take_back(stage.house, stage.world.who("helen"), first.sending.id)
    page = send_addendum_page(
        stage.house, stage.world.who("helen"), stage.slot_id, chosen(stage, "mark", form="F")
    )
    assert page.addendum.label == "4c to 4d"
    assert go(stage, chosen(stage, "mark", form="F")).sending.reference.endswith("-P1-ADD2")


def test_the_line_says_which_pages_of_which_pack(stage: Stage) -> None:
    packed(stage)
    go(stage, chosen(stage, "mark", after=2))
    (line,) = stage.lines("addendum.sent")
    assert line["label"] == "6a to 6b"
    assert line["version"] == stage.papers["update"]
    assert line["pack"] == stage.grant("joe").sending_id


def test_it_stands_under_its_pack_and_is_new(stage: Stage) -> None:
    packed(stage)
    stage.accept("mark")
    stage.opens("mark")
    go(stage, chosen(stage, "mark"))
    entries = [e for e in reader_home(stage.house, stage.world.who("mark")).entries if e.state]
    assert [(e.what, e.new) for e in entries] == [(What.PACK, False), (What.ADDENDUM, True)]
    others = reader_home(stage.house, stage.world.who("joe")).entries
    assert What.ADDENDUM not in {e.what for e in others}


def test_whoever_has_it_is_not_sent_it_again(stage: Stage) -> None:
    packed(stage)
    go(stage, chosen(stage, "mark"))
    page = choose_page(stage.house, stage.world.who("helen"), stage.slot_id, stage.papers["update"])
    assert stage.id("mark") not in {person for person, _name, _agency in page.readers}
    with pytest.raises(NothingToSend):
        go(stage, chosen(stage, "mark"))


def test_it_is_taken_back_without_the_pack(stage: Stage) -> None:
    packed(stage)
    stage.accept("mark")
    sent = go(stage, chosen(stage, "mark"))
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    with pytest.raises(Refused) as refused:
        stage.opens("mark", sent.sending.id)
    assert refused.value.why is Why.TAKEN_BACK
    stage.whole()


def test_it_may_be_for_reading_here_alone(stage: Stage) -> None:
    packed(stage)
    stage.accept("mark")
    sent = go(stage, chosen(stage, "mark"), download=False)
    with pytest.raises(Refused) as refused:
        stage.opens("mark", sent.sending.id)
    assert refused.value.why is Why.READ_HERE_ONLY


@pytest.mark.parametrize(
    ("forms", "after", "form"),
    [
        (["A", "F", "update"], 1, "update"),
        (["A", "F"], 3, "update"),
        (["A", "F"], 0, "update"),
        (["A", "F"], 1, "F"),
    ],
)
def test_what_is_not_late_or_has_no_place_is_not_there(
    stage: Stage, forms: list[str], after: int, form: str
) -> None:
    stage.arrange(forms)
    stage.send()
    with pytest.raises(Refused) as refused:
        go(stage, chosen(stage, "mark", form=form, after=after))
    assert refused.value.why is Why.NOT_THERE
    nothing_sent(stage)


def test_without_a_pack_that_somebody_holds_there_is_no_addendum(stage: Stage) -> None:
    helen = stage.world.who("helen")
    with pytest.raises(Refused):
        choose_page(stage.house, helen, stage.slot_id, stage.papers["update"])
    packed(stage)
    assert [p.title for p in arrange_page(stage.house, helen, stage.slot_id).late] == [
        "Agency update (Northmere Adult Social Care)"
    ]
    take_back(stage.house, helen, stage.grant("joe").sending_id)
    assert arrange_page(stage.house, helen, stage.slot_id).late == ()


def test_attack_a_restricted_annex_is_no_late_paper(stage: Stage) -> None:
    stage.arrange(["A", "F"], annexes={"update": (Others.NOTHING, ["mark"])})
    stage.send()
    with pytest.raises(Refused):
        go(stage, chosen(stage, "joe"))
    nothing_sent(stage)


@pytest.mark.parametrize("name", ["priya", "alan", "joe", "sian", "dev"])
def test_only_coordinators_and_deputies_send_it(stage: Stage, name: str) -> None:
    packed(stage)
    choice, helen = chosen(stage, "mark"), stage.world.who("helen")
    digest = send_addendum_page(stage.house, helen, stage.slot_id, choice).digest
    with pytest.raises(Refused) as refused:
        send_addendum(stage.house, stage.world.who(name), stage.slot_id, choice, digest,
                      stage.world.code(name))  # fmt: skip
    assert refused.value.why is Why.NOT_YOUR_ROLE
    nothing_sent(stage)


@pytest.mark.parametrize("change", ["person", "place", "withdrawn", "key", "used code"])
def test_whatever_changes_between_page_and_click_sends_nothing(stage: Stage, change: str) -> None:
    packed(stage)
    helen, choice = stage.world.who("helen"), chosen(stage, "mark", "una")
    digest, code = (
        send_addendum_page(stage.house, helen, stage.slot_id, choice).digest,
        stage.world.code("helen"),
    )
    error: type[Exception] = Changed
    if change == "person":
        choice = chosen(stage, "mark", "una", "joe")
    elif change == "place":
        choice = chosen(stage, "mark", "una", after=2)
    elif change == "withdrawn":
        withdraw_invitation(stage.house, helen, stage.slot_id, stage.id("una"))
    elif change == "key":
        stage.confirm("una")
    else:
        error = CodeRefused
        code = "000000"
    with pytest.raises(error):
        send_addendum(stage.house, helen, stage.slot_id, choice, digest, code, REASON)
    nothing_sent(stage)


def test_attack_a_stranger_among_the_ticks_is_sent_nothing(stage: Stage) -> None:
    packed(stage)
    for person in (stage.world.person("grace").id, PersonId("a" * 26), PersonId("unit")):
        with pytest.raises(NothingToSend):
            go(stage, Choice(stage.papers["update"], 1, frozenset({person})))
    nothing_sent(stage)


def test_after_the_packs_end_it_is_too_late(stage: Stage) -> None:
    packed(stage)
    helen, choice = stage.world.who("helen"), chosen(stage, "mark")
    digest = send_addendum_page(stage.house, helen, stage.slot_id, choice).digest
    stage.world.clock.advance(timedelta(days=31))
    helen = stage.world.who("helen")
    with pytest.raises((NothingToSend, Changed)):
        send_addendum(stage.house, helen, stage.slot_id, choice, digest, stage.world.code("helen"))
    nothing_sent(stage)


def test_by_hand_from_the_arranging_page(stage: Stage) -> None:
    packed(stage)
    helen = stage.world.client("helen")
    base = f"/unit/slots/{stage.slot_id}"
    arrange = helen.get(f"{base}/pack").text
    path = f"{base}/addenda/{stage.papers['update']}"
    assert path in arrange
    page = helen.get(path).text
    assert " checked" in page.partition('name="after"')[2].partition(">")[2]
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    again = helen.post(path, data={"csrf_token": token, "after": "2"})
    assert "Choose at least one person." in again.text
    told = helen.post(path, data={"csrf_token": token, "after": "2", "to": [stage.id("mark")]})
    assert told.status_code == 302
    where = told.headers["Location"]
    page = helen.get(where).text
    assert "6a to 6b" in page
    assert stage.world.person("mark").name in page
    digest = page.partition('name="digest" type="hidden" value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "digest": digest, "code": stage.world.code("helen")}
    answer = helen.post(where, data={**fields, "download": "y"})
    assert answer.status_code == 302, answer.text
    receipt = helen.get(answer.headers["Location"]).text
    assert "Addendum NMR/26/0117-P1-ADD1" in receipt
    assert "download their copy" in receipt
    bad = helen.get(f"{path}/send?after=9&to={stage.id('mark')}")
    assert bad.status_code == 404
