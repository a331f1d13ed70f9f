"""The pages about a pack: arranging it, confirming it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.deeds import Deed
from portal.domain.disposal import due_at
from portal.domain.extracts import Extract
from portal.domain.grants import Grant, GrantState, Openness, Sending, may_download, openness
from portal.domain.ids import AgencyId, GrantId, PersonId, SendingId, SlotId, VersionId
from portal.domain.meetings import Answer
from portal.domain.packs import Others, Proposal, missing
from portal.domain.papers import FORMS, Scan
from portal.journeys.deed import Looking, looking
from portal.journeys.extracts.offered import offered
from portal.journeys.extracts.proven_extract import named_both_ways
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.meetings.slots import Scene, scene_of
from portal.journeys.opening.marked_copy import said_terms
from portal.journeys.packs.proposing import (
    Setting,
    arranged,
    available,
    item_of,
    outdated,
    pack_proposal,
    pack_times,
    setting,
)
from portal.journeys.packs.proposing_annex import newer_annex
from portal.journeys.packs.standing import awaited, is_standing
from portal.journeys.restricted.about import about
from portal.journeys.views.addendum import LatePaper, late_lines
from portal.journeys.views.dormant import asleep_in
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import arrangements, meetings, papers, people, sendings


@dataclass(frozen=True)
class PaperLine:
    """A paper that may be sent: `tab` is its place, or None where it is left out; `others` is
    set for a restricted annex.

    `scanned`: a virus scanner found nothing in the file it came from. `new`: it came in after the
    pack was arranged, so nobody was chosen for it yet. `newer`: the version that corrects it, and
    when it came in; it is not used until somebody chooses it (rule 57).
    `extracts` are those of it that may be given in its place.
    """

    version_id: VersionId
    title: str
    owner: str
    pages: int
    tab: int | None
    scanned: bool
    others: Others | None = None
    new: bool = False
    newer: VersionId | None = None
    newer_at: datetime | None = None
    extracts: tuple[Extract, ...] = ()


@dataclass(frozen=True)
class ArrangePage:
    """Everything the arranging page shows. `given`: who was chosen for what; where nobody has
    `arranged` it yet, every paper is proposed to everybody, and nothing counts until it is kept.

    It opens no earlier than now, until somebody says otherwise.
    `newcomers` were invited since, and were chosen for nothing. `warnings` as on the sending page.
    `late` is what came in since a pack was sent.
    """

    at: Setting
    papers: tuple[PaperLine, ...]
    readers: tuple[tuple[PersonId, str, str], ...]
    given: Mapping[PersonId, frozenset[VersionId]]
    opens_at: datetime
    closes_at: datetime
    arranged: bool
    newcomers: frozenset[PersonId]
    warnings: tuple[str, ...]
    late: tuple[LatePaper, ...]


def arrange_page(house: House, who: Who, slot_id: SlotId) -> ArrangePage:
    """The papers there are, the people invited, and what is kept back from whom."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(Action.UNIT_PACK_READ, about(look, slot_id))
        at = setting(house, look.db, area_id, slot_id)
        entries = arrangements.items_of(look.db, area_id, slot_id)
        tabs = {entry.version_id: entry.tab for entry in entries}
        others = {entry.version_id: entry.others for entry in entries}
        there = available(look.db, at)
        found = offered(look.db, area_id, at.case.id, [paper.version.id for paper in there])
        lines = [
            PaperLine(
                paper.version.id,
                FORMS[paper.form_code],
                at.agencies[paper.document.owner_agency_id].name,
                paper.version.pages,
                tabs.get(paper.version.id) if entries else place,
                paper.version.scan is Scan.CLEAN,
                others.get(paper.version.id),
                bool(entries) and paper.version.id not in tabs,
                None if paper.newer is None else paper.newer.id,
                None if paper.newer is None else paper.newer.made_at,
                tuple(found.get(paper.version.id, ())),
            )
            for place, paper in enumerate(there, 1)
        ]
        lines.sort(key=lambda line: (line.tab is None, line.tab))
        readers = [
            (
                invitation.person_id,
                at.people[invitation.person_id].name,
                at.agencies[invitation.agency_id].name,
            )
            for invitation in meetings.invitations_to(look.db, area_id, slot_id)
            if invitation.answer is Answer.INVITED
        ]
        opens_at, closes_at = pack_times(look.db, at)
        if not entries:
            opens_at = max(opens_at, look.now.replace(second=0, microsecond=0))
        given = arrangements.given_in(look.db, area_id, slot_id)
        late = late_lines(look, at)
        items = arranged(look.db, at) if entries else [item_of(p, 1) for p in there]
        warnings = (*missing(at.slot.kind, items), *outdated(look.db, at))
    everything = frozenset(paper.version.id for paper in there)
    return ArrangePage(
        at,
        tuple(lines),
        tuple(readers),
        given if entries else {person: everything for person, _name, _agency in readers},
        opens_at,
        closes_at,
        bool(entries),
        frozenset(p for p, _name, _agency in readers if entries and p not in given),
        warnings,
        late,
    )


