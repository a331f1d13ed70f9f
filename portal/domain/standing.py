"""A standing instruction: what a coordinator signs, with a pack, about reports that come late.

A report that was asked for by then, and comes in afterwards, goes as an addendum to the people who
were given the whole pack, and to nobody else; until the meeting begins (rule 21).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from portal.domain.ids import AreaId, PersonId, RequestId, SendingId, SlotId

FORM = 1


class BadInstruction(Exception):
    """The bytes are not an instruction in its one canonical form."""


@dataclass(frozen=True)
class Instruction:
    """`pack` is the sending it was signed with; `readers` are people and the fingerprints (hex) of
    their keys then, sorted; no addendum stays open past `closes_at`; `policy` is what its readers
    may do. Times are UTC."""

    area_id: AreaId
    slot_id: SlotId
    pack: SendingId
    requests: tuple[RequestId, ...]
    readers: tuple[tuple[PersonId, str], ...]
    until: datetime
    closes_at: datetime
    policy: str

    def encode(self) -> bytes:
        """The one text that is signed."""
        return json.dumps(
            {
                "form": FORM,
                "area": self.area_id,
                "slot": self.slot_id,
                "pack": self.pack,
                "requests": sorted(self.requests),
                "readers": sorted([person, key] for person, key in self.readers),
                "until": self.until.isoformat(),
                "closes_at": self.closes_at.isoformat(),
                "policy": self.policy,
            },
            sort_keys=True,
            separators=(",", ":"),
        ).encode()

    @classmethod
    def decode(cls, body: bytes) -> Instruction:
        """Raises BadInstruction on any writing of it but the one that `encode` gives."""
        try:
            told = json.loads(body)
            found = cls(
                AreaId(told["area"]),
                SlotId(told["slot"]),
                SendingId(told["pack"]),
                tuple(RequestId(each) for each in told["requests"]),
                tuple((PersonId(person), key) for person, key in told["readers"]),
                datetime.fromisoformat(told["until"]),
                datetime.fromisoformat(told["closes_at"]),
                told["policy"],
            )
            same = found.encode() == body
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadInstruction from None
        if not same:
            raise BadInstruction
        return found
