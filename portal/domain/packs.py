"""Proposing a sending: who gets what, from when to when, and why somebody is left out.

A proposal is shown on the page, and its digest goes back with the code that sends it. What is
sent is what was on the page, or nothing is (rule 38).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from portal.domain.ids import AgencyId, PersonId, VersionId
from portal.domain.meetings import SlotKind
from portal.domain.papers import REFERRAL


@dataclass(frozen=True)
class Item:
    """One paper in the pack, in its place (`tab` from 1)."""

    tab: int
    version_id: VersionId
    form_code: str
    owner_agency_id: AgencyId
    pages: int


@dataclass(frozen=True, order=True)
class Instead:
    """An extract that one reader gets in the place of the paper of this tab (rules 36, 41).

    It takes the numbers of the paper it was made of, of which it has no more `pages`.
    """

    tab: int
    version_id: VersionId
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
    PART = "part"


class Others(StrEnum):
    """What those who do not get a restricted annex are shown of it (rule 31), as the chair chose.

    A signpost says that further information is held; it does not say what, how much, or whose.
    """

    SIGNPOST = "signpost"
    NOTHING = "nothing"


OTHERS_WORDS = {
    Others.SIGNPOST: "Others see that further information is held, and nothing more",
    Others.NOTHING: "Others see nothing: for them it does not exist",
}

SIGNPOST_WORDS = "Further information is held. Ask the chair."
"""The same words however many annexes there are."""


LEFT_OUT_WORDS = {
    LeftOut.WITHDRAWN: "No longer invited to this case",
    LeftOut.OBSERVER: "Lay advisers have no case papers (rule 15)",
    LeftOut.LEFT: "Has left their agency",
    LeftOut.APOLOGIES: "Sent apologies, and no duty to consider is recorded",
    LeftOut.ABSENT: "Did not attend, and no duty to consider is recorded",
    LeftOut.NO_PAPER: "No paper was chosen for this person",
    LeftOut.HAS_IT: "Has these minutes already",
    LeftOut.PART: "Attended in part, and nothing is chosen for them yet",
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
    yet, because no coordinator has confirmed a key. `signpost`: their copy says that further
    information is held. `instead`: the tabs of which they get an extract."""

    person_id: PersonId
    name: str
    agency: str
    fingerprint: str | None
    tabs: tuple[int, ...]
    closes_at: datetime
    signpost: bool = False
    instead: tuple[Instead, ...] = ()

    @property
    def cannot_open_yet(self) -> bool:
        return self.fingerprint is None


@dataclass(frozen=True)
class Annex:
    """A paper that is a document of its own, for the readers named here alone (rule 31).

    It is not among the pack's items, so it takes no tab, no page number and no line of contents.
    """

    item: Item
    others: Others
    readers: tuple[Reader, ...]


Layout = tuple[tuple[int, ...], datetime, bool, tuple[Instead, ...]]
"""What makes two copies differ before they are marked: tabs, end, whether there is a signpost, and
of which tabs it has an extract."""


