"""Two areas on one installation, and people of the first who join the second with what they have.

Southmere has Olga, whose account is her own, and whoever `joins`. Nothing is written past the
journeys, except by tests that say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from portal.domain.cases import Case
from portal.domain.ids import AreaId, PersonId
from portal.domain.meetings import Capacity, Mode, Slot, SlotKind
from portal.domain.people import Agency, Person, Role, Service, Standing
from portal.journeys.across.act_in import act_in
from portal.journeys.across.begin_membership import begin_membership
from portal.journeys.agencies.add_agency import NewAgency, add_agency
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import Who
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import Linked, NewPerson
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.plan_meeting import Heard, plan_meeting
from portal.journeys.signing_in.recall import Recalled, recall
from portal.ledger import book, leaf
from portal.records import outbox, people
from portal.records.database import reading
from tests.journeys.other_area import OtherArea, other_area
from tests.world import World

READER = frozenset({Role.ATTENDEE, Role.CONTACT})
MEETING = date(2026, 5, 28)


@dataclass(frozen=True)
class Two:
    """The world, its second area, and a police force there."""

    world: World
    south: OtherArea
    police: Agency

    @property
    def area_id(self) -> AreaId:
        return self.south.area.id

    @property
    def olga(self) -> Who:
        return self.south.olga

    def invites(self, name: str, roles: frozenset[Role] = READER) -> Linked:
        """Olga invites somebody of Northmere by their address, as she would anybody."""
        person = self.world.person(name)
        new = NewPerson(
            person.name, person.email, "Officer", "01632 961 222", self.police.id, roles
        )
        return invite_person(self.world.house, self.olga, new)

    def at_home(self, name: str) -> Recalled:
        """Their living session, where their account is kept."""
        found = recall(self.world.house, self.world.begin(name))
        assert isinstance(found, Recalled)
        return found

    def accepts(self, name: str, link: Linked) -> Person:
        """They accept with the account that they have."""
        begin_membership(self.world.house, self.at_home(name), token_of(link))
        return self.person(link.person.id)

    def joins(self, name: str, roles: frozenset[Role] = READER, *, confirmed: bool = True) -> Who:
        """Invited, accepted and, unless it is said otherwise, rung and confirmed."""
        joined = self.accepts(name, self.invites(name, roles))
        who = self.who(name)
        if confirmed:
            confirm_key(self.world.house, self.olga, joined.id, own_fingerprint(who))
        return self.who(name)

    def who(self, name: str) -> Who:
        """Somebody signed in, acting in Southmere."""
        acting = act_in(self.world.house, self.at_home(name), self.area_id)
        assert acting is not None
        return acting.who()

    def person(self, person_id: PersonId) -> Person:
        with reading(self.world.house.engine) as db:
            found = people.load(db, self.area_id, person_id)
        assert found is not None
        return found

    def case(self, reference: str = "SM/2026/003") -> Case:
        new = NewCase(reference, self.police.id, 1, 2, "Zadok Fennimore", date(1979, 1, 5))
        return open_case(self.world.house, self.olga, new)

    def slot(self, *invited: PersonId, reference: str = "SM/2026/003") -> Slot:
        """A case of Southmere at a meeting, with these people invited."""
        heard = [Heard(self.case(reference).id, SlotKind.INITIAL)]
        planned = plan_meeting(
            self.world.house, self.olga, MEETING, time(14, 0), Mode.REMOTE, heard
        )
        slot = planned.slots[0]
        for person_id in invited:
            invite_to_slot(
                self.world.house, self.olga, slot.id, person_id, Capacity.INVESTIGATOR, "Knows him"
            )
        return slot

    def letters(self, kind: str) -> list[str]:
        """To whom letters of a kind are on their way."""
        with reading(self.world.house.engine) as db:
            due = outbox.due(db, self.world.clock.now(), 1000)
        return [notice.address for notice in due if notice.letter == kind]

    def lines(self, area_id: AreaId) -> list[dict[str, object]]:
        """The whole ledger of an area, oldest first."""
        with reading(self.world.house.engine) as db:
            size = book.head(db, area_id).size
            return [dict(leaf.decode(e.leaf)) for e in book.entries(db, area_id, 0, size)]


def two_areas(world: World) -> Two:
    south = other_area(world)
    police = add_agency(
        world.house,
        south.olga,
        NewAgency(
            "Southmere Police", Standing.RESPONSIBLE_AUTHORITY, Service.POLICE,
            "Police national mail", "Duty desk", "01632 961 110",
        ),
    )  # fmt: skip
    return Two(world, south, police)


def token_of(link: Linked) -> str:
    return link.path.rpartition("/")[2]
