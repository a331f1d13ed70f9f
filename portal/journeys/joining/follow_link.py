"""Follow a joining link: looking spends nothing; beginning starts a session that only joins.

The link is spent when joining is finished (join.py). Until then whoever follows it again goes on
with the passphrase they have chosen (go_on.py), or begins again, and then what was half made before
is of no use to anybody.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.people import Account, Area, Person
from portal.identity import invitation, secret_token
from portal.identity.invitation import Invitation, NotUsable
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.joining.joined_before import require_joins_first, telling
from portal.journeys.signing_in.recall import begin
from portal.records import areas, people, sessions
from portal.records.database import reading
from portal.records.sessions import JoiningLink, Stage


class HasAccount(Exception):
    """Whoever the link is for has an account, and joins with it (across/begin_membership.py)."""


class BeginsAnew(HasAccount):
    """They have one that waits for them to begin anew: they do that first, by its own link."""


def has_account(db: Connection, invited: Person) -> bool:
    """Whether the address that was invited is that of an account which another area keeps, also
    while its owner begins anew: else one address would become two accounts."""
    known = people.by_email(db, invited.email)
    return (known is not None and known.id != invited.id) or begins_anew(db, invited)


def begins_anew(db: Connection, invited: Person) -> bool:
    """Whether the address is that of an account which other areas know too, and whose owner has
    still to begin anew where it is kept."""
    waits = people.awaits_its_owner(db, invited.email)
    return waits is not None and waits.id != invited.id


def look_at_link(house: House, token: str) -> Area:
    """The area that invites, and nothing else. Raises NotUsable."""
    with reading(house.engine) as db:
        link = sessions.link_by(db, secret_token.hash_of(token))
        usable(link, token, house)
        area = None if link is None else areas.load(db, link.area_id)
    if area is None:
        raise NotUsable("unknown")
    return area


def follow_link(house: House, token: str) -> bytes:
    """Begin to join; returns the secret of the session. Raises NotUsable, HasAccount,
    BeginsAnew."""
    with telling(house), tending(house) as db:
        link = usable(sessions.link_by(db, secret_token.hash_of(token)), token, house)
        person = people.by_id(db, link.person_id)
        if person is None or person.account is not Account.INVITED:
            raise NotUsable("used")
        require_joins_first(house, db, person)
        if has_account(db, person):
            raise BeginsAnew if begins_anew(db, person) else HasAccount
        sessions.end_all(db, person.account_id)
        return begin(house, db, person, Stage.JOINING, None, house.clock.now())


def usable(link: JoiningLink | None, token: str, house: House) -> JoiningLink:
    """The link, if the token opens it now."""
    if link is None:
        raise NotUsable("unknown")
    invitation.look(
        Invitation(link.token_hash, link.expires_at, link.used_at), token, house.clock.now()
    )
    return link
