"""Keeps a file's tags (ISO 32000-1, 14.7): headings, lists and tables for screen readers."""

from __future__ import annotations

from typing import Final

from pikepdf import (
    Array,
    Dictionary,
    Name,
    NumberTree,
    Object,
    Page,
    Pdf,
    PdfError,
    Stream,
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


def clean(pdf: Pdf, pages: list[Page]) -> bool | None:
    """Cut the tag tree to what it needs. True: kept; False: unsound and dropped; None: none."""
    root = pdf.Root.get("/StructTreeRoot")
    if not isinstance(root, Dictionary):
        keys.drop(pdf.Root, "/StructTreeRoot")
        return None
    try:
        _clean(pdf, root, pages)
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


def _clean(pdf: Pdf, root: Object, pages: list[Page]) -> None:
    if not root.is_indirect:
        root = pdf.make_indirect(root)
        pdf.Root.StructTreeRoot = root
    page_ids = {page.obj.objgen for page in pages}
    link_ids = {link.objgen for page in pages for link in list(page.obj.get("/Annots", []))}
    elements: Ids = set()
    waiting = [root]
    while waiting:
        element = waiting.pop()
        children: list[object] = []
        for child in _list(element.get("/K")):
            good = _child(pdf, child, element, page_ids, link_ids, elements)
            if good is None:
                continue
            children.append(good)
            if _is_element(good):
                elements.add(good.objgen)  # type: ignore[attr-defined]  # an indirect dictionary
                waiting.append(good)  # type: ignore[arg-type]
        if len(elements) > _MOST_ELEMENTS:
            raise _UnsoundError
        element.K = Array(children)
    nums: list[object] = []
    for key, value in NumberTree(root.ParentTree).items():
        known = _owners(value, elements)
        if known is not None:
            nums += [int(key), pdf.make_indirect(known) if isinstance(known, Array) else known]
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(nums)))
    roles = root.get("/RoleMap")
    named = {k: v for k, v in roles.items() if isinstance(v, Name)} if roles is not None else {}
    keys.keep(root, {"/K", "/ParentTree"})
    root.Type, root.RoleMap = Name.StructTreeRoot, Dictionary(named)


def _is_element(thing: object) -> bool:
    return isinstance(thing, Dictionary) and str(thing.get("/Type", "")) not in _POINTER


def _child(
    pdf: Pdf, child: object, above: Object, pages: Ids, links: Ids, elements: Ids
) -> object | None:
    """One child of an element, cut to what it may be; None when it may not be there."""
    if isinstance(child, int):
        return child
    if not isinstance(child, Dictionary) or isinstance(child, Stream):
        return None
    target = child.get("/Pg")
    if target is not None and not (isinstance(target, Dictionary) and target.objgen in pages):
        del child["/Pg"]
    kind = str(child.get("/Type", ""))
    if kind in _POINTER:
        keys.keep(child, _POINTER[kind])
        found = child.get("/Obj")
        if kind == "/OBJR" and not (isinstance(found, Dictionary) and found.objgen in links):
            return None
        return child
    if not child.is_indirect:
        child = pdf.make_indirect(child)
    if child.objgen in elements or not isinstance(child.get("/S"), Name):
        return None
    keys.keep(child, SCHEMA["Element"])
    for key in ("/Alt", "/ActualText", "/E", "/Lang", "/ID", "/T"):
        if key in child and not isinstance(child[key], String):
            del child[key]
    if "/A" in child:
        Whittler().cut(Array([child.A]), "plain")
    child.P = above
    return child


def _list(children: object) -> list[object]:
    if isinstance(children, Array):
        return list(children)
    return [] if children is None else [children]


def _owners(value: object, elements: Ids) -> Object | None:
    if isinstance(value, Array):
        return Array(
            [
                each if isinstance(each, Dictionary) and each.objgen in elements else None
                for each in list(value)
            ]
        )
    if isinstance(value, Dictionary) and value.objgen in elements:
        return value
    return None
