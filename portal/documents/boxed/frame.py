"""A strip above and below every page, as shown, that covers nothing of it.

The page's box grows; its coordinates stay, so text, links and tags keep their places. The strip
is painted white after the page's own instructions, in a graphics state of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from portal.documents.boxed.pagetree import crop_of, turn, unit

STRIP: Final = 30.0  # points, as shown
MARGIN: Final = 24.0
FRAMED: Final = "/MappaFramed"  # only our own pages have it: foreign keys are cut off


@dataclass(frozen=True)
class Sheet:
    """A page as shown: width and height in points, and the way there from its coordinates."""

    width: float
    height: float
    matrix: str


@dataclass(frozen=True)
class Put:
    """A drawing to be painted: its lower left corner in shown points, and how much larger."""

    drawing: Object
    x: float
    y: float
    scale: float
    sine: float = 0.0
    cosine: float = 1.0


def size_of(drawing: Object) -> tuple[float, float]:
    """Width and height of a drawing made from one of our own overlays, in points."""
    left, bottom, right, top = (float(side) for side in drawing.BBox)
    return right - left, top - bottom


def sheet_of(page: Page) -> Sheet:
    """How this page is shown now."""
    x0, y0, x1, y1 = crop_of(page.obj)
    points, angle = unit(page.obj), turn(page.obj)
    k = 1 / points
    wide, high = (x1 - x0) * points, (y1 - y0) * points
    if angle in {90, 270}:
        wide, high = high, wide
    matrix = {
        0: (k, 0, 0, k, x0, y0),
        90: (0, k, -k, 0, x1, y0),
        180: (-k, 0, 0, -k, x1, y1),
        270: (0, -k, k, 0, x0, y1),
    }[angle]
    return Sheet(wide, high, " ".join(_plain(number) for number in matrix))


def grow(pdf: Pdf, page: Page) -> None:
    """Give a page its two strips, once."""
    if FRAMED in page.obj:
        return
    x0, y0, x1, y1 = crop_of(page.obj)
    more = STRIP / unit(page.obj)
    if turn(page.obj) in {90, 270}:
        x0, x1 = x0 - more, x1 + more
    else:
        y0, y1 = y0 - more, y1 + more
    box = [round(side, 4) for side in (x0, y0, x1, y1)]
    page.obj.MediaBox, page.obj.CropBox = Array(box), Array(box)
    page.obj[FRAMED] = True
    sheet = sheet_of(page)
    white = (
        f"1 g 0 0 {_plain(sheet.width)} {_plain(STRIP)} re "
        f"0 {_plain(sheet.height - STRIP)} {_plain(sheet.width)} {_plain(STRIP)} re f"
    )
    old = page.obj.get("/Contents", Array([]))
    parts = list(old) if isinstance(old, Array) else [old]
    before = pdf.make_stream(b"q\n")
    after = pdf.make_stream(b"\nQ\n" + _artifact(f"{sheet.matrix} cm {white}"))
    page.obj.Contents = Array([before, *parts, after])


def paint(pdf: Pdf, page: Page, puts: Sequence[Put], kind: str = "Pagination") -> None:
    """Paint drawings over a page that `grow` has seen, as artifacts: not part of what it says."""
    sheet = sheet_of(page)
    steps = [f"{sheet.matrix} cm"]
    for put in puts:
        name = _name_for(page, put.drawing)
        turned = (
            put.scale * put.cosine,
            put.scale * put.sine,
            -put.scale * put.sine,
            put.scale * put.cosine,
            put.x,
            put.y,
        )
        steps.append(f"q {' '.join(_plain(n) for n in turned)} cm {name} Do Q")
    page.obj.Contents.append(pdf.make_stream(b"\n" + _artifact("\n".join(steps), kind)))


def own_resources(page: Page) -> None:
    """Give a page its own list of drawings, so that another page's names do not grow with it."""
    resources = Dictionary(dict(page.obj.Resources.items()))
    drawings = resources.get("/XObject")
    resources.XObject = Dictionary(dict(drawings.items()) if drawings is not None else {})
    page.obj.Resources = resources


def _artifact(steps: str, kind: str = "Pagination") -> bytes:
    return f"/Artifact <</Type /{kind}>> BDC q\n{steps}\nQ EMC\n".encode("ascii")


def _name_for(page: Page, drawing: Object) -> str:
    drawings = page.obj.Resources.XObject
    number = len(drawings)
    while f"/Mp{number}" in drawings:
        number += 1
    drawings[Name(f"/Mp{number}")] = drawing
    return f"/Mp{number}"


def _plain(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
