"""Cuts the tags of a file down to the pages that stay as they are.

An element that spoke for something that has gone keeps no words of its own: its title, its
alternate text and its summary may tell what was there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from portal.documents.boxed import keys

_WORDS: Final = ("/T", "/Alt", "/ActualText", "/E", "/ID", "/A")
_POINTERS: Final = frozenset({"/MCR", "/OBJR"})
_DEEPEST: Final = 300
_GROUPS: Final = frozenset({"/Document", "/Part", "/Art", "/Sect", "/Div"})

Id = tuple[int, int]


class TooDeepError(ValueError):
    """These tags are not worth keeping."""


@dataclass(frozen=True)
class _Kept:
    first: int | None
    whole: bool
    several: bool


class Pruner:
    """Prunes one tree. `places` tells the new place of each page that stays, by its identity."""

    def __init__(self, places: Mapping[Id, int]) -> None:
        self._places = places
        self._first: dict[Id, int] = {}

    def prune(self, root: Object) -> None:
        """Raises TooDeepError."""
        root.K = Array(
            [c for c in _list(root.get("/K")) if self._child(c, root, 0).first is not None]
        )

    def put(self, root: Object, sections: Sequence[tuple[int, Object]]) -> None:
        """Hang new elements into the tree where their pages come."""
        within = root
        children = _list(root.get("/K"))
        if len(children) == 1 and str(children[0].get("/S", "")) in _GROUPS:
            within = children[0]
            children = _list(within.get("/K"))
        placed: list[tuple[int, int, object]] = []
        latest = 0
        for order, child in enumerate(children):
            if isinstance(child, Dictionary):
                latest = max(latest, self._first.get(child.objgen, latest))
            placed.append((latest, order, child))
        for place, element in sections:
            element.P = within
            placed.append((place, -1, element))
        within.K = Array([each for _, _, each in sorted(placed, key=lambda p: (p[0], p[1]))])

    def _child(self, child: object, above: Object, depth: int) -> _Kept:
        if depth > _DEEPEST:
            raise TooDeepError
        if isinstance(child, int):
            place = self._place(above.get("/Pg"))
            return _Kept(place, place is not None, several=False)
        if not isinstance(child, Dictionary):
            return _Kept(None, whole=False, several=False)
        if str(child.get("/Type", "")) in _POINTERS:
            place = self._place(child.get("/Pg", above.get("/Pg")))
            return _Kept(place, place is not None, several=False)
        return self._element(child, depth)

    def _element(self, element: Object, depth: int) -> _Kept:
        found = [(c, self._child(c, element, depth + 1)) for c in _list(element.get("/K"))]
        kept = [(child, each) for child, each in found if each.first is not None]
        places = {each.first for _, each in kept if each.first is not None}
        whole = bool(kept) and all(each.whole for _, each in found)
        several = len(places) > 1 or any(each.several for _, each in kept)
        element.K = Array([child for child, _ in kept])
        if not whole or several:
            keys.drop(element, *_WORDS)
        if self._place(element.get("/Pg")) is None:
            keys.drop(element, "/Pg")
        if not places:
            return _Kept(None, whole=False, several=False)
        if element.is_indirect:
            self._first[element.objgen] = min(places)
        return _Kept(min(places), whole, several)

    def _place(self, page: object) -> int | None:
        return self._places.get(page.objgen) if isinstance(page, Dictionary) else None


def section(pdf: Pdf, page: Object, paragraphs: int) -> tuple[Object, Array]:
    """The element of a page that became a picture, and what owns each of its paragraphs."""
    part = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, K=Array([])))
    owners = [
        pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=part, Pg=page, K=number))
        for number in range(paragraphs)
    ]
    part.K = Array(owners)
    return part, Array(owners)


def fresh(pdf: Pdf) -> Object:
    """A tree with nothing in it yet."""
    return pdf.make_indirect(
        Dictionary(
            Type=Name.StructTreeRoot,
            K=Array([]),
            ParentTree=pdf.make_indirect(Dictionary(Nums=Array([]))),
            Lang=String("en-GB"),
        )
    )


def _list(children: object) -> list[Object]:
    if isinstance(children, Array):
        return list(children)
    return [] if children is None else [children]  # type: ignore[list-item]  # one child
