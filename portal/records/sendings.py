"""What was sent, who may open it, and who opened it when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, Integer, String, Table, func, select

from portal.domain.grants import Grant, GrantState, Sending, SendingKind
from portal.domain.ids import AreaId, GrantId, ManifestId, PersonId, SendingId, SlotId, VersionId
from portal.records.schema import (
    Closed,
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
)

sendings = Table(
    "sendings",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("slot_id", index=True),
    id_column("case_id", index=True),
    Column("kind", Closed(SendingKind), nullable=False),
    Column("reference", String(60), nullable=False),
    id_column("sent_by"),
    Column("sent_at", Utc, nullable=False),
    Column("digest", String(64), nullable=False),
)


layout_papers = Table(
    "layout_papers",
    metadata,
    area_column(),
    id_column("layout_version_id", primary_key=True),
    id_column("paper_version_id", primary_key=True),
    Column("tab", Integer, nullable=False),
    Column("given", Boolean, nullable=False),
)


grants = Table(
    "grants",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("sending_id", index=True),
    id_column("version_id", index=True),
    id_column("person_id", index=True),
    id_column("manifest_id", nullable=True),
    Column("copy_number", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("opens_at", Utc),
    Column("closes_at", Utc),
    Column("state", Closed(GrantState), nullable=False),
    Column("changed_at", Utc, nullable=False),
)


openings = Table(
    "openings",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("grant_id", index=True),
    id_column("sending_id", index=True),
    id_column("person_id"),
    Column("opened_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class LayoutPaper:
    """A paper in a bound layout, and whether its readers were given it."""

    area_id: AreaId
    layout_version_id: VersionId
    paper_version_id: VersionId
    tab: int
    given: bool


@dataclass(frozen=True)
class Opening:
    id: str
    area_id: AreaId
    grant_id: GrantId
    sending_id: SendingId
    person_id: PersonId
    opened_at: datetime


def save_sending(db: Connection, sending: Sending) -> None:
    add(db, sendings, sending)


def load_sending(db: Connection, area_id: AreaId, sending_id: SendingId) -> Sending | None:
    return first(db, sendings, Sending, sendings.c.area_id == area_id, sendings.c.id == sending_id)


def sendings_of(db: Connection, area_id: AreaId, slot_id: SlotId) -> list[Sending]:
    return every(
        db,
        sendings,
        Sending,
        sendings.c.area_id == area_id,
        sendings.c.slot_id == slot_id,
        order=[sendings.c.sent_at, sendings.c.id],
    )


def sendings_in(db: Connection, area_id: AreaId) -> list[Sending]:
    return every(
        db,
        sendings,
        Sending,
        sendings.c.area_id == area_id,
        order=[sendings.c.sent_at, sendings.c.id],
    )


def save_layout(db: Connection, papers: Iterable[LayoutPaper]) -> None:
    for paper in papers:
        add(db, layout_papers, paper)


def layout_of(db: Connection, area_id: AreaId, version_id: VersionId) -> list[LayoutPaper]:
    return every(
        db,
        layout_papers,
        LayoutPaper,
        layout_papers.c.area_id == area_id,
        layout_papers.c.layout_version_id == version_id,
        order=[layout_papers.c.tab],
    )


def holds(db: Connection, area_id: AreaId, person_id: PersonId, version_id: VersionId) -> bool:
    """Whether something this person may open, now or once they can, gives them this paper."""
    query = (
        select(func.count())
        .select_from(
            grants.join(layout_papers, layout_papers.c.layout_version_id == grants.c.version_id)
        )
        .where(
            grants.c.area_id == area_id,
            grants.c.person_id == person_id,
            grants.c.state.in_([GrantState.GRANTED, GrantState.WAITING]),
            layout_papers.c.area_id == area_id,
            layout_papers.c.paper_version_id == version_id,
            layout_papers.c.given,
        )
    )
    return bool(db.execute(query).scalar_one())


def holders_of(db: Connection, area_id: AreaId, version_id: VersionId) -> frozenset[PersonId]:
    """Everybody to whom something they may open, now or once they can, gives this paper."""
    query = (
        select(grants.c.person_id)
        .join(layout_papers, layout_papers.c.layout_version_id == grants.c.version_id)
        .where(
            grants.c.area_id == area_id,
            grants.c.state.in_([GrantState.GRANTED, GrantState.WAITING]),
            layout_papers.c.area_id == area_id,
            layout_papers.c.paper_version_id == version_id,
            layout_papers.c.given,
        )
    )
    return frozenset(PersonId(person) for person in db.execute(query).scalars())


def held_of(
    db: Connection, area_id: AreaId, slot_id: SlotId, people: Iterable[PersonId]
) -> list[tuple[PersonId, VersionId]]:
    """The papers that each of these people may open, now or once they can, by anything that was
    sent of this slot."""
    query = (
        select(grants.c.person_id, layout_papers.c.paper_version_id)
        .join(layout_papers, layout_papers.c.layout_version_id == grants.c.version_id)
        .join(sendings, sendings.c.id == grants.c.sending_id)
        .where(
            grants.c.area_id == area_id,
            grants.c.person_id.in_(sorted(set(people))),
            grants.c.state.in_([GrantState.GRANTED, GrantState.WAITING]),
            layout_papers.c.area_id == area_id,
            layout_papers.c.given,
            sendings.c.area_id == area_id,
            sendings.c.slot_id == slot_id,
        )
    )
    return [(PersonId(person), VersionId(paper)) for person, paper in db.execute(query)]


def given_to(
    db: Connection, area_id: AreaId, person_id: PersonId
) -> list[tuple[GrantId, VersionId, int]]:
    """The papers that each grant of this person gives them, with the tab each stands at there."""
    query = (
        select(grants.c.id, layout_papers.c.paper_version_id, layout_papers.c.tab)
        .join(layout_papers, layout_papers.c.layout_version_id == grants.c.version_id)
        .where(
            grants.c.area_id == area_id,
            grants.c.person_id == person_id,
            grants.c.state == GrantState.GRANTED,
            layout_papers.c.area_id == area_id,
            layout_papers.c.given,
        )
        .order_by(layout_papers.c.tab, grants.c.id)
    )
    return [(GrantId(g), VersionId(paper), int(tab)) for g, paper, tab in db.execute(query)]


def layouts_in(
    db: Connection, area_id: AreaId, sending_ids: Iterable[SendingId]
) -> dict[SendingId, list[LayoutPaper]]:
    """The papers of one layout of each of these sendings, in order, in one query."""
    query = (
        select(grants.c.sending_id, layout_papers)
        .join(layout_papers, layout_papers.c.layout_version_id == grants.c.version_id)
        .where(
            grants.c.area_id == area_id,
            grants.c.sending_id.in_(sorted(set(sending_ids))),
            grants.c.copy_number == 1,
            layout_papers.c.area_id == area_id,
        )
        .order_by(layout_papers.c.tab)
    )
    found: dict[SendingId, list[LayoutPaper]] = {}
    for entry in db.execute(query).mappings():
        paper = LayoutPaper(
            area_id,
            VersionId(entry["layout_version_id"]),
            VersionId(entry["paper_version_id"]),
            entry["tab"],
            entry["given"],
        )
        found.setdefault(SendingId(entry["sending_id"]), []).append(paper)
    return found


def save_grant(db: Connection, grant: Grant) -> None:
    add(db, grants, grant)


def load_grant(db: Connection, area_id: AreaId, grant_id: GrantId) -> Grant | None:
    return first(db, grants, Grant, grants.c.area_id == area_id, grants.c.id == grant_id)


def grants_of_sending(db: Connection, area_id: AreaId, sending_id: SendingId) -> list[Grant]:
    return every(
        db,
        grants,
        Grant,
        grants.c.area_id == area_id,
        grants.c.sending_id == sending_id,
        order=[grants.c.copy_number],
    )


def grants_of_person(db: Connection, area_id: AreaId, person_id: PersonId) -> list[Grant]:
    return every(
        db,
        grants,
        Grant,
        grants.c.area_id == area_id,
        grants.c.person_id == person_id,
        order=[grants.c.changed_at, grants.c.id],
    )


def grants_in(db: Connection, area_id: AreaId, *states: GrantState) -> list[Grant]:
    return every(db, grants, Grant, grants.c.area_id == area_id, grants.c.state.in_(states))


def granted_of(db: Connection, area_id: AreaId, versions: Iterable[VersionId]) -> list[Grant]:
    """Those who may open these payloads: exactly those who should have a wrap."""
    return every(
        db,
        grants,
        Grant,
        grants.c.area_id == area_id,
        grants.c.version_id.in_(sorted(set(versions))),
        grants.c.state == GrantState.GRANTED,
    )


def grants_over(db: Connection, area_id: AreaId, now: datetime) -> list[Grant]:
    """Granted or waiting, but past their end: what the sweep closes."""
    return every(
        db,
        grants,
        Grant,
        grants.c.area_id == area_id,
        grants.c.state.in_([GrantState.GRANTED, GrantState.WAITING]),
        grants.c.closes_at <= now,
    )


def settle_grant(
    db: Connection,
    grant: Grant,
    state: GrantState,
    at: datetime,
    *,
    manifest_id: ManifestId | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
) -> bool:
    """Move a grant on, if it still stands where it was read: of two at once, one wins."""
    return (
        change(
            db,
            grants,
            grants.c.area_id == grant.area_id,
            grants.c.id == grant.id,
            grants.c.state == grant.state,
            grants.c.changed_at == grant.changed_at,
            state=state,
            changed_at=at,
            manifest_id=manifest_id,
            opens_at=opens_at,
            closes_at=closes_at,
        )
        == 1
    )


def save_opening(db: Connection, opening: Opening) -> None:
    add(db, openings, opening)


def openings_of(db: Connection, area_id: AreaId, sending_id: SendingId) -> list[Opening]:
    return every(
        db,
        openings,
        Opening,
        openings.c.area_id == area_id,
        openings.c.sending_id == sending_id,
        order=[openings.c.opened_at],
    )


def opened_by(db: Connection, area_id: AreaId, person_id: PersonId) -> frozenset[GrantId]:
    """The grants that this person has opened at least once."""
    query = select(openings.c.grant_id).where(
        openings.c.area_id == area_id, openings.c.person_id == person_id
    )
    return frozenset(GrantId(grant) for grant in db.execute(query).scalars())


def openings_in(db: Connection, area_id: AreaId) -> list[Opening]:
    return every(db, openings, Opening, openings.c.area_id == area_id, order=[openings.c.opened_at])
