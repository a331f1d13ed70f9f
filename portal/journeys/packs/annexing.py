"""Restricted annexes of a pack: each bound, sealed, sent and taken back by itself (rule 31).

An annex has its own cover, page numbers, file key, sending and grants. Its tag is drawn, not
counted: whoever holds one learns nothing of another. Nothing of it reaches the pack, except the
one signpost where the chair chose that there be one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from portal.chance import new_annex_tag, new_id
from portal.documents.bind import Apart, Bound, Paper, bind_apart
from portal.documents.headings import NOTE
from portal.domain.deeds import Deed, line
from portal.domain.grants import SendingKind, terms_of
from portal.domain.ids import SendingId, VersionId
from portal.domain.packs import Annex, Proposal
from portal.domain.papers import TITLES, Kind, called
from portal.journeys.deed import Doing
from portal.journeys.giving.dispatch import Dispatched, dispatch
from portal.journeys.giving.telling import tell_sent
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.packs.layouts import Cover, Layout, seal_bound, without_headings
from portal.journeys.packs.proposing import Setting

TITLE = "Restricted annex"


@dataclass(frozen=True)
class Sealed:
    """An annex, bound and sealed; its payload is in the store, its rows are not written yet."""

    annex: Annex
    reference: str
    layout: Layout


def bind_annex(
    at: Setting,
    annex: Annex,
    clear: Mapping[VersionId, bytes],
    pack: str,
    tag: str,
    replaces: str = "",
) -> Bound:
    """The annex as a document of its own, with pages such as A7K.1. `pack` is the reference of
    the pack it goes with, `replaces` that of an annex of which this is the corrected version."""
    item = annex.item
    body = {item.version_id: clear[item.version_id]}
    paper = Paper(
        tab=item.tab,
        title=TITLES[item.form_code],
        owner=(owner := at.agencies[item.owner_agency_id].name),
        name=called(item.form_code, owner),
        pdf_clear=body[item.version_id],
        pages=item.pages,
        note=NOTE if without_headings(body) else "",
    )
    cover = Cover(f"{TITLE} {tag}", f"{pack}-{tag}")
    apart = Apart(
        f"It goes with {pack}, and is not part of it. Others may not know of it."
        + (f" It replaces {replaces}." if replaces else ""),
        tag,
        lambda page: f"{tag}.{page}",
    )
    return bind_apart(cover.front(at), paper, apart)


def seal_annexes(
    house: House,
    who: Who,
    at: Setting,
    unit: UnitRecipient,
    proposal: Proposal,
    clear: Mapping[VersionId, bytes],
    pack: str,
    *,
    download: Collection[VersionId],
    replaces: str = "",
) -> list[Sealed]:
    """Bind and seal every annex that somebody gets; those in `download` may be saved."""
    found: list[Sealed] = []
    tags = {replaces.rpartition("-")[2]}
    for annex in proposal.annexes:
        if not annex.readers:
            continue
        while (tag := new_annex_tag()) in tags:
            continue
        tags.add(tag)
        window = (proposal.opens_at, max(reader.closes_at for reader in annex.readers))
        prepared = seal_bound(
            house,
            who,
            at,
            unit,
            bind_annex(at, annex, clear, pack, tag, replaces),
            annex.readers,
            kind=Kind.ANNEX,
            window=window,
            policy=terms_of(SendingKind.ANNEX, download=annex.item.version_id in download),
        )
        layout = Layout((annex.item.tab,), window[1], annex.readers, prepared)
        found.append(Sealed(annex, f"{pack}-{tag}", layout))
    return found


def send_annexes(
    deed: Doing, at: Setting, proposal: Proposal, sealed: Iterable[Sealed], digest: str
) -> list[Dispatched]:
    """Write each of them, in the deed of the pack: a sending, a line and grants of its own."""
    sent: list[Dispatched] = []
    for each in sealed:
        sending_id = SendingId(new_id())
        readers = each.layout.readers
        position = deed.note(
            line(
                Deed.ANNEX_SENT,
                sending=sending_id,
                slot=at.slot.id,
                digest=digest,
                version=each.annex.item.version_id,
                others=each.annex.others.value,
                manifests=[each.layout.prepared.manifest.sha256],
                granted=[r.person_id for r in readers if not r.cannot_open_yet],
                waiting=[r.person_id for r in readers if r.cannot_open_yet],
                opens_at=proposal.opens_at.isoformat(),
                closes_at=each.layout.closes_at.isoformat(),
            )
        )
        done = dispatch(
            deed,
            at,
            [each.layout],
            [each.annex.item],
            sending_id=sending_id,
            kind=SendingKind.ANNEX,
            reference=each.reference,
            digest=digest,
            position=position,
            opens_at=proposal.opens_at,
        )
        for person_id, grant in done.grants.items():
            tell_sent(deed, at.area, done.sending, at.slot, at.people[person_id], grant)
        sent.append(done)
    return sent
