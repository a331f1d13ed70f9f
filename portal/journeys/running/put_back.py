"""An installation that was put back from a backup is made fit to be used: the last step of it.

The ledger must be whole, and agree with every checkpoint that is known from outside. Sessions of
the lost machine end. Lines newer than the backup are put back from an exported record where there
is one; how many are still missing stands in the line that this leaves, the first of the new time.

What ended before the backup stays ended by its rows; what ended after it stays ended where its
line came back, because the ledger is asked before anything opens (journeys/giving/ended.py); and
the rows follow (follow_lines.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import Opened
from portal.domain.backups import Contents
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId
from portal.domain.people import Area, system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.running.follow_lines import follow_lines
from portal.journeys.running.replay import replay
from portal.ledger import verify
from portal.ledger.checkpoint import Checkpoint, open_checkpoint
from portal.ledger.errors import NoteRefused
from portal.records import areas, database, sessions


class NotWhole(Exception):
    """A ledger of the backup is not whole, or not of the kit that opened it; the words say."""


class LinesMissing(Exception):
    """The ledger is known to have gone on after the backup; `args` are the words for each area."""


@dataclass(frozen=True)
class PutBack:
    """One area: its name, the lines in the backup, those put back since, those that are missing,
    and how many people must begin anew."""

    area: str
    lines: int
    replayed: int
    missing: int
    anew: int = 0


def put_back(
    house: House,
    contents: Contents,
    kit: Opened,
    *,
    witnessed: Sequence[str],
    records: Mapping[str, Sequence[str]],
    accept_missing: bool,
) -> list[PutBack]:
    """`witnessed` are signed checkpoints held elsewhere, of any area; `records` the lines of
    exported records by area. Raises NotWhole, LinesMissing unless they are accepted, or
    NotThisRecord; the installation is then not to be used."""
    with database.reading(house.engine) as db:
        found = areas.all_areas(db)
    newest = {area.id: _require_whole(house, area, witnessed) for area in found}
    _require_own_kit(house, found, contents, kit)
    for held in witnessed:
        if not any(_opened(house, area, held) for area in found):
            raise NotWhole("A checkpoint that was handed in is of another installation.")
    told = [
        _finish(house, area, contents, newest[area.id], records.get(area.id, ()), accept_missing)
        for area in found
    ]
    for area in found:
        # Once more, with the lines that came back: they must not contradict what others hold.
        _require_whole(house, area, witnessed, but_last=1)
    return told


def _finish(
    house: House,
    area: Area,
    contents: Contents,
    known: int,
    record: Sequence[str],
    accept_missing: bool,
) -> PutBack:
    with unjudged(house, system(area.id), Deed.BACKUP_RESTORED) as deed:
        held = next(each.lines for each in contents.ledgers if each.area_id == area.id)
        replayed = replay(deed, record)
        missing = max(0, known - held - replayed)
        if missing and not accept_missing:
            raise LinesMissing(
                f"{area.name}: the backup ends at line {held}, {replayed} later lines were put "
                f"back, and {missing} more are known to have followed."
            )
        anew = follow_lines(deed, held) if replayed else 0
        sessions.end_every(deed.db, deed.area_id)
        deed.note(
            line(
                Deed.BACKUP_RESTORED,
                backup=hashlib.sha256(contents.body()).hexdigest(),
                lines=held,
                replayed=replayed,
                missing=missing,
            )
        )
    return PutBack(area.name, held, replayed, missing, anew)


def _require_whole(house: House, area: Area, witnessed: Sequence[str], *, but_last: int = 0) -> int:
    """The size of the newest checkpoint known from outside; 0 where none is. Raises NotWhole."""
    signer = house.signer(area.id)
    held = [(note, told) for note in witnessed if (told := _opened(house, area, note))]
    with database.reading(house.engine) as db:
        # A later one than the backup's newest is no flaw of the backup: it says what is missing.
        inside = verify.audit(db, area.id, signer.vkey)
        agreeing = [note for note, told in held if told.size <= inside.size - but_last]
        audit = verify.audit(db, area.id, signer.vkey, witnessed=agreeing)
    if audit.first_bad is not None:
        raise NotWhole(f"{area.name}: the first bad line is {audit.first_bad}: {audit.what}")
    return max((told.size for _, told in held), default=0)


def _opened(house: House, area: Area, note: str) -> Checkpoint | None:
    signer = house.signer(area.id)
    try:
        return open_checkpoint(note, signer.known, signer.origin)
    except NoteRefused:
        return None


def _require_own_kit(house: House, found: Sequence[Area], contents: Contents, kit: Opened) -> None:
    own = fingerprint(kit.backups.recipient().raw, b"")
    with database.reading(house.engine) as db:
        for area in found:
            told = proven_line_of(house, db, AreaId(area.id), Deed.KIT_READ_BACK, kit=own)
            if told is not None and own == contents.kit:
                unit_recipient(house, db, area.id)
                return
    raise NotWhole("No ledger of this backup names the recovery kit that opened it.")