@dataclass(frozen=True)
class SendPage:
    """What the coordinator confirms. `digest` goes back with the code; `not_in` are the papers
    that are there and are not sent, `unscanned` those of what is sent that no virus scanner saw;
    `both_ways` names those who hold another form of one of these papers, so that nothing can be
    sent yet (rule 37)."""

    at: Setting
    proposal: Proposal
    digest: str
    titles: Mapping[int, str]
    annex_titles: Mapping[VersionId, str]
    not_in: tuple[str, ...]
    unscanned: tuple[str, ...]
    arranged: bool
    both_ways: tuple[str, ...]
    awaited: tuple[str, ...]
    """The reports that were asked for and are not answered yet."""
    asleep: frozenset[PersonId] = frozenset()
    """Whose account is closed because nobody used it."""


def send_page(house: House, who: Who, slot_id: SlotId) -> SendPage:
    """Every person, paper, time and exclusion, and who cannot open yet (rule 38)."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(Action.DECIDE_PACK_SEND, about(look, slot_id))
        at = setting(house, look.db, area_id, slot_id)
        proposal = pack_proposal(look.db, at)
        apart = [annex.item for annex in proposal.annexes]
        chosen = {item.version_id for item in (*proposal.items, *apart)}
        there = [
            (_title(at, paper.form_code, paper.document.owner_agency_id), paper.version)
            for paper in available(look.db, at)
        ]
        not_in = tuple(title for title, version in there if version.id not in chosen)
        unscanned = tuple(
            title
            for title, version in there
            if version.id in chosen and version.scan is not Scan.CLEAN
        )
        asleep = asleep_in(look.db, area_id, look.now)
        was_arranged = bool(arrangements.items_of(look.db, area_id, slot_id))
        both_ways = named_both_ways(house, look.db, at, proposal)
        owed = tuple(
            _title(at, request.form_code, request.agency_id)
            for request in awaited(look.db, area_id, slot_id)
        )
    titles = {item.tab: _title(at, item.form_code, item.owner_agency_id) for item in proposal.items}
    annexes = {i.version_id: _title(at, i.form_code, i.owner_agency_id) for i in apart}
    return SendPage(
        at,
        proposal,
        proposal.digest(),
        titles,
        annexes,
        not_in,
        unscanned,
        was_arranged,
        both_ways,
        owed,
        asleep,
    )


def _title(at: Setting, form_code: str, owner: AgencyId) -> str:
    return f"{FORMS[form_code]} ({at.agencies[owner].name})"


@dataclass(frozen=True)
class CopyLine:
    """One reader's copy: how it stands now, and when it was first and last opened."""

    grant: Grant
    name: str
    agency: str
    state: Openness
    opened: tuple[datetime, ...]

    @property
    def living(self) -> bool:
        """Whether there is anything to take back."""
        return self.grant.state in (GrantState.GRANTED, GrantState.WAITING)


@dataclass(frozen=True)
class SendingPage:
    """What became of a sending: the receipt, copy by copy."""

    at: Scene
    sending: Sending
    sent_by: str
    position: int | None
    copies: tuple[CopyLine, ...]
    may_decide: bool
    download: bool | None
    """Whether its readers may save a copy, as its manifests say; None where they differ."""
    standing: bool
    """Whether late reports go to its readers by the instruction that was signed with it."""
    corrected: bool = False
    """It is a restricted annex of which a corrected version is in."""
    disposed: bool = False
    disposed_from: datetime | None = None
    """When it is to be disposed of, if no legal hold stops it; None while somebody has it."""

    @property
    def opened(self) -> int:
        return sum(bool(line.opened) for line in self.copies)

    @property
    def living(self) -> bool:
        return any(line.living for line in self.copies)

    @property
    def waiting(self) -> int:
        return sum(line.state is Openness.WAITING for line in self.copies)

    @property
    def taken_back(self) -> int:
        return sum(line.state is Openness.TAKEN_BACK for line in self.copies)

    @property
    def opened_before(self) -> tuple[CopyLine, ...]:
        """Those who had opened what was taken back."""
        gone = Openness.TAKEN_BACK
        return tuple(line for line in self.copies if line.state is gone and line.opened)


