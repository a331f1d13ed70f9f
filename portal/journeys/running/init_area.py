"""Open an area: its unit's key, its ledger, its recovery kit, its first coordinator's place.

The kit is made and read back before anything is kept: an area whose papers could be lost for
ever is never opened. The first coordinator joins by a link like everybody else, and is the one
person whose key is confirmed by themselves (`bootstrap`), since nobody else is there to do it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.chance import new_id
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import Kit, make_kit, read_back
from portal.crypto.unit import UnitKey, new_unit
from portal.domain.deeds import Deed, line
from portal.domain.ids import AgencyId, AreaId
from portal.domain.people import Agency, Area, Service, Standing, system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.ledger import book
from portal.records import areas, keys, people


@dataclass(frozen=True)
class NewArea:
    """What an area is opened with: its name, the coordinator's title, the unit's phone and mail,
    and the agency the unit belongs to."""

    name: str
    title: str
    phone: str
    unit_email: str
    host_agency: str
    host_secure_way: str


class KitNotReadBack(Exception):
    """What came back from the custodians' sheets is not the unit's key: nothing was opened."""


def init_area(
    house: House,
    new: NewArea,
    needed: int,
    custodians: int,
    hand_out: Callable[[Kit], Sequence[str]],
) -> tuple[Area, Agency, UnitKey]:
    """Open the area. Returns it, the host agency, and the unit's key.

    `hand_out` gives the kit to the custodians and returns the identities that `needed` of them
    read back from their sheets. Raises KitNotReadBack; then nothing has changed. The unit's key
    is for the caller to seal to the first coordinator, and then to forget.
    """
    unit = new_unit()
    kit = make_kit(unit, needed, custodians)
    typed = [HybridIdentity(text) for text in hand_out(kit)]
    recovered = read_back([file.body for file in kit.files], typed)
    if recovered.unit != unit or recovered.backups.recipient().raw != kit.backup_key:
        raise KitNotReadBack
    unit_fingerprint = fingerprint(unit.recipient(), b"")
    area_id = AreaId(new_id())
    with unjudged(house, system(area_id), Deed.AREA_OPENED, Deed.KIT_READ_BACK) as deed:
        signer = house.signer(area_id)
        book.open_book(deed.db, area_id, signer)
        area = Area(area_id, new.name, new.title, new.phone, new.unit_email, signer.vkey, deed.now)
        areas.save(deed.db, area)
        agency = Agency(
            id=AgencyId(new_id()),
            area_id=area_id,
            name=new.host_agency,
            standing=Standing.RESPONSIBLE_AUTHORITY,
            service=Service.PROBATION,
            secure_way=new.host_secure_way,
            spoc=new.title,
            phone=new.phone,
            created_at=deed.now,
        )
        people.save_agency(deed.db, agency)
        keys.save_unit_key(
            deed.db,
            keys.UnitKeyRow(
                area_id, unit.recipient(), unit_fingerprint, deed.now, kit=kit.backup_key
            ),
        )
        deed.note(
            line(
                Deed.AREA_OPENED,
                unit_fingerprint=unit_fingerprint,
                kit_needed=needed,
                kit_held=custodians,
            )
        )
        deed.note(
            line(
                Deed.KIT_READ_BACK,
                unit_fingerprint=unit_fingerprint,
                kit=fingerprint(kit.backup_key, b""),
                kit_needed=needed,
                kit_held=custodians,
            )
        )
    return area, agency, unit
