"""Whether a report is about the individual of its case: the date of birth in it is typed (rule 22).

Each try is counted before it is compared; after five wrong ones the file is gone.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from portal.domain.cases import Particulars
from portal.domain.deeds import Deed, line
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, tending
from portal.journeys.house import House, Who
from portal.journeys.meetings.particulars import open_particulars
from portal.journeys.opening.opened import NotGiven
from portal.journeys.reports.asked import Asked, asked
from portal.journeys.reports.candidate import MOST_TRIES, forget_payloads
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import candidates, papers
from portal.records.candidates import Candidate

ACTION = Action.AGENCY_REPORT_UPLOAD
WRONG_DATE = "wrong_date_of_birth"
GONE = "The file is no longer here. Choose it again."


class WrongBirthDate(Exception):
    """Not the individual's date of birth. `left`: tries that remain; at 0 the file is gone."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left

    @property
    def words(self) -> str:
        if self.left:
            return (
                "That is not the date of birth of this case's individual. "
                "Check that the report is about the right person."
            )
        return (
            "That was not the date of birth of this case's individual, five times. The file has "
            "been removed. Check that the report is about the right person, then choose it again."
        )


def individual_of(house: House, who: Who, db: Connection, at: Asked) -> Particulars:
    """Who the case is about. Raises Refused for somebody who was not given that, Spoilt."""
    header = papers.header_for(
        db, at.case.area_id, at.case.particulars_version, who.actor.person_id
    )
    if header is None:
        raise Refused(ACTION, Why.CANNOT_OPEN_YET)
    try:
        return open_particulars(
            house, db, at.case, who.actor.person_id, header.fingerprint, who.identities()
        )
    except NotGiven:
        raise Refused(ACTION, Why.CANNOT_OPEN_YET) from None


def require_born(
    house: House, who: Who, candidate: Candidate, individual: Particulars, born: date
) -> None:
    """Raises WrongBirthDate, or Changed when the file is no longer there."""
    # Counted before it is compared, so that tries made at once see each other.
    with tending(house) as db:
        tries = candidates.count_try(db, candidate.area_id, candidate.id)
    if tries is None:
        raise Changed(GONE)
    if tries <= MOST_TRIES and born == individual.born:
        return
    left = max(0, MOST_TRIES - tries)
    if not left:
        _drop(house, who, candidate)
    raise WrongBirthDate(left)


def _drop(house: House, who: Who, candidate: Candidate) -> None:
    request_id = candidate.request_id
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(asked(deed.db, deed.area_id, request_id, ACTION).facts)
        candidates.drop(deed.db, deed.area_id, candidate.id)
        deed.note(
            line(
                Deed.FILE_REFUSED,
                subject=request_id,
                code=WRONG_DATE,
                size=candidate.clear_size,
            )
        )
    forget_payloads(house, candidate.payloads)