def sending_page(
    house: House, who: Who, sending_id: SendingId, action: Action = Action.UNIT_PACK_READ
) -> SendingPage:
    """The receipt of one sending, with who has opened it and when."""
    area_id = who.actor.area_id
    with looking(house, who.actor, sending_id) as look:
        look.require(action, about(look, sending_id))
        sending = sendings.load_sending(look.db, area_id, sending_id)
        if sending is None:
            raise Refused(action, Why.NOT_THERE)
        at = scene_of(look, sending.slot_id, action)
        found = people.of_area(look.db, area_id)
        agencies = people.agencies_of(look.db, area_id)
        openings: dict[str, list[datetime]] = {}
        for opening in sendings.openings_of(look.db, area_id, sending_id):
            openings.setdefault(opening.grant_id, []).append(opening.opened_at)
        copies = tuple(
            CopyLine(
                grant,
                found[grant.person_id].name,
                agencies[found[grant.person_id].agency_id].name,
                openness(grant, look.now),
                tuple(openings.get(grant.id, ())),
            )
            for grant in sendings.grants_of_sending(look.db, area_id, sending_id)
        )
        return SendingPage(
            at,
            sending,
            found[sending.sent_by].name,
            _position(look, sending, copies),
            copies,
            look.may(Action.DECIDE_ACCESS_TAKE_BACK, about(look, sending_id)),
            _download(look, copies),
            is_standing(house, look.db, sending, look.now),
            newer_annex(look.db, sending) is not None,
            proven_line_of(house, look.db, area_id, Deed.SENDING_DISPOSED, sending=sending_id)
            is not None,
            due_at(line.grant for line in copies),
        )


def _download(look: Looking, copies: tuple[CopyLine, ...]) -> bool | None:
    """For the page alone: who opens a copy is held to the manifest that was proven."""
    found = {
        may_download(said_terms(row))
        for version_id in sorted({line.grant.version_id for line in copies})
        for row in papers.manifests_of(look.db, look.actor.area_id, version_id)[:1]
    }
    return found.pop() if len(found) == 1 else None


def take_back_page(
    house: House, who: Who, sending_id: SendingId, person_id: PersonId | None
) -> SendingPage:
    """What would be taken back: the sending, or one person's copy alone.

    Raises Refused, also where this person has no copy of it.
    """
    action = Action.DECIDE_ACCESS_TAKE_BACK
    found = sending_page(house, who, sending_id, action)
    copies = tuple(c for c in found.copies if person_id in (None, c.grant.person_id))
    if not copies:
        with looking(house, who.actor, sending_id):
            raise Refused(action, Why.NOT_THERE)
    return replace(found, copies=copies)


def _position(look: Looking, sending: Sending, copies: tuple[CopyLine, ...]) -> int | None:
    """The line of the ledger that holds this sending."""
    for version_id in sorted({line.grant.version_id for line in copies}):
        for row in papers.manifests_of(look.db, look.actor.area_id, version_id):
            if row.made_at == sending.sent_at:
                return row.ledger_position
    return None


@dataclass(frozen=True)
class CopyPage:
    """One reader's copy, with the sending that it is of: to give more time, or take it back."""

    at: Scene
    sending: Sending
    copy: CopyLine


def copy_page(house: House, who: Who, grant_id: GrantId) -> CopyPage:
    """For a coordinator. Raises Refused where there is no such grant."""
    action = Action.DECIDE_ACCESS_EXTEND
    area_id = who.actor.area_id
    with looking(house, who.actor, grant_id) as look:
        look.require(action, about(look, grant_id))
        grant = sendings.load_grant(look.db, area_id, grant_id)
        if grant is None:
            raise Refused(action, Why.NOT_THERE)
    page = sending_page(house, who, grant.sending_id)
    copy = next(line for line in page.copies if line.grant.id == grant_id)
    return CopyPage(page.at, page.sending, copy)
