"""Finds in a file that turned up somewhere what may be the references of copies."""

from __future__ import annotations

from portal.documents import child
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.domain.copies import WRITTEN, written_in

_LIMITS = Limits(
    pages=5000,
    memory=3072 * MIB,
    content=64 * MIB,
    answer=1 * MIB,
    cpu_seconds=60,
    wall_seconds=120.0,
)
_MOST = 2000


def references_in(pdf: bytes) -> tuple[str, ...]:
    """What may be references of copies, in the /ID, the metadata and the text of every page.

    The file is foreign, so it is read in the limited child, which answers with nothing but
    pieces of this shape: no word of its content comes out. Which of them are references, and
    whose, the record knows. A page that is only a picture has none: read its foot yourself.

    Raises RefusedPaper: when it is no PDF that can be read.
    """
    asked = {"shape": WRITTEN, "most": _MOST}
    header, _ = child.run("trace", asked, [pdf], _LIMITS)
    found = header.get("found")
    if not isinstance(found, list):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return tuple(dict.fromkeys(one for text in found for one in written_in(str(text))))
