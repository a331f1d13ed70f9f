"""The one context manager that commits.

    with doing(house, who.actor, Action.DECIDE_PACK_SEND, subject=slot_id) as deed:
        facts = ...                       # read under the writer's lock
        deed.require(facts)               # the judge, on those facts
        ...                               # the outcome: rows
        deed.note(line(Deed.PACK_SENT, ...))
        deed.tell(Kind.PACK_SENT, address, ...)

Leaving the block commits outcome, ledger line and notices together; raising anything rolls all of
it back. What is slow (converting, binding, sealing, putting into the store) is done before, in
`looking`, and compared under the lock. A refusal leaves a line of its own in a transaction of its
own, up to the limit of `refusals`. If the ledger cannot be written, the deed does not happen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from portal.chance import ID_LENGTH, new_id
from portal.domain.deeds import Deed, Line, line
from portal.domain.facts import Facts
from portal.domain.ids import AreaId
from portal.domain.people import Actor
from portal.identity.throttle_keys import Bucket
from portal.journeys import refusals
from portal.journeys.house import House
from portal.journeys.leaves import LEAVES
from portal.journeys.refusals import TooManyRefusals
from portal.journeys.roles.counting import require_proven
from portal.ledger import book, leaf
from portal.ledger.errors import NoBook, RecordBehind
from portal.notices import letters
from portal.notices.kinds import Kind
from portal.policy import judge
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, database, outbox

T = TypeVar("T")

_ID = re.compile(f"[a-z2-7]{{{ID_LENGTH}}}")

REMOVES_ONLY = frozenset(
    {
        Action.DECIDE_ACCESS_TAKE_BACK,
        Action.OWN_SESSION_END,
        Action.DECIDE_SESSION_END,
        Action.DECIDE_DEPUTY_END,
    }
)
"""What may be done while the clock or the record is in doubt: it only ever takes access away."""


class ClockDoubted(Exception):
    """The clock can't be believed: nothing opens until an operator has looked (`portal clock`)."""


class NoLine(Exception):
    """A deed was about to be done without its declared line: a defect, so nothing is done."""


@dataclass
class Looking:
    """A read-only view: one state of the database, the judge, and no line."""

    house: House
    db: Connection
    actor: Actor
    now: datetime

    def require(self, action: Action, facts: Facts) -> None:
        judge.require(self.actor, action, facts, self.now)

    def may(self, action: Action, facts: Facts) -> bool:
        return bool(judge.may(self.actor, action, facts, self.now))

    def visible(self, action: Action, things: Iterable[T], facts: Callable[[T], Facts]) -> list[T]:
        return judge.visible(self.actor, action, things, facts, self.now)


