"""A coordinator sends a paper that came in after the pack, as a dated addendum (rules 21, 38).

It is bound alone, numbered after the page it belongs to, and sealed, granted, told and taken back
by itself; the pack that was sent is not touched. As with a pack, what was on the page is what is
sent, with an unused code, or nothing is.
"""

from __future__ import annotations

from portal.documents.bind import Apart, Bound, Paper, bind_apart
from portal.documents.headings import NOTE
from portal.domain.addenda import label
from portal.domain.clocks import london
from portal.domain.deeds import Deed
from portal.domain.grants import SendingKind, terms_of
from portal.domain.ids import SlotId
from portal.domain.papers import TITLES, Kind, called
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.extracts.proven_extract import require_sendable
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.packs.layouts import Cover, Layout, open_items, seal_bound, without_headings
from portal.journeys.packs.overriding import reason_for
from portal.journeys.packs.proposing import Setting, setting
from portal.journeys.packs.proposing_addendum import Addendum, Choice, addendum_proposal
from portal.journeys.packs.send_prepared import NothingToSend, send_prepared
from portal.journeys.restricted.about import about
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.policy.actions import Action

ACTION = Action.DECIDE_PACK_SEND
TITLE = "Addendum"


def send_addendum(
    house: House,
    who: Who,
    slot_id: SlotId,
    choice: Choice,
    digest: str,
    code: Given,
    reason: str = "",
    *,
    download: bool = True,
) -> Dispatched:
    """Send exactly what the page with this digest showed for this choice.

    Raises Changed when it is no longer that, BothWays (rule 37), Unacceptable without a reason
    where it warned, CodeRefused, NothingToSend, KeyAlarm, Refused; then nothing was sent.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, about(look, slot_id))
        at = setting(house, look.db, area_id, slot_id)
        addendum = addendum_proposal(look.db, at, choice)
        if addendum is None or addendum.proposal.digest() != digest:
            raise Changed
        proposal = addendum.proposal
        if not proposal.readers or look.now >= proposal.closes_at:
            raise NothingToSend
        require_sendable(house, look.db, area_id, proposal, slot_id)
    given = reason_for(proposal, reason)
    spend(house, who.actor, code)
    with house.reading_room.seat():
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_behind(house, look.db, who, slot_id)
            clear = open_items(house, look.db, area_id, unit, proposal.items)
        prepared = seal_bound(
            house,
            who,
            at,
            unit.public,
            bind_addendum(at, addendum, clear[choice.version_id]),
            proposal.readers,
            kind=Kind.ADDENDUM,
            window=(proposal.opens_at, proposal.closes_at),
            policy=terms_of(SendingKind.ADDENDUM, download=download),
        )
        del clear
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        at = setting(house, deed.db, area_id, slot_id)
        now = addendum_proposal(deed.db, at, choice)
        if now is None or now.proposal.digest() != digest or now.reference != addendum.reference:
            raise Changed
        layout = Layout((addendum.tab.tab,), proposal.closes_at, proposal.readers, prepared)
        return send_prepared(
            deed,
            at,
            proposal,
            [layout],
            unit.public,
            given,
            leaves=Deed.ADDENDUM_SENT,
            kind=SendingKind.ADDENDUM,
            reference=addendum.reference,
            digest=digest,
            version=choice.version_id,
            pack=addendum.pack.sending.id,
            label=addendum.label,
        )


def bind_addendum(at: Setting, addendum: Addendum, clear: bytes) -> Bound:
    """The paper with a cover that says when it came in and where it belongs."""
    item, tab = addendum.proposal.items[0], addendum.tab
    came = london(addendum.paper.version.made_at)
    where = (
        f"After page {tab.last_page} (Tab {tab.tab}) of {addendum.pack.sending.reference}, "
        f"as pages {addendum.label}"
    )
    if addendum.replaces is not None:
        where += f". It replaces Tab {addendum.replaces}"
    paper = Paper(
        tab=item.tab,
        title=TITLES[item.form_code],
        owner=(owner := at.agencies[item.owner_agency_id].name),
        name=called(item.form_code, owner),
        pdf_clear=clear,
        pages=item.pages,
        note=NOTE if without_headings({item.version_id: clear}) else "",
    )
    apart = Apart(
        where,
        f"{tab.last_page}, addendum",
        lambda page: label(tab.last_page, addendum.first + page - 1),
    )
    cover = Cover(f"{TITLE} of {came:%-d %B %Y}", addendum.reference)
    return bind_apart(cover.front(at), paper, apart)
