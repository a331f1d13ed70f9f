"""Proposing a sending: who gets what, from when to when, and why somebody is left out.

A proposal is shown on the page, and its digest goes back with the code that sends it. What is
sent is what was on the page, or nothing is (rule 38).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.ids import AgencyId, PersonId, VersionId
from portal.domain.meetings import SlotKind


@dataclass(frozen=True)
class Item:
    """One paper in the pack, in its place (`tab` from 1)."""

    tab: int
    version_id: VersionId
    form_code: str
    owner_agency_id: AgencyId
    pages: int


class LeftOut(StrEnum):
    """Why a person who belongs to the case is not on the list."""

    WITHDRAWN = "withdrawn"
    OBSERVER = "observer"
    LEFT = "left"
    APOLOGIES = "apologies"
    ABSENT = "absent"
    NO_PAPER = "no_paper"
    HAS_IT = "has_it"


LEFT_OUT_WORDS = {
    LeftOut.WITHDRAWN: "No longer invited to this case",
    LeftOut.OBSERVER: "Lay advisers have no case papers (rule 15)",
    LeftOut.LEFT: "Has left their agency",
    LeftOut.APOLOGIES: "Sent apologies, and no duty to consider is recorded",
    LeftOut.ABSENT: "Did not attend, and no duty to consider is recorded",
    LeftOut.NO_PAPER: "Every paper is kept back from this person",
    LeftOut.HAS_IT: "Has these minutes already",
}


@dataclass(frozen=True)
class Candidate:
    """An invitee as the proposal sees them. `fingerprint` is the confirmed key's, or None.

    `until` ends this person's access earlier or later than the sending's own end.
    """

    person_id: PersonId
    name: str
    agency: str
    fingerprint: str | None
    left_out: LeftOut | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Reader:
    """One named person on the list, with the papers they get. None as `fingerprint`: cannot open
    yet, because no coordinator has confirmed a key."""

    person_id: PersonId
    name: str
    agency: str
    fingerprint: str | None
    tabs: tuple[int, ...]
    closes_at: datetime

    @property
    def cannot_open_yet(self) -> bool:
        return self.fingerprint is None


@dataclass(frozen=True)
class Proposal:
    """Everything the coordinator confirms: people, papers, times, exclusions, warnings.

    `subject` says what is sent of which slot, so that a digest counts for that alone.
    """

    items: tuple[Item, ...]
    readers: tuple[Reader, ...]
    left_out: tuple[tuple[Candidate, LeftOut], ...]
    opens_at: datetime
    closes_at: datetime
    warnings: tuple[str, ...]
    subject: str = ""

    def layouts(self) -> tuple[tuple[tuple[int, ...], datetime], ...]:
        """The distinct sets of papers and ends, each of which is bound and sealed once."""
        return tuple(sorted({(reader.tabs, reader.closes_at) for reader in self.readers}))

    def digest(self) -> str:
        """SHA-256 (hex) over everything the page shows, and whose keys, in canonical JSON."""
        body = {
            "subject": self.subject,
            "items": [
                [i.tab, i.version_id, i.form_code, i.owner_agency_id, i.pages] for i in self.items
            ],
            "readers": [
                [
                    r.person_id,
                    r.name,
                    r.agency,
                    r.fingerprint,
                    list(r.tabs),
                    r.closes_at.isoformat(),
                ]
                for r in self.readers
            ],
            "left_out": [[c.person_id, c.name, c.agency, why.value] for c, why in self.left_out],
            "opens_at": self.opens_at.isoformat(),
            "closes_at": self.closes_at.isoformat(),
            "warnings": list(self.warnings),
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def propose(
    items: Sequence[Item],
    candidates: Iterable[Candidate],
    kept_back: Mapping[PersonId, frozenset[VersionId]],
    opens_at: datetime,
    closes_at: datetime,
    warnings: Sequence[str] = (),
    subject: str = "",
) -> Proposal:
    """Work out the sending. Pure: the same facts always give the same digest."""
    readers: list[Reader] = []
    left_out: list[tuple[Candidate, LeftOut]] = []
    for who in sorted(candidates, key=lambda c: (c.agency, c.name, c.person_id)):
        held = kept_back.get(who.person_id, frozenset())
        tabs = tuple(item.tab for item in items if item.version_id not in held)
        if who.left_out is not None:
            left_out.append((who, who.left_out))
        elif not tabs:
            left_out.append((who, LeftOut.NO_PAPER))
        else:
            until = who.until or closes_at
            readers.append(
                Reader(who.person_id, who.name, who.agency, who.fingerprint, tabs, until)
            )
    return Proposal(
        tuple(items),
        tuple(readers),
        tuple(left_out),
        opens_at,
        closes_at,
        tuple(warnings),
        subject,
    )


def missing(kind: SlotKind, items: Sequence[Item]) -> tuple[str, ...]:
    """What the pack lacks by rule 25: the referral at first, the previous minutes at a review."""
    held = {item.form_code for item in items}
    if kind is SlotKind.INITIAL and "A" not in held:
        return ("There is no referral (MAPPA A) in this pack.",)
    if kind is SlotKind.REVIEW and "previous" not in held:
        return ("The minutes of the previous meeting are not in this pack.",)
    return ()
