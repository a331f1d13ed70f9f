"""A strip above and below every page, as shown, that covers nothing of it.

The page's box grows; its coordinates stay, so text, links and tags keep their places. The strip
is painted white after the page's own instructions, in a graphics state of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pikepdf import Array, Dictionary, Object, Page, Pdf

from portal.documents.boxed.pagetree import Box, crop_of, turn, unit

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
    return _sheet(crop_of(page.obj), unit(page.obj), turn(page.obj))


def _sheet(crop: Box, points: float, angle: int) -> Sheet:
    x0, y0, x1, y1 = crop
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


class Frame:
    """A page with its two strips, and what is painted over it, until `close` writes it down.

    The page has its own list of drawings, so that another page's names do not grow with it.
    """

    def __init__(self, page: Page) -> None:
        """Give the page its strips, unless it has them."""
        self._page = page.obj
        self._drawings = _own_drawings(page.obj)
        self._framed = FRAMED in page.obj
        self._steps: list[str] = []
        self.sheet = sheet_of(page) if self._framed else _grown(page.obj)
        if not self._framed:
            wide, high = _plain(self.sheet.width), _plain(self.sheet.height - STRIP)
            strips = f"1 g 0 0 {wide} {_plain(STRIP)} re 0 {high} {wide} {_plain(STRIP)} re f"
            self._steps.append(_artifact(f"{self.sheet.matrix} cm {strips}"))

    def paint(self, puts: Sequence[Put], kind: str = "Pagination") -> None:
        """Paint drawings over the page as artifacts: not part of what it says."""
        steps = [f"{self.sheet.matrix} cm"]
        for put in puts:
            turned = (
                put.scale * put.cosine,
                put.scale * put.sine,
                -put.scale * put.sine,
                put.scale * put.cosine,
                put.x,
                put.y,
            )
            name = self._name_for(put.drawing)
            steps.append(f"q {' '.join(map(_plain, turned))} cm {name} Do Q")
        self._steps.append(_artifact("\n".join(steps), kind))

    def close(self, pdf: Pdf, saving: Object) -> None:
        """Write the page's instructions; `saving` is what `saving_state` made in this file."""
        old = self._page.get("/Contents", Array([]))
        parts = list(old) if isinstance(old, Array) else [old]
        back = "\n" if self._framed else "\nQ\n"
        after = pdf.make_stream((back + "\n".join(self._steps)).encode("ascii"))
        before = [] if self._framed else [saving]
        self._page.Contents = Array([*before, *parts, after])

    def _name_for(self, drawing: Object) -> str:
        number = len(self._drawings)
        while f"/Mp{number}" in self._drawings:
            number += 1
        self._drawings[f"/Mp{number}"] = drawing
        return f"/Mp{number}"


def saving_state(pdf: Pdf) -> Object:
    """The instruction that keeps what a page does to itself from what is painted over it; one
    for all pages of a file."""
    return pdf.make_stream(b"q\n")


def _grown(page: Object) -> Sheet:
    (x0, y0, x1, y1), points, angle = crop_of(page), unit(page), turn(page)
    more = STRIP / points
    if angle in {90, 270}:
        x0, x1 = x0 - more, x1 + more
    else:
        y0, y1 = y0 - more, y1 + more
    box = (round(x0, 4), round(y0, 4), round(x1, 4), round(y1, 4))
    page.MediaBox, page.CropBox = Array(box), Array(box)
    page[FRAMED] = True
    return _sheet(box, points, angle)


def _own_drawings(page: Object) -> Object:
    resources = Dictionary(dict(page.Resources.items()))
    drawings = resources.get("/XObject")
    resources.XObject = Dictionary(dict(drawings.items()) if drawings is not None else {})
    page.Resources = resources
    found: Object = page.Resources.XObject
    return found


def _artifact(steps: str, kind: str = "Pagination") -> str:
    return f"/Artifact <</Type /{kind}>> BDC q\n{steps}\nQ EMC\n"


def _plain(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
