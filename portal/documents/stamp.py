"""Marks a copy as one person's: on every page for the eye, and in the file for the search."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents import child
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.typeset import printable, typeset

_LIMITS = Limits(
    pages=10_000,
    memory=4096 * MIB,
    content=64 * MIB,
    answer=500 * MIB,
    cpu_seconds=30,
    wall_seconds=60.0,
)


@dataclass(frozen=True)
class Stamp:
    """Whose copy this is. Times come as words; any script will do for the name.

    `copy_line` reads "Copy 4 of 11", `time_line` "Opened 14 May 2026 at 9.02".
    """

    name: str
    agency: str
    copy_line: str
    time_line: str
    reference: str
    preview: bool = False


def stamp(pdf_clear: bytes, mark: Stamp) -> bytes:
    """A copy of the PDF with `mark` on every page, in its metadata and in its /ID.

    A page that has no strip from `bind` is given one, so that the mark covers nothing. Visible
    marks deter and tell copies apart; anyone with a PDF editor can take them off. Stamping runs
    in the limited child too: what is bound derives from foreign bytes, and the process that
    asks for it may hold a reader's unlocked key.

    Raises RefusedPaper: when the child process cannot read these bytes.
    """
    overlay = typeset(
        "stamp",
        {
            "name": mark.name, "agency": mark.agency, "copy_line": mark.copy_line,
            "time_line": mark.time_line, "reference": mark.reference, "preview": mark.preview,
        },
        overlay=True,
    )  # fmt: skip
    holder = printable(f"{mark.name}, {mark.agency}, {mark.copy_line}")
    asked = {"reference": printable(mark.reference), "holder": holder}
    _, parts = child.run("stamp", asked, [pdf_clear, overlay], _LIMITS)
    if len(parts) != 1:
        raise RefusedPaper(RefusalCode.HOSTILE)
    return parts[0]
