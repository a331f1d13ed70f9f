"""Sessions: begun at each stage with a new secret, and recalled from it in each request.

The secret lives in the browser's cookie only; the row is found by a value derived from it and
holds the keyring under a key that the secret completes. After 30 minutes without use a session
locks where it is, and the passphrase opens it again; where others use the computer it ends after
ten. It ends after its stage's whole time, used or not, and at once when its person leaves. The
person, their agency and their roles are read anew each time, so a change counts at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.crypto import session as session_key
from portal.crypto.keyring import Keyring
from portal.crypto.serverkeys import KeyKind
from portal.domain.ids import AccountId, AreaId, PersonId
from portal.domain.people import Account, Actor, Agency, Area, Person, Role
from portal.journeys.across.registered import is_registered
from portal.journeys.deed import tending
from portal.journeys.house import House, Who
from portal.journeys.roles.acting import acting_term
from portal.journeys.roles.counting import counting
from portal.journeys.signing_in.still_here import require_here
from portal.policy.judge import factor_lasts
from portal.records import areas, people, sessions
from portal.records.database import reading
from portal.records.sessions import Session, Stage, Terms

IDLE = timedelta(minutes=30)
SHARED_IDLE = timedelta(minutes=10)
TOUCH_EVERY = timedelta(minutes=1)
LASTS = {
    Stage.PASSPHRASE: timedelta(minutes=20),
    Stage.JOINING: timedelta(hours=2),
    Stage.RECOVERING: timedelta(minutes=30),
}
"""The longest a session of each stage lasts, used or not; a whole one as long as its factor."""


@dataclass(frozen=True)
class Recalled:
    """A living session and whose it is, as the area knows them in which they act.

    `keyring` is there once it has been unlocked or made; `roles` are what they may do now, with the
    one they hold for a time; `deputy_until` where they act as deputy so. `elsewhere`: the same
    person in the other areas that they belong to now, the one that keeps their account first;
    nobody where somebody of one area vouched for them, for its own papers alone.
    """

    session: Session
    person: Person
    agency: Agency
    area: Area
    keyring: Keyring | None
    roles: frozenset[Role]
    deputy_until: datetime | None = None
    elsewhere: tuple[Person, ...] = ()

    @property
    def stage(self) -> Stage:
        return self.session.stage

    @property
    def waiting(self) -> frozenset[Role]:
        """Their roles that do not count yet, because nobody has confirmed their key."""
        return self.person.roles - self.roles

    def actor(self) -> Actor:
        """Who acts. Only a session that is signed in has a time of its second factor to show."""
        return replace(
            actor_of(
                self.person,
                self.agency,
                self.session.factor_at if self.stage is Stage.SIGNED_IN else None,
                reads_only=self.session.terms is not Terms.OWN,
                vouched=self.session.terms.is_vouched,
            ),
            roles=self.roles,
            deputy_until=self.deputy_until,
        )

    def who(self) -> Who:
        """The signed-in person with their unlocked keyring; ValueError at any other stage."""
        if self.stage is not Stage.SIGNED_IN or self.keyring is None:
            raise ValueError("this session is not signed in")
        return Who(self.actor(), self.keyring, self.session.id)


@dataclass(frozen=True)
class Over:
    """A session that was: it opens nothing. It only tells whose unsent typing to keep."""

    person_id: PersonId
    account_id: AccountId
    area_id: AreaId
    session_id: bytes
    bound: str


@dataclass(frozen=True)
class Locked(Over):
    """A session that was not used for a while: it opens nothing until its person's passphrase
    opens it again. `bound` is what the row was proven to say."""

    name: str


def actor_of(
    person: Person,
    agency: Agency,
    factor_at: datetime | None,
    *,
    reads_only: bool = False,
    vouched: bool = False,
) -> Actor:
    """The person as the judge sees them."""
    return Actor(
        person_id=person.id,
        area_id=person.area_id,
        agency_id=person.agency_id,
        name=person.name,
        agency=agency.name,
        roles=person.roles,
        factor_at=factor_at,
        account=person.account,
        reads_only=reads_only,
        vouched=vouched,
        account_id=person.account_id,
    )


def begin(
    house: House,
    db: Connection,
    person: Person,
    stage: Stage,
    keyring: Keyring | None,
    now: datetime,
    *,
    factor_at: datetime | None = None,
    terms: Terms = Terms.OWN,
    ends_at: datetime | None = None,
    instead_of: bytes | None = None,
    sign_on: bytes | None = None,
) -> bytes:
    """Write the row of a new session and return its secret, for the cookie.

    Whatever way somebody came, it begins here, so here the record is asked whether they left: rows
    that were put back begin nothing, in the area of the session or in the one that keeps the
    account. Raises NotRight.

    `ends_at` is for one that must end earlier than its stage would have it. `instead_of` is the
    session of the stage before: its row goes altogether, so that nothing a browser held before the
    stage changed is worth anything after it. `sign_on` stands for a session at a provider by which
    it began.
    """
    require_here(db, person)
    secret = session_key.new_secret()
    lasts = factor_lasts(person.roles) if stage is Stage.SIGNED_IN else LASTS[stage]
    ends_at = now + lasts if ends_at is None else min(ends_at, now + lasts)
    bound = bound_of(stage, terms, factor_at, ends_at, person.area_id)
    wrapped = (
        None
        if keyring is None
        else session_key.wrap(secret, house.server_keys.session, keyring, person.account_id, bound)
    )
    if instead_of is not None:
        sessions.end(db, instead_of)
    sessions.save(
        db,
        Session(
            id=session_key.row_id(secret),
            area_id=person.area_id,
            person_id=person.account_id,
            stage=stage,
            terms=terms,
            keyring=wrapped,
            bound=bound,
            mark=session_key.mark(secret, house.server_keys.session, person.account_id, bound),
            factor_at=factor_at,
            names_read=False,
            started_at=now,
            seen_at=now,
            ends_at=ends_at,
            sign_on=sign_on,
        ),
    )
    return secret


def recall(house: House, secret: bytes) -> Recalled | Over | None:
    """The session of this secret; `Locked` if it was not used for a while, `Over` if it has ended,
    None if there never was one."""
    now = house.clock.now()
    with reading(house.engine) as db:
        found = sessions.load(db, session_key.row_id(secret))
        key = None if found is None else _key_of(house, secret, found)
        if found is None or key is None:
            return None
        memberships = people.of_account(db, found.person_id)
        person = next((each for each in memberships if each.area_id == found.area_id), None)
        over = _no_more(found, person, now)
        if person is not None and over is None:
            agency = people.load_agency(db, person.area_id, person.agency_id)
            area = areas.load(db, person.area_id)
            term = acting_term(house, db, person, now)
    if person is None or over is not None:
        _stays_so(house, found, now)
        return over
    if agency is None or area is None:
        return None
    keyring = None
    if found.keyring is not None:
        try:
            keyring = session_key.unwrap(secret, key, found.keyring, person.account_id, found.bound)
        except session_key.SessionRefused:
            return None
    with reading(house.engine) as db:
        # Where another area keeps the account, this one must know the key.
        if not person.at_home and (keyring is None or not is_registered(db, person, keyring)):
            return None
        roles = counting(db, person, keyring, acts=term is not None)
    if now - found.seen_at >= TOUCH_EVERY:
        with tending(house) as db:
            sessions.touch(db, found.id, now)
    until = None if term is None else term.until_at
    return Recalled(
        found,
        person,
        agency,
        area,
        keyring,
        roles,
        until,
        () if found.terms.is_vouched else _others(memberships, person),
    )


def _others(memberships: Iterable[Person], person: Person) -> tuple[Person, ...]:
    return tuple(
        each for each in memberships if each.id != person.id and each.account is Account.ENROLLED
    )


def _no_more(found: Session, person: Person | None, now: datetime) -> Over | None:
    """What is left of a session that opens nothing now; None while it does."""
    if person is None or not _lives(found, person, now):
        return _over(found, person)
    if _is_locked(found, now):
        return Locked(**vars(_over(found, person)), name=person.name)
    return None


def _stays_so(house: House, found: Session, now: datetime) -> None:
    """A screen that was seen locked, or a session seen over, is so also when the clock goes back:
    what the time has ended gives its keyring up."""
    if found.keyring is None:
        return
    with tending(house) as db:
        sessions.time_is_up(db, found.id, now, now - idle_time(found.terms))


def _key_of(house: House, secret: bytes, found: Session) -> bytes | None:
    """The session key under which this row was written; None where it is not as it was written."""
    for key in house.server_keys.in_use(KeyKind.SESSION):
        if session_key.is_marked(secret, key, found.mark, found.person_id, found.bound):
            return key
    return None


def over_by(house: House, session_id: bytes) -> Over | None:
    """A session that has ended, by its row: for a browser that has given its secret back."""
    with reading(house.engine) as db:
        found = sessions.load(db, session_id)
        if found is None or found.stage is not Stage.ENDED:
            return None
        return _over(found, people.at_home(db, found.person_id))


def bound_of(
    stage: Stage,
    terms: Terms,
    factor_at: datetime | None,
    ends_at: datetime,
    area_id: AreaId,
) -> str:
    """What the wrapped keyring is bound to: a row that was changed in this opens nothing. The area
    is among it, or a row that was moved to another would act as whom that one's row names."""
    factor = "" if factor_at is None else factor_at.isoformat()
    return f"{stage.value} {terms.value} {factor} {ends_at.isoformat()} {area_id}"


