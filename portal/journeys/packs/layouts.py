"""Binding and sealing what a sending gives: one PDF for each distinct set of papers.

Slow, and without a lock: papers are opened with the unit's key, bound in a limited child
process, sealed once, wrapped once for each reader whose key is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.chance import new_id
from portal.documents.bind import Bound, Front, Paper, bind
from portal.documents.headings import NOTE, have_headings
from portal.domain.clocks import london
from portal.domain.ids import AreaId, DocumentId, VersionId
from portal.domain.packs import SIGNPOST_WORDS, Instead, Item, Proposal, Reader, layout_of
from portal.domain.papers import HANDLING, MARKING, TITLES, UNIT_READER, Document, Kind, called
from portal.journeys.giving.sealing import Prepared, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import OpenUnit
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.opening.opened import open_version
from portal.journeys.packs.proposing import Setting
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers


@dataclass(frozen=True)
class Layout:
    """One bound PDF, sealed: the tabs it gives, until when, its readers (with and without a key
    yet), and of which tabs it has an extract."""

    tabs: tuple[int, ...]
    closes_at: datetime
    readers: tuple[Reader, ...]
    prepared: Prepared
    instead: tuple[Instead, ...] = ()

    def given(self, items: Sequence[Item]) -> list[tuple[int, VersionId]]:
        """What its readers get, by tab: the papers, or the extracts instead of them."""
        cut = {each.tab: each.version_id for each in self.instead}
        return [(i.tab, cut.get(i.tab, i.version_id)) for i in items if i.tab in self.tabs]


@dataclass(frozen=True)
class Cover:
    """What the first page says of what is bound, besides the meeting."""

    title: str
    reference: str
    terms: tuple[str, ...] = HANDLING

    def front(self, at: Setting, below: str = "") -> Front:
        """With the meeting, and a line `below` the contents."""
        begins = london(at.slot.starts_at)
        return Front(
            title=self.title,
            reference=self.reference,
            meeting_line=f"Level {at.case.level} meeting on {begins:%-d %B %Y} at {_clock(begins)}",
            marking=MARKING,
            confidentiality_lines=self.terms,
            below_contents=below,
        )


def open_items(
    house: House, db: Connection, area_id: AreaId, unit: OpenUnit, items: Sequence[Item | Instead]
) -> dict[VersionId, bytes]:
    """The clear bytes of every paper and extract, each proven to be what its author signed."""
    openers = unit.key.openers()
    clear: dict[VersionId, bytes] = {}
    for item in items:
        version = papers.load_version(db, area_id, item.version_id)
        manifests = papers.manifests_of(db, area_id, item.version_id)
        if version is None or not manifests:
            raise Refused(Action.UNIT_REPORT_READ, Why.NOT_THERE)
        clear[item.version_id] = open_version(
            house, db, version, manifests[0], UNIT_READER, unit.public.fingerprint, openers
        )
    return clear


def without_headings(clear: Mapping[VersionId, bytes]) -> frozenset[VersionId]:
    """Those of these papers that a screen reader finds no headings in."""
    versions = list(clear)
    found = have_headings([clear[version] for version in versions])
    return frozenset(v for v, has in zip(versions, found, strict=True) if not has)


def bind_layout(
    at: Setting,
    items: Sequence[Item],
    clear: Mapping[VersionId, bytes],
    tabs: tuple[int, ...],
    cover: Cover,
    *,
    signpost: bool = False,
    instead: Sequence[Instead] = (),
    bare: frozenset[VersionId] = frozenset(),
) -> Bound:
    """Cover, contents and the papers in order; a paper not given leaves a placeholder, and so do
    the pages that an extract does not fill. Only what is given is in it.

    `bare` are the papers without headings, as `without_headings` finds them among all `items`: the
    contents say so to every reader alike, so that the contents are equally long for all.
    """
    cut = {each.tab: each for each in instead if each.tab in tabs}
    given = {item.tab: item.version_id for item in items if item.tab in tabs}
    given |= {tab: each.version_id for tab, each in cut.items()}
    bound = [
        Paper(
            tab=item.tab,
            title=TITLES[item.form_code],
            owner=(owner := at.agencies[item.owner_agency_id].name),
            name=called(item.form_code, owner),
            pdf_clear=clear[given[item.tab]] if item.tab in given else None,
            pages=item.pages,
            given=item.tab in given,
            note=NOTE if item.version_id in bare else "",
            cut=cut[item.tab].pages if item.tab in cut else 0,
        )
        for item in items
    ]
    return bind(cover.front(at, SIGNPOST_WORDS if signpost else ""), bound)


def seal_layouts(
    house: House,
    who: Who,
    at: Setting,
    unit: UnitRecipient,
    proposal: Proposal,
    clear: Mapping[VersionId, bytes],
    *,
    kind: Kind,
    title: str,
    reference: str,
    policy: str,
    terms: tuple[str, ...] = HANDLING,
    extract_title: str = "",
) -> Iterator[Layout]:
    """Bind and seal each distinct layout; each is in the store when it is yielded. Its title is
    `extract_title`, if there is one, where all that it gives is an extract."""
    bare = without_headings({item.version_id: clear[item.version_id] for item in proposal.items})
    for layout in proposal.layouts():
        tabs, closes_at, signpost, instead = layout
        only_cut = len(instead) == len(tabs)
        cover = Cover(extract_title if only_cut and extract_title else title, reference, terms)
        readers = tuple(reader for reader in proposal.readers if layout_of(reader) == layout)
        bound = bind_layout(
            at, proposal.items, clear, tabs, cover, signpost=signpost, instead=instead, bare=bare
        )
        window = (proposal.opens_at, closes_at)
        prepared = seal_bound(
            house, who, at, unit, bound, readers, kind=kind, window=window, policy=policy
        )
        yield Layout(tabs, closes_at, readers, prepared, instead)


def seal_bound(
    house: House,
    who: Who,
    at: Setting,
    unit: UnitRecipient,
    bound: Bound,
    readers: Sequence[Reader],
    *,
    kind: Kind,
    window: tuple[datetime, datetime],
    policy: str,
) -> Prepared:
    """Seal what was bound, as a new document, to the unit and to those of `readers` with a key."""
    document = Document(
        id=DocumentId(new_id()),
        area_id=at.area.id,
        case_id=at.case.id,
        slot_id=at.slot.id,
        kind=kind,
        form_code="",
        owner_agency_id=who.actor.agency_id,
        author_id=who.actor.person_id,
        created_at=house.clock.now(),
    )
    return prepare(
        house,
        who,
        document,
        bound.pdf_clear,
        pages=bound.pages,
        readers=[at.keys[reader.person_id] for reader in readers if not reader.cannot_open_yet],
        unit=unit,
        opens_at=window[0],
        closes_at=window[1],
        policy=policy,
    )


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}{f':{at.minute:02}' if at.minute else ''}" + (
        "am" if at.hour < 12 else "pm"
    )
