"""The pages about an addendum: where it belongs and whom it is for, and what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.packs import Proposal
from portal.domain.papers import FORMS, called
from portal.journeys.deed import Looking, looking
from portal.journeys.extracts.proven_extract import named_both_ways
from portal.journeys.house import House, Who
from portal.journeys.packs.proposing import Paper, Setting, invitees, setting
from portal.journeys.packs.proposing_addendum import (
    Addendum,
    Choice,
    SentPack,
    Tab,
    addendum_proposal,
    earlier_holders,
    late_papers,
    place_for,
    replaced_by,
    sent_pack,
)
from portal.journeys.restricted.about import about
from portal.journeys.views.dormant import asleep_in
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sendings


@dataclass(frozen=True)
class LatePaper:
    """A paper that is not in the pack that was sent. `replaces` is the tab of its
    `earlier` version; `sent_to` how many people have it in an addendum already."""

    version_id: VersionId
    title: str
    came_at: datetime
    replaces: int | None
    sent_to: int
    earlier: VersionId | None = None


def late_lines(look: Looking, at: Setting) -> tuple[LatePaper, ...]:
    """Everything that came in after the pack somebody can still open was sent."""
    pack = sent_pack(look.db, at)
    if pack is None or not pack.tabs:
        return ()
    return tuple(_line(look, at, pack, paper) for paper in late_papers(look.db, at, pack))


def _line(look: Looking, at: Setting, pack: SentPack, paper: Paper) -> LatePaper:
    replaced = replaced_by(pack, paper)
    return LatePaper(
        paper.version.id,
        title_of(at, paper),
        paper.version.made_at,
        None if replaced is None else replaced.tab,
        len(sendings.holders_of(look.db, at.area.id, paper.version.id)),
        None if replaced is None else replaced.version_id,
    )


def title_of(at: Setting, paper: Paper) -> str:
    """The form with the agency that it came from."""
    return f"{FORMS[paper.form_code]} ({at.agencies[paper.document.owner_agency_id].name})"


@dataclass(frozen=True)
class ChoosePage:
    """`tabs` are those of the pack with the last of their pages; `after` is the one proposed.
    `readers` are those who can be sent something and do not have it: id, name, agency; those in
    `holding` have an earlier version of it."""

    at: Setting
    paper: LatePaper
    pack: str
    tabs: tuple[tuple[int, str], ...]
    after: int
    readers: tuple[tuple[PersonId, str, str], ...]
    holding: frozenset[PersonId]


def choose_page(house: House, who: Who, slot_id: SlotId, version_id: VersionId) -> ChoosePage:
    """Raises Refused, also where there is no such late paper."""
    area_id, action = who.actor.area_id, Action.UNIT_PACK_READ
    with looking(house, who.actor, slot_id) as look:
        look.require(action, about(look, slot_id))
        at = setting(house, look.db, area_id, slot_id)
        pack = sent_pack(look.db, at)
        found = [] if pack is None else late_papers(look.db, at, pack)
        paper = next((each for each in found if each.version.id == version_id), None)
        if pack is None or paper is None:
            raise Refused(action, Why.NOT_THERE)
        holds = sendings.holders_of(look.db, area_id, version_id)
        readers = [
            (each.person_id, each.name, each.agency)
            for each in invitees(look.db, at)
            if each.left_out is None and each.person_id not in holds
        ]
        return ChoosePage(
            at,
            _line(look, at, pack, paper),
            pack.sending.reference,
            tuple((tab.tab, _place(at, tab)) for tab in pack.tabs),
            place_for(pack, paper),
            tuple(sorted(readers, key=lambda each: (each[2], each[1]))),
            earlier_holders(look.db, at, paper),
        )  # fmt: skip


def _place(at: Setting, tab: Tab) -> str:
    owner = at.agencies[tab.document.owner_agency_id].name
    return f"Tab {tab.tab}: {called(tab.document.form_code, owner)}, after page {tab.last_page}"


@dataclass(frozen=True)
class SendAddendumPage:
    """What the coordinator confirms. `digest` goes back with the code; `both_ways` names those who
    hold an extract of this paper, so that it cannot be sent yet (rule 37)."""

    at: Setting
    addendum: Addendum
    title: str
    digest: str
    titles: Mapping[int, str]
    both_ways: tuple[str, ...]
    asleep: frozenset[PersonId]
    """Whose account is closed because nobody used it."""

    @property
    def proposal(self) -> Proposal:
        return self.addendum.proposal


def send_addendum_page(house: House, who: Who, slot_id: SlotId, choice: Choice) -> SendAddendumPage:
    """Every person, the paper, its pages, its times, and who is left out (rule 38).

    Raises Refused, also where there is no such late paper or tab.
    """
    area_id, action = who.actor.area_id, Action.DECIDE_PACK_SEND
    with looking(house, who.actor, slot_id) as look:
        look.require(action, about(look, slot_id))
        at = setting(house, look.db, area_id, slot_id)
        addendum = addendum_proposal(look.db, at, choice)
        if addendum is None:
            raise Refused(action, Why.NOT_THERE)
        title = title_of(at, addendum.paper)
        both_ways = named_both_ways(house, look.db, at, addendum.proposal)
        digest, titles = addendum.proposal.digest(), {addendum.tab.tab: title}
        asleep = asleep_in(look.db, area_id, look.now)
        return SendAddendumPage(at, addendum, title, digest, titles, both_ways, asleep)
