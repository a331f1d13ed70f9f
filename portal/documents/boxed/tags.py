"""Keeps a file's tags (ISO 32000-1, 14.7): headings, lists and tables for screen readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pikepdf import (
    Array,
    Dictionary,
    Name,
    NumberTree,
    Object,
    Page,
    Pdf,
    PdfError,
    String,
)

from portal.documents.boxed import keys
from portal.documents.boxed.schema import SCHEMA
from portal.documents.boxed.whittle import Whittler

_MOST_ELEMENTS: Final = 300_000
_POINTER: Final = {"/MCR": {"/Type", "/Pg", "/MCID"}, "/OBJR": {"/Type", "/Pg", "/Obj"}}
Ids = set[tuple[int, int]]


class _UnsoundError(Exception):
    """These tags cannot be kept."""


def clean(pdf: Pdf, pages: list[Page], whittler: Whittler, *, apart: str = "") -> bool | None:
    """Cut the tag tree to what it needs. True: kept; False: unsound and dropped; None: none.

    `apart` goes before each name by which a cell of a table knows its headers, so that files that
    are joined do not take each other's headers for their own.
    """
    root = pdf.Root.get("/StructTreeRoot")
    if not isinstance(root, Dictionary):
        keys.drop(pdf.Root, "/StructTreeRoot")
        return None
    try:
        _clean(pdf, root, pages, whittler, apart)
    except (
        _UnsoundError,
        PdfError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        RuntimeError,
        ArithmeticError,
    ):
        drop(pdf, pages)
        return False
    return True


def drop(pdf: Pdf, pages: list[Page]) -> None:
    """Forget the tags, and what refers to them."""
    keys.drop(pdf.Root, "/StructTreeRoot")
    for page in pages:
        keys.drop(page.obj, "/StructParents")
        for link in list(page.obj.get("/Annots", [])):
            keys.drop(link, "/StructParent")


def _clean(pdf: Pdf, root: Object, pages: list[Page], whittler: Whittler, apart: str) -> None:
    if not root.is_indirect:
        root = pdf.make_indirect(root)
        pdf.Root.StructTreeRoot = root
    sieve = _Sieve(
        pdf,
        whittler,
        apart,
        {page.obj.objgen for page in pages},
        {link.objgen for page in pages for link in list(page.obj.get("/Annots", []))},
    )
    waiting = [root]
    while waiting:
        element = waiting.pop()
        children = [sieve.child(child, element) for child in _list(element.get("/K"))]
        element.K = Array([child for child in children if child is not None])
        waiting += [child for child in children if _is_element(child)]
        if len(sieve.elements) > _MOST_ELEMENTS:
            raise _UnsoundError
    nums: list[object] = []
    for key, value in NumberTree(root.ParentTree).items():
        known = _owners(value, sieve.elements)
        if known is not None:
            nums += [int(key), pdf.make_indirect(known) if isinstance(known, Array) else known]
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(nums)))
    roles = root.get("/RoleMap")
    named = {k: v for k, v in roles.items() if isinstance(v, Name)} if roles is not None else {}
    keys.keep(root, {"/K", "/ParentTree"})
    root.Type, root.RoleMap = Name.StructTreeRoot, Dictionary(named)


@dataclass
class _Sieve:
    """Lets through what an element may hold; remembers the elements let through."""

    pdf: Pdf
    whittler: Whittler
    apart: str
    pages: Ids
    links: Ids
    elements: Ids = field(default_factory=set)

    def child(self, child: object, above: Object) -> Any:
        """One child of an element, cut to what it may be; None when it may not be there."""
        if isinstance(child, int):
            return child
        if not isinstance(child, Dictionary) or child.objgen in self.pages:
            return None
        target = child.get("/Pg")
        if not (isinstance(target, Dictionary) and target.objgen in self.pages):
            keys.drop(child, "/Pg")
        kind = str(child.get("/Type", ""))
        if kind in _POINTER:
            return self._pointer(child, kind)
        return self._element(child, above)

    def _pointer(self, child: Object, kind: str) -> Object | None:
        keys.keep(child, _POINTER[kind])
        found = child.get("/Obj")
        known = isinstance(found, Dictionary) and found.objgen in self.links
        return child if kind == "/MCR" or known else None

    def _element(self, child: Object, above: Object) -> Object | None:
        if not child.is_indirect:
            child = self.pdf.make_indirect(child)
        if child.objgen in self.elements or not isinstance(child.get("/S"), Name):
            return None
        self.elements.add(child.objgen)
        keys.keep(child, SCHEMA["Element"])
        for key in ("/Alt", "/ActualText", "/E", "/Lang", "/ID", "/T"):
            if key in child and not isinstance(child[key], String):
                del child[key]
        if "/A" in child:
            self.whittler.cut(child.A, "Attribute")
            if self.apart:
                self._headers(child.A)
        if self.apart and "/ID" in child:
            child.ID = self._named(child.ID)
        child.P = above
        return child

    def _headers(self, attributes: Object) -> None:
        for each in attributes if isinstance(attributes, Array) else [attributes]:
            found = each.get("/Headers") if isinstance(each, Dictionary) else None
            if isinstance(found, Array):
                each["/Headers"] = Array([self._named(name) for name in list(found)])

    def _named(self, name: object) -> String:
        # Cells may share one list of headers, which is then met more than once.
        said = str(name)
        return String(said if said.startswith(self.apart) else self.apart + said)


def _is_element(thing: object) -> bool:
    return isinstance(thing, Dictionary) and str(thing.get("/Type", "")) not in _POINTER


def _list(children: object) -> list[object]:
    if isinstance(children, Array):
        return list(children)
    return [] if children is None else [children]


def _owners(value: object, elements: Ids) -> Object | None:
    if isinstance(value, Array):
        known = [isinstance(e, Dictionary) and e.objgen in elements for e in list(value)]
        return Array([e if good else None for e, good in zip(list(value), known, strict=True)])
    if isinstance(value, Dictionary) and value.objgen in elements:
        return value
    return None
