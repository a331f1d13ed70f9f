"""A late report goes to the readers of the pack only as a coordinator signed beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from portal.crypto import signing
from portal.domain.deeds import Deed
from portal.domain.grants import GrantState, SendingKind
from portal.domain.ids import RequestId
from portal.domain.proofing import How
from portal.domain.standing import BadInstruction, Instruction
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.giving.take_back import take_back
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.keys.renew_person import renew_person
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.packs.send_late import send_late
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.packs.standing import LABEL, Late, what_became, what_becomes
from portal.journeys.packs.withdraw_standing import withdraw_standing
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import instructions, keys, papers, sendings
from portal.records.database import reading
from tests.documents.making import numbered, texts
from tests.journeys.planning import told
from tests.journeys.test_own_keys_changed import change
from tests.staging import BORN, REASON, Stage

READERS = {"alan", "carys", "adeyemi", "ruth", "joe", "mark"}


def ask(stage: Stage) -> RequestId:
    """A report of the police is asked for that has not come when the pack goes out."""
    police = stage.world.agency("police").id
    ask_for_report(stage.house, stage.world.who("helen"), stage.slot_id, police, "update",
                   date(2026, 5, 5))  # fmt: skip
    with reading(stage.house.engine) as db:
        found = papers.requests_for(db, stage.world.area.id, stage.slot_id)
    return next(r.id for r in found if r.agency_id == police and r.form_code == "update")


def send(stage: Stage, *, late: bool = True, by: str = "helen") -> Dispatched:
    digest, code = stage.digest(by), stage.world.code(by)
    return send_pack(
        stage.house, stage.world.who(by), stage.slot_id, digest, code, REASON, late=late
    )


def hand_in(stage: Stage, request: RequestId, text: str = "Late", reason: str = "") -> None:
    carys = stage.world.who("carys")
    found = examine_report(stage.house, carys, request, numbered(2, text))
    submit_report(stage.house, carys, request, found.candidate_id, BORN, reason)


def go(stage: Stage, request: RequestId) -> Dispatched | None:
    return send_late(stage.house, stage.world.who("carys"), request)


def instructed(stage: Stage) -> tuple[RequestId, Dispatched]:
    request = ask(stage)
    pack = send(stage)
    stage.world.clock.advance(timedelta(days=2))
    return request, pack


def waits(stage: Stage, request: RequestId) -> None:
    """The report is in, and nobody was sent it."""
    assert go(stage, request) is None
    assert stage.lines(Deed.ADDENDUM_SENT.value) == []
    with reading(stage.house.engine) as db:
        row = papers.load_request(db, stage.world.area.id, request)
        kinds = {each.kind for each in sendings.sendings_in(db, stage.world.area.id)}
    assert row is not None
    assert row.document_id is not None
    assert SendingKind.ADDENDUM not in kinds
    stage.whole()


def test_it_goes_to_the_packs_readers_in_the_uploaders_own_request(stage: Stage) -> None:
    request, pack = instructed(stage)
    hand_in(stage, request)
    sent = go(stage, request)
    assert sent is not None
    assert sent.sending.reference == f"{pack.sending.reference}-ADD1"
    assert {stage.name_of(person) for person in sent.grants} == READERS
    assert {grant.state for grant in sent.grants.values()} == {GrantState.GRANTED}
    stage.accept("joe")
    assert "Late" in " ".join(texts(stage.opens("joe", sent.sending.id)))
    stage.whole()


def test_its_lines_say_who_instructed_it_and_who_followed(stage: Stage) -> None:
    request, pack = instructed(stage)
    hand_in(stage, request)
    sent = go(stage, request)
    assert sent is not None
    signed = stage.lines(Deed.STANDING_SIGNED.value)[-1]
    followed = stage.lines(Deed.STANDING_FOLLOWED.value)[-1]
    assert (signed["actor"], signed["sending"]) == (stage.id("helen"), pack.sending.id)
    assert set(signed["persons"]) == {stage.id(name) for name in READERS}  # type: ignore[arg-type]
    assert (followed["actor"], followed["pack"]) == (stage.id("carys"), pack.sending.id)
    assert followed["statement"] == signed["statement"]


def test_its_readers_and_the_unit_are_told(stage: Stage) -> None:
    request, _pack = instructed(stage)
    hand_in(stage, request)
    go(stage, request)
    assert {n.address for n in told(stage.world, "addendum_sent")} == {
        stage.world.person(name).email for name in READERS
    }
    assert len(told(stage.world, "late_sent")) == 1


def test_sent_twice_it_goes_once(stage: Stage) -> None:
    request, _pack = instructed(stage)
    hand_in(stage, request)
    assert go(stage, request) is not None
    assert go(stage, request) is None
    assert len(stage.lines(Deed.ADDENDUM_SENT.value)) == 1


def test_it_can_be_taken_back_like_everything(stage: Stage) -> None:
    request, _pack = instructed(stage)
    hand_in(stage, request)
    sent = go(stage, request)
    assert sent is not None
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    assert go(stage, request) is None
    assert len(stage.lines(Deed.ADDENDUM_SENT.value)) == 1
    assert stage.grant("joe", sent.sending.id).state is GrantState.TAKEN_BACK


def test_without_an_instruction_it_waits(stage: Stage) -> None:
    request = ask(stage)
    send(stage, late=False)
    hand_in(stage, request)
    waits(stage, request)


def test_nothing_is_signed_where_nothing_is_awaited(stage: Stage) -> None:
    send(stage)
    assert stage.lines(Deed.STANDING_SIGNED.value) == []


def test_what_was_asked_for_later_waits(stage: Stage) -> None:
    ask(stage)
    send(stage)
    police = stage.world.agency("police").id
    ask_for_report(stage.house, stage.world.who("helen"), stage.slot_id, police, "risk",
                   date(2026, 5, 8))  # fmt: skip
    with reading(stage.house.engine) as db:
        found = papers.requests_for(db, stage.world.area.id, stage.slot_id)
    later = next(each.id for each in found if each.form_code == "risk")
    hand_in(stage, later)
    waits(stage, later)


def test_a_corrected_version_waits_for_somebody_to_look(stage: Stage) -> None:
    request, _pack = instructed(stage)
    hand_in(stage, request)
    assert go(stage, request) is not None
    hand_in(stage, request, "Better", "A date was wrong.")
    assert go(stage, request) is None
    assert len(stage.lines(Deed.ADDENDUM_SENT.value)) == 1


def test_withdrawn_it_counts_no_more(stage: Stage) -> None:
    request, pack = instructed(stage)
    helen = stage.world.who("helen")
    withdraw_standing(stage.house, helen, pack.sending.id)
    with pytest.raises(Refused):
        withdraw_standing(stage.house, helen, pack.sending.id)
    hand_in(stage, request)
    waits(stage, request)
    # Not with the row put back either: the ledger says that it was withdrawn.
    with tending(stage.house) as db:
        db.execute(update(instructions.instructions).values(withdrawn_at=None))
    waits(stage, request)


@pytest.mark.parametrize("by", ["priya", "alan", "carys", "sian", "dev"])
def test_only_coordinators_and_deputies_withdraw_it(stage: Stage, by: str) -> None:
    _request, pack = instructed(stage)
    with pytest.raises(Refused) as refused:
        withdraw_standing(stage.house, stage.world.who(by), pack.sending.id)
    assert refused.value.why is Why.NOT_YOUR_ROLE


def test_it_ends_when_the_meeting_begins(stage: Stage) -> None:
    request, _pack = instructed(stage)
    hand_in(stage, request)
    stage.world.clock.set(datetime.fromisoformat("2026-05-28T09:00:00+00:00"))
    with pytest.raises(Refused) as refused:
        go(stage, request)
    assert refused.value.why is Why.WINDOW_CLOSED


def test_never_wider_than_the_readers_of_the_pack_then(stage: Stage) -> None:
    """Una is confirmed later; Ruth is no longer invited; Joe's copy was taken back."""
    request, pack = instructed(stage)
    helen = stage.world.who("helen")
    stage.confirm("una")
    withdraw_invitation(stage.house, helen, stage.slot_id, stage.id("ruth"))
    take_back(stage.house, helen, pack.sending.id, person_id=stage.id("joe"))
    hand_in(stage, request)
    sent = go(stage, request)
    assert sent is not None
    assert {stage.name_of(person) for person in sent.grants} == READERS - {"ruth", "joe"}


