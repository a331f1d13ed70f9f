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
from portal.domain.clocks import london
from portal.domain.ids import AreaId, DocumentId, VersionId
from portal.domain.packs import Item, Proposal, Reader
from portal.domain.papers import HANDLING, MARKING, TITLES, UNIT_READER, Document, Kind
from portal.journeys.directory import UnitRecipient
from portal.journeys.house import House, Who
from portal.journeys.opening import open_version
from portal.journeys.proposing import Setting
from portal.journeys.rewrapping import OpenUnit
from portal.journeys.sealing import Prepared, prepare
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers


@dataclass(frozen=True)
class Layout:
    """One bound PDF, sealed: the tabs it gives, until when, and its readers (with and without a
    key yet)."""

    tabs: tuple[int, ...]
    closes_at: datetime
    readers: tuple[Reader, ...]
    prepared: Prepared


def open_items(
    house: House, db: Connection, area_id: AreaId, unit: OpenUnit, items: Sequence[Item]
) -> dict[VersionId, bytes]:
    """The clear bytes of every paper, each proven to be what its author signed."""
    opener = unit.key.opener()
    clear: dict[VersionId, bytes] = {}
    for item in items:
        version = papers.load_version(db, area_id, item.version_id)
        manifests = papers.manifests_of(db, area_id, item.version_id)
        if version is None or not manifests:
            raise Refused(Action.UNIT_REPORT_READ, Why.NOT_THERE)
        clear[item.version_id] = open_version(
            house, db, version, manifests[0], UNIT_READER, unit.public.fingerprint, [opener]
        )
    return clear


def bind_layout(
    at: Setting,
    items: Sequence[Item],
    clear: Mapping[VersionId, bytes],
    tabs: tuple[int, ...],
    title: str,
    reference: str,
    terms: tuple[str, ...] = HANDLING,
) -> Bound:
    """Cover with `terms`, contents and the papers in order; a paper not given leaves a
    placeholder."""
    begins = london(at.slot.starts_at)
    front = Front(
        title=title,
        reference=reference,
        meeting_line=f"Level {at.case.level} meeting on {begins:%-d %B %Y} at {_clock(begins)}",
        marking=MARKING,
        confidentiality_lines=terms,
    )
    bound = [
        Paper(
            tab=item.tab,
            title=TITLES[item.form_code],
            owner=at.agencies[item.owner_agency_id].name,
            pdf_clear=clear[item.version_id] if item.tab in tabs else None,
            pages=item.pages,
            given=item.tab in tabs,
        )
        for item in items
    ]
    return bind(front, bound)


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
) -> Iterator[Layout]:
    """Bind and seal each distinct layout; each is in the store when it is yielded."""
    for tabs, closes_at in proposal.layouts():
        readers = tuple(r for r in proposal.readers if (r.tabs, r.closes_at) == (tabs, closes_at))
        bound = bind_layout(at, proposal.items, clear, tabs, title, reference, terms)
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
        prepared = prepare(
            house,
            who,
            document,
            bound.pdf_clear,
            pages=bound.pages,
            readers=[at.keys[reader.person_id] for reader in readers if not reader.cannot_open_yet],
            unit=unit,
            opens_at=proposal.opens_at,
            closes_at=closes_at,
            policy=policy,
        )
        yield Layout(tabs, closes_at, readers, prepared)


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}{f':{at.minute:02}' if at.minute else ''}" + (
        "am" if at.hour < 12 else "pm"
    )