def layout_of(reader: Reader) -> Layout:
    """The layout this reader gets."""
    return reader.tabs, reader.closes_at, reader.signpost, reader.instead


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
    annexes: tuple[Annex, ...] = ()

    @property
    def recipients(self) -> tuple[Reader, ...]:
        """Everybody who gets anything, once, those of annexes alone too."""
        found = {reader.person_id: reader for annex in self.annexes for reader in annex.readers}
        found |= {reader.person_id: reader for reader in self.readers}
        return tuple(found.values())

    def layouts(self) -> tuple[Layout, ...]:
        """The distinct layouts of the pack itself, each of which is bound and sealed once."""
        return tuple(sorted({layout_of(reader) for reader in self.readers}))

    @property
    def extracts(self) -> tuple[Instead, ...]:
        """Every extract that somebody gets in this pack, once."""
        return tuple(sorted({each for reader in self.readers for each in reader.instead}))

    @property
    def forms(self) -> tuple[Item | Instead, ...]:
        """Everything that is bound for the pack: its papers, and the extracts of them."""
        return (*self.items, *self.extracts)

    def annexes_of(self, person_id: PersonId) -> tuple[Annex, ...]:
        """The restricted annexes that this person gets."""
        return tuple(
            annex for annex in self.annexes if person_id in {r.person_id for r in annex.readers}
        )

    def digest(self) -> str:
        """SHA-256 (hex) over everything the page shows, and whose keys, in canonical JSON."""
        body = {
            "subject": self.subject,
            "items": [_told_item(item) for item in self.items],
            "readers": [_told_reader(reader) for reader in self.readers],
            "annexes": [
                [_told_item(a.item), a.others.value, [_told_reader(r) for r in a.readers]]
                for a in self.annexes
            ],
            "left_out": [[c.person_id, c.name, c.agency, why.value] for c, why in self.left_out],
            "opens_at": self.opens_at.isoformat(),
            "closes_at": self.closes_at.isoformat(),
            "warnings": list(self.warnings),
        }
        text = json.dumps(body, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _told_item(item: Item) -> list[object]:
    return [item.tab, item.version_id, item.form_code, item.owner_agency_id, item.pages]


def _told_reader(reader: Reader) -> list[object]:
    return [
        reader.person_id,
        reader.name,
        reader.agency,
        reader.fingerprint,
        list(reader.tabs),
        reader.closes_at.isoformat(),
        reader.signpost,
        [[each.tab, each.version_id, each.pages] for each in reader.instead],
    ]


def propose(
    items: Sequence[Item],
    candidates: Iterable[Candidate],
    kept_back: Mapping[PersonId, frozenset[VersionId]],
    opens_at: datetime,
    closes_at: datetime,
    warnings: Sequence[str] = (),
    subject: str = "",
    instead: Mapping[PersonId, Sequence[Instead]] = MappingProxyType({}),
) -> Proposal:
    """Work out the sending. Pure: the same facts always give the same digest.

    `kept_back` are the papers that somebody does not get whole; `instead` the extracts they get.
    """
    readers: list[Reader] = []
    left_out: list[tuple[Candidate, LeftOut]] = []
    for who in sorted(candidates, key=lambda c: (c.agency, c.name, c.person_id)):
        held = kept_back.get(who.person_id, frozenset())
        cut = {each.tab: each for each in instead.get(who.person_id, ())}
        tabs = tuple(i.tab for i in items if i.version_id not in held or i.tab in cut)
        if who.left_out is not None:
            left_out.append((who, who.left_out))
        elif not tabs:
            left_out.append((who, LeftOut.NO_PAPER))
        else:
            until = who.until or closes_at
            readers.append(
                Reader(
                    who.person_id,
                    who.name,
                    who.agency,
                    who.fingerprint,
                    tabs,
                    until,
                    instead=tuple(cut[tab] for tab in tabs if tab in cut),
                )
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


def with_annexes(
    proposal: Proposal,
    annexes: Sequence[tuple[Item, Others]],
    candidates: Iterable[Candidate],
    given: Mapping[PersonId, frozenset[VersionId]],
) -> Proposal:
    """The proposal with restricted annexes, each for those who were chosen for it (rule 31).

    Whoever does not hold every annex that has a signpost gets the one signpost; an annex without
    one leaves the rest of the proposal as it is. Somebody who gets an annex alone is not left out.
    """
    able = sorted(
        (who for who in candidates if who.left_out is None),
        key=lambda c: (c.agency, c.name, c.person_id),
    )
    made: list[Annex] = []
    for item, others in annexes:
        readers = tuple(
            Reader(who.person_id, who.name, who.agency, who.fingerprint, (item.tab,),
                   who.until or proposal.closes_at)
            for who in able
            if item.version_id in given.get(who.person_id, frozenset())
        )  # fmt: skip
        made.append(Annex(item, others, readers))
    shown = [annex for annex in made if annex.others is Others.SIGNPOST]
    holders = [{reader.person_id for reader in annex.readers} for annex in shown]
    readers = tuple(
        replace(reader, signpost=any(reader.person_id not in each for each in holders))
        for reader in proposal.readers
    )
    alone = {reader.person_id for annex in made for reader in annex.readers}
    left_out = tuple(
        (who, why)
        for who, why in proposal.left_out
        if why is not LeftOut.NO_PAPER or who.person_id not in alone
    )
    return replace(proposal, readers=readers, left_out=left_out, annexes=tuple(made))


_FIRST: Mapping[SlotKind, tuple[str, str, str]] = MappingProxyType({
    SlotKind.INITIAL: (
        REFERRAL,
        "There is no referral (MAPPA A) in this pack.",
        "This pack does not begin with the referral (MAPPA A).",
    ),
    SlotKind.REVIEW: (
        "previous",
        "The minutes of the previous meeting are not in this pack.",
        "This pack does not begin with the minutes of the previous meeting.",
    ),
})  # fmt: skip
"""The form that a pack begins with, and what is said where it is not there, or not first."""


def missing(kind: SlotKind, items: Sequence[Item]) -> tuple[str, ...]:
    """What the pack lacks by rule 25, or has in another place than first: the referral at the
    initial meeting, the previous minutes at a review. `items` stand in their order."""
    form, absent, later = _FIRST[kind]
    held = [item.form_code for item in items]
    if form not in held:
        return (absent,)
    return () if held[0] == form else (later,)