def test_whoever_got_only_some_of_the_pack_gets_no_late_report_unseen(stage: Stage) -> None:
    request = ask(stage)
    stage.arrange(kept_back={"joe": ["F"]})
    send(stage)
    hand_in(stage, request)
    sent = go(stage, request)
    assert sent is not None
    assert stage.id("joe") not in sent.grants


def test_a_newer_pack_ends_the_instruction_of_the_one_before(stage: Stage) -> None:
    request, _pack = instructed(stage)
    send(stage, late=False)
    hand_in(stage, request)
    waits(stage, request)


def test_a_pack_that_was_taken_back_has_no_late_readers(stage: Stage) -> None:
    request, pack = instructed(stage)
    take_back(stage.house, stage.world.who("helen"), pack.sending.id)
    hand_in(stage, request)
    waits(stage, request)


def test_the_instruction_of_somebody_who_left_counts_no_more(stage: Stage) -> None:
    request = ask(stage)
    stage.digest("tom")
    send(stage, by="tom")
    remove_person(stage.house, stage.world.who("helen"), stage.id("tom"))
    hand_in(stage, request)
    waits(stage, request)


@pytest.mark.parametrize("what", ["body", "signature", "signed_by", "position", "forged"])
def test_a_changed_instruction_sends_nothing(stage: Stage, what: str) -> None:
    request, _pack = instructed(stage)
    with reading(stage.house.engine) as db:
        row = db.execute(instructions.instructions.select()).mappings().one()
    wider = Instruction.decode(row["body"])
    wider = replace(wider, until=wider.until + timedelta(days=1))
    seed = stage.world.secrets("carys").keyring.signing_seed
    values: dict[str, object] = {
        "body": {"body": wider.encode()},
        "signature": {"signature": b"\0" * 64},
        "signed_by": {"signed_by": stage.id("carys")},
        "position": {"ledger_position": 0},
        "forged": {
            "body": wider.encode(),
            "signature": signing.sign(seed, LABEL, wider.encode()),
            "signed_by": stage.id("carys"),
        },
    }[what]
    with tending(stage.house) as db:
        db.execute(update(instructions.instructions).values(**values))
    hand_in(stage, request)
    waits(stage, request)


