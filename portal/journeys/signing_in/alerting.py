"""What looks like an attack is told to the person it is made on, and to the unit of their area.

By letter alone, and without a line: outsiders must not be able to write the ledger. The counters
say when (identity/throttle.py), so that there is one letter and not one for each try; an area's
unit is sent five of a kind in an hour at most. Whoever attacks learns nothing: what they are
answered is the same, and where nobody has an account nobody is told.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.chance import new_id
from portal.domain.ids import AccountId, AgencyId, AreaId
from portal.domain.people import Account, Area, Person
from portal.identity import throttle, throttle_keys
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.signing_in.counters import load, save
from portal.notices import letters
from portal.notices.kinds import Kind
from portal.records import areas, outbox, people


def tell_of_attempts(house: House, person: Person, kind: Kind = Kind.ATTEMPTS_SEEN) -> None:
    """Somebody tries to sign in as this person: their owner and the unit are told. `kind` is the
    owner's letter."""
    with tending(house) as db:
        area = areas.load(db, person.area_id)
        if area is None:
            return
        own = {"area": area.name, "path": "/account/", "phone": area.phone}
        _put(house, db, area, person.email, kind, own)
        path = f"/unit/people/{person.id}/roles"
        _tell_unit(house, db, area, Kind.ACCOUNT_TRIED, path)


def tell_of_codes(house: House, account_id: AccountId) -> None:
    """Whoever types wrong codes for this person has their passphrase."""
    with tending(house) as db:
        person = people.at_home(db, account_id)
    if person is not None and person.account is Account.ENROLLED:
        tell_of_attempts(house, person, Kind.CODES_TRIED)


def tell_of_stuffing(house: House) -> None:
    """Many sign-ins fail, of many people or from one address: every area's unit is told."""
    with tending(house) as db:
        for area in areas.all_areas(db):
            _tell_unit(house, db, area, Kind.SIGN_INS_FLOODED, "/unit/people/")


def tell_of_sign_ons(house: House, area_id: AreaId, agency_id: AgencyId) -> None:
    """Answers of an agency's single sign-on are refused again and again."""
    with tending(house) as db:
        area = areas.load(db, area_id)
        if area is not None:
            path = f"/unit/sign-on/{agency_id}"
            _tell_unit(house, db, area, Kind.SIGN_ONS_REFUSED, path)


def _tell_unit(house: House, db: Connection, area: Area, kind: Kind, path: str) -> None:
    now = house.clock.now()
    key = throttle_keys.alerts_key(house.server_keys.pepper(), area.id, kind.value)
    (bucket,) = load(db, [key])
    if throttle.wait([bucket], now) is not None:
        return
    save(db, throttle.after_failure(bucket, now), now)
    _put(house, db, area, area.unit_email, kind, {"area": area.name, "path": path})


def _put(
    house: House, db: Connection, area: Area, address: str, kind: Kind, fields: dict[str, str]
) -> None:
    letters.check(kind, fields)
    now = house.clock.now()
    outbox.save(
        db,
        outbox.Notice(
            id=new_id(),
            area_id=area.id,
            address=address,
            letter=kind.value,
            fields=fields,
            delivery=outbox.Delivery.WAITING,
            tries=0,
            next_at=now,
            made_at=now,
        ),
    )
