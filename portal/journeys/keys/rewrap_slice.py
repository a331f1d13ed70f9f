"""One slice of wraps, from keys that somebody had before to the one they have now.

No payload is touched, and nothing that anybody signed. A wrap that does not open with any of the
former keys is left as it is: what it holds is checked when somebody opens it, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.crypto.sealing import header_for, open_header
from portal.domain.ids import CaseId, PersonId, VersionId
from portal.journeys.deed import Doing
from portal.records import papers, rewraps

SLICE = 200
"""Wraps in one deed: about a fifth of a second under the area's lock."""
SLICES = 20
"""Deeds in one request."""


@dataclass(frozen=True)
class NewKey:
    """Whose key it is, its public half (raw), its fingerprint, and what opens the former wraps;
    `case_id`: of the unit's wraps, those of this restricted case."""

    reader_id: PersonId
    recipient: bytes
    fingerprint: str
    openers: Sequence[Identity]
    case_id: CaseId | None = None


@dataclass(frozen=True)
class Done:
    """How many were sealed anew, and behind which to go on; None when that was the last."""

    count: int
    last: VersionId | None


def rewrap_headers(deed: Doing, new: NewKey, after: VersionId | None, most: int = SLICE) -> Done:
    """The next `most` wraps of this reader behind `after`, in the deed."""
    found = rewraps.next_headers(
        deed.db, deed.area_id, new.reader_id, new.fingerprint, after, most, new.case_id
    )
    count = 0
    for header in found:
        try:
            file_key = open_header(header.header, new.openers)
        except AgeError:
            continue
        sealed = header_for(file_key, new.recipient)
        papers.save_header(deed.db, replace(header, fingerprint=new.fingerprint, header=sealed))
        count += 1
    return Done(count, found[-1].version_id if len(found) == most else None)