def test_a_swapped_key_of_a_reader_stops_it_with_an_alarm(stage: Stage) -> None:
    request, _pack = instructed(stage)
    hand_in(stage, request)
    with tending(stage.house) as db:
        db.execute(
            update(keys.public_keys)
            .where(keys.public_keys.c.person_id == stage.id("joe"))
            .values(sign_public=b"\0" * 32)
        )
    assert go(stage, request) is None
    assert len(stage.lines(Deed.KEY_ALARM.value)) == 1
    assert stage.lines(Deed.ADDENDUM_SENT.value) == []


def test_nobody_else_can_send_it_on(stage: Stage) -> None:
    request, _pack = instructed(stage)
    hand_in(stage, request)
    for by in ("ruth", "mark", "joe"):
        with pytest.raises(Refused):
            send_late(stage.house, stage.world.who(by), request)
    assert stage.lines(Deed.ADDENDUM_SENT.value) == []


def test_the_uploader_is_told_what_becomes_of_it(stage: Stage) -> None:
    request = ask(stage)

    def says() -> Late | None:
        with reading(stage.house.engine) as db:
            found = papers.load_request(db, stage.world.area.id, request)
            assert found is not None
            return what_becomes(stage.house, db, found, stage.world.clock.now())

    assert says() is None
    pack = send(stage)
    assert says() is Late.GOES
    withdraw_standing(stage.house, stage.world.who("helen"), pack.sending.id)
    assert says() is Late.WAITS
    stage.world.clock.advance(timedelta(days=1))
    hand_in(stage, request)
    with reading(stage.house.engine) as db:
        found = papers.load_request(db, stage.world.area.id, request)
        assert found is not None
        assert found.document_id is not None
        version = papers.latest_version(db, stage.world.area.id, found.document_id)
        assert version is not None
        assert what_became(db, found, version) is Late.WAITS


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"form":1}', b"[" * 9999])
def test_what_is_no_instruction_is_none(body: bytes) -> None:
    with pytest.raises(BadInstruction):
        Instruction.decode(body)


def test_a_reader_who_changed_their_keys_since_gets_it_under_the_new_one(stage: Stage) -> None:
    request, _pack = instructed(stage)
    after = change(stage, "joe").who()
    hand_in(stage, request)
    sent = go(stage, request)
    assert sent is not None
    assert {stage.name_of(person) for person in sent.grants} == READERS
    stage.accept("joe")
    copy = b"".join(open_paper(stage.house, after, sent.grants[stage.id("joe")].id).chunks())
    assert "Late" in " ".join(texts(copy))
    stage.whole()


def test_a_reader_who_began_anew_waits_for_a_coordinator(stage: Stage) -> None:
    request, _pack = instructed(stage)
    world, joe = stage.world, stage.id("joe")
    proof_person(stage.house, world.who("helen"), joe, How.RANG, world.code("helen"))
    renew_person(stage.house, world.who("tom"), joe, world.code("tom"))
    hand_in(stage, request)
    sent = go(stage, request)
    assert sent is not None
    assert {stage.name_of(person) for person in sent.grants} == READERS - {"joe"}
    stage.whole()


def test_it_counts_on_when_its_coordinator_changes_their_keys(stage: Stage) -> None:
    request, _pack = instructed(stage)
    change(stage, "helen")
    hand_in(stage, request)
    assert go(stage, request) is not None
    stage.whole()
