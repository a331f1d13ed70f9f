"""Finds the pages without trusting the page tree's own counts, loops or inheritance."""

from __future__ import annotations

import math
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream

from portal.documents.boxed.verdict import RefusedError

_INHERITED: Final = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_LONGEST_SIDE: Final = 14_400.0  # ISO 32000-1 annex C: the largest page most readers show
_LETTER: Final = (0.0, 0.0, 612.0, 792.0)  # what readers show when a page has no usable size
Box = tuple[float, float, float, float]


def flatten(pdf: Pdf, most: int) -> list[Page]:
    """Give `pdf` a page tree of one level with every page's own boxes and resources.

    Raises RefusedError: `no_pages`, `too_many_pages` (as soon as `most` is passed), `page_size`,
    `damaged` for a tree that loops.
    """
    top = pdf.Root.get("/Pages")
    pages: list[Object] = []
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[object, dict[str, Object]]] = [(top, {})]
    steps = 0
    while waiting:
        node, above = waiting.pop()
        steps += 1
        if steps > most * 4 + 1000:
            raise RefusedError("too_many_pages")
        if not isinstance(node, Dictionary) or isinstance(node, Stream):
            continue
        children = node.get("/Kids")
        if isinstance(children, Array):
            given = above | {key: node[key] for key in _INHERITED if key in node}
            if node.is_indirect and node.objgen in seen:
                raise RefusedError("damaged")  # A branch met twice: a loop, or a way to grow.
            seen.add(node.objgen)
            if len(children) > most * 4:
                raise RefusedError("too_many_pages")
            waiting += [(child, given) for child in reversed(list(children))]
        elif node.get("/Type") != Name.Pages:
            pages.append(_own(pdf, node, above, seen))
            if len(pages) > most:
                raise RefusedError("too_many_pages")
    if not pages:
        raise RefusedError("no_pages")
    tree = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(pages), Count=len(pages)))
    for page in pages:
        page.Parent = tree
    pdf.Root.Pages = tree
    return list(pdf.pages)


def _own(pdf: Pdf, node: Object, above: dict[str, Object], seen: set[tuple[int, int]]) -> Object:
    if not node.is_indirect or node.objgen in seen:
        node = pdf.make_indirect(Dictionary(dict(node.items())))
    seen.add(node.objgen)
    for key, value in above.items():
        if key not in node:
            node[key] = value
    node.Type = Name.Page
    media = _box(node.get("/MediaBox")) or _LETTER
    crop = _overlap(_box(node.get("/CropBox")), media)
    if max(media[2] - media[0], media[3] - media[1]) * unit(node) > _LONGEST_SIDE:
        raise RefusedError("page_size")
    node.MediaBox = Array(map(_number, media))
    node.CropBox = Array(map(_number, crop))
    node.Rotate = turn(node)
    if not isinstance(node.get("/Resources"), Dictionary):
        node.Resources = Dictionary()
    return node


def unit(page: Object) -> float:
    """Points for one unit of this page's coordinates; 1 unless UserUnit says otherwise."""
    size = _float(page.get("/UserUnit"))
    return size if size is not None and 0.01 <= size <= 1000 else 1.0


def turn(page: Object) -> int:
    """Degrees clockwise by which this page is shown turned: 0, 90, 180 or 270."""
    angle = _float(page.get("/Rotate"))
    return round((angle or 0.0) / 90) * 90 % 360


def crop_of(page: Object) -> Box:
    """The visible box of a page that `flatten` has seen."""
    return _box(page.get("/CropBox")) or _box(page.get("/MediaBox")) or _LETTER


def _box(value: object) -> Box | None:
    if not isinstance(value, Array) or len(value) != 4:
        return None
    try:
        a, b, c, d = (float(side) for side in list(value))
    except (TypeError, ValueError, ArithmeticError):
        return None
    if not all(map(math.isfinite, (a, b, c, d))):
        return None
    box = (min(a, c), min(b, d), max(a, c), max(b, d))
    return box if box[2] - box[0] >= 1 and box[3] - box[1] >= 1 else None


def _overlap(box: Box | None, media: Box) -> Box:
    if box is None:
        return media
    both = (
        max(box[0], media[0]),
        max(box[1], media[1]),
        min(box[2], media[2]),
        min(box[3], media[3]),
    )
    return both if both[2] - both[0] >= 1 and both[3] - both[1] >= 1 else media


def _float(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]  # whatever is a number
    except (TypeError, ValueError, ArithmeticError):
        return None


def _number(side: float) -> float | int:
    return int(side) if side == int(side) else round(side, 4)
