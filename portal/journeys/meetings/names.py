"""The area's sealed index of names: case -> the individual's name, an age file for the unit.

It exists so that the unit can find a case by name without opening every case. It is rewritten
whole, under the area's lock, whenever a case is opened or the unit's key changes.

An age file does not say who wrote it: anybody can seal to the unit. So the index is signed by
whoever wrote it, inside its seal, and the line of that deed holds its hash. An index
that was exchanged, or put back from an older copy, would send a co-ordinator to the wrong case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.sealing import open_text, seal_text
from portal.crypto.signing import BadSignature, sign, verify
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.journeys.deed import Doing
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import key_at
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.unit_of import OpenUnit
from portal.journeys.opening.opened import Spoilt
from portal.journeys.record.lost_rows import lost_rows
from portal.ledger import book, leaf, search
from portal.records import cases

INDEX = "portal/v1/names"
WRITES = (Deed.CASE_OPENED, Deed.UNIT_KEY_CHANGED)


def names_in(house: House, db: Connection, area_id: AreaId, unit: OpenUnit) -> dict[CaseId, str]:
    """The whole index; empty before the first case.

    Raises Spoilt unless it is the one that the ledger's newest line about it names (lines whose
    rows were lost aside), signed by whoever left that line; KeyAlarm when their key is not the one
    that was confirmed.
    """
    sealed = cases.sealed_names(db, area_id)
    newest = _newest_line(db, area_id)
    if sealed is None and newest is None:
        return {}
    if sealed is not None and newest is not None and not _names(newest, sealed):
        newest = _newest_kept(house, db, area_id)
    told = None if newest is None else proven_line(house, db, area_id, newest.position)
    if sealed is None or newest is None or told is None or told.get("names") != digest_of(sealed):
        raise Spoilt("names")
    try:
        clear = json.loads(open_text(sealed, unit.key.openers()))
        body, by, signature = clear["body"].encode(), PersonId(clear["by"]), clear["signature"]
        signer = key_at(house, db, area_id, by, newest.position)
        if signer is None or by != told["actor"]:
            raise Spoilt("names")
        verify(signer.sign_public, INDEX, body, bytes.fromhex(signature))
        known = json.loads(body)
        if known["area"] != area_id:
            raise Spoilt("names")
        return {CaseId(case_id): str(name) for case_id, name in known["names"].items()}
    except (AgeError, BadSignature, ValueError, KeyError, TypeError, AttributeError):
        raise Spoilt("names") from None


def _newest_line(db: Connection, area_id: AreaId) -> book.Entry | None:
    """The line that holds the index's hash: that of a case that was opened, or of a new key of the
    unit to which the index of before was sealed anew."""
    lines = [book.newest_of(db, area_id, deed.value) for deed in WRITES]
    found = [line for line in lines if line is not None and leaf.decode(line.leaf)["names"]]
    return max(found, key=lambda line: line.position, default=None)


def _newest_kept(house: House, db: Connection, area_id: AreaId) -> book.Entry | None:
    """The same, without those lines that came back from a record behind an older backup."""
    lost = lost_rows(house, db, area_id)
    lines = search.of_deeds(db, area_id, [deed.value for deed in WRITES], lambda _told: True)
    kept = [line for line in lines if not any(line.position in each for each in lost)]
    return next((line for line in reversed(kept) if leaf.decode(line.leaf)["names"]), None)


def _names(line: book.Entry, sealed: bytes) -> bool:
    return leaf.decode(line.leaf)["names"] == digest_of(sealed)


def sealed_anew(deed: Doing, who: Who, unit: OpenUnit, new: OpenUnit) -> str:
    """The index as it is, for the unit's new key; returns its hash, for the line of this deed, and
    nothing before the first case. Raises Spoilt and KeyAlarm as `names_in`."""
    known = names_in(deed.house, deed.db, deed.area_id, unit)
    if not known:
        return ""
    sealed = sealed_index(who, new, known)
    cases.save_names(deed.db, deed.area_id, sealed, deed.now)
    return digest_of(sealed)


def add_name(deed: Doing, who: Who, unit: OpenUnit, case_id: CaseId, name: str) -> str:
    """Rewrite the index with one more name, in the deed, so that no two writers meet.

    Returns its hash, for the line of this very deed. Raises Spoilt and KeyAlarm as `names_in`.
    """
    known: Mapping[CaseId, str] = names_in(deed.house, deed.db, deed.area_id, unit)
    sealed = sealed_index(who, unit, {**known, case_id: name})
    cases.save_names(deed.db, deed.area_id, sealed, deed.now)
    return digest_of(sealed)


def sealed_index(who: Who, unit: OpenUnit, names: Mapping[CaseId, str]) -> bytes:
    """The index, signed by `who` and sealed to the unit."""
    body = json.dumps({"area": who.actor.area_id, "names": names})
    signature = sign(who.keyring.signing_seed, INDEX, body.encode())
    signed = {"body": body, "by": who.actor.person_id, "signature": signature.hex()}
    return seal_text(json.dumps(signed).encode(), [unit.public.recipient])


def digest_of(sealed: bytes) -> str:
    """The SHA-256 of the index as it is stored, in hex."""
    return hashlib.sha256(sealed).hexdigest()