def _over(found: Session, person: Person | None) -> Over:
    whose = PersonId(found.person_id) if person is None else person.id
    return Over(whose, found.person_id, found.area_id, found.id, found.bound)


def idle_time(terms: Terms) -> timedelta:
    """After how long without use nothing opens any more."""
    return SHARED_IDLE if terms.is_shared else IDLE


def stands(found: Session, now: datetime) -> bool:
    """Whether the session's times allow it to go on, if only after it was unlocked."""
    in_use = now - found.seen_at < idle_time(found.terms)
    return found.started_at <= now < found.ends_at and (in_use or _locks(found))


def _is_locked(found: Session, now: datetime) -> bool:
    return _locks(found) and (found.keyring is None or now - found.seen_at >= IDLE)


def _locks(found: Session) -> bool:
    return found.stage is Stage.SIGNED_IN and found.terms.locks


def _lives(found: Session, person: Person, now: datetime) -> bool:
    allowed = {
        Stage.PASSPHRASE: Account.ENROLLED,
        Stage.JOINING: Account.INVITED,
        Stage.RECOVERING: Account.ENROLLED,
        Stage.SIGNED_IN: Account.ENROLLED,
    }
    return (
        found.stage is not Stage.ENDED
        and person.account is allowed[found.stage]
        # Mark and keyring are bound to stage, terms, factor, end and area, so a row that was given
        # a later stage, other terms, a factor that nobody gave, or longer opens nothing.
        and found.bound
        == bound_of(found.stage, found.terms, found.factor_at, found.ends_at, found.area_id)
        and stands(found, now)
    )
