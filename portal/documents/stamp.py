"""Marks a copy as one person's: on every page for the eye, and in the file for the search.

What `bind` makes has places of a fixed length for the mark (boxed/slots.py), so a copy is made here
by writing over a few kilobytes of it. That is safe in the process that holds a reader's key: the
bytes were authenticated against the manifest their sender signed, and nothing in them is parsed.
Three comparisons at offsets that the last line of the file names must hold, or nothing is written;
a wrong offset could at worst spoil the copy, never this process.

A file without such places is prepared first, in the limited child, because that has to read it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from portal.documents import child
from portal.documents.boxed import slots
from portal.documents.limits import MIB, Limits
from portal.documents.outlines import SIZE, Outline, outline, side_by_side
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.typeset import printable
from portal.domain.copies import bare, is_copy_reference

_LIMITS = Limits(
    pages=10_000,
    memory=4096 * MIB,
    content=64 * MIB,
    answer=500 * MIB,
    cpu_seconds=30,
    wall_seconds=60.0,
)
_FOOT_SIZE: Final = 7.0
_ACROSS_SIZE: Final = 24.0
_LOUD_SIZE: Final = 60.0
_LOUD: Final = "PREVIEW"
_LENGTHS: Final = (60, 24, 8)
_RIGHT_TO_LEFT: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff][^\x21-\u058f]*")


@dataclass(frozen=True)
class Stamp:
    """Whose copy this is. Times come as words; any script will do for the name.

    `copy_line` reads "Copy 4 of 11 of NMR/26/0117-P1", `time_line` "Opened 14 May 2026 at 9.02am".
    `reference` belongs to this copy alone (domain/copies.py). Raises ValueError when it has
    another shape, for such a copy could not be traced.
    """

    name: str
    agency: str
    copy_line: str
    time_line: str
    reference: str
    preview: bool = False

    def __post_init__(self) -> None:
        if not is_copy_reference(self.reference):
            raise ValueError("this is no reference of a copy")


def stamp(pdf_clear: bytes, mark: Stamp) -> bytes:
    """A copy of the PDF with `mark` on every page, in its metadata and in its /ID.

    The line at the foot is text as well as shapes; the reference, in short, is found in the text,
    in the metadata and in the /ID. A page that has no strip from `bind` is given one, so that the
    mark covers nothing. Visible marks deter and tell copies apart; anyone with a PDF editor can
    take them off.

    Raises RefusedPaper: when the file has no places yet and the child cannot read these bytes.
    """
    at = slots.find(pdf_clear)
    if at is None:
        pdf_clear, at = _prepared(pdf_clear)
    foot, across = _drawings(mark)
    identity = slots.identify(b"ref " + bare(mark.reference).encode("ascii"))
    return slots.fill(pdf_clear, at, foot, across, _words(mark), identity)


def _prepared(pdf_clear: bytes) -> tuple[bytes, slots.Slots]:
    _, parts = child.run("stamp", {}, [pdf_clear], _LIMITS)
    at = slots.find(parts[0]) if len(parts) == 1 else None
    if at is None:
        raise RefusedPaper(RefusalCode.HOSTILE)
    return parts[0], at


def _drawings(mark: Stamp) -> tuple[bytes, bytes]:
    """Foot and diagonal; where letters are too intricate for their place, names are cut."""
    for most in _LENGTHS:
        name, agency = _short(mark.name, most), _short(mark.agency, most)
        try:
            return (
                slots.drawing(_foot(mark, name, agency)),
                slots.drawing(_across(mark, name, agency)),
            )
        except ValueError:
            continue
    return (
        slots.drawing(_foot(mark, "", "")),
        slots.drawing(_across(mark, "", "")),
    )


def _foot(mark: Stamp, name: str, agency: str) -> bytes:
    preview = [_LOUD] if mark.preview else []
    lines = [name, agency, _short(mark.copy_line, 60), _short(mark.time_line, 40)]
    said = [*preview, *(each for each in lines if each), f"ref {mark.reference}"]
    # Piece by piece, as names come again and times do not.
    pieces = [outline(piece) for part in said for piece in (part, " · ")][:-1]
    shape, text = side_by_side(pieces), " · ".join(said)
    wide, _ = slots.FOOT_BOX
    scale = min(_FOOT_SIZE / SIZE, wide / shape.width)
    steps = b"0 g q %.4f 0 0 %.4f 0 2.5 cm\n%bQ\n" % (scale, scale, shape.steps)
    steps += _readable(text, shape.width * scale)
    if _RIGHT_TO_LEFT.search(text):
        # Programs may turn such a line round, and its reference with it: it stands alone as well.
        steps += _readable(mark.reference, 20.0, 1.0, 9.5)
    return steps


def _readable(text: str, width: float, size: float = _FOOT_SIZE, y: float = 2.5) -> bytes:
    """The same words in letters without shapes, as wide as what is seen."""
    # Programs take runs of such scripts to stand as they are seen, and turn them round themselves.
    seen = _RIGHT_TO_LEFT.sub(_turned, "".join(c if ord(c) < 0x10000 else "\ufffd" for c in text))
    units = seen.encode("utf-16-be", "replace")
    across = 100 * width / (len(units) / 2 * size / 2)
    return b"BT /Plain %.1f Tf %.3f Tz 1 0 0 1 0 %.1f Tm <%b> Tj ET\n" % (
        size,
        across,
        y,
        units.hex().encode(),
    )


def _turned(run: re.Match[str]) -> str:
    words = run[0].rstrip()
    return words[::-1] + run[0][len(words) :]


def _across(mark: Stamp, name: str, agency: str) -> bytes:
    last = f"{_short(mark.copy_line, 60)} · {mark.reference}"
    steps = [b"/Light gs 0 g\n"]
    for number, text in enumerate((name, agency, last)):
        steps.append(_centred(outline(text), 118.0 - 36.0 * number, _ACROSS_SIZE))
    if mark.preview:
        steps.append(b"/Loud gs 0.7 0 0 rg\n")
        steps.append(_centred(outline(_LOUD), 168.0, _LOUD_SIZE))
    return b"".join(steps)


def _centred(shape: Outline, y: float, size: float) -> bytes:
    wide, _ = slots.ACROSS_BOX
    scale = min(size / SIZE, wide / max(1.0, shape.width))
    x = (wide - shape.width * scale) / 2
    return b"q %.4f 0 0 %.4f %.2f %.2f cm\n%bQ\n" % (scale, scale, x, y, shape.steps)


def _words(mark: Stamp) -> bytes:
    holder = ", ".join(
        _short(part, 100) for part in (mark.name, mark.agency, mark.copy_line) if part
    )
    return slots.say(
        (
            f"<dc:identifier>{mark.reference}</dc:identifier>"
            f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{escape(holder)}</rdf:li>'
            "</rdf:Alt></dc:rights>"
        ).encode("utf-8", "replace")
    )


def _short(words: str, most: int) -> str:
    """On one line, without what nobody sees, and no longer than `most` characters."""
    line = unicodedata.normalize("NFC", " ".join(printable(words).split()))
    return line if len(line) <= most else line[: most - 1] + "…"
