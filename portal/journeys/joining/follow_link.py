"""Follow a joining link: looking spends nothing; beginning starts a session that only joins.

The link is spent when joining is finished (join.py). Until then whoever follows it again begins
again, and what was half made before is of no use to anybody.
"""

from __future__ import annotations

from portal.domain.people import Account, Area
from portal.identity import invitation, secret_token
from portal.identity.invitation import Invitation, NotUsable
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.signing_in.recall import begin
from portal.records import areas, people, sessions
from portal.records.database import reading
from portal.records.sessions import JoiningLink, Stage


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
    """Begin to join; returns the secret of the session. Raises NotUsable."""
    with tending(house) as db:
        link = usable(sessions.link_by(db, secret_token.hash_of(token)), token, house)
        person = people.by_id(db, link.person_id)
        if person is None or person.account is not Account.INVITED:
            raise NotUsable("used")
        sessions.end_all(db, person.id)
        return begin(house, db, person, Stage.JOINING, None, house.clock.now())


def usable(link: JoiningLink | None, token: str, house: House) -> JoiningLink:
    """The link, if the token opens it now."""
    if link is None:
        raise NotUsable("unknown")
    invitation.look(
        Invitation(link.token_hash, link.expires_at, link.used_at), token, house.clock.now()
    )
    return link
