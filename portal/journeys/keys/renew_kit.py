"""A new recovery kit for a unit that has one: other custodians, or lost sheets.

It counts once it was read back; only then is its line left and are its files kept. Papers open with
either kit for as long as the unit's key is the same, so whoever held a sheet of the old one still
counts until that key is changed. Backups, and a changed key of the unit, are sealed to the newest
kit alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import Kit, Opened, make_kit, read_back
from portal.crypto.unit import UnitKey
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId
from portal.domain.people import system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.restricted.by_kit import take_over
from portal.journeys.running.init_area import KitNotReadBack
from portal.notices.kinds import Kind
from portal.records import areas, keys


def renew_kit(
    house: House,
    area_id: AreaId,
    unit: UnitKey,
    needed: int,
    custodians: int,
    hand_out: Callable[[Kit], Sequence[str]],
    former: Opened | None = None,
) -> Kit:
    """`unit` was recovered from the old kit, or unlocked by a coordinator at this terminal;
    `hand_out` as at `init_area`. `former`: the old kit, opened by its custodians; then the new one
    opens restricted cases too, which otherwise wait for one of their holders.

    Raises KitNotReadBack, KeyAlarm, AgeError or ValueError; then the old kit goes on.
    """
    kit = make_kit(unit, needed, custodians)
    typed = [HybridIdentity(text) for text in hand_out(kit)]
    recovered = read_back([file.body for file in kit.files], typed)
    if recovered.unit != unit or recovered.backups.recipient().raw != kit.backup_key:
        raise KitNotReadBack
    with unjudged(house, system(area_id), Deed.KIT_READ_BACK) as deed:
        public = unit_recipient(house, deed.db, area_id)
        if unit.recipient() != public.recipient:
            raise KitNotReadBack
        deed.note(
            line(
                Deed.KIT_READ_BACK,
                unit_fingerprint=public.fingerprint,
                kit=fingerprint(kit.backup_key, b""),
                kit_needed=needed,
                kit_held=custodians,
            )
        )
        keys.change_kit(deed.db, area_id, kit.backup_key)
        if former is not None:
            take_over(deed, former, kit.backup_key)
        area = areas.load(deed.db, area_id)
        if area is not None:
            deed.tell(Kind.KIT_USED, area.unit_email, area=area.name, path="/record/")
    return kit
