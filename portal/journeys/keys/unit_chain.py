"""The chain of a unit's keys, as the ledger tells it: the first one, and each that followed it.

The line that opened the area names the first key. Every change names the key before and the one
after, and is signed by the coordinator who made it: a line of the server's alone changes no key.
Everything that is needed to check it stands in the ledger, so there is no row to be swapped.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from portal.crypto.signing import BadSignature, sign, verify
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId
from portal.journeys.keys.lost_lines import Proven, Told, lost_lines
from portal.ledger import search

LABEL = "portal/v1/unit-key"
DEEDS = (Deed.AREA_OPENED, Deed.UNIT_KEY_CHANGED, Deed.BACKUP_RESTORED)

SignerAt = Callable[[PersonId, int], bytes | None]
"""The public signing key that this person had at that line."""


class BrokenChain(Exception):
    """A change that is not proven, not signed, or does not follow the one before."""


def sign_change(seed: bytes, area_id: AreaId, former: str, now: str) -> str:
    """The coordinator's signature (hex): the key with one fingerprint gives way to another."""
    return sign(seed, LABEL, _body(area_id, former, now)).hex()


def chain(
    db: Connection, area_id: AreaId, proven: Proven, signer_at: SignerAt
) -> tuple[tuple[str, int], ...]:
    """Fingerprint and ledger position of every key that counts, the newest first.

    Changes that came back as lines behind an older backup are void: the keys themselves were lost,
    and the restored rows are those of the key before. Raises BrokenChain, KeyAlarm.
    """
    found: list[tuple[str, int]] = []
    deeds = [deed.value for deed in DEEDS]
    entries = list(search.of_deeds(db, area_id, deeds, lambda _told: True))
    # First of all: whoever signed them may have had a key that was lost with the rows.
    lost = lost_lines(entries, proven)
    if lost is None:
        raise BrokenChain
    for position in [entry.position for entry in entries]:
        told = proven(position)
        if told is None:
            raise BrokenChain
        if told["deed"] == Deed.BACKUP_RESTORED.value or any(position in each for each in lost):
            continue
        if told["deed"] == Deed.AREA_OPENED.value and position == 0:
            found = [(str(told["unit_fingerprint"]), 0)]
        else:
            found.append((_follows(area_id, told, position, found, signer_at), position))
    return tuple(reversed(found))


def _follows(
    area_id: AreaId,
    told: Told,
    position: int,
    found: list[tuple[str, int]],
    signer_at: SignerAt,
) -> str:
    former, now = str(told.get("former")), str(told.get("unit_fingerprint"))
    signer = signer_at(PersonId(str(told["actor"])), position)
    known = [fingerprint for fingerprint, _at in found]
    if told["deed"] != Deed.UNIT_KEY_CHANGED.value or signer is None:
        raise BrokenChain
    if known[-1:] != [former] or now in known:
        raise BrokenChain
    try:
        signature = bytes.fromhex(str(told["signature"]))
        verify(signer, LABEL, _body(area_id, former, now), signature)
    except (BadSignature, ValueError):
        raise BrokenChain from None
    return now


def _body(area_id: AreaId, former: str, now: str) -> bytes:
    return f"{area_id}\n{former}\n{now}\n".encode()
