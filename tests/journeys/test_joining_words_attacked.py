"""What somebody might try with joining words, or with the rows that stand for them: it opens
nothing, and rows that were changed raise the alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from portal.crypto.fingerprint import word_list
from portal.crypto.keyring import new_keyring
from portal.crypto.sealing import header_for, new_file_key
from portal.crypto.signing import new_seed, sign
from portal.domain.deeds import Deed
from portal.domain.grants import GrantState
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.giving.take_back import take_back
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import KeyAlarm, confirmed_key
from portal.journeys.keys.end_words import end_words_over
from portal.journeys.keys.standing import BY_WORDS
from portal.journeys.keys.use_words import Used, WordsRefused, use_words
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.opened import Spoilt
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import joining_words, keys, sendings
from portal.records.database import reading
from tests.journeys.speaking import (
    WHOM,
    change,
    change_wraps,
    give,
    join,
    living,
    nothing_given,
    person_id,
    spoken,
    use,
)
from tests.staging import Stage


def test_they_die_at_first_use(stage: Stage) -> None:
    who, given = spoken(stage)
    use(stage, who, given)
    with pytest.raises(WordsRefused):
        use(stage, who, given)
    assert len(stage.lines(Deed.WORDS_USED.value)) == 1


def test_they_die_with_the_meeting(stage: Stage) -> None:
    stage.send()
    given = give(stage)
    stage.world.clock.set(given.ends_at)
    with pytest.raises(WordsRefused):
        use(stage, join(stage), given)
    nothing_given(stage)
    assert end_words_over(stage.house, stage.world.area.id) == 1
    assert end_words_over(stage.house, stage.world.area.id) == 0
    with reading(stage.house.engine) as db:
        assert db.execute(select(joining_words.word_wraps)).first() is None


def test_a_moment_before_they_still_work(stage: Stage) -> None:
    stage.send()
    given = give(stage)
    stage.world.clock.set(given.ends_at - timedelta(seconds=1))
    assert use(stage, join(stage), given) == Used(1)


def test_wrong_words_are_counted_and_burn_nothing(stage: Stage) -> None:
    who, given = spoken(stage)
    other = next(word for word in word_list() if word.isalpha() and word != given.words_clear[0])
    wrong = " ".join((other, *given.words_clear[1:]))
    for _ in range(6):
        with pytest.raises(WordsRefused):
            use_words(stage.house, who, wrong)
    with pytest.raises(CodeRefused):
        use(stage, who, given)
    nothing_given(stage)
    stage.world.clock.advance(timedelta(hours=1))
    fresh = replace(who, actor=replace(who.actor, factor_at=stage.world.clock.now()))
    assert use(stage, fresh, given) == Used(1)


@pytest.mark.parametrize(
    "typed", ["", "a b c", "xyzzy " * 7, "abacus " * 6, "abacus " * 8, "\u0663 " * 7]
)
def test_what_are_no_seven_words_of_the_list_costs_no_try(stage: Stage, typed: str) -> None:
    who, given = spoken(stage)
    for _ in range(8):
        with pytest.raises(WordsRefused) as refused:
            use_words(stage.house, who, typed)
        assert "xyzzy" not in refused.value.words
    assert use(stage, who, given) == Used(1)


def test_words_of_another_person_open_nothing(stage: Stage) -> None:
    _who, given = spoken(stage)
    una = stage.world.who("una")
    with pytest.raises(WordsRefused):
        use(stage, una, given)
    # Not even with their row moved to her.
    change(stage, person_id=stage.id("una"))
    with pytest.raises(KeyAlarm):
        use(stage, una, given)
    assert stage.states()["una"] is GrantState.WAITING
    nothing_given(stage)


def test_a_sign_in_that_only_reads_takes_no_words(stage: Stage) -> None:
    who, given = spoken(stage)
    reads = replace(who, actor=replace(who.actor, reads_only=True))
    with pytest.raises(Refused) as refused:
        use(stage, reads, given)
    assert refused.value.why is Why.READS_ONLY


def test_what_was_taken_back_does_not_open(stage: Stage) -> None:
    who, given = spoken(stage)
    take_back(stage.house, stage.world.who("helen"), stage.grant(WHOM).sending_id)
    with pytest.raises(WordsRefused):
        use(stage, who, given)
    nothing_given(stage)


def test_taking_back_deletes_what_was_sealed_to_the_words(stage: Stage) -> None:
    stage.send()
    give(stage)
    take_back(stage.house, stage.world.who("helen"), stage.grant(WHOM).sending_id)
    with reading(stage.house.engine) as db:
        wraps = joining_words.wraps_of(db, stage.world.area.id, living(stage).id)
    assert all(wrap.grant_id is None for wrap in wraps)


def test_rows_put_back_after_taking_back_open_nothing(stage: Stage) -> None:
    who, given = spoken(stage)
    with reading(stage.house.engine) as db:
        wraps = [dict(r) for r in db.execute(select(joining_words.word_wraps)).mappings()]
    grant = stage.grant(WHOM)
    take_back(stage.house, stage.world.who("helen"), grant.sending_id)
    with tending(stage.house) as db:
        db.execute(joining_words.word_wraps.delete())
        for row in wraps:
            db.execute(insert(joining_words.word_wraps).values(**row))
        db.execute(
            update(sendings.grants)
            .where(sendings.grants.c.id == grant.id)
            .values(state=GrantState.WAITING)
        )
    with pytest.raises(WordsRefused):
        use(stage, who, given)


def test_rows_put_back_after_their_use_open_nothing(stage: Stage) -> None:
    who, given = spoken(stage)
    with reading(stage.house.engine) as db:
        words = dict(db.execute(select(joining_words.joining_words)).mappings().one())
        wraps = [dict(r) for r in db.execute(select(joining_words.word_wraps)).mappings()]
    use(stage, who, given)
    take_back(stage.house, stage.world.who("helen"), stage.grant(WHOM).sending_id)
    with tending(stage.house) as db:
        db.execute(joining_words.joining_words.delete())
        db.execute(keys.confirmations.delete().where(keys.confirmations.c.words_id.is_not(None)))
        db.execute(insert(joining_words.joining_words).values(**words))
        for row in wraps:
            db.execute(insert(joining_words.word_wraps).values(**row))
    with pytest.raises(WordsRefused):
        use(stage, who, given)


@pytest.mark.parametrize("how", ["withdrawn", "left"])
def test_whoever_is_no_longer_invited_opens_nothing(stage: Stage, how: str) -> None:
    who, given = spoken(stage)
    helen = stage.world.who("helen")
    if how == "withdrawn":
        withdraw_invitation(stage.house, helen, stage.slot_id, person_id(stage))
    else:
        remove_person(stage.house, helen, person_id(stage))
    with pytest.raises((WordsRefused, Refused, Changed)):
        use(stage, who, given)
    with reading(stage.house.engine) as db:
        assert db.execute(select(joining_words.word_wraps)).first() is None
    nothing_given(stage)


def test_a_key_confirmed_by_voice_ends_the_words(stage: Stage) -> None:
    who, given = spoken(stage)

    confirm_key(stage.house, stage.world.who("helen"), person_id(stage), own_fingerprint(who))
    with pytest.raises(WordsRefused):
        use(stage, who, given)
    assert len(stage.lines(Deed.WORDS_ENDED.value)) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"ends_at": "later"},
        {"fingerprint": "0" * 64},
        {"sign_public": b"\0" * 32},
        {"statement": b"other"},
        {"signature": b"\0" * 64},
        {"ledger_position": 0},
        {"given_by": "tom"},
        {"given_by": "una"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_row_raises_the_alarm(stage: Stage, values: dict[str, object]) -> None:
    who, given = spoken(stage)
    if "ends_at" in values:
        values = {"ends_at": given.ends_at + timedelta(days=1)}
    if "given_by" in values:
        values = {"given_by": stage.id(str(values["given_by"]))}
    change(stage, **values)
    with pytest.raises(KeyAlarm):
        use(stage, who, given)
    nothing_given(stage)


@pytest.mark.parametrize(("memory", "iterations"), [(8, 1), (64 * 1024 - 1, 3), (64 * 1024, 2)])
def test_a_cheaper_derivation_is_refused(stage: Stage, memory: int, iterations: int) -> None:
    who, given = spoken(stage)
    change(stage, memory_kib=memory, iterations=iterations)
    with pytest.raises(KeyAlarm):
        use(stage, who, given)
    nothing_given(stage)


def test_a_header_of_another_paper_is_refused(stage: Stage) -> None:
    """Somebody with the database puts a wrap that opens, of another payload, in its place."""

    who, given = spoken(stage)
    change_wraps(stage, header=header_for(new_file_key(), living(stage).recipient))
    with pytest.raises(Spoilt):
        use(stage, who, given)
    nothing_given(stage)


def test_a_wrap_moved_to_another_grant_is_refused(stage: Stage) -> None:
    """Helen's wrap for one reader is no wrap for another's copy."""
    stage.arrange(kept_back={WHOM: ["F"]})
    who, given = spoken(stage)
    mine, other = stage.grant(WHOM), stage.grant("una")
    assert mine.version_id != other.version_id
    change_wraps(stage, grant_id=other.id, version_id=other.version_id)
    with pytest.raises(WordsRefused):
        use(stage, who, given)
    nothing_given(stage)
    with tending(stage.house) as db:
        db.execute(
            update(sendings.grants)
            .where(sendings.grants.c.id == other.id)
            .values(person_id=person_id(stage), id=mine.id[:-1] + "2")
        )
    change_wraps(stage, grant_id=mine.id[:-1] + "2")
    with pytest.raises((Spoilt, WordsRefused)):
        use(stage, who, given)


def test_a_longer_window_than_was_signed_is_refused(stage: Stage) -> None:
    who, given = spoken(stage)
    grant = stage.grant(WHOM)
    assert grant.closes_at is not None
    with tending(stage.house) as db:
        db.execute(
            update(sendings.grants)
            .where(sendings.grants.c.id == grant.id)
            .values(closes_at=grant.closes_at + timedelta(days=30))
        )
    with pytest.raises(Spoilt):
        use(stage, who, given)
    nothing_given(stage)


def test_a_confirmation_without_the_words_is_no_confirmation(stage: Stage) -> None:
    """Whoever holds the database and knows everything but the words cannot confirm a key."""
    who, given = spoken(stage)
    use(stage, who, given)

    with reading(stage.house.engine) as db:
        row = keys.confirmation_of(db, stage.world.area.id, person_id(stage))
    assert row is not None
    for values in (
        {"signature": sign(new_seed(), BY_WORDS, row.statement)},
        {"words_id": None},
        {"words_id": "a" * 26},
        {"confirmed_by": stage.id("tom")},
    ):
        with tending(stage.house) as db:
            keys.save_confirmation(db, replace(row, **values))  # type: ignore[arg-type]
        with reading(stage.house.engine) as db, pytest.raises(KeyAlarm):
            confirmed_key(stage.house, db, stage.world.area.id, person_id(stage))
        with pytest.raises(KeyAlarm):
            stage.digest()


def test_a_key_swapped_after_joining_is_not_the_one_that_gets_the_papers(stage: Stage) -> None:
    who, given = spoken(stage)

    other = new_keyring()
    with tending(stage.house) as db:
        db.execute(
            update(keys.public_keys)
            .where(keys.public_keys.c.person_id == person_id(stage))
            .values(recipient=other.recipient(), sign_public=other.signing_public())
        )
    with pytest.raises(KeyAlarm):
        use(stage, who, given)
