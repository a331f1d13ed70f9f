"""Join: a passphrase, a second factor, codes on paper, and then an account with a key of its own.

Each step is kept, and each begins a new session in place of the one before, so that no step can
be skipped or gone back to; whoever stopped half way goes on there by their link (go_on.py). The
account opens with the last step alone: then the link is spent, the public key is registered, and
the unit is told that it waits to be confirmed. Until somebody has spoken to its owner it receives
nothing. The second factor is set in join_factor.py, or is the agency's single sign-on
(join_sign_on.py).
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.crypto.keyring import new_keyring
from portal.domain.deeds import Deed, line
from portal.domain.people import Account, Person
from portal.identity import passphrase, throttle_keys
from portal.identity.invitation import NotUsable
from portal.journeys.across.register_elsewhere import register_elsewhere
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.journeys.joining import saved
from portal.journeys.joining.follow_link import HasAccount, has_account
from portal.journeys.joining.go_on import PURPOSE
from portal.journeys.joining.join_factor import first_code_app
from portal.journeys.joining.join_sign_on import FACTOR
from portal.journeys.joining.joined_before import telling
from portal.journeys.joining.steps import keyring_of, next_session, step, still_joining
from portal.journeys.keys.register_key import register_key
from portal.journeys.own_account.own_codes import Codes, codes_to_show, forget, is_group
from portal.journeys.own_account.own_factors import factors_of
from portal.journeys.signing_in.left_there import require_still_there
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.unlocking import new_passphrase_unlock, reseal
from portal.journeys.signing_in.whole_session import SignedIn, begin_whole
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.records import cards, factors, generators, keys, people, providers, sessions, uses
from portal.records.database import reading


def context_words(half: Recalled) -> list[str]:
    """What somebody would try first for this person."""
    return [half.person.name, half.person.email, half.agency.name, half.area.name, half.person.job]


def set_first_passphrase(
    house: House, half: Recalled, passphrase_clear: str, address: str = ""
) -> bytes:
    """Make the person's keyring, unlocked by this passphrase, and a secret for a code app.
    `address` is the connection's, if there is one.

    Returns the secret of the next session. Raises WeakPassphrase, NotUsable.
    """
    passphrase.check(passphrase_clear, context_words(half))
    unlock = new_passphrase_unlock(house, half.person, passphrase_clear)
    keyring = new_keyring()
    app = first_code_app(house, half.person)
    with step(house, half) as (db, person):
        keys.remove_unlocks(db, person.account_id)
        forget(db, person)
        providers.remove_link(db, person.area_id, person.id)
        # What an earlier beginning left goes; a card that was handed over stays.
        for old in generators.of_person(db, person.account_id):
            generators.drop(db, person.account_id, old.id)
        for card in cards.of_person(db, person.account_id):
            if card.made_by == person.id:
                cards.drop(db, person.account_id, card.id)
        reseal(db, person, keyring, unlock)
        saved.save(house, db, person, keyring)
        # Whoever guessed at the passphrase before guessed at another one.
        for tries in _tries(house, person, address):
            factors.clear_bucket(db, tries)
        generators.save(db, app)
        return next_session(house, db, half, keyring)


def codes_to_write_down(house: House, half: Recalled) -> Codes:
    """The codes of the step before. Raises NotUsable when there are none."""
    codes = codes_to_show(house, half.person, keyring_of(half))
    if codes is None:
        raise NotUsable("no codes")
    return codes


def join(house: House, half: Recalled, typed_group: str, *, shared: bool) -> SignedIn:
    """The last step: one part of the recovery code, typed back. The account opens. `shared` as in
    sign_in.give_code.

    Raises Unacceptable when it is not that part, NotUsable when the link was spent, withdrawn or
    ran out meanwhile; HasAccount where they joined another area with this address meanwhile
    (nothing is done, and the link still works); SignOnFailed for whoever has joined, but was
    signed out at their agency meanwhile.
    """
    if not is_group(codes_to_write_down(house, half), typed_group):
        raise Unacceptable(
            "group", "That is not the part we asked for. Look at what you wrote down."
        )
    keyring = keyring_of(half)
    leaves = (Deed.KEY_REGISTERED, Deed.PERSON_JOINED, Deed.SESSION_OPENED)
    others = [each.area_id for each in half.elsewhere]
    with telling(house), unjudged(house, half.actor(), *leaves, besides=others) as deed:
        person = still_joining(house, deed.db, half)
        link = sessions.link_of(deed.db, person.id)
        if link is None or deed.now >= link.expires_at:
            raise NotUsable("expired")
        if has_account(deed.db, person):
            # Meanwhile they joined another area with this address: one address is one account.
            raise HasAccount
        if not sessions.spend_link(deed.db, link.token_hash, deed.now):
            raise NotUsable("used")
        try:
            people.set_account(deed.db, person.area_id, person.id, Account.ENROLLED)
        except people.AddressTaken:
            raise HasAccount from None
        register_key(deed, person, keyring)
        register_elsewhere(deed, half)
        forget(deed.db, person)
        saved.forget(deed.db, person)
        done = begin_whole(
            deed,
            person,
            keyring,
            shared=shared,
            factor_at=half.session.factor_at,
            instead_of=half.session.id,
            sign_on=half.session.sign_on,
        )
        uses.save(deed.db, uses.Use(person.id, person.area_id, deed.now))
        deed.note(line(Deed.PERSON_JOINED, person=person.id))
        factor = _set_a_step_ago(house, deed.db, person)
        deed.note(line(Deed.SESSION_OPENED, person=person.id, factor=factor))
        deed.tell(
            Kind.KEY_WAITS,
            half.area.unit_email,
            area=half.area.name,
            path=f"/unit/people/{person.id}/confirm",
        )
    _require_still_there(house, half, done)
    return done


def _tries(house: House, person: Person, address: str) -> list[str]:
    """What a success clears: the counter of this account, and the one of it from this address."""
    pepper = house.server_keys.pepper()
    return throttle_keys.own_keys(pepper, person.email, address, PURPOSE)


def _require_still_there(house: House, half: Recalled, done: SignedIn) -> None:
    """Whoever joined through their agency, and was signed out there meanwhile, signs in anew."""
    with reading(house.engine) as db:
        tied = providers.link_of(db, half.person.id)
    if tied is not None and half.session.factor_at is not None:
        marks = [tied.subject, half.session.sign_on or b""]
        since = half.session.factor_at
        require_still_there(house, half.person.area_id, marks, since, done.secret)


def _set_a_step_ago(house: House, db: Connection, person: Person) -> str:
    """The newest, where a card was handed over before."""
    found = [(each.since, each.kind.value) for each in factors_of(house, db, person.account_id)]
    tied = providers.link_of(db, person.id)
    if tied is not None:
        found.append((tied.made_at, FACTOR))
    return max(found)[1]
