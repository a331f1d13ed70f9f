"""The page that confirms the corrected version of a restricted annex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.ids import PersonId, SendingId, VersionId
from portal.domain.packs import Proposal
from portal.domain.papers import FORMS
from portal.journeys.deed import looking
from portal.journeys.extracts.proven_extract import named_both_ways
from portal.journeys.house import House, Who
from portal.journeys.packs.proposing import Setting
from portal.journeys.packs.proposing_annex import CorrectedAnnex
from portal.journeys.packs.send_corrected_annex import ACTION, corrected_annex
from portal.journeys.restricted.about import about
from portal.journeys.views.dormant import asleep_in


@dataclass(frozen=True)
class SendAnnexPage:
    """What the coordinator confirms. `digest` goes back with the code; `both_ways` names those who
    hold an extract of this paper, so that it cannot be sent yet (rule 37)."""

    at: Setting
    corrected: CorrectedAnnex
    title: str
    digest: str
    both_ways: tuple[str, ...]
    asleep: frozenset[PersonId]
    """Whose account is closed because nobody used it."""

    @property
    def proposal(self) -> Proposal:
        return self.corrected.proposal

    @property
    def annex_titles(self) -> Mapping[VersionId, str]:
        return {self.corrected.paper.version.id: self.title}


def send_annex_page(house: House, who: Who, sending_id: SendingId) -> SendAnnexPage:
    """Every person, the paper, its times, and who is left out. Raises Refused, also where nothing
    corrects it; Spoilt, KeyAlarm."""
    with looking(house, who.actor, sending_id) as look:
        look.require(ACTION, about(look, sending_id))
        at, found = corrected_annex(look, sending_id)
        owner = at.agencies[found.paper.document.owner_agency_id].name
        title = f"{FORMS[found.paper.form_code]} ({owner})"
        both_ways = named_both_ways(house, look.db, at, found.proposal)
        asleep = asleep_in(look.db, at.area.id, look.now)
    return SendAnnexPage(at, found, title, found.proposal.digest(), both_ways, asleep)
