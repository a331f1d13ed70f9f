"""A second coordinator approves: somebody who lost all they sign in with begins anew.

Their old keyring and every way to unlock it go, with their second factors, their sessions and every
wrap of theirs. Their old public key is kept for what it signed, and the ledger says that it ended:
rows that bring it back change nothing. They join again by a link, for the same account; their new
key receives nothing until a coordinator has confirmed its words. What is still open waits for that,
and is then given by a coordinator's click, as to anybody whose key was waited for.

Neither of the two coordinators learns a secret of theirs, and neither can do it alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed, line
from portal.domain.grants import GrantState
from portal.domain.ids import PersonId, VersionId
from portal.domain.people import UNIT, Account, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.giving.granting import assert_exact
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import link_for
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.keys.proof_person import proofing_of
from portal.journeys.meetings.slots import area_of
from portal.journeys.signing_in.second_factor import spend
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import (
    cards,
    factors,
    former_keys,
    generators,
    keys,
    papers,
    passkeys,
    people,
    providers,
    sendings,
    sessions,
)

ACTION = Action.DECIDE_PERSON_RENEW


@dataclass(frozen=True)
class Renewed:
    """How many copies wait for the new key. `held_unit_key`: whoever has the old keyring and a copy
    of the database from before can open the unit's papers, so the unit's key should be changed."""

    waiting: int
    held_unit_key: bool


def renew_person(house: House, who: Who, person_id: PersonId, code: str) -> Renewed:
    """Raises Refused, CodeRefused, KeyAlarm or Changed; then nothing has changed."""
    area_id = who.actor.area_id
    with looking(house, who.actor, subject=person_id) as look:
        found = proofing_of(house, look.db, area_id, person_id)
        if found is None:
            raise Refused(ACTION, Why.NOT_THERE)
        look.require(ACTION, found.facts)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=person_id) as deed:
        found = proofing_of(house, deed.db, area_id, person_id)
        person = people.load(deed.db, area_id, person_id)
        if found is None or person is None or person.account is not Account.ENROLLED:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.require(found.facts)
        require_as_invited(house, deed.db, person, "")
        key = keys.public_key_of(deed.db, area_id, person_id)
        confirmation = keys.confirmation_of(deed.db, area_id, person_id)
        waiting = _wait_again(deed, person)
        gone = papers.remove_headers_of(deed.db, area_id, person_id)
        gone += keys.remove_unit_wrap(deed.db, area_id, person_id)
        former = "" if key is None else fingerprint(key.recipient, key.sign_public)
        position = deed.note(
            line(
                Deed.PERSON_RENEWED,
                person=person_id,
                former=former,
                proofed_by=found.proofed_by,
                copies_waiting=len(waiting),
                wraps_deleted=gone,
            )
        )
        if key is not None and confirmation is not None:
            former_keys.save(
                deed.db,
                former_keys.FormerKey(
                    person_id,
                    position,
                    area_id,
                    key.recipient,
                    key.sign_public,
                    former,
                    confirmation.statement,
                    confirmation.signature,
                    confirmation.confirmed_by,
                    confirmation.ledger_position,
                    confirmation.words_id,
                ),
            )
        _forget_secrets(deed, person)
        people.set_account(deed.db, area_id, person_id, Account.INVITED)
        assert_exact(deed.db, area_id, waiting)
        _tell(deed, person, found.proofed_by)
    return Renewed(len(waiting), bool(person.roles & UNIT))


def _wait_again(deed: Doing, person: Person) -> list[VersionId]:
    """Every copy they were given waits for a key; returns the versions."""
    found = []
    for grant in sendings.grants_of_person(deed.db, deed.area_id, person.id):
        if grant.state is not GrantState.GRANTED:
            continue
        if not sendings.settle_grant(
            deed.db,
            grant,
            GrantState.WAITING,
            deed.now,
            manifest_id=grant.manifest_id,
            opens_at=grant.opens_at,
            closes_at=grant.closes_at,
        ):
            raise Changed
        found.append(grant.version_id)
    return found


def _forget_secrets(deed: Doing, person: Person) -> None:
    db, area_id = deed.db, deed.area_id
    keys.forget_keys(db, area_id, person.id)
    for app in generators.of_person(db, person.id):
        generators.drop(db, person.id, app.id)
    for card in cards.of_person(db, person.id):
        cards.drop(db, person.id, card.id)
    for passkey in passkeys.of_person(db, person.id):
        passkeys.drop(db, person.id, passkey.id)
    factors.save_backup_codes(db, person.id, [])
    factors.remove_devices(db, person.id)
    providers.remove_link(db, area_id, person.id)
    sessions.end_all(db, person.id)


def _tell(deed: Doing, person: Person, proofed_by: PersonId) -> None:
    area = area_of(deed.db, deed.area_id, ACTION)
    # The line of the invitation, and the link with which they join again.
    link_for(deed, area, person)
    known = people.of_area(deed.db, deed.area_id)
    told = {area.unit_email, person.email}
    told |= {known[each].email for each in (proofed_by, deed.actor.person_id) if each in known}
    for address in sorted(told):
        deed.tell(
            Kind.ACCOUNT_RENEWED, address, area=area.name, path="/account/lost", phone=area.phone
        )
