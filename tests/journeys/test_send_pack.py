"""A pack goes to exactly the people on the page, or nothing goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.grants import GrantState
from portal.domain.people import Account
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.digests import read_text
from portal.journeys.giving.grant_waiting import grant_waiting
from portal.journeys.giving.take_back import take_back
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.packs.proposing import pack_proposal, setting
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.pack import send_page, sending_page
from portal.journeys.views.waiting import waiting_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import outbox, papers, sendings, texts
from portal.records.database import reading
from tests.browsing import words_of
from tests.staging import INVITED, REASON, WAITING, Stage

pytestmark = pytest.mark.real("SQLite and folder")


def letters(stage: Stage, kind: str) -> set[str]:
    with reading(stage.house.engine) as db:
        found = outbox.due(db, stage.world.clock.now(), 1000)
    return {each.address.split("@")[0] for each in found if each.letter == kind}


def nothing_sent(stage: Stage) -> None:
    assert stage.lines("pack.sent") == []
    with reading(stage.house.engine) as db:
        assert sendings.sendings_in(db, stage.world.area.id) == []
        assert sendings.grants_in(db, stage.world.area.id, *GrantState) == []
    assert letters(stage, "pack_sent") == set()
    stage.whole()


def test_everybody_on_the_page_can_open_and_those_without_a_key_wait(stage: Stage) -> None:
    sent = stage.send()
    assert stage.states() == {
        name: GrantState.WAITING if name in WAITING else GrantState.GRANTED for name in INVITED
    }
    assert set(sent.waiting) == {stage.id(name) for name in WAITING}
    told = stage.lines("pack.sent")
    assert len(told) == 1
    assert set(told[0]["granted"]) == {stage.id(name) for name in set(INVITED) - WAITING}
    assert letters(stage, "pack_sent") == set(INVITED) - WAITING
    stage.accept("joe", "ruth")
    assert stage.opens("joe").startswith(b"%PDF")
    assert stage.opens("ruth") != stage.opens("joe")
    stage.whole()


def test_a_kept_back_paper_is_in_another_layout(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["F"], "mark": ["F"]})
    stage.send()
    versions = {stage.grant(name).version_id for name in INVITED}
    assert len(versions) == 2
    assert stage.grant("joe").version_id == stage.grant("mark").version_id
    with reading(stage.house.engine) as db:
        layout = sendings.layout_of(db, stage.world.area.id, stage.grant("joe").version_id)
    assert [paper.given for paper in layout] == [True, False, True]
    stage.whole()


def test_the_page_tells_what_is_there_and_not_sent(stage: Stage) -> None:
    stage.arrange(["A"])
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert len(page.not_in) == 2
    assert len(page.titles) == 1


def test_somebody_from_whom_everything_is_kept_back_is_left_out(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["A", "F", "update"]})
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert [c.name for c, _ in page.proposal.left_out] == ["Joe Tarn"]
    stage.send()
    assert "joe" not in stage.states()


@pytest.mark.parametrize("name", ["priya", "alan", "joe", "sian", "dev"])
def test_only_coordinators_and_deputies_send(stage: Stage, name: str) -> None:
    digest = stage.digest()
    with pytest.raises(Refused) as refused:
        send_pack(stage.house, stage.world.who(name), stage.slot_id, digest,
                  stage.world.code(name))  # fmt: skip
    assert refused.value.why is Why.NOT_YOUR_ROLE
    nothing_sent(stage)
    assert stage.lines()[-1]["deed"] == "deed.refused"


def test_a_deputy_sends(stage: Stage) -> None:
    stage.send("tom")
    stage.whole()


@pytest.mark.parametrize("name", ["sian", "dev", "alan", "joe"])
def test_whoever_is_not_of_the_unit_sees_no_page(stage: Stage, name: str) -> None:
    sent = stage.send()
    who = stage.world.who(name)
    for look in (
        lambda: send_page(stage.house, who, stage.slot_id),
        lambda: sending_page(stage.house, who, sent.sending.id),
        lambda: waiting_page(stage.house, who),
    ):
        with pytest.raises(Refused):
            look()


def test_a_wrong_digest_sends_nothing(stage: Stage) -> None:
    with pytest.raises(Changed):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, "0" * 64,
                  stage.world.code("helen"), REASON)  # fmt: skip
    nothing_sent(stage)


def test_a_code_counts_once_whatever_it_was_typed_for(stage: Stage) -> None:
    code, digest = stage.world.code("helen"), stage.digest()
    who = stage.world.who("helen")
    sent = send_pack(stage.house, who, stage.slot_id, digest, code, REASON)
    take_back(stage.house, who, sent.sending.id)
    with pytest.raises(CodeRefused, match="used"):
        send_pack(stage.house, who, stage.slot_id, stage.digest(), code, REASON)
    assert len(stage.lines("pack.sent")) == 1


def test_a_code_of_somebody_else_sends_nothing(stage: Stage) -> None:
    with pytest.raises(CodeRefused):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, stage.digest(),
                  stage.world.code("tom"), REASON)  # fmt: skip
    nothing_sent(stage)


def test_the_same_digest_twice_sends_once(stage: Stage) -> None:
    digest, who = stage.digest(), stage.world.who("helen")
    send_pack(stage.house, who, stage.slot_id, digest, stage.world.code("helen"), REASON)
    with pytest.raises(Changed):
        send_pack(stage.house, who, stage.slot_id, digest, stage.world.code("helen"), REASON)
    assert len(stage.lines("pack.sent")) == 1
    stage.whole()


def _someone_withdrawn(stage: Stage) -> None:
    withdraw_invitation(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("joe"))


def _someone_left(stage: Stage) -> None:
    remove_person(stage.house, stage.world.who("helen"), stage.id("mark"))


def _a_paper_less(stage: Stage) -> None:
    stage.arrange(["A", "update"])


def _another_order(stage: Stage) -> None:
    stage.arrange(["update", "A", "F"])


def _kept_back(stage: Stage) -> None:
    stage.arrange(kept_back={"carys": ["F"]})


def _another_end(stage: Stage) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=20))


def _a_key_confirmed(stage: Stage) -> None:
    stage.confirm("una")


@pytest.mark.parametrize(
    "change",
    [_someone_withdrawn, _someone_left, _a_paper_less, _another_order, _kept_back, _another_end,
     _a_key_confirmed],
)  # fmt: skip
def test_whatever_changes_between_page_and_click_sends_nothing(stage: Stage, change) -> None:
    stage.arrange()
    digest = stage.digest()
    change(stage)
    with pytest.raises(Changed):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                  stage.world.code("helen"), REASON)  # fmt: skip
    nothing_sent(stage)


def test_a_change_while_the_pack_is_bound_sends_nothing(stage: Stage) -> None:
    """The store is the last slow step: whatever happens there happens after the first look."""
    digest, store = stage.digest(), stage.house.store
    put = store.put

    def slow(name, sealed):
        put(name, sealed)
        _someone_withdrawn(stage)

    object.__setattr__(stage.world.store, "put", slow)
    with pytest.raises(Changed):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                  stage.world.code("helen"), REASON)  # fmt: skip
    nothing_sent(stage)


def test_a_warning_takes_a_reason_which_is_sealed_to_the_unit(stage: Stage) -> None:
    stage.arrange(["F", "update"])
    assert send_page(stage.house, stage.world.who("helen"), stage.slot_id).proposal.warnings
    with pytest.raises(Unacceptable) as refused:
        stage.send(reason="  ")
    assert refused.value.field == "reason"
    nothing_sent(stage)
    sent = stage.send(reason="The referral follows by post.")
    with reading(stage.house.engine) as db:
        kept = texts.load(db, stage.world.area.id, sent.sending.id, "warnings")
        unit = stage.world.who("priya").unit(db)
    assert kept is not None
    assert b"referral" not in kept
    assert read_text(kept, [unit.opener()]).text == "The referral follows by post."
    assert stage.lines("pack.sent")[0]["reason"]


def test_a_pack_that_does_not_begin_with_the_referral_warns_and_can_be_sent(stage: Stage) -> None:
    stage.arrange(["F", "A"])
    words = "This pack does not begin with the referral (MAPPA A)."
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert list(page.proposal.warnings) == [words]
    at = f"/unit/slots/{stage.slot_id}/pack/send"
    assert words in words_of(stage.world.client("helen").get(at))
    with pytest.raises(Unacceptable):
        stage.send(reason="")
    assert stage.send(reason="The chair wants the prison first.").grants
    stage.arrange(["A", "F"])
    after = send_page(stage.house, stage.world.who("helen"), stage.slot_id).proposal.warnings
    assert words not in after


def test_without_a_warning_no_reason_is_kept(stage: Stage) -> None:
    sent = stage.send()
    with reading(stage.house.engine) as db:
        assert texts.load(db, stage.world.area.id, sent.sending.id, "warnings") is None
    assert stage.lines("pack.sent")[0]["reason"] == ""


def test_a_refused_reason_costs_no_code(stage: Stage) -> None:
    stage.arrange(["F"])
    code, digest, who = stage.world.code("helen"), stage.digest(), stage.world.who("helen")
    with pytest.raises(Unacceptable):
        send_pack(stage.house, who, stage.slot_id, digest, code)
    send_pack(stage.house, who, stage.slot_id, digest, code, "The referral follows by post.")


def test_a_pack_that_is_over_is_not_sent(stage: Stage) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(hours=1))
    digest = stage.digest()
    stage.world.clock.advance(timedelta(hours=1))
    with pytest.raises(NothingToSend):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                  stage.world.code("helen"), REASON)  # fmt: skip
    nothing_sent(stage)


def test_to_nobody_nothing_is_sent(stage: Stage) -> None:
    stage.arrange(kept_back={name: ["A", "F", "update"] for name in INVITED})
    with pytest.raises(NothingToSend):
        stage.send()
    nothing_sent(stage)


def test_another_slots_digest_does_not_count(stage: Stage) -> None:
    """Same papers, people and times, of another meeting: the digest names its slot."""
    with reading(stage.house.engine) as db:
        at = setting(stage.house, db, stage.world.area.id, stage.slot_id)
        proposal = pack_proposal(db, at)
    assert replace(proposal, subject="pack other").digest() != proposal.digest()


def test_no_such_slot(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        send_pack(stage.house, stage.world.who("helen"), "f" * 32, "0" * 64, "000000")
    assert refused.value.why is Why.NOT_THERE


def test_papers_of_somebody_who_left_can_still_be_sent(stage: Stage) -> None:
    """Their signature stands; they themselves get nothing."""
    remove_person(stage.house, stage.world.who("helen"), stage.id("adeyemi"))
    assert stage.world.person("adeyemi").account is Account.LEFT
    stage.send()
    assert "adeyemi" not in stage.states()
    stage.accept("joe")
    assert stage.opens("joe").startswith(b"%PDF")
    stage.whole()


def test_a_chosen_paper_that_is_gone_is_not_replaced_by_others(stage: Stage) -> None:
    """An arrangement whose papers are all gone leaves an empty pack, never a full one."""
    stage.arrange(["A"])
    with tending(stage.house) as db:
        db.execute(
            papers.documents.update()
            .where(papers.documents.c.form_code == "A")
            .values(slot_id="e" * 32)
        )
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert page.proposal.items == ()


def test_who_waits_is_given_by_a_click_after_their_key_is_confirmed(stage: Stage) -> None:
    stage.send()
    helen = stage.world.who("helen")
    ready = {
        line.name: (line.ready, line.joined) for line in waiting_page(stage.house, helen).lines
    }
    assert ready == {"Una Berg": (False, True), "Nia Comer": (False, False)}
    stage.confirm("una")
    assert stage.states()["una"] is GrantState.WAITING
    assert letters(stage, "pack_sent") == set(INVITED) - WAITING
    grant_waiting(stage.house, helen, stage.id("una"))
    assert stage.states()["una"] is GrantState.GRANTED
    assert "una" in letters(stage, "pack_sent")
    stage.accept("una")
    assert stage.opens("una").startswith(b"%PDF")
    stage.whole()


def test_confirming_another_key_than_the_one_spoken_of_gives_nothing(stage: Stage) -> None:
    stage.send()
    with pytest.raises(Changed):
        confirm_key(stage.house, stage.world.who("helen"), stage.id("una"), "0" * 64)
    assert stage.states()["una"] is GrantState.WAITING
