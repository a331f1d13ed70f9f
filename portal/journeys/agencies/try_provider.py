"""Try a provider that is on trial: what it says of itself, and one sign-in by somebody of its IT.

The agency's IT has no account here, so it tries from a page of its own, while the provider is on
trial and not a moment longer. A trial signs nobody in and ties nobody to anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.ids import AgencyId
from portal.domain.people import Agency
from portal.identity.sign_on.addresses import NotReached
from portal.identity.sign_on.client import Client
from portal.identity.sign_on.provider import Check, Looked, NotRelied, look
from portal.journeys.agencies.providers import Provider, SignOnFailed, digest, living
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.signing_in.begin_sign_on import Purpose
from portal.journeys.signing_in.come_back import CameBack
from portal.records import people, providers
from portal.records.database import reading


@dataclass(frozen=True)
class TrialPage:
    """What the agency's IT sees: nothing secret, and every check of what the provider says."""

    agency: Agency
    client: Client
    looked: tuple[Looked, ...]

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.looked)


def trial_page(house: House, agency_id: AgencyId) -> TrialPage:
    """Raises SignOnFailed unless the provider is on trial."""
    with reading(house.engine) as db:
        provider = living(house, db, agency_id, trial=True)
        agency = people.load_agency(db, provider.row.area_id, provider.row.agency_id)
    if agency is None:
        raise SignOnFailed("closed")
    return TrialPage(agency, provider.client, checked(house, provider))


def checked(house: House, provider: Provider) -> tuple[Looked, ...]:
    """Every check, in order; those that could not be made are left out."""
    now = house.clock.now()
    house.sign_on.forget(provider.client.issuer, now)
    try:
        told = house.sign_on.told(provider.client.issuer, now)
    except NotReached as silent:
        return (Looked(Check.REACHED, False, silent.why),)
    looked = (Looked(Check.REACHED, True), *look(told, provider.client, trial=house.sign_on.trial))
    try:
        keys = house.sign_on.keys(house.sign_on.provider(provider.client, now), now)
    except NotReached as silent:
        return (*looked, Looked(Check.KEYS, False, silent.why))
    except NotRelied:
        return looked
    return (*looked, Looked(Check.KEYS, bool(keys)))


def try_provider(house: House, came: CameBack) -> None:
    """A trial came back with everything that is demanded: it is noted, for these very settings.

    Raises SignOnFailed where the provider was changed meanwhile.
    """
    if came.kept.purpose is not Purpose.TRIAL:
        raise SignOnFailed("elsewhere")
    with tending(house) as db:
        if living(house, db, came.provider.agency_id, trial=True).client != came.provider.client:
            raise SignOnFailed("closed")
        tried = digest(house, came.provider.client)
        providers.note_trial(db, came.provider.agency_id, tried, house.clock.now())
