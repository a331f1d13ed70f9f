"""Of any number of parallel tries at what can be done once, exactly one wins; none is an error."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine

from portal.domain.disclosures import Disclosure, DisclosureState
from portal.domain.grants import Grant, GrantState
from portal.domain.meetings import Answer, Invitation
from portal.domain.minutes import Minutes
from portal.records import (
    candidates,
    cards,
    disclosures,
    factors,
    generators,
    job_runs,
    meetings,
    minutes,
    orphans,
    outbox,
    passkeys,
    security_log,
    sendings,
    sessions,
    texts,
)
from portal.records.database import reading, writing
from tests.records.values import NOW, plain

T = TypeVar("T")
AT_ONCE = 8


def at_once(engine: Engine, act: Callable[[Connection, int], T]) -> list[T]:
    """`act` in as many transactions at the same moment, each committed; what each returned."""
    gate = threading.Barrier(AT_ONCE)
    told: list[T | BaseException] = [RuntimeError("never ran")] * AT_ONCE

    def run(place: int) -> None:
        gate.wait(30)
        try:
            with writing(engine) as db:
                told[place] = act(db, place)
                db.commit()
        except BaseException as error:
            told[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    errors = [each for each in told if isinstance(each, BaseException)]
    assert errors == []
    return [each for each in told if not isinstance(each, BaseException)]


def keep(engine: Engine, save: Callable[[Connection], object]) -> None:
    with writing(engine) as db:
        save(db)
        db.commit()


def test_one_step_of_a_generator_is_spent_once(database: Engine) -> None:
    app = replace(plain(generators.Generator, generators.generators), high_water=99)
    keep(database, lambda db: generators.save(db, app))
    won = at_once(database, lambda db, _: generators.spend_step(db, app.id, 100))
    assert won.count(True) == 1
    with writing(database) as db:
        assert not generators.spend_step(db, app.id, 100)
        assert not generators.spend_step(db, app.id, 99)
        assert generators.spend_step(db, app.id, 101)


def test_later_steps_at_once_never_let_an_earlier_one_pass(database: Engine) -> None:
    app = replace(plain(generators.Generator, generators.generators), high_water=99)
    keep(database, lambda db: generators.save(db, app))
    at_once(database, lambda db, place: generators.spend_step(db, app.id, 100 + place))
    with reading(database) as db:
        found = generators.load(db, app.person_id, app.id)
    assert found is not None
    assert found.high_water == 99 + AT_ONCE


def test_a_code_of_a_card_is_spent_once(database: Engine) -> None:
    code = replace(plain(cards.CardCode, cards.card_codes), number=17, used_at=None)
    keep(database, lambda db: cards.save_code(db, code))
    won = at_once(database, lambda db, _: cards.spend(db, code.card_id, 17, NOW))
    assert won.count(True) == 1
    with writing(database) as db:
        assert not cards.spend(db, code.card_id, 17, NOW)
        assert not cards.spend(db, code.card_id, 18, NOW)
        assert not cards.spend(db, "another card", 17, NOW)


def test_an_answered_challenge_is_spent_once(database: Engine) -> None:
    spent = passkeys.SpentChallenge(b"h" * 32, NOW)
    won = at_once(database, lambda db, _: passkeys.spend_challenge(db, spent))
    assert won.count(True) == 1
    with writing(database) as db:
        assert not passkeys.spend_challenge(db, spent)


def test_a_count_of_a_passkey_is_raised_once(database: Engine) -> None:
    made = replace(plain(passkeys.Passkey, passkeys.passkeys), sign_count=7)
    keep(database, lambda db: passkeys.save(db, made))
    won = at_once(database, lambda db, _: passkeys.count(db, made.id, 7, 8))
    assert won.count(True) == 1


def test_a_factor_is_proved_once(database: Engine) -> None:
    begun = replace(plain(generators.Generator, generators.generators), proved_at=None)
    card = replace(plain(cards.Card, cards.cards), proved_at=None)
    keep(database, lambda db: generators.save(db, begun))
    keep(database, lambda db: cards.save(db, card, []))
    proved = replace(begun, proved_at=NOW, high_water=7)
    assert at_once(database, lambda db, _: generators.prove(db, proved)).count(True) == 1
    assert at_once(database, lambda db, _: cards.prove(db, card.id, NOW)).count(True) == 1


def test_a_backup_code_is_spent_once(database: Engine) -> None:
    code = replace(plain(factors.BackupCode, factors.backup_codes), used_at=None)
    keep(database, lambda db: factors.save_backup_codes(db, code.person_id, [code]))
    won = at_once(
        database, lambda db, _: factors.spend_backup_code(db, code.person_id, code.position, NOW)
    )
    assert won.count(True) == 1


def test_a_joining_link_is_spent_once(database: Engine) -> None:
    link = replace(plain(sessions.JoiningLink, sessions.joining_links), used_at=None)
    keep(database, lambda db: sessions.save_link(db, link))
    won = at_once(database, lambda db, _: sessions.spend_link(db, link.token_hash, NOW))
    assert won.count(True) == 1


def test_names_are_read_for_the_first_time_once(database: Engine) -> None:
    session = plain(sessions.Session, sessions.sessions)
    keep(database, lambda db: sessions.save(db, session))
    won = at_once(database, lambda db, _: sessions.note_names_read(db, session.id))
    assert won.count(True) == 1


@pytest.mark.parametrize("state", [GrantState.WAITING, GrantState.GRANTED])
def test_a_grant_moves_on_once(database: Engine, state: GrantState) -> None:
    grant = replace(plain(Grant, sendings.grants), state=state)
    keep(database, lambda db: sendings.save_grant(db, grant))
    ends = (GrantState.TAKEN_BACK, GrantState.EXPIRED, GrantState.GRANTED)

    def settle(db: Connection, place: int) -> bool:
        return sendings.settle_grant(
            db, grant, ends[place % 3], NOW + timedelta(seconds=1 + place),
            manifest_id=None, opens_at=NOW, closes_at=NOW,
        )  # fmt: skip

    assert at_once(database, settle).count(True) == 1


def test_a_disclosure_is_decided_once(database: Engine) -> None:
    asked = replace(
        plain(Disclosure, disclosures.disclosures), state=DisclosureState.ASKED, number=None
    )
    keep(database, lambda db: disclosures.save(db, asked))
    outcomes = (DisclosureState.APPROVED, DisclosureState.REFUSED)

    def decide(db: Connection, place: int) -> bool:
        return disclosures.decide(db, asked.area_id, asked.id, state=outcomes[place % 2])

    assert at_once(database, decide).count(True) == 1


def test_minutes_are_approved_once(database: Engine) -> None:
    filed = replace(plain(Minutes, minutes.minutes), approved_by=None, approved_at=None)
    keep(database, lambda db: minutes.file(db, filed))

    def approve(db: Connection, _: int) -> bool:
        return minutes.approve(
            db, filed.area_id, filed.slot_id, filed.version_id, filed.filed_by, NOW
        )

    assert at_once(database, approve).count(True) == 1


def test_another_version_is_not_approved(database: Engine) -> None:
    filed = replace(plain(Minutes, minutes.minutes), approved_by=None, approved_at=None)
    keep(database, lambda db: minutes.file(db, filed))
    other = plain(Minutes, minutes.minutes).version_id
    with writing(database) as db:
        assert not minutes.approve(db, filed.area_id, filed.slot_id, other, filed.filed_by, NOW)


def test_an_invitation_is_withdrawn_once(database: Engine) -> None:
    made = replace(plain(Invitation, meetings.invitations), answer=Answer.INVITED)
    keep(database, lambda db: meetings.save_invitation(db, made))

    def withdraw(db: Connection, _: int) -> bool:
        return meetings.withdraw_invitation(db, made.area_id, made.slot_id, made.person_id)

    assert at_once(database, withdraw).count(True) == 1


def test_a_notice_that_was_settled_stays_settled(database: Engine) -> None:
    notice = replace(plain(outbox.Notice, outbox.outbox), fields={"link": "/join/x"})
    keep(database, lambda db: outbox.save(db, notice))
    outcomes = (outbox.Delivery.SENT, outbox.Delivery.FAILED)

    def settle(db: Connection, place: int) -> None:
        outbox.settle(db, notice.id, outcomes[place % 2], place, NOW)

    at_once(database, settle)
    with reading(database) as db:
        kept = outbox.failed(db, notice.area_id)
        assert not outbox.any_due(db, NOW + timedelta(days=1))
    assert all(n.fields == {} for n in kept)


def test_no_try_is_lost_of_a_candidate(database: Engine) -> None:
    made = replace(plain(candidates.Candidate, candidates.candidates), tries=0)
    keep(database, lambda db: candidates.save(db, made))
    told = at_once(database, lambda db, _: candidates.count_try(db, made.area_id, made.id))
    assert sorted(told) == list(range(1, AT_ONCE + 1))


def test_no_attempt_of_an_outsider_is_lost_nor_an_error(database: Engine) -> None:
    at_once(database, lambda db, _: security_log.count(db, "session", "somebody", NOW))
    with reading(database) as db:
        assert [found.times for found in security_log.since(db, NOW)] == [AT_ONCE]


def test_what_is_replaced_at_once_stands_once(database: Engine) -> None:
    bucket = plain(factors.ThrottleRow, factors.throttle)
    draft = plain(texts.Draft, texts.drafts)
    run = plain(job_runs.JobRun, job_runs.job_runs)
    device = plain(factors.Device, factors.devices)

    def replace_all(db: Connection, place: int) -> None:
        factors.save_bucket(db, replace(bucket, failures=place))
        texts.save_draft(db, replace(draft, sealed=bytes([place])))
        job_runs.save(db, run)
        factors.save_device(db, device)

    at_once(database, replace_all)
    with reading(database) as db:
        assert factors.buckets(db, [bucket.key])[bucket.key].failures in range(AT_ONCE)
        assert texts.draft_of(db, draft.person_id, draft.form) is not None
        assert len(job_runs.newest(db)) == 1


def test_two_sweeps_may_note_the_same_orphan(database: Engine) -> None:
    at_once(database, lambda db, _: orphans.keep(db, ["a" * 64], NOW))
    with reading(database) as db:
        assert orphans.seen(db) == {"a" * 64: NOW}


def test_attempts_at_once_count_each_other(database: Engine) -> None:
    """As journeys count them: read under the writer's transaction, then written."""

    def count(db: Connection, _: int) -> None:
        row = factors.buckets(db, ["somebody"]).get("somebody")
        before = 0 if row is None else row.failures
        factors.save_bucket(db, factors.ThrottleRow("somebody", before + 1, NOW, NOW, None))

    at_once(database, count)
    with reading(database) as db:
        assert factors.buckets(db, ["somebody"])["somebody"].failures == AT_ONCE


def test_two_senders_never_take_the_same_notice(database: Engine) -> None:
    for _ in range(3):
        notice = replace(plain(outbox.Notice, outbox.outbox), delivery=outbox.Delivery.WAITING)
        keep(database, lambda db, notice=notice: outbox.save(db, notice))
    held = threading.Barrier(AT_ONCE)

    def take(db: Connection, _: int) -> list[str]:
        taken = [notice.id for notice in outbox.due(db, NOW)]
        if db.dialect.name == "postgresql":
            held.wait(30)
        for each in taken:
            outbox.settle(db, each, outbox.Delivery.SENT, 1, NOW)
        return taken

    told = at_once(database, take)
    assert len([each for taken in told for each in taken]) == 3
