"""The unit arranges a pack: which papers, in what order, for whom, open when (rules 31, 36).

Nothing is sent by it, and it may be done again until the pack goes. Papers not chosen stay where
they are, and a person gets the papers chosen for them and no other: who is invited later, and what
comes in later, is left out until somebody chooses. A restricted annex stands apart, with what the
chair chose that others see of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.meetings import Answer
from portal.domain.packs import Others
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing
from portal.journeys.extracts.offered import offered, require_one_form
from portal.journeys.house import House, Who
from portal.journeys.packs.proposing import available, setting
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import arrangements, meetings

LONGEST = timedelta(days=184)


class BecomesAnnex(Exception):
    """These `papers` become restricted annexes, and whoever is chosen for them was chosen for a
    paper of the pack. Nothing was done: who gets them is chosen anew."""

    def __init__(self, papers: Sequence[VersionId]) -> None:
        super().__init__(len(papers))
        self.papers = tuple(papers)


@dataclass(frozen=True)
class Arrangement:
    """The pack as it shall be: papers in order, what each person gets (of a paper either itself
    or one of its extracts), when it opens, and which of the papers are restricted annexes.
    `chosen_as_annex`: those of them whose readers were chosen when it was known to be one."""

    order: Sequence[VersionId]
    given: Mapping[PersonId, frozenset[VersionId]]
    opens_at: datetime
    closes_at: datetime
    annexes: Mapping[VersionId, Others] = field(default_factory=dict)
    chosen_as_annex: Collection[VersionId] = ()


def arrange_pack(house: House, who: Who, slot_id: SlotId, to: Arrangement) -> None:
    """Keep the arrangement.

    Raises Unacceptable (`order`, `closes_at`), Changed when a paper, extract or person in it is not
    there any more, BothWays where somebody would get two forms of one paper, BecomesAnnex,
    KeyAlarm, Refused.
    """
    with doing(house, who.actor, Action.UNIT_PACK_ARRANGE, slot_id) as deed:
        deed.require(about(deed, slot_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        if to.closes_at <= to.opens_at or to.closes_at <= deed.now:
            raise Unacceptable(
                "closes_at", "The pack must close after it opens, and later than now."
            )
        if to.closes_at > deed.now + LONGEST:
            raise Unacceptable("closes_at", "A pack may stay open for at most six months.")
        there = {paper.version.id for paper in available(deed.db, at)}
        found = offered(deed.db, deed.area_id, at.case.id, sorted(there))
        extracts = {each.version_id for made in found.values() for each in made}
        invited = {
            invitation.person_id
            for invitation in meetings.invitations_to(deed.db, deed.area_id, slot_id)
            if invitation.answer is Answer.INVITED
        }
        named = {version for papers in to.given.values() for version in papers}
        if not to.order or len(set(to.order)) != len(to.order):
            raise Unacceptable("order", "Choose at least one paper, and each only once.")
        if not {*to.order} <= there or not named <= there | extracts:
            raise Changed
        if not set(to.given) <= invited:
            raise Changed
        require_one_form(to.given, to.order, found)
        apart = {each.version_id for paper in to.annexes for each in found.get(paper, ())}
        if named & apart:
            raise Unacceptable(
                "order",
                "A restricted annex is given whole. Put the paper into the pack to give an extract "
                "of it, or choose nobody for that extract.",
            )
        chosen = frozenset(to.order) | {
            each.version_id for paper in to.order for each in found.get(paper, ())
        }
        given = {person: papers & chosen for person, papers in to.given.items() if papers & chosen}
        annexes = {version: to.annexes[version] for version in to.order if version in to.annexes}
        _require_chosen_anew(deed, slot_id, to, annexes, given)
        arrangements.save_times(
            deed.db, arrangements.PackTimes(deed.area_id, slot_id, to.opens_at, to.closes_at)
        )
        keep_arranged(deed, slot_id, to.order, given, annexes)


def _require_chosen_anew(
    deed: Doing,
    slot_id: SlotId,
    to: Arrangement,
    annexes: Mapping[VersionId, Others],
    given: Mapping[PersonId, frozenset[VersionId]],
) -> None:
    """A paper of the pack is proposed to everybody: those ticks say nothing of an annex."""
    kept = arrangements.items_of(deed.db, deed.area_id, slot_id)
    were = {entry.version_id for entry in kept if entry.others is not None}
    ticked = frozenset().union(*given.values())
    become = [v for v in annexes if v in ticked and v not in were | set(to.chosen_as_annex)]
    if become:
        raise BecomesAnnex(become)


def keep_arranged(
    deed: Doing,
    slot_id: SlotId,
    order: Sequence[VersionId],
    given: Mapping[PersonId, frozenset[VersionId]],
    annexes: Mapping[VersionId, Others],
) -> None:
    """Write the rows and the line, in the deed."""
    arrangements.arrange(deed.db, deed.area_id, slot_id, order, given, annexes)
    deed.note(
        line(
            Deed.PACK_ARRANGED,
            slot=slot_id,
            papers=list(order),
            given=[
                f"{person} {version}"
                for person in sorted(given)
                for version in sorted(given[person])
            ],
            annexes=[f"{version} {others.value}" for version, others in annexes.items()],
        )
    )
