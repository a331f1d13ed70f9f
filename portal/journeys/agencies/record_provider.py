"""Record an agency's provider of single sign-on, or change it: for trial, then open, or closed.

By a co-ordinator, a deputy or the operator, with an unused code. Whatever was changed is on trial
again, and everybody's ties to another issuer end: whoever an old provider called by a name is not
whoever a new one calls so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId
from portal.domain.sign_on import ProviderState
from portal.identity.sign_on.addresses import NotReached, check_address
from portal.identity.sign_on.client import BadClient, Client, Demand
from portal.journeys.agencies.providers import (
    Provider,
    SignOnFailed,
    digest,
    is_digest,
    opened,
    sealed,
)
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, providers
from portal.records.providers import ProviderRow

ACTION = Action.SIGN_ON_RECORD


@dataclass(frozen=True)
class NewSettings:
    """What is typed. An empty secret keeps the one on record."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    demand: Demand


def record_provider(
    house: House, who: Who, agency_id: AgencyId, new: NewSettings, code: str
) -> None:
    """Raises Refused, CodeRefused, Unacceptable (any field)."""
    with looking(house, who.actor, subject=agency_id) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        before = providers.of_agency(look.db, who.actor.area_id, agency_id)
    kept = _kept(house, before)
    client = _checked(house, new, kept)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=agency_id) as deed:
        deed.require(InArea(who.actor.area_id))
        if people.load_agency(deed.db, deed.area_id, agency_id) is None:
            raise Refused(ACTION, Why.NOT_THERE)
        row = providers.of_agency(deed.db, deed.area_id, agency_id)
        providers.save(
            deed.db,
            ProviderRow(
                agency_id,
                deed.area_id,
                sealed(house, deed.area_id, agency_id, client),
                ProviderState.TRIAL,
                None,
                None,
                deed.now,
            ),
        )
        if kept is None or kept.issuer != client.issuer:
            providers.remove_links_of(deed.db, agency_id)
        settings = digest(house, client).hex()
        if row is None:
            deed.note(line(Deed.PROVIDER_RECORDED, agency=agency_id, settings=settings))
        else:
            now = ProviderState.TRIAL.value
            deed.note(line(Deed.PROVIDER_CHANGED, agency=agency_id, settings=settings, now=now))
    house.sign_on.forget(client.issuer, house.clock.now())


def open_provider(house: House, who: Who, agency_id: AgencyId, code: str) -> None:
    """Let the agency's people sign in by it: only after a trial passed with these very settings.

    Raises Refused, CodeRefused, Unacceptable.
    """
    _may(house, who, agency_id)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=agency_id) as deed:
        deed.require(InArea(who.actor.area_id))
        provider = _of(house, deed, agency_id)
        if provider.row.state is not ProviderState.TRIAL:
            raise Unacceptable("code", "It is not on trial.")
        if not is_digest(house, provider.client, provider.row.tried):
            raise Unacceptable("code", "No trial sign-in has passed with these settings yet.")
        _set(house, deed, provider, ProviderState.OPEN)


def close_provider(house: House, who: Who, agency_id: AgencyId) -> None:
    """Nobody signs in by it any more. It takes no code: it only takes away. Raises Refused."""
    _may(house, who, agency_id)
    with doing(house, who.actor, ACTION, subject=agency_id) as deed:
        deed.require(InArea(who.actor.area_id))
        _set(house, deed, _of(house, deed, agency_id), ProviderState.CLOSED)


def _kept(house: House, row: ProviderRow | None) -> Client | None:
    """What is on record; None where there is nothing, or it was changed from outside."""
    try:
        return None if row is None else opened(house, row).client
    except SignOnFailed:
        return None


def _may(house: House, who: Who, agency_id: AgencyId) -> None:
    with looking(house, who.actor, subject=agency_id) as look:
        look.require(ACTION, InArea(who.actor.area_id))


def _of(house: House, deed: Doing, agency_id: AgencyId) -> Provider:
    row = providers.of_agency(deed.db, deed.area_id, agency_id)
    if row is None:
        raise Refused(ACTION, Why.NOT_THERE)
    try:
        return opened(house, row)
    except SignOnFailed:
        raise Unacceptable(
            "", "These settings were changed from outside: type them again."
        ) from None


def _set(house: House, deed: Doing, provider: Provider, state: ProviderState) -> None:
    row = provider.row
    providers.save(
        deed.db,
        ProviderRow(
            row.agency_id,
            row.area_id,
            row.settings,
            state,
            row.tried,
            row.tried_at,
            deed.now,
        ),
    )
    deed.note(
        line(
            Deed.PROVIDER_CHANGED,
            agency=row.agency_id,
            settings=digest(house, provider.client).hex(),
            now=state.value,
        )
    )


def _checked(house: House, new: NewSettings, kept: Client | None) -> Client:
    issuer = new.issuer.strip()
    try:
        check_address(issuer, trial=house.sign_on.trial)
        if "?" in issuer:
            raise NotReached("address")
    except NotReached:
        raise Unacceptable(
            "issuer", "Write the issuer as the agency's IT gave it: an address beginning https://"
        ) from None
    secret = new.client_secret.strip()
    if not secret and kept is not None:
        # A secret on record goes only to the issuer it was given for.
        if kept.issuer != issuer:
            raise Unacceptable("client_secret", "Another issuer needs a secret of its own.")
        secret = kept.client_secret
    try:
        return Client(issuer, new.client_id.strip(), secret, new.demand)
    except BadClient as bad:
        raise Unacceptable(bad.field, _WORDS[bad.field]) from None


_WORDS = {
    "client_id": "Write the client ID as the agency's IT gave it.",
    "client_secret": "Write the client secret as the agency's IT gave it: 16 characters or more.",
}
