"""The drill of the recovery kit: its custodians come together, and it is seen to open.

Nothing changes but the record: what was recovered is compared with what the ledger names, and is
forgotten. Once a year, and whenever a custodian changes.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import Opened, unit_now
from portal.crypto.sealing import open_text
from portal.crypto.unit import BadUnitKey, UnitKey
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId
from portal.domain.people import Area, system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.records import areas, database, keys


class WrongKit(Exception):
    """What was recovered is not the unit's key, or not of its newest kit; the message says which.
    Nothing was done."""


def area_of_kit(house: House, opened: Opened) -> Area:
    """The area whose newest kit this is. Raises WrongKit, or KeyAlarm."""
    with database.reading(house.engine) as db:
        for area in areas.all_areas(db):
            if fits(house, db, area.id, opened):
                return area
    raise WrongKit("These sheets open a kit, but not the newest one of an area here.")


def counts(house: House, kit: str, area_id: AreaId | None = None) -> bool:
    """Whether this is the fingerprint of the newest kit of the area, or of some area, as the ledger
    names it."""
    with database.reading(house.engine) as db:
        lines = (
            proven_line_of(house, db, area.id, Deed.KIT_READ_BACK)
            for area in areas.all_areas(db)
            if area_id is None or area.id == area_id
        )
        return any(told is not None and told.get("kit") == kit for told in lines)


def first_area(house: House) -> Area | None:
    """The area with which the installation began: the server's keys are sealed to its kit."""
    with database.reading(house.engine) as db:
        known = areas.all_areas(db)
    return min(known, key=lambda area: (area.created_at, area.id), default=None)


def fits(house: House, db: Connection, area_id: AreaId, opened: Opened) -> bool:
    """Whether it is the area's newest kit, as the ledger names it, and gives the unit's key."""
    told = proven_line_of(house, db, area_id, Deed.KIT_READ_BACK)
    own = fingerprint(opened.backups.recipient().raw, b"")
    if told is None or told.get("kit") != own:
        return False
    return _unit_in(house, db, area_id, opened) is not None


def unit_of_kit(house: House, db: Connection, area_id: AreaId, opened: Opened) -> UnitKey:
    """The unit's key of today: the one in the kit, or the one that was sealed to the kit when the
    unit's was changed since. Raises WrongKit where neither is the one that the ledger names, or
    KeyAlarm."""
    unit = _unit_in(house, db, area_id, opened)
    if unit is None:
        raise WrongKit("This kit does not give the key that the unit has now. Make a new kit.")
    return unit


def _unit_in(house: House, db: Connection, area_id: AreaId, opened: Opened) -> UnitKey | None:
    public, row = unit_recipient(house, db, area_id), keys.unit_key_of(db, area_id)
    if opened.unit.recipient() == public.recipient:
        return opened.unit
    if row is None or not row.for_kit:
        return None
    try:
        unit = unit_now(opened, row.for_kit)
    except (AgeError, BadUnitKey):
        return None
    return unit if unit.recipient() == public.recipient else None


def drill_kit(house: House, opened: Opened, sealed_keys: bytes | None = None) -> Area:
    """Note that the kit was opened. `sealed_keys` of a backup are tried with it as well.

    Raises WrongKit or KeyAlarm.
    """
    area = area_of_kit(house, opened)
    if sealed_keys is not None:
        try:
            open_text(sealed_keys, [opened.backups])
        except AgeError:
            raise WrongKit("The kit does not open these sealed keys of a backup.") from None
    with unjudged(house, system(area.id), Deed.KIT_DRILLED) as deed:
        deed.note(line(Deed.KIT_DRILLED, kit=fingerprint(opened.backups.recipient().raw, b"")))
    return area
