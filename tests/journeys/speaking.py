"""Somebody is spoken joining words, joins, and types them: what the tests of it share."""

from __future__ import annotations

from sqlalchemy import update

from portal.domain import statement
from portal.domain.grants import GrantState
from portal.domain.ids import PersonId
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.keys.directory import confirmed_key
from portal.journeys.keys.give_words import Given, give_words
from portal.journeys.keys.use_words import Used, use_words
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.opening.open_paper import open_paper
from portal.records import joining_words, people
from portal.records.database import reading
from tests.journeys.other_area import acting, enrol
from tests.staging import Stage

WHOM = "newcomer"


def person_id(stage: Stage) -> PersonId:
    return stage.id(WHOM)


def living(stage: Stage) -> joining_words.JoiningWords:
    with reading(stage.house.engine) as db:
        found = joining_words.living(db, stage.world.area.id, person_id(stage))
    assert found is not None
    return found


def give(stage: Stage, by: str = "helen", instead_of: str = "") -> Given:
    return give_words(stage.house, stage.world.who(by), person_id(stage), instead_of)


def join(stage: Stage, whom: PersonId | None = None) -> Who:
    """Somebody invited joins by their link, and is signed in."""
    with reading(stage.house.engine) as db:
        person = people.by_id(db, whom or person_id(stage))
        assert person is not None
        agency = people.load_agency(db, person.area_id, person.agency_id)
    assert agency is not None
    return acting(stage.world, person, agency, enrol(stage.world, person))


def use(stage: Stage, who: Who, given: Given) -> Used:
    return use_words(stage.house, who, " ".join(given.words_clear))


def opens(stage: Stage, who: Who) -> bytes:
    accept_statement(stage.house, who, stage.slot_id, statement.CURRENT.digest)
    return b"".join(open_paper(stage.house, who, stage.grant(WHOM).id).chunks())


def spoken(stage: Stage) -> tuple[Who, Given]:
    """A pack was sent, words were spoken, and their holder has joined."""
    stage.send()
    given = give(stage)
    return join(stage), given


def nothing_given(stage: Stage) -> None:
    assert stage.grant(WHOM).state is not GrantState.GRANTED
    with reading(stage.house.engine) as db:
        assert confirmed_key(stage.house, db, stage.world.area.id, person_id(stage)) is None
    stage.whole()


def change(stage: Stage, **values: object) -> None:
    with tending(stage.house) as db:
        db.execute(update(joining_words.joining_words).values(**values))


def change_wraps(stage: Stage, **values: object) -> None:
    with tending(stage.house) as db:
        wraps = joining_words.word_wraps
        db.execute(update(wraps).where(wraps.c.grant_id.is_not(None)).values(**values))
