"""Standing instructions for late reports, signed by the coordinator who sent the pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table

from portal.domain.ids import AreaId, PersonId, SendingId, SlotId
from portal.records.schema import Utc, add, area_column, change, first, id_column, metadata

instructions = Table(
    "instructions",
    metadata,
    id_column("sending_id", primary_key=True),
    area_column(),
    id_column("slot_id", index=True),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    id_column("signed_by"),
    Column("ledger_position", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("withdrawn_at", Utc),
)


@dataclass(frozen=True)
class SignedInstruction:
    """`sending_id` is the pack it was signed with. A row counts only with its ledger line."""

    sending_id: SendingId
    area_id: AreaId
    slot_id: SlotId
    body: bytes
    signature: bytes
    signed_by: PersonId
    ledger_position: int
    made_at: datetime
    withdrawn_at: datetime | None


def save(db: Connection, instruction: SignedInstruction) -> None:
    add(db, instructions, instruction)


def load(db: Connection, area_id: AreaId, sending_id: SendingId) -> SignedInstruction | None:
    return first(
        db,
        instructions,
        SignedInstruction,
        instructions.c.area_id == area_id,
        instructions.c.sending_id == sending_id,
    )


def withdraw(db: Connection, area_id: AreaId, sending_id: SendingId, at: datetime) -> bool:
    """Of two at once, one wins."""
    return (
        change(
            db,
            instructions,
            instructions.c.area_id == area_id,
            instructions.c.sending_id == sending_id,
            instructions.c.withdrawn_at.is_(None),
            withdrawn_at=at,
        )
        == 1
    )
