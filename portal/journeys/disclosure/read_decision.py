"""The written authority, or the written reply, for whoever asked and for those who decide.

A line first; then the paper is opened, proven, and stamped with who reads it (rules 60, 73, 77).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.chance import new_copy_reference
from portal.crypto.age.keys import Identity
from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.ids import DisclosureId
from portal.domain.papers import UNIT_READER
from portal.journeys.deed import doing, looking
from portal.journeys.disclosure.requested import Requested, requested
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.opening.opened import open_version
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers


@dataclass(frozen=True)
class Decision:
    """The stamped PDF, and what the file is called."""

    filename: str
    pdf_clear: bytes = field(repr=False)


def read_decision(house: House, who: Who, request_id: DisclosureId, *, as_unit: bool) -> Decision:
    """Raises Refused before it is decided and for anybody else, NotGiven for somebody whose
    access ended, Spoilt, RoomFull or a StorageError."""
    area_id = who.actor.area_id
    action = Action.DECIDE_DISCLOSURE_READ if as_unit else Action.READER_DISCLOSURE_SEE
    with doing(house, who.actor, action, request_id) as deed:
        wish = requested(deed.db, area_id, request_id, action)
        deed.require(about(deed, wish.disclosure.id) if as_unit else wish.facts)
        if wish.disclosure.decision_version_id is None:
            raise Refused(action, Why.NOT_THERE)
        copy = new_copy_reference()
        deed.note(line(Deed.DISCLOSURE_READ, request=request_id, copy=copy))
        opened_at = deed.now
    name = wish.disclosure.number or f"{wish.case.reference} reply"
    with house.reading_room.seat():
        clear = _opened(house, who, wish, action, as_unit=as_unit)
        of = wish.disclosure.number or wish.case.reference
        mark = Stamp(
            name=who.actor.name,
            agency=who.actor.agency,
            copy_line=f"{'Copy of the unit' if as_unit else 'Copy of the person who asked'}, {of}",
            time_line=f"Opened {in_words(opened_at)}",
            reference=copy,
        )
        return Decision(f"{name}.pdf", stamp(clear, mark))


def _opened(house: House, who: Who, wish: Requested, action: Action, *, as_unit: bool) -> bytes:
    version_id = wish.disclosure.decision_version_id
    with looking(house, who.actor, wish.disclosure.id) as look:
        version = (
            None if version_id is None else papers.load_version(look.db, wish.area.id, version_id)
        )
        if version is None:
            raise Refused(action, Why.NOT_THERE)
        manifest = papers.manifests_of(look.db, wish.area.id, version.id)[0]
        if as_unit:
            unit = open_unit_behind(house, look.db, who, wish.disclosure.id)
            reader, fingerprint = UNIT_READER, unit.public.fingerprint
            identities: tuple[Identity, ...] = unit.key.openers()
        else:
            reader, fingerprint = who.actor.person_id, own_fingerprint(who)
            identities = who.identities()
        return open_version(house, look.db, version, manifest, reader, fingerprint, identities)
