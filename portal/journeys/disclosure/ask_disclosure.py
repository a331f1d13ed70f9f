"""A reader asks to pass one paper on to one named person of another agency (MAPPA rules 54, 60).

Only a paper that their own copy gives them, while that copy is open. What for, and why it is
needed, is sealed to the unit and to whoever asks. Nothing is given by asking; the unit is told.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.disclosures import (
    NO_RECEIVER_WORDS,
    Disclosure,
    DisclosureState,
    no_receiver,
)
from portal.domain.ids import DisclosureId, GrantId, PersonId, VersionId
from portal.domain.weighing import reason
from portal.journeys.deed import Doing, doing
from portal.journeys.digests import keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.opening.held import Held, held
from portal.journeys.restricted.about import unit_addresses
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import areas, disclosures, people, sendings

ACTION = Action.READER_DISCLOSURE_ASK
FIELD = "request"
"""Under this name the sealed text stands."""


@dataclass(frozen=True)
class Wish:
    """What is asked: `paper` is one of those in the asker's copy. Raises NotWeighed on `check`."""

    paper: VersionId
    receiver: PersonId
    purpose: str
    need: str

    def check(self) -> None:
        """Both texts must say something."""
        reason("purpose", self.purpose)
        reason("need", self.need)

    def encode(self) -> str:
        """The two texts as they are sealed."""
        return json.dumps({"purpose": self.purpose, "need": self.need})


def ask_disclosure(house: House, who: Who, grant_id: GrantId, wish: Wish) -> Disclosure:
    """Raises Refused when the copy is not open for this reader now, NotWeighed (`purpose`,
    `need`), Unacceptable (`paper`, `receiver`) or KeyAlarm. Then nothing was asked."""
    with doing(house, who.actor, ACTION, grant_id) as deed:
        at = held(deed.db, deed.area_id, grant_id, ACTION)
        deed.require(at.facts)
        wish.check()
        if wish.paper not in given_papers(deed.db, at):
            raise Unacceptable("paper", "Choose a paper of your own copy.")
        _require_receiver(deed, wish.receiver)
        _require_new(deed, wish)
        disclosure = Disclosure(
            id=DisclosureId(new_id()),
            area_id=deed.area_id,
            slot_id=at.slot.id,
            version_id=wish.paper,
            asked_by=who.actor.person_id,
            asked_agency_id=who.actor.agency_id,
            receiver_id=wish.receiver,
            state=DisclosureState.ASKED,
            asked_at=deed.now,
            decided_by=None,
            decided_at=None,
            basis=None,
            least=None,
            number=None,
            days=None,
            sending_id=None,
            decision_version_id=None,
        )
        disclosures.save(deed.db, disclosure)
        purpose = salted(wish.encode())
        unit = unit_behind(house, deed.db, deed.area_id, disclosure.slot_id)
        readers = [unit.recipient, who.keyring.recipient()]
        keep_text(deed, disclosure.id, FIELD, purpose, readers)
        deed.note(
            line(
                Deed.DISCLOSURE_ASKED,
                request=disclosure.id,
                version=wish.paper,
                receiver=wish.receiver,
                purpose=purpose.digest,
            )
        )
        _tell(deed, disclosure, at)
    return disclosure


def given_papers(db: Connection, at: Held) -> list[VersionId]:
    """The papers that this copy gives its reader, in order."""
    layout = sendings.layout_of(db, at.grant.area_id, at.grant.version_id)
    return [paper.paper_version_id for paper in layout if paper.given]


def _require_receiver(deed: Doing, receiver_id: PersonId) -> None:
    person = people.load(deed.db, deed.area_id, receiver_id)
    if person is None:
        raise Unacceptable("receiver", "Choose the person it is for.")
    why = no_receiver(person, deed.actor.agency_id)
    if why is not None:
        raise Unacceptable("receiver", NO_RECEIVER_WORDS[why])


def _require_new(deed: Doing, wish: Wish) -> None:
    for earlier in disclosures.asked_by(deed.db, deed.area_id, deed.actor.person_id):
        if (
            earlier.state is DisclosureState.ASKED
            and earlier.version_id == wish.paper
            and earlier.receiver_id == wish.receiver
        ):
            raise Unacceptable(
                "receiver", "You have asked for this already. The unit has still to decide it."
            )


def _tell(deed: Doing, disclosure: Disclosure, at: Held) -> None:
    area = areas.load(deed.db, deed.area_id)
    if area is None:
        return
    for address in unit_addresses(deed, at.slot.id, area.unit_email):
        deed.tell(
            Kind.DISCLOSURE_ASKED,
            address,
            area=area.name,
            reference=at.case.reference,
            path=f"/unit/disclosures/{disclosure.id}",
        )
