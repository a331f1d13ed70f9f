"""Every coordinator is gone, or none can sign in: the recovery kit gives the unit a new one.

It takes as many custodians as the kit asks for, at the server's terminal, with an operator. One
coordinator is invited, joins there, and is given the unit's key that the custodians recovered. They
confirm their own key, since nobody else can; from then on it goes the ordinary way. They hold the
restricted cases too that nobody holds any more. The unit's
mailbox and everybody who decides are told, for whoever can do this can read every paper.
"""

from __future__ import annotations

from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import Opened
from portal.crypto.unit import wrap_unit
from portal.domain.deeds import Deed, line
from portal.domain.ids import AgencyId, AreaId
from portal.domain.people import DECIDERS, Account, Area, Role, system
from portal.journeys.deed import Doing, unjudged
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.joining.bootstrap_coordinator import FirstCoordinator
from portal.journeys.joining.new_account import Linked, NewPerson, checked, place
from portal.journeys.keys.confirm_key import note_confirmation, registered_key
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.restricted.by_kit import give_cases_by_kit
from portal.journeys.running.drill_kit import WrongKit, fits, unit_of_kit
from portal.notices.kinds import Kind
from portal.records import areas, keys, people
from portal.records.database import reading


def invite_by_kit(house: House, area_id: AreaId, opened: Opened, new: FirstCoordinator) -> Linked:
    """Their account and joining link, used where they sit. Raises WrongKit unless `opened` is the
    area's newest kit; KeyAlarm, Unacceptable."""
    person = checked(
        NewPerson(
            new.name, new.email, new.job, new.phone, new.agency_id, frozenset({Role.COORDINATOR})
        )
    )
    leaves = (Deed.PERSON_INVITED, Deed.UNIT_BROUGHT_BACK)
    with unjudged(house, system(area_id), *leaves) as deed:
        _require_kit(deed, opened)
        area = areas.load(deed.db, area_id)
        if area is None or people.load_agency(deed.db, area_id, person.agency_id) is None:
            raise WrongKit("There is no such area or agency here.")
        linked = place(deed, area, person, by_letter=False)
        deed.note(
            line(
                Deed.UNIT_BROUGHT_BACK,
                person=linked.person.id,
                kit=fingerprint(opened.backups.recipient().raw, b""),
            )
        )
        _tell(deed, area)
    return linked


def give_unit_by_kit(house: House, who: Who, opened: Opened) -> None:
    """Confirm the key of whom the kit brought in by their own signature, and give them the unit's
    key. Raises WrongKit for anybody else, or once they have it; KeyAlarm."""
    area_id = who.actor.area_id
    with unjudged(house, who.actor, Deed.KEY_CONFIRMED, Deed.HOLDERS_CHANGED) as deed:
        _require_kit(deed, opened)
        mine = who.actor.person_id
        person = people.load(deed.db, area_id, mine)
        key = registered_key(deed.db, area_id, mine)
        told = proven_line_of(house, deed.db, area_id, Deed.UNIT_BROUGHT_BACK, person=mine)
        if (
            person is None
            or key is None
            or told is None
            or person.account is not Account.ENROLLED
            or key.fingerprint != own_fingerprint(who)
            or keys.confirmation_of(deed.db, area_id, mine) is not None
        ):
            raise WrongKit("This person was not brought in by the kit, or is here already.")
        unit = unit_of_kit(house, deed.db, area_id, opened)
        sealed = wrap_unit(unit, key.recipient)
        keys.save_unit_wrap(deed.db, keys.UnitWrap(area_id, person.id, sealed, deed.now))
        note_confirmation(deed, who, person, key, [])
        give_cases_by_kit(deed, who, opened, key)


def host_agency(house: House, area_id: AreaId, name: str) -> AgencyId | None:
    """The agency of that name, to which the new coordinator belongs; None where there is none."""
    with reading(house.engine) as db:
        for agency in people.agencies_of(db, area_id).values():
            if agency.name.casefold() == name.strip().casefold():
                return agency.id
    return None


def _require_kit(deed: Doing, opened: Opened) -> None:
    if not fits(deed.house, deed.db, deed.area_id, opened):
        raise WrongKit("These sheets open a kit, but not the newest one of this area.")


def _tell(deed: Doing, area: Area) -> None:
    deciding = [
        person.email
        for person in people.of_area(deed.db, area.id).values()
        if person.roles & DECIDERS and person.account is Account.ENROLLED
    ]
    for address in sorted({area.unit_email, *deciding}):
        deed.tell(Kind.KIT_USED, address, area=area.name, path="/record/")
