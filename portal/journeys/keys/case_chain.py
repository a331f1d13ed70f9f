"""The chain of a restricted case's keys and holders, as the ledger tells it.

The line that opened the case as restricted names its first key and its holders. Every later line
about it names the key before, the key after (the same, where somebody was only added) and all
holders, and is signed by one of those who held it, or by whom the recovery kit brought in. So a row
makes nobody a holder, and a line of the server's alone neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from portal.crypto.signing import BadSignature, sign, verify
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.journeys.keys.lost_lines import Proven, Told, lost_lines
from portal.journeys.keys.unit_chain import BrokenChain, SignerAt
from portal.ledger import leaf, search

LABEL = "portal/v1/case-key"
ABOUT = (Deed.CASE_RESTRICTED, Deed.HOLDERS_CHANGED)
BESIDE = (Deed.UNIT_BROUGHT_BACK, Deed.BACKUP_RESTORED)


@dataclass(frozen=True)
class Held:
    """One state of a restricted case: the fingerprint of its key, who holds it, since which line.
    `name`: the digest of the individual's name, which is sealed to the case's key. `given`: whoever
    was given the key then, also if a line whose rows were lost took them out since."""

    fingerprint: str
    holders: frozenset[PersonId]
    since: int
    name: str
    given: frozenset[PersonId]


def sign_held(
    seed: bytes, area_id: AreaId, case_id: CaseId, former: str, now: str, holders: list[PersonId]
) -> str:
    """The signature (hex) of whoever says which key a case has and who holds it; `former` is empty
    at the first."""
    return sign(seed, LABEL, _body(area_id, case_id, former, now, holders)).hex()


def states(
    db: Connection, area_id: AreaId, case_id: CaseId, proven: Proven, signer_at: SignerAt
) -> tuple[Held, ...]:
    """Every state that counts, the newest first; empty for a case that was never restricted.

    Lines that came back behind an older backup give nothing, as in `unit_chain`; whom they took out
    stays out. Raises BrokenChain.
    """
    found: list[Held] = []
    brought: set[PersonId] = set()
    about = [deed.value for deed in ABOUT]
    entries = list(
        search.of_deeds(db, area_id, [deed.value for deed in (*ABOUT, *BESIDE)], lambda _told: True)
    )
    lost = lost_lines(entries, proven)
    if lost is None:
        raise BrokenChain
    for entry in entries:
        if entry.deed == Deed.BACKUP_RESTORED.value:
            continue
        held = leaf.decode(entry.leaf)
        if held["deed"] in about and held["case"] != case_id:
            continue
        told = proven(entry.position)
        if told is None:
            raise BrokenChain
        if any(entry.position in each for each in lost):
            if found and told["deed"] == Deed.HOLDERS_CHANGED.value:
                found[-1] = replace(found[-1], holders=found[-1].holders & _listed(told))
        elif told["deed"] == Deed.UNIT_BROUGHT_BACK.value:
            brought.add(PersonId(str(told["person"])))
        else:
            found.append(_next(area_id, case_id, told, entry.position, found, brought, signer_at))
    return tuple(reversed(found))


def _next(
    area_id: AreaId,
    case_id: CaseId,
    told: Told,
    position: int,
    found: list[Held],
    brought: set[PersonId],
    signer_at: SignerAt,
) -> Held:
    signed_by, holders = PersonId(str(told["actor"])), _in_order(told)
    now = str(told["unit_fingerprint"])
    if not found and told["deed"] == Deed.CASE_RESTRICTED.value:
        former, name = "", str(told["name"])
    elif found and told["deed"] == Deed.HOLDERS_CHANGED.value:
        former, name = found[-1].fingerprint, found[-1].name
        if told["former"] != former or signed_by not in found[-1].holders | brought:
            raise BrokenChain
        if now in {each.fingerprint for each in found} - {former}:
            raise BrokenChain
    else:
        raise BrokenChain
    signer = signer_at(signed_by, position)
    if signer is None:
        raise BrokenChain
    try:
        signature = bytes.fromhex(str(told["signature"]))
        verify(signer, LABEL, _body(area_id, case_id, former, now, holders), signature)
    except (BadSignature, ValueError):
        raise BrokenChain from None
    return Held(now, frozenset(holders), position, name, frozenset(holders))


def _in_order(told: Told) -> list[PersonId]:
    listed = told["holders"]
    return [PersonId(str(each)) for each in listed] if isinstance(listed, list | tuple) else []


def _listed(told: Told) -> frozenset[PersonId]:
    return frozenset(_in_order(told))


def _body(
    area_id: AreaId, case_id: CaseId, former: str, now: str, holders: list[PersonId]
) -> bytes:
    return "".join(f"{each}\n" for each in (area_id, case_id, former, now, *holders)).encode()
