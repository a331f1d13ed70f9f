"""What is written for the minutes of a slot so far, section by section, sealed to the unit.

Anybody who holds the database can seal another text to the unit, or put an older one back: a
section counts only when its digest stands in the ledger's newest line about it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, SlotId
from portal.domain.minutes_form import Missing, Section, Written, missing
from portal.journeys.digests import Salted, read_text
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.journeys.opening.opened import Spoilt
from portal.ledger import book, leaf, search
from portal.records import texts


@dataclass(frozen=True)
class WrittenForm:
    """Every section that anybody has written in, with the digest of each."""

    sections: Mapping[Section, Written]
    digests: Mapping[Section, str]

    def of(self, section: Section) -> Written:
        """What is written in one section; nothing where nobody has."""
        return self.sections.get(section, {})

    def digest_of(self, section: Section) -> str:
        """For the form of one section: what it was when the page was made."""
        return self.digests.get(section, "")

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over all sections: what was checked is what is filed."""
        body = sorted((section.value, digest) for section, digest in self.digests.items())
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()

    @property
    def missing(self) -> dict[Section, tuple[Missing, ...]]:
        """What is missing, by section; empty when the whole can be filed."""
        found = {section: missing(section, self.of(section)) for section in Section}
        return {section: each for section, each in found.items() if each}


def field_of(section: Section) -> str:
    """Under which name a section's text is kept."""
    return f"minutes-{section.value}"


def written_form(
    house: House, db: Connection, area_id: AreaId, slot_id: SlotId, openers: Sequence[Identity]
) -> WrittenForm:
    """All of it. Raises Spoilt where a text is not the one that was written last."""
    kept = _kept(db, area_id, slot_id)
    told = _told(house, db, area_id, slot_id, set(kept))
    sections = {}
    for section, text in kept.items():
        found = _opened(text, openers)
        if told.get(section) != found.digest:
            raise Spoilt("text")
        sections[section] = decoded(found.text)
    return WrittenForm(sections, told)


def decoded(text: str) -> dict[str, str]:
    """Field -> text, as it was encoded. Raises Spoilt."""
    try:
        return {str(name): str(value) for name, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        raise Spoilt("text") from None


def newest_digests(
    house: House, db: Connection, area_id: AreaId, slot_id: SlotId
) -> dict[Section, str]:
    """What the ledger says of the sections of which there is a text."""
    return _told(house, db, area_id, slot_id, set(_kept(db, area_id, slot_id)))


def _kept(db: Connection, area_id: AreaId, slot_id: SlotId) -> dict[Section, bytes]:
    found = {section: texts.load(db, area_id, slot_id, field_of(section)) for section in Section}
    return {section: sealed for section, sealed in found.items() if sealed is not None}


def _told(
    house: House, db: Connection, area_id: AreaId, slot_id: SlotId, wanted: set[Section]
) -> dict[Section, str]:
    """The digest in the newest line of each; what the ledger does not prove is left out."""
    left, found = {section.value for section in wanted}, {}
    if not left:
        return {}
    size = book.head(db, area_id).size
    deed = Deed.MINUTES_WRITTEN.value
    for entry in search.newest_first(db, area_id, below=size, most=size, deed=deed):
        told = leaf.decode(entry.leaf)
        if told.get("slot") == slot_id and told.get("section") in left:
            left.discard(str(told["section"]))
            proven = proven_line(house, db, area_id, entry.position)
            if proven is not None and proven.get("deed") == deed:
                found[Section(str(proven["section"]))] = str(proven["text"])
        if not left:
            break
    return found


def _opened(sealed: bytes, openers: Sequence[Identity]) -> Salted:
    try:
        return read_text(sealed, openers)
    except (AgeError, ValueError, KeyError, TypeError):
        raise Spoilt("text") from None
