"""The chair reads what changed between the draft to approve and the one before (rule 50).

Both were set from the form: what was written for each is kept sealed beside it, and proven
against the ledger. A draft that came as a file has no words to compare.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.domain.deeds import Deed, line
from portal.domain.differences import Piece, pieces
from portal.domain.ids import AreaId, SlotId, VersionId
from portal.domain.minutes import Minutes
from portal.domain.minutes_form import Section, Written
from portal.domain.papers import Version
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.digests import read_text
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import proven_line_of
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.set_minutes import SET
from portal.journeys.opening.opened import Spoilt
from portal.policy.actions import Action
from portal.records import minutes, papers, texts

ACTION = Action.CHAIR_MINUTES_READ
NOTHING = (
    "There are no two drafts whose words can be compared: a draft that came as a file, or was "
    "filed before your key was confirmed, has none."
)


@dataclass(frozen=True)
class Difference:
    """One field of one section that is not as it was, in pieces."""

    section: Section
    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Compared:
    """Two drafts by their numbers, and every difference, in the order of the form."""

    earlier: int
    later: int
    differences: tuple[Difference, ...]


def compare_minutes(house: House, who: Who, slot_id: SlotId) -> Compared:
    """What changed since the last draft. Raises Changed with words where there is nothing to
    compare, Refused for anybody who does not chair this slot, Spoilt."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        filed = minutes.load(look.db, area_id, slot_id)
        if filed is None or (pair := comparable(look.db, filed)) is None:
            raise Changed(NOTHING)
        earlier, later = pair
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        deed.note(line(Deed.MINUTES_COMPARED, slot=slot_id, version=later.id, earlier=earlier.id))
    with looking(house, who.actor, slot_id) as look:
        mine = who.identities()
        was = _words(house, look.db, area_id, slot_id, earlier.id, mine)
        now = _words(house, look.db, area_id, slot_id, later.id, mine)
    return Compared(earlier.number, later.number, tuple(_differences(was, now)))


def comparable(db: Connection, filed: Minutes) -> tuple[Version, Version] | None:
    """The draft that is filed and the one before it, where both were set from the form."""
    versions = papers.versions_of(db, filed.area_id, filed.document_id)
    at = next((n for n, each in enumerate(versions) if each.id == filed.version_id), 0)
    pair = versions[max(at - 1, 0) : at + 1]
    if len(pair) < 2 or not all(texts.load(db, filed.area_id, v.id, SET) for v in pair):
        return None
    return pair[0], pair[1]


def _words(
    house: House,
    db: Connection,
    area_id: AreaId,
    slot_id: SlotId,
    version_id: VersionId,
    identities: Sequence[Identity],
) -> dict[Section, Written]:
    sealed = texts.load(db, area_id, version_id, SET)
    if sealed is None:
        raise Changed(NOTHING)
    try:
        found = read_text(sealed, identities)
    except AgeError:
        # Sealed to whoever chaired with a confirmed key when it was filed.
        raise Changed(NOTHING) from None
    except (ValueError, KeyError, TypeError):
        raise Spoilt("text") from None
    deed, wanted = Deed.MINUTES_SET, {"slot": slot_id, "version": version_id}
    if proven_line_of(house, db, area_id, deed, **wanted, written=found.digest) is None:
        raise Spoilt("text")
    try:
        return {
            Section(name): {str(field): str(text) for field, text in at.items()}
            for name, at in json.loads(found.text).items()
        }
    except (ValueError, AttributeError):
        raise Spoilt("text") from None


def _differences(was: dict[Section, Written], now: dict[Section, Written]) -> list[Difference]:
    found = []
    for section in Section:
        before, after = was.get(section, {}), now.get(section, {})
        for field in dict.fromkeys([*after, *before]):
            one, other = before.get(field, ""), after.get(field, "")
            if one != other:
                found.append(Difference(section, field, tuple(pieces(one.split(), other.split()))))
    return found
