"""Single sign-on as pages show it: to whoever signs in, to its keepers, to oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.facts import InArea
from portal.domain.ids import AgencyId
from portal.domain.people import Agency
from portal.domain.sign_on import ProviderState
from portal.identity.sign_on.client import Client
from portal.journeys.agencies.providers import SignOnFailed, is_digest, is_true, living, opened
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.signing_in.recall import Recalled
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, people, providers
from portal.records.database import reading


@dataclass(frozen=True)
class Choice:
    """An agency whose people may sign in through it, as anybody may see."""

    agency_id: AgencyId
    agency: str
    area: str


@dataclass(frozen=True)
class AgencyRow:
    """`state` is None where nothing is recorded."""

    agency: Agency
    state: ProviderState | None


@dataclass(frozen=True)
class ProviderPage:
    """`client` is None where nothing is recorded, or it was changed from outside (`spoilt`).
    `tried_at` is when a trial passed with the settings on record."""

    agency: Agency
    state: ProviderState | None
    client: Client | None
    spoilt: bool
    tried_at: datetime | None
    may_record: bool


@dataclass(frozen=True)
class OwnSignOn:
    """`offered`: the agency's people may sign in through it now."""

    agency: Agency
    offered: bool
    since: datetime | None


def sign_on_choices(house: House) -> list[Choice]:
    """Every agency with single sign-on, by name."""
    with reading(house.engine) as db:
        rows = providers.in_state(db, ProviderState.OPEN)
        titles = {area.id: area.name for area in areas.all_areas(db)}
        names = {
            agency.id: agency.name
            for area_id in {row.area_id for row in rows}
            for agency in people.agencies_of(db, area_id).values()
        }
    found = [Choice(row.agency_id, names[row.agency_id], titles[row.area_id]) for row in rows]
    return sorted(found, key=lambda choice: (choice.agency.casefold(), choice.area.casefold()))


def choice_of(house: House, agency_id: AgencyId) -> str:
    """The name of an agency with single sign-on. Raises SignOnFailed where there is none."""
    with reading(house.engine) as db:
        row = living(house, db, agency_id).row
        agency = people.load_agency(db, row.area_id, row.agency_id)
    if agency is None:
        raise SignOnFailed("closed")
    return agency.name


def leaving(house: House, agency_id: AgencyId) -> tuple[str, str, str] | None:
    """The agency's name, where its provider signs people out, and our name there; None where it
    offers no such thing."""
    try:
        name = choice_of(house, agency_id)
        with reading(house.engine) as db:
            client = living(house, db, agency_id).client
        address = house.sign_on.end_session(client, house.clock.now())
    except SignOnFailed:
        return None
    return (name, address, client.client_id) if address else None


def providers_page(house: House, who: Who) -> list[AgencyRow]:
    """Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.SIGN_ON_READ, InArea(who.actor.area_id))
        found = people.agencies_of(look.db, who.actor.area_id).values()
        states = {row.agency_id: row.state for row in providers.of_area(look.db, who.actor.area_id)}
    return [AgencyRow(agency, states.get(agency.id)) for agency in found]


def provider_page(
    house: House, who: Who, agency_id: AgencyId, action: Action = Action.SIGN_ON_READ
) -> ProviderPage:
    """For a page on which `action` is asked for. Raises Refused."""
    with looking(house, who.actor, subject=agency_id) as look:
        look.require(action, InArea(who.actor.area_id))
        agency = people.load_agency(look.db, who.actor.area_id, agency_id)
        row = providers.of_agency(look.db, who.actor.area_id, agency_id)
        if agency is None:
            raise Refused(action, Why.NOT_THERE)
        may = look.may(Action.SIGN_ON_RECORD, InArea(who.actor.area_id))
    if row is None:
        return ProviderPage(agency, None, None, False, None, may)
    try:
        client = opened(house, row).client
    except SignOnFailed:
        return ProviderPage(agency, row.state, None, True, None, may)
    tried_at = row.tried_at if is_digest(house, client, row.tried) else None
    return ProviderPage(agency, row.state, client, False, tried_at, may)


def own_sign_on(house: House, found: Recalled) -> OwnSignOn:
    """Raises Refused."""
    with looking(house, found.actor()) as look:
        look.require(Action.OWN_ACCOUNT_READ, InArea(found.person.area_id))
        row = providers.of_agency(look.db, found.person.area_id, found.person.agency_id)
        link = providers.link_of(look.db, found.person.id)
    tied = link is not None and is_true(house, link) and link.agency_id == found.agency.id
    offered = row is not None and row.state is ProviderState.OPEN
    return OwnSignOn(found.agency, offered, link.made_at if tied and link is not None else None)
