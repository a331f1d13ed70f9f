"""Writing down a sending, under lock: the act, its layouts, a grant for each reader.

Used by everything that sends: packs, minutes, disclosures. The caller has judged, has compared
what was prepared with what is there now, and leaves the line; this keeps the rows that belong
together, and proves that granted and wrapped are the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.chance import new_id
from portal.domain.grants import Grant, GrantState, Sending, SendingKind
from portal.domain.ids import GrantId, ManifestId, PersonId, SendingId
from portal.domain.packs import Item
from portal.journeys.deed import Doing
from portal.journeys.extracts.proven_extract import require_checked, require_one_way_each
from portal.journeys.giving.granting import assert_exact
from portal.journeys.giving.sealing import keep
from portal.journeys.packs.layouts import Layout
from portal.journeys.packs.proposing import Setting
from portal.records import sendings


@dataclass(frozen=True)
class Dispatched:
    """What was written: the sending and its grants, by person."""

    sending: Sending
    grants: dict[PersonId, Grant]

    @property
    def waiting(self) -> list[PersonId]:
        """Those whose keys are not confirmed yet."""
        return [p for p, grant in self.grants.items() if grant.state is GrantState.WAITING]


def dispatch(
    deed: Doing,
    at: Setting,
    layouts: Sequence[Layout],
    items: Sequence[Item],
    *,
    sending_id: SendingId,
    kind: SendingKind,
    reference: str,
    digest: str,
    position: int,
    opens_at: datetime,
    days: int | None = None,
) -> Dispatched:
    """Keep the sending. `position` is the ledger line that holds the manifests' hashes.

    Copies are numbered from 1, layout by layout. Somebody without a confirmed key gets
    a grant that waits: no wrap exists for them. Where access runs for a number of `days`, a grant
    that waits has no end yet: they begin when it is given. Raises NotExact on any disagreement, and
    BothWays where somebody would hold a paper both whole and cut down, also with what they hold of
    this meeting already (rule 37); Changed where nobody has looked through an extract.
    """
    given = [
        (reader.person_id, version_id)
        for layout in layouts
        for reader in layout.readers
        for _tab, version_id in layout.given(items)
    ]
    require_one_way_each(deed.house, deed.db, deed.area_id, given, at.slot.id)
    for layout in layouts:
        require_checked(deed.house, deed.db, deed.area_id, layout.instead, items)
    sending = Sending(
        id=sending_id,
        area_id=deed.area_id,
        slot_id=at.slot.id,
        case_id=at.case.id,
        kind=kind,
        reference=reference,
        sent_by=deed.actor.person_id,
        sent_at=deed.now,
        digest=digest,
    )
    sendings.save_sending(deed.db, sending)
    copies = sum(len(layout.readers) for layout in layouts)
    grants: dict[PersonId, Grant] = {}
    for layout in layouts:
        manifest_id = keep(deed, layout.prepared, position)
        given_here = layout.given(items)
        sendings.save_layout(
            deed.db,
            [
                sendings.LayoutPaper(
                    deed.area_id,
                    layout.prepared.version.id,
                    item.version_id,
                    item.tab,
                    (item.tab, item.version_id) in given_here,
                )
                for item in items
            ]
            + [
                sendings.LayoutPaper(
                    deed.area_id, layout.prepared.version.id, each.version_id, each.tab, True
                )
                for each in layout.instead
            ],
        )
        for reader in layout.readers:
            waits = reader.cannot_open_yet
            grant = Grant(
                id=GrantId(new_id()),
                area_id=deed.area_id,
                sending_id=sending_id,
                version_id=layout.prepared.version.id,
                person_id=reader.person_id,
                manifest_id=None if waits else ManifestId(manifest_id),
                copy_number=len(grants) + 1,
                copies=copies,
                opens_at=opens_at,
                closes_at=None if waits and days is not None else layout.closes_at,
                state=GrantState.WAITING if waits else GrantState.GRANTED,
                changed_at=deed.now,
            )
            sendings.save_grant(deed.db, grant)
            grants[reader.person_id] = grant
    assert_exact(deed.db, deed.area_id, [layout.prepared.version.id for layout in layouts])
    return Dispatched(sending, grants)
