"""Open a practice paper: invented, but sealed to its reader and opened with their key as a real
one is, so that whoever joins sees that everything works. It leaves no line: nothing was read."""

from __future__ import annotations

from portal.crypto.sealing import header_for, new_file_key, open_header, open_payload, seal_payload
from portal.documents.practice import practice_paper
from portal.domain.facts import InArea
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.opening.opened import Spoilt
from portal.policy.actions import Action
from portal.records import areas


def read_practice(house: House, who: Who) -> bytes:
    """The PDF, after a whole round through the reader's own key. Raises Refused, Spoilt."""
    with looking(house, who.actor) as look:
        look.require(Action.OWN_PRACTICE_READ, InArea(who.actor.area_id))
        area = areas.load(look.db, who.actor.area_id)
    bound = practice_paper("" if area is None else area.name)
    file_key = new_file_key()
    sealed = seal_payload(file_key, bound.pdf_clear)
    header = header_for(file_key, who.keyring.recipient())
    opened_clear = open_payload(open_header(header, who.identities()), sealed.body)
    if opened_clear != bound.pdf_clear:
        raise Spoilt("practice")
    return opened_clear
