"""The chair reads what changed between the draft to approve and the one before (rule 50).

Where both were set from the form, what was written for each is kept sealed beside it, and proven
against the ledger: it is compared question by question. Where one came as a file, the two papers
are compared page by page in a limited child process. The page is marked with whoever reads it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.chance import new_copy_reference
from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.documents.changes import Changes, changes
from portal.documents.stamp import Stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.differences import Piece, pieces
from portal.domain.ids import AreaId, PersonId, SlotId, VersionId
from portal.domain.minutes import Minutes
from portal.domain.minutes_form import Section, Written
from portal.domain.papers import Version
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.digests import read_text
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.meetings.slots import scene_of
from portal.journeys.minutes.set_minutes import SET
from portal.journeys.opening.opened import Spoilt, open_version
from portal.policy.actions import Action
from portal.records import minutes, papers, texts

ACTION = Action.CHAIR_MINUTES_READ
NOTHING = (
    "There are no two drafts to compare: there is only one, or the one before was filed before "
    "your key was confirmed."
)


@dataclass(frozen=True)
class Difference:
    """One field of one section that is not as it was, in pieces."""

    section: Section
    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Compared:
    """Two drafts by their numbers, and every difference: in the order of the form where both were
    set from it, else page by page in `pages`."""

    earlier: int
    later: int
    differences: tuple[Difference, ...]
    pages: Changes | None
    mark: Stamp


def compare_minutes(house: House, who: Who, slot_id: SlotId) -> Compared:
    """What changed since the last draft. Raises Changed with words where there is nothing to
    compare, Refused for anybody who does not chair this slot, Spoilt, RoomFull, RefusedPaper where
    two files cannot be compared, or a StorageError."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        filed = minutes.load(look.db, area_id, slot_id)
        pair = None if filed is None else comparable(look.db, filed, who.actor.person_id)
        if pair is None:
            raise Changed(NOTHING)
        earlier, later = pair
        case = scene_of(look, slot_id, ACTION).case
    with house.reading_room.seat():
        with doing(house, who.actor, ACTION, slot_id) as deed:
            deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
            copy, now = new_copy_reference(), deed.now
            told = {"slot": slot_id, "version": later.id, "earlier": earlier.id, "copy": copy}
            deed.note(line(Deed.MINUTES_COMPARED, **told))
        found, pages = _compared(house, who, slot_id, earlier, later)
    mark = Stamp(
        name=who.actor.name,
        agency=who.actor.agency,
        copy_line=f"Drafts {earlier.number} and {later.number}, {case.reference}-C",
        time_line=f"Opened {in_words(now)}",
        reference=copy,
    )
    return Compared(earlier.number, later.number, tuple(found), pages, mark)


def comparable(
    db: Connection, filed: Minutes, person_id: PersonId
) -> tuple[Version, Version] | None:
    """The draft that is filed and the one before it, where this person was given both."""
    versions = papers.versions_of(db, filed.area_id, filed.document_id)
    at = next((n for n, each in enumerate(versions) if each.id == filed.version_id), 0)
    pair = versions[max(at - 1, 0) : at + 1]
    if len(pair) < 2:
        return None
    given = [papers.header_for(db, filed.area_id, each.id, person_id) for each in pair]
    return None if None in given else (pair[0], pair[1])


def _compared(
    house: House, who: Who, slot_id: SlotId, earlier: Version, later: Version
) -> tuple[list[Difference], Changes | None]:
    area_id, mine = who.actor.area_id, who.identities()
    with looking(house, who.actor, slot_id) as look:
        if all(texts.load(look.db, area_id, each.id, SET) for each in (earlier, later)):
            words = [
                _words(house, look.db, area_id, slot_id, each.id, mine) for each in (earlier, later)
            ]
            return _differences(words[0], words[1]), None
        was, now = (_clear(house, look.db, who, each) for each in (earlier, later))
    return [], changes(was, now)


def _clear(house: House, db: Connection, who: Who, version: Version) -> bytes:
    """A draft as this chair was given it, when it was sealed to a key that is theirs."""
    header = papers.header_for(db, version.area_id, version.id, who.actor.person_id)
    rows = papers.manifests_of(db, version.area_id, version.id)
    if header is None:
        raise Changed(NOTHING)
    if not rows:
        raise Spoilt("manifest")
    reader = (who.actor.person_id, header.fingerprint, who.identities())
    return open_version(house, db, version, rows[0], *reader)


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
