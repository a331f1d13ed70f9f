"""The parts that journeys work with, handed in by the wiring, and who is acting in one request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from portal.clock import Clock
from portal.crypto.age.keys import Identity
from portal.crypto.keyring import Keyring
from portal.crypto.serverkeys import KeyKind, ServerKeys
from portal.crypto.unit import UnitKey, open_unit
from portal.documents.limits import Limits
from portal.documents.scan import NoScanner, Scanner
from portal.domain.ids import AreaId
from portal.domain.people import Actor
from portal.identity.sign_on.exchange import Exchange
from portal.identity.sign_on.reach import Reach
from portal.journeys.opening.reading_room import ReadingRoom
from portal.ledger.checkpoint import LedgerSigner
from portal.ledger.witness import Witness
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys
from portal.storage.store import Store


@dataclass(frozen=True)
class House:
    """What the wiring chose: one database, one store, one clock, one set of server keys.

    `key_source` gives the server's keys as they are now. `origin` is the name of the installation,
    under which each area's ledger has its own name.
    """

    engine: Engine
    clock: Clock
    store: Store
    witness: Witness
    key_source: Callable[[], ServerKeys]
    origin: str
    production: bool
    reading_room: ReadingRoom = field(default_factory=ReadingRoom)
    examining_room: ReadingRoom = field(default_factory=ReadingRoom)
    scanner: Scanner = field(default_factory=NoScanner)
    limits: Limits = field(default_factory=Limits)
    sign_on: Exchange = field(default_factory=lambda: Exchange(Reach(trial=False)))

    def signer(self, area_id: AreaId) -> LedgerSigner:
        """Signs the checkpoints of one area's ledger."""
        keys = self.server_keys
        seed, *beside = keys.in_use(KeyKind.LEDGER)
        former = keys.former.get(KeyKind.LEDGER, ())
        return LedgerSigner(f"{self.origin}/ledger/{area_id}", seed, tuple(beside), former)

    @property
    def server_keys(self) -> ServerKeys:
        """The server's own keys."""
        return self.key_source()


@dataclass(frozen=True)
class Who:
    """A signed-in person in one request: who they are, and their unlocked keyring.

    The keyring exists in memory for this request only; the server keeps it sealed under a key
    that the browser's cookie completes.
    """

    actor: Actor
    keyring: Keyring
    session_id: bytes

    def identities(self) -> tuple[Identity, ...]:
        return self.keyring.identities()

    def unit(self, db: Connection) -> UnitKey:
        """The unit's key, which only its members can open. Raises Refused for anyone else."""
        wrap = keys.unit_wrap_of(db, self.actor.area_id, self.actor.person_id)
        if wrap is None:
            raise Refused(Action.UNIT_CASE_READ, Why.NOT_YOUR_ROLE)
        return open_unit(wrap.sealed, self.identities())
