"""The history of somebody's own key, as the ledger tells it: made, confirmed by whom, and alarms.

Every line is shown with whether it is proven: that a checkpoint signed by the ledger covers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.crypto import fingerprint
from portal.domain.deeds import Deed
from portal.domain.facts import InArea
from portal.journeys.deed import looking
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line
from portal.ledger import leaf, search
from portal.policy.actions import Action
from portal.records import pointed
from portal.records.pointed import Pointed

OF_KEYS = tuple(deed for deed in Deed if deed.value.startswith(("key.", "words.")))


@dataclass(frozen=True)
class KeyLine:
    """One line about this person's key. `words` are those of the key it is about, where it is about
    one; `is_now`: that key is the one they have now."""

    position: int
    at: datetime
    deed: Deed
    fields: Mapping[str, leaf.Value]
    words: tuple[str, ...]
    is_now: bool
    proven: bool


@dataclass(frozen=True)
class OwnKeys:
    """The words of the key now, and the lines about it, newest first."""

    words: tuple[str, ...]
    lines: tuple[KeyLine, ...]
    pointed: Pointed


def own_keys(house: House, who: Who) -> OwnKeys:
    """Of the actor alone. Raises Refused."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    own = own_fingerprint(who)
    with looking(house, who.actor) as look:
        look.require(Action.OWN_ACCOUNT_READ, InArea(area_id))
        named = person_id.encode()
        found = search.of_deeds(
            look.db, area_id, [deed.value for deed in OF_KEYS], lambda told: named in told
        )
        lines = []
        people = {str(person_id)}
        for entry in list(found):
            fields = leaf.decode(entry.leaf)
            # A line may name somebody for another reason: they confirmed another person's key.
            if fields["person"] != person_id:
                continue
            about = str(fields.get("fingerprint") or fields.get("found") or "")
            people.add(str(fields["actor"]))
            lines.append(
                KeyLine(
                    entry.position,
                    entry.recorded_at,
                    Deed(entry.deed),
                    fields,
                    _words(about),
                    about == own,
                    proven_line(house, look.db, area_id, entry.position) == fields,
                )
            )
        to = pointed.to(look.db, area_id, people)
    return OwnKeys(fingerprint.words(own), tuple(reversed(lines)), to)


def _words(about: str) -> tuple[str, ...]:
    try:
        return fingerprint.words(about) if about else ()
    except ValueError:
        return ()
