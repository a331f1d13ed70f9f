"""Text as shapes: the outlines of its letters, in any script, as steps that paint them in a PDF.

A mark drawn as shapes needs no font in the file it is put into, so it can be put there without
reading that file. Typst sets the text (joined letters, right to left, whatever the fonts know) and
answers with an SVG of its own making; what is read here is that, never anything foreign.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from xml.etree import ElementTree

import typst

from portal.documents.fonts import fonts
from portal.documents.typeset import printable, templates

SIZE: Final = 10.0  # points: the size everything is drawn at, to be scaled where it is painted
_PRINTED: Final = "".join(map(chr, range(0x21, 0x7F))) + "·…"
_ANY_SPACE: Final = re.compile(r"\s+")
_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_STEP: Final = re.compile(r"([MmLlHhVvQqCcZz])|(-?\d*\.?\d+(?:e-?\d+)?)")
_TAKES: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """One line of text, from its left end on the baseline: `steps` paint it, `width` in points."""

    width: float
    steps: bytes


def outline(text: str) -> Outline:
    """The text as shapes of SIZE points. A character that no font has is a box, never an error."""
    text = _ANY_SPACE.sub(" ", printable(text))
    if all(letter == " " or letter in _PRINTED for letter in text):
        shapes = _letters()
        return side_by_side([shapes[letter] for letter in text])
    return _set(text)


def side_by_side(outlines: Sequence[Outline]) -> Outline:
    """One line of several, with no space between."""
    steps, at = [], 0.0
    for each in outlines:
        if each.steps:
            steps.append(b"q 1 0 0 1 %.2f 0 cm\n%bQ\n" % (at, each.steps))
        at += each.width
    return Outline(at, b"".join(steps))


@functools.lru_cache(maxsize=2048)
def _set(text: str) -> Outline:
    """Names come again and again, so they are set once a process."""
    return _drawn([text])[0]


@functools.cache
def _letters() -> dict[str, Outline]:
    """Plain letters, each for itself: a line of these is put together without setting it."""
    shapes = dict(zip(_PRINTED, _drawn(list(_PRINTED)), strict=True))
    wide, narrow = _drawn(["x x", "xx"])
    shapes[" "] = Outline(wide.width - narrow.width, b"")
    return shapes


def _drawn(lines: Sequence[str]) -> list[Outline]:
    root = templates()
    made: Any = typst.compile(
        str(root / "outlines.typ"),
        root=str(root),
        format="svg",
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({"lines": list(lines)})},
    )
    pages = made if isinstance(made, list) else [made]
    return [_read(page) for page in pages]


def _read(svg: bytes) -> Outline:
    root = ElementTree.fromstring(svg)  # noqa: S314  # our own program's output, without entities
    shapes = {
        symbol.get("id", ""): [path.get("d", "") for path in symbol.iter(f"{_SVG}path")]
        for symbol in root.iter(f"{_SVG}symbol")
    }
    # The SVG counts downwards from the top; every piece of a line stands on one baseline.
    used = [each for g in root.findall(f"{_SVG}g") for each in _placed(g, (1, 0, 0, 1, 0, 0))]
    upright: Matrix = (1, 0, 0, -1, 0, used[0][1][5] if used else 0.0)
    steps: list[str] = []
    for shape, place in used:
        for path in shapes.get(shape, ()):
            steps.extend(_painted(path, _times(place, upright)))
            steps.append("f\n")
    return Outline(float(root.get("viewBox", "0 0 0 0").split()[2]), "".join(steps).encode())


def _placed(group: ElementTree.Element, outer: Matrix) -> Iterator[tuple[str, Matrix]]:
    """Every shape that is used, and where."""
    matrix = outer
    if told := re.fullmatch(r"matrix\(([^)]*)\)", group.get("transform", "")):
        a, b, c, d, e, f = (float(each) for each in told[1].replace(",", " ").split())
        matrix = _times((a, b, c, d, e, f), outer)
    for inner in group:
        if inner.tag == f"{_SVG}g":
            yield from _placed(inner, matrix)
        elif inner.tag == f"{_SVG}use":
            x, y = float(inner.get("x", "0")), float(inner.get("y", "0"))
            yield inner.get(_LINK, "#")[1:], _times((1, 0, 0, 1, x, y), matrix)


def _painted(path: str, place: Matrix) -> Iterator[str]:
    """The path in the words of a PDF: absolute, in cubic curves, where it is to stand."""
    start = at = (0.0, 0.0)
    for kind, given in _commands(path):
        if kind in "Zz":
            yield "h "
            at = start
            continue
        x0, y0 = at if kind.islower() else (0.0, 0.0)
        if kind in "Hh":
            points = [(x0 + given[0], at[1])]
        elif kind in "Vv":
            points = [(at[0], y0 + given[0])]
        else:
            points = [(x0 + x, y0 + y) for x, y in zip(given[::2], given[1::2], strict=True)]
        if kind in "Qq":
            control, end = points
            points = [_between(at, control), _between(end, control), end]
        at = points[-1]
        if kind in "Mm":
            start = at
        word = "m" if kind in "Mm" else "c" if len(points) == 3 else "l"
        yield " ".join(_told(point, place) for point in points) + f" {word} "


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    tokens = list(_STEP.finditer(path))
    starts = [n for n, token in enumerate(tokens) if token[1]] + [len(tokens)]
    for first, after in pairwise(starts):
        kind = tokens[first][1]
        numbers = [float(token[2]) for token in tokens[first + 1 : after]]
        takes = _TAKES[kind.upper()]
        if takes == 0:
            yield kind, []
            continue
        for at in range(0, len(numbers) - takes + 1, takes):
            yield kind, numbers[at : at + takes]


def _between(end: Point, control: Point) -> Point:
    """A quadratic curve's control point, as one of a cubic."""
    return (end[0] + 2 / 3 * (control[0] - end[0]), end[1] + 2 / 3 * (control[1] - end[1]))


def _told(point: Point, place: Matrix) -> str:
    a, b, c, d, e, f = place
    x, y = a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f
    return f"{x:.2f} {y:.2f}"


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
