"""Joining words: spoken to one person, who joins and opens with nobody of the unit online."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal.crypto.joining_words import from_words
from portal.domain.deeds import Deed
from portal.domain.grants import GrantState
from portal.domain.people import Role
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.keys.directory import KeyAlarm, confirmed_key
from portal.journeys.keys.give_words import words_to_give
from portal.journeys.keys.use_words import Used, WordsRefused, use_words, words_wait
from portal.journeys.meetings.read_invitation import read_invitation
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.waiting import waiting_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import joining_words, keys, people
from portal.records.database import reading
from tests.journeys.planning import told
from tests.journeys.speaking import (
    WHOM,
    give,
    join,
    living,
    opens,
    person_id,
    spoken,
    use,
)
from tests.journeys.test_renew_person import helen_begins_anew
from tests.staging import BORN, Stage

# ---- what they are for ----


def test_with_the_words_they_join_and_open_with_nobody_online(stage: Stage) -> None:
    who, given = spoken(stage)
    assert len(given.words_clear) == 7
    assert use(stage, who, given) == Used(1)
    grant = stage.grant(WHOM)
    assert grant.state is GrantState.GRANTED
    assert opens(stage, who).startswith(b"%PDF")
    stage.whole()


def test_the_words_count_when_whoever_spoke_them_begins_anew(stage: Stage, tmp_path: Path) -> None:
    who, given = spoken(stage)
    helen_begins_anew(stage, tmp_path)
    assert use(stage, who, given) == Used(1)
    assert opens(stage, who).startswith(b"%PDF")
    stage.whole()


def test_their_key_counts_as_confirmed_by_whoever_spoke_the_words(stage: Stage) -> None:
    stage.send()
    given = give(stage, by="tom")
    who = join(stage)
    use(stage, who, given)
    with reading(stage.house.engine) as db:
        key = confirmed_key(stage.house, db, stage.world.area.id, person_id(stage))
        row = keys.confirmation_of(db, stage.world.area.id, person_id(stage))
    assert key is not None
    assert key.recipient == who.keyring.recipient()
    assert row is not None
    assert row.confirmed_by == stage.id("tom")
    used = stage.lines(Deed.WORDS_USED.value)[-1]
    assert (used["person"], used["actor"]) == (person_id(stage), person_id(stage))
    gave = stage.lines(Deed.WORDS_GIVEN.value)[-1]
    assert (gave["words"], gave["actor"]) == (used["words"], stage.id("tom"))


def test_whoever_spoke_them_and_whoever_used_them_are_told(stage: Stage) -> None:

    who, given = spoken(stage)
    use(stage, who, given)
    assert [n.address for n in told(stage.world, "words_used")] == [
        stage.world.person("helen").email
    ]
    mine = stage.world.person(WHOM).email
    assert [n.address for n in told(stage.world, "key_confirmed")].count(mine) == 1


def test_they_read_whom_the_meeting_is_about_before_they_accept(stage: Stage) -> None:
    who, given = spoken(stage)
    use(stage, who, given)
    individual = read_invitation(stage.house, who, stage.slot_id).individual
    assert individual is not None
    assert individual.born == BORN


def test_from_then_on_they_are_sent_to_as_anybody_is(stage: Stage) -> None:
    who, given = spoken(stage)
    use(stage, who, given)
    stage.send()
    assert stage.grant(WHOM).state is GrantState.GRANTED
    assert opens(stage, who).startswith(b"%PDF")
    longer = stage.grant(WHOM).closes_at
    assert longer is not None
    give_more_time(
        stage.house, stage.world.who("helen"), stage.grant(WHOM).id, longer + timedelta(days=2), "x"
    )
    assert opens(stage, who).startswith(b"%PDF")


def test_the_words_stand_nowhere(stage: Stage) -> None:
    _who, given = spoken(stage)
    clear = " ".join(given.words_clear).encode()
    image = (stage.world.folder / "portal.db").read_bytes()
    assert clear not in image
    assert repr(given).count(given.words_clear[0]) == 0
    key = from_words(
        given.words_clear,
        living(stage).salt,
        stage.house.server_keys.pepper(),
        person_id(stage),
    )
    assert key.seed not in image
    assert key.signing_seed not in image


def test_once_used_not_even_their_salt_is_left(stage: Stage) -> None:
    who, given = spoken(stage)
    use(stage, who, given)
    with reading(stage.house.engine) as db:
        row = db.execute(select(joining_words.joining_words)).mappings().one()
        assert row["salt"] == b""
        assert row["over_at"] is not None
        assert db.execute(select(joining_words.word_wraps)).first() is None
        assert not words_wait(db, stage.world.area.id, person_id(stage))


@pytest.mark.parametrize("typed", [str.upper, lambda t: t.replace(" ", ", "), lambda t: f" {t}. "])
def test_how_they_are_typed_makes_no_difference(stage: Stage, typed: Callable[[str], str]) -> None:
    who, given = spoken(stage)
    assert use_words(stage.house, who, typed(" ".join(given.words_clear))) == Used(1)


def test_new_words_end_those_before(stage: Stage) -> None:
    stage.send()
    first = give(stage)
    second = give(stage, instead_of=living(stage).id)
    who = join(stage)
    with pytest.raises(WordsRefused):
        use(stage, who, first)
    assert use(stage, who, second) == Used(1)
    assert len(stage.lines(Deed.WORDS_ENDED.value)) == 1


def test_a_page_sent_twice_does_not_burn_the_first_words(stage: Stage) -> None:
    stage.send()
    given = give(stage)
    with pytest.raises(Changed):
        give(stage)
    assert use(stage, join(stage), given) == Used(1)


# ---- who gives them, and to whom ----


@pytest.mark.parametrize("by", ["priya", "alan", "carys", "sian", "dev"])
def test_only_coordinators_and_deputies_give_words(stage: Stage, by: str) -> None:
    stage.send()
    with pytest.raises(Refused) as found:
        give(stage, by=by)
    assert found.value.why is Why.NOT_YOUR_ROLE
    assert stage.lines(Deed.WORDS_GIVEN.value) == []


def test_nobody_gives_words_without_anything_that_waits(stage: Stage) -> None:
    with pytest.raises(Unacceptable):
        give(stage)


def test_whoever_has_joined_is_confirmed_by_voice_instead(stage: Stage) -> None:
    stage.send()
    with pytest.raises(Unacceptable):
        words_to_give(stage.house, stage.world.who("helen"), stage.id("una"))


def test_words_hand_nobody_the_key_of_the_unit(stage: Stage) -> None:

    stage.send()
    with tending(stage.house) as db:
        db.execute(
            update(people.people)
            .where(people.people.c.id == person_id(stage))
            .values(roles=frozenset({Role.DEPUTY, Role.ATTENDEE}))
        )
    with pytest.raises(Unacceptable):
        words_to_give(stage.house, stage.world.who("helen"), person_id(stage))


@pytest.mark.parametrize("column", ["phone", "name", "email"])
def test_a_number_that_was_slipped_in_is_not_rung(stage: Stage, column: str) -> None:

    stage.send()
    with tending(stage.house) as db:
        db.execute(
            update(people.people)
            .where(people.people.c.id == person_id(stage))
            .values({column: "01632 960 999"})
        )
    with pytest.raises(KeyAlarm):
        give(stage)


def test_once_the_meetings_are_over_there_is_no_hurry(stage: Stage) -> None:
    stage.send()
    stage.world.clock.advance(timedelta(days=25))
    stage.world.code("helen")
    with pytest.raises(Unacceptable):
        give(stage)


def test_who_waits_is_seen_until_the_words_were_used(stage: Stage) -> None:
    who, given = spoken(stage)
    helen = stage.world.who("helen")
    assert person_id(stage) in {line.person_id for line in waiting_page(stage.house, helen).lines}
    use(stage, who, given)
    assert person_id(stage) not in {
        line.person_id for line in waiting_page(stage.house, helen).lines
    }
