"""What would be sent if a paper that came in late went out now, as an addendum (rule 21).

An addendum belongs to the newest pack that somebody can still open. That pack stays as it is: the
addendum is a document of its own, whose pages are numbered after the tab it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from portal.domain.addenda import run
from portal.domain.grants import Sending, SendingKind
from portal.domain.ids import PersonId, VersionId
from portal.domain.packs import Candidate, LeftOut, Proposal, propose
from portal.domain.papers import Document
from portal.domain.papers import Kind as DocumentKind
from portal.journeys.packs.proposing import (
    Paper,
    Setting,
    holders,
    invitees,
    item_of,
    newest,
    pack_times,
)
from portal.records import arrangements, papers, sendings


@dataclass(frozen=True)
class Tab:
    """One paper of a pack that was sent, and the last of its pages there."""

    tab: int
    version_id: VersionId
    document: Document
    last_page: int


@dataclass(frozen=True)
class SentPack:
    """The pack that addenda belong to, as it was sent."""

    sending: Sending
    tabs: tuple[Tab, ...]

    def tab(self, number: int) -> Tab | None:
        return next((tab for tab in self.tabs if tab.tab == number), None)


@dataclass(frozen=True)
class Choice:
    """A late paper, the tab it belongs to, and the people it is for. Nobody who is not named."""

    version_id: VersionId
    after: int
    to: frozenset[PersonId]


@dataclass(frozen=True)
class Addendum:
    """The proposal with what stands on the cover: `first` is the number of the first page after
    `tab.last_page`, and `replaces` the tab of an earlier version of the same paper."""

    proposal: Proposal
    pack: SentPack
    paper: Paper
    tab: Tab
    first: int
    reference: str
    replaces: int | None

    @property
    def label(self) -> str:
        """Such as 47a to 47f."""
        return run(self.tab.last_page, self.first, self.paper.version.pages)


def sent_pack(db: Connection, at: Setting) -> SentPack | None:
    """The newest pack that somebody still holds or waits for."""
    living = holders(db, at, SendingKind.PACK)
    if not living:
        return None
    area_id, sending = at.area.id, living[-1]
    layout = sendings.layouts_in(db, area_id, [sending.id]).get(sending.id, [])
    written = papers.documents_by_version(db, area_id, [e.paper_version_id for e in layout])
    # An extract stands beside the row of the paper whose numbers it takes.
    layout = [e for e in layout if written[e.paper_version_id].kind is not DocumentKind.EXTRACT]
    wanted = [entry.paper_version_id for entry in layout]
    found = papers.versions_in(db, area_id, [*wanted, *(e.layout_version_id for e in layout)])
    last = 0
    if layout:
        bound = found[layout[0].layout_version_id].pages
        last = bound - sum(found[version].pages for version in wanted)
    tabs = []
    for entry in layout:
        version = entry.paper_version_id
        last += found[version].pages
        tabs.append(Tab(entry.tab, version, written[version], last))
    return SentPack(sending, tuple(tabs))


def late_papers(db: Connection, at: Setting, pack: SentPack) -> list[Paper]:
    """What is there and not in the pack that was sent, restricted annexes aside."""
    sent = {tab.version_id for tab in pack.tabs}
    entries = arrangements.items_of(db, at.area.id, at.slot.id)
    annexes = [entry.version_id for entry in entries if entry.others is not None]
    # By document: what corrects a restricted annex is as restricted as the annex.
    apart = {
        version.document_id for version in papers.versions_in(db, at.area.id, annexes).values()
    }
    return [
        paper
        for paper in newest(db, at)
        if paper.version.id not in sent and paper.document.id not in apart
    ]


def replaced_by(pack: SentPack, paper: Paper) -> Tab | None:
    """The tab that holds an earlier version of this paper."""
    return next((tab for tab in pack.tabs if tab.document.id == paper.document.id), None)


def place_for(pack: SentPack, paper: Paper) -> int:
    """The tab that is proposed: what it replaces, else its agency's last, else the last of all."""
    replaced = replaced_by(pack, paper)
    if replaced is not None:
        return replaced.tab
    owner = paper.document.owner_agency_id
    mine = [tab.tab for tab in pack.tabs if tab.document.owner_agency_id == owner]
    return mine[-1] if mine else pack.tabs[-1].tab


def addendum_proposal(db: Connection, at: Setting, choice: Choice) -> Addendum | None:
    """Who would get it, from when until when, and who is left out; None where there is no such
    late paper, or no such tab, any more."""
    pack = sent_pack(db, at)
    tab = None if pack is None else pack.tab(choice.after)
    if pack is None or tab is None:
        return None
    late = {paper.version.id: paper for paper in late_papers(db, at, pack)}
    paper = late.get(choice.version_id)
    if paper is None:
        return None
    before = _addenda_to(db, at, pack)
    first = 1 + sum(pages for after, pages in before if after == tab.tab)
    holds = sendings.holders_of(db, at.area.id, choice.version_id)
    candidates = [_unless_held(who, holds) for who in invitees(db, at)]
    replaced = replaced_by(pack, paper)
    proposal = propose(
        [item_of(paper, tab.tab)],
        candidates,
        {
            who.person_id: frozenset({choice.version_id})
            for who in candidates
            if who.person_id not in choice.to
        },
        paper.version.made_at,
        pack_times(db, at)[1],
        _warnings(db, at, paper, candidates, choice) if replaced else [],
        f"{SendingKind.ADDENDUM.value} {at.slot.id} {pack.sending.id} {tab.last_page} {first}",
    )
    reference = f"{pack.sending.reference}-ADD{len(before) + 1}"
    return Addendum(
        proposal, pack, paper, tab, first, reference, None if replaced is None else replaced.tab
    )


def _warnings(
    db: Connection,
    at: Setting,
    paper: Paper,
    candidates: list[Candidate],
    choice: Choice,
) -> list[str]:
    """Whoever holds what was corrected should be told (rule 57): the addendum tells them."""
    old = earlier_holders(db, at, paper)
    return [
        f"{who.name} has the earlier version and is not sent the corrected one."
        for who in sorted(candidates, key=lambda who: who.name)
        if who.left_out is None and who.person_id in old - choice.to
    ]


def earlier_holders(db: Connection, at: Setting, paper: Paper) -> frozenset[PersonId]:
    """Everybody who has an earlier version of this paper, in a pack or in an addendum."""
    earlier = [
        version.id
        for version in papers.versions_of(db, at.area.id, paper.document.id)
        if version.number < paper.version.number
    ]
    holders = [sendings.holders_of(db, at.area.id, version) for version in earlier]
    return frozenset().union(*holders)


def _unless_held(who: Candidate, holds: frozenset[PersonId]) -> Candidate:
    has_it = who.left_out is None and who.person_id in holds
    return replace(who, left_out=LeftOut.HAS_IT) if has_it else who


def _addenda_to(db: Connection, at: Setting, pack: SentPack) -> list[tuple[int, int]]:
    """Tab and pages of every addendum this pack ever had, so that no number comes twice."""
    own = [
        sending.id
        for sending in sendings.sendings_of(db, at.area.id, at.slot.id)
        if sending.kind is SendingKind.ADDENDUM
        and sending.reference.startswith(f"{pack.sending.reference}-ADD")
    ]
    entries = [each[0] for each in sendings.layouts_in(db, at.area.id, own).values()]
    found = papers.versions_in(db, at.area.id, [entry.paper_version_id for entry in entries])
    return [(entry.tab, found[entry.paper_version_id].pages) for entry in entries]
