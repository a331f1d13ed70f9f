"""The page on which a reader asks to pass a paper on: their papers, and people to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.disclosures import no_receiver
from portal.domain.ids import GrantId, PersonId, VersionId
from portal.domain.papers import TITLES
from portal.journeys.deed import looking
from portal.journeys.disclosure.ask_disclosure import ACTION, given_papers
from portal.journeys.house import House, Who
from portal.journeys.opening.held import held
from portal.records import papers, people


@dataclass(frozen=True)
class PassOnPage:
    """`papers`: what can be asked for (title, owner). `receivers`: whom it can be for, by agency
    (name, job, agency)."""

    grant_id: GrantId
    reference: str
    case_reference: str
    papers: tuple[tuple[VersionId, str, str], ...]
    receivers: tuple[tuple[PersonId, str, str, str], ...]


def pass_on_page(house: House, who: Who, grant_id: GrantId) -> PassOnPage:
    """Raises Refused when this copy is not open for this reader now."""
    area_id = who.actor.area_id
    with looking(house, who.actor, grant_id) as look:
        at = held(look.db, area_id, grant_id, ACTION)
        look.require(ACTION, at.facts)
        agencies = people.agencies_of(look.db, area_id)
        given = papers.documents_by_version(look.db, area_id, given_papers(look.db, at))
        receivers = [
            (person.id, person.name, person.job, agencies[person.agency_id].name)
            for person in people.of_area(look.db, area_id).values()
            if no_receiver(person, who.actor.agency_id) is None
        ]
    return PassOnPage(
        grant_id,
        at.sending.reference,
        at.case.reference,
        tuple(
            (version_id, TITLES[document.form_code], agencies[document.owner_agency_id].name)
            for version_id, document in given.items()
        ),
        tuple(sorted(receivers, key=lambda each: (each[3], each[1], each[0]))),
    )