@dataclass
class Doing:
    """A deed under way, under the area's writer lock. `now` is the one time of the whole deed."""

    house: House
    db: Connection
    actor: Actor
    now: datetime
    action: Action | None
    allowed: frozenset[Deed]
    judged: bool = False
    believed: bool = False
    lines: list[Line] = field(default_factory=list)
    notices: list[outbox.Notice] = field(default_factory=list)
    locked: frozenset[AreaId] = frozenset()
    parts: list[Doing] = field(default_factory=list)

    @property
    def area_id(self) -> AreaId:
        return self.actor.area_id

    def require(self, facts: Facts) -> None:
        """Ask the judge, on facts read under this lock.

        Raises Refused, ClockDoubted, RecordBehind, or KeyAlarm where the record does not know of
        the actor's key or roles.
        """
        if self.action is None:
            raise NoLine("there is nothing to judge here")
        judge.require(self.actor, self.action, facts, self.now)
        if self.action not in REMOVES_ONLY and not self.believed:
            believe(self.house, self.db, self.area_id)
            require_proven(self.house, self.db, self.actor, self.action)
            self.believed = True
        self.judged = True

    def beside(self, actor: Actor, *leaves: Deed) -> Doing:
        """The same deed's part in another area, of those named when it began: rows, lines and
        letters of all its parts are kept together or not at all. Raises RecordBehind, except where
        the deed only takes access away."""
        if actor.area_id not in self.locked or (not self.judged and self.action is not None):
            raise NoLine("the other area was not locked, or nothing was judged yet")
        for known in self.parts:
            if known.actor == actor:
                known.allowed |= frozenset(leaves)
                return known
        believed = not self._removes_only
        if believed:
            self.house.witness.require(self.db, actor.area_id, self.house.signer(actor.area_id))
        part = Doing(
            self.house, self.db, actor, self.now, None, frozenset(leaves), believed=believed
        )
        self.parts.append(part)
        return part

    @property
    def _removes_only(self) -> bool:
        """Sessions that a provider ends are nobody's action; they are told by their only line."""
        ends = self.action is None and self.allowed == {Deed.SESSION_CLOSED}
        return ends or self.action in REMOVES_ONLY

    def note(self, entry: Line) -> int:
        """Add a line; returns the position it will have in the ledger."""
        if entry.deed not in self.allowed:
            raise NoLine(f"{entry.deed} is not declared for {self.action}")
        self.lines.append(entry)
        return book.head(self.db, self.area_id).size + len(self.lines) - 1

    def tell(self, kind: Kind, address: str, **fields: str) -> None:
        """Put a notice into the outbox, in this transaction. Raises BadField before anything."""
        letters.check(kind, fields)
        self.notices.append(
            outbox.Notice(
                id=new_id(),
                area_id=self.area_id,
                address=address,
                letter=kind.value,
                fields=fields,
                delivery=outbox.Delivery.WAITING,
                tries=0,
                next_at=self.now,
                made_at=self.now,
            )
        )

    def _finish(self) -> None:
        written = [part._write() for part in (self, *self.parts)]
        self.db.commit()
        for area_id, note in written:
            if note is not None:
                self.house.witness.see(area_id, note)

    def _write(self) -> tuple[AreaId, str | None]:
        """Letters, lines and checkpoint of one area; the note that the server may see then."""
        if (self.action is not None and not self.judged) or not self.lines:
            raise NoLine(f"{self.action} was not judged, or left no line")
        for notice in self.notices:
            outbox.save(self.db, notice)
        signer = self.house.signer(self.area_id)
        for entry in self.lines:
            encoded = leaf.encode(entry.leaf(self.actor, self.now))
            book.append(self.db, self.area_id, encoded, self.now, signer)
        # What `require` believed is still so: nobody else writes to this ledger under our lock.
        follows = self.believed or self._follows()
        note = book.checkpoint(self.db, self.area_id, signer)
        return self.area_id, note if follows else None

    def _follows(self) -> bool:
        """Whether the record goes on from what was seen, or an operator accepts that it does not:
        whoever only signs in must not make a record of yesterday the one that is believed."""
        try:
            self.house.witness.require(self.db, self.area_id, self.house.signer(self.area_id))
        except RecordBehind:
            return Deed.RECORD_ACCEPTED in self.allowed
        return True


def believe(house: House, db: Connection, area_id: AreaId) -> None:
    """What must hold before anything opens. Raises ClockDoubted or RecordBehind."""
    believe_clock(house, db, area_id)
    house.witness.require(db, area_id, house.signer(area_id))


def believe_clock(house: House, db: Connection, area_id: AreaId) -> None:
    """Raise ClockDoubted unless the wall clock agrees with the steady one and with the ledger."""
    accepted = book.newest_of(db, area_id, Deed.CLOCK_ACCEPTED.value)
    after = -1 if accepted is None else accepted.position
    newest = book.newest_time(db, area_id, after)
    trouble = house.clock.trouble(newest, None if accepted is None else accepted.recorded_at)
    if trouble is not None:
        raise ClockDoubted(trouble)


@contextmanager
def looking(house: House, actor: Actor, subject: str = "") -> Iterator[Looking]:
    """Read without a lock. Nothing changes, except that a refusal leaves its line."""
    try:
        with database.reading(house.engine) as db:
            yield Looking(house, db, actor, house.clock.now())
    except Refused as refused:
        note_refusal(house, actor, told := _as_told(house, actor, refused), subject)
        raise told from None


