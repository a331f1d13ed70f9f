"""Which page the elements of a file's tags speak for (ISO 32000-1, 14.7.2).

What an element says, its alternate text or its title, is part of the page whose contents it holds:
that page becomes a picture where it says too much, and the element goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pikepdf import Dictionary, Object, Pdf

from portal.documents.boxed.wrapping import listed

Id = tuple[int, int]
_POINTERS: Final = frozenset({"/MCR", "/OBJR"})


@dataclass
class _Node:
    element: Object
    above: int
    page: Id | None = None


@dataclass(frozen=True)
class Spoken:
    """`of`: the elements of each page, by the page's identity; `nowhere`: those of no page; `ids`:
    all of these. An element that stands inside another object is part of what that one says."""

    of: dict[Id, list[Object]]
    nowhere: list[Object]
    ids: set[Id]


def by_page(pdf: Pdf, pages: set[Id]) -> Spoken:
    """Each element that has contents on one of `pages`, or names one, by the first of them."""
    root = pdf.Root.get("/StructTreeRoot")
    nodes = _nodes(root, pages) if isinstance(root, Dictionary) else []
    found = Spoken({}, [], set())
    for node in nodes:
        if not node.element.is_indirect:
            continue
        page = node.page or _page(node.element.get("/Pg"), pages)
        where = found.nowhere if page is None else found.of.setdefault(page, [])
        where.append(node.element)
        found.ids.add(node.element.objgen)
    return found


def elements(root: Object) -> list[Object]:
    """Every element of the tree, in its order."""
    return [node.element for node in _nodes(root, set())]


def _nodes(root: Object, pages: set[Id]) -> list[_Node]:
    nodes: list[_Node] = []
    met: set[Id] = set()
    waiting: list[tuple[object, int]] = [(child, -1) for child in reversed(listed(root.get("/K")))]
    while waiting:
        thing, above = waiting.pop()
        holder = nodes[above].element.get("/Pg") if above >= 0 else None
        if isinstance(thing, int):
            _tell(nodes, above, _page(holder, pages))
        elif not isinstance(thing, Dictionary):
            continue
        elif str(thing.get("/Type", "")) in _POINTERS:
            _tell(nodes, above, _page(thing.get("/Pg", holder), pages))
        elif not thing.is_indirect or thing.objgen not in met:
            met.add(thing.objgen)
            at = len(nodes)
            nodes.append(_Node(thing, above))
            waiting += [(child, at) for child in reversed(listed(thing.get("/K")))]
    return nodes


def _tell(nodes: list[_Node], at: int, page: Id | None) -> None:
    """An element and all above it that have no page yet have this one."""
    while page is not None and at >= 0 and nodes[at].page is None:
        nodes[at].page = page
        at = nodes[at].above


def _page(page: object, pages: set[Id]) -> Id | None:
    return page.objgen if isinstance(page, Dictionary) and page.objgen in pages else None
