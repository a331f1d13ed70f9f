"""Joining words end: with the meeting, when others take their place, when the key was confirmed.

The rule refuses them at once; here what they could still open is deleted. It needs no key.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import system
from portal.journeys.deed import Doing, believe, unjudged
from portal.journeys.house import House
from portal.records import database, joining_words


def end_words(deed: Doing, person_id: PersonId) -> None:
    """In a deed that was judged: end the words that this person has not used, if there are any."""
    words = joining_words.living(deed.db, deed.area_id, person_id)
    if words is not None and joining_words.close(deed.db, words, deed.now):
        deed.note(line(Deed.WORDS_ENDED, person=person_id, words=words.fingerprint))


def end_words_over(house: House, area_id: AreaId) -> int:
    """End all words of the area whose meeting is over; returns how many. Raises ClockDoubted,
    RecordBehind."""
    with database.reading(house.engine) as db:
        believe(house, db, area_id)
        if not joining_words.ended(db, area_id, house.clock.now()):
            return 0
    with unjudged(house, system(area_id), Deed.WORDS_ENDED) as deed:
        believe(house, deed.db, area_id)
        over = joining_words.ended(deed.db, area_id, deed.now)
        for words in over:
            joining_words.close(deed.db, words, deed.now)
            deed.note(line(Deed.WORDS_ENDED, person=words.person_id, words=words.fingerprint))
    return len(over)