@contextmanager
def doing(
    house: House,
    actor: Actor,
    action: Action,
    subject: str = "",
    besides: Collection[AreaId] = (),
) -> Iterator[Doing]:
    """Do one thing, whole or not at all. The block must `require` and must `note`.

    `besides`: other areas that it has a part in (`Doing.beside`).
    """
    if action not in REMOVES_ONLY and refusals.stops_deeds(*_refused_so_far(house, actor)):
        raise TooManyRefusals(action)
    try:
        with _writing(house, actor, action, LEAVES.get(action, frozenset()), besides) as deed:
            yield deed
    except Refused as refused:
        note_refusal(house, actor, told := _as_told(house, actor, refused), subject, of_deed=True)
        raise told from None


@contextmanager
def unjudged(
    house: House, actor: Actor, *leaves: Deed, besides: Collection[AreaId] = ()
) -> Iterator[Doing]:
    """For what no signed-in person asks: joining, signing in, timers, operators' commands.

    A house test lists the files that may call this.
    """
    with _writing(house, actor, None, frozenset(leaves), besides) as deed:
        yield deed


@contextmanager
def tending(house: House) -> Iterator[Connection]:
    """A commit that is no deed: sessions' last use, throttle counters, drafts, the outbox's state.

    None of it can give anybody access, so it leaves no line. A house test lists the callers.
    """
    with database.writing(house.engine) as db:
        yield db
        db.commit()


@contextmanager
def _writing(
    house: House,
    actor: Actor,
    action: Action | None,
    allowed: frozenset[Deed],
    besides: Collection[AreaId],
) -> Iterator[Doing]:
    with database.writing(house.engine) as db:
        # Always in one order, so that two deeds with parts in the same areas never wait in a ring.
        for area_id in sorted({actor.area_id, *besides}):
            _lock(db, area_id, allowed)
        locked = frozenset(besides)
        deed = Doing(house, db, actor, house.clock.now(), action, allowed, locked=locked)
        yield deed
        deed._finish()


def _lock(db: Connection, area_id: AreaId, allowed: frozenset[Deed]) -> None:
    # One writer an area at a time: what is judged under this lock is still true at the commit.
    try:
        book.lock(db, area_id)
    except NoBook:
        if Deed.AREA_OPENED not in allowed:
            raise


def note_refusal(
    house: House, actor: Actor, refused: Refused, subject: str, *, of_deed: bool = False
) -> None:
    """A signed-in person was refused: one line, in a transaction of its own.

    Raises TooManyRefusals instead, and takes no lock of the ledger, once there were too many; the
    one that fills the measure leaves a line that says so, and the unit is told.
    """
    if isinstance(refused, TooManyRefusals):
        return
    if refusals.is_full(*_refused_so_far(house, actor)):
        if of_deed:
            with tending(house) as db:
                refusals.count(db, house.server_keys.pepper(), actor, house.clock.now())
        raise TooManyRefusals(refused.action) from refused
    with unjudged(house, actor, Deed.DEED_REFUSED) as deed:
        before, after = refusals.count(deed.db, house.server_keys.pepper(), actor, deed.now)
        if refusals.is_full(before, deed.now):
            raise TooManyRefusals(refused.action) from refused
        # An address holds whatever somebody typed: only an identifier of ours is written down.
        known = subject if _ID.fullmatch(subject) else ""
        deed.note(_refusal(refused.action, known, refused.why))
        if refusals.is_full(after, deed.now):
            deed.note(_refusal(refused.action, "", Why.TOO_MANY))
            area = areas.load(deed.db, deed.area_id)
            if area is not None:
                deed.tell(Kind.REFUSALS_SEEN, area.unit_email, area=area.name, path="/record/")


def _as_told(house: House, actor: Actor, refused: Refused) -> Refused:
    """Whoever may not at all is told so of what is not there too: else two answers would tell which
    identifiers exist."""
    if refused.why is not Why.NOT_THERE:
        return refused
    verdict = judge.at_all(actor, refused.action, house.clock.now())
    return refused if verdict else Refused(refused.action, verdict.why or Why.NOT_THERE)


def _refusal(action: Action, subject: str, why: Why) -> Line:
    return line(Deed.DEED_REFUSED, action=action.value, subject=subject, why=why.value)


def _refused_so_far(house: House, actor: Actor) -> tuple[Bucket, datetime]:
    with database.reading(house.engine) as db:
        return refusals.so_far(db, house.server_keys.pepper(), actor), house.clock.now()
