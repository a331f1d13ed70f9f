"""Joins the tag trees of several files into one (ISO 32000-1, 14.7.2)."""

from __future__ import annotations

from collections.abc import Sequence

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Page, Pdf, Stream, String

from portal.documents.boxed import keys


class Tree:
    """The tags of a pack that grows paper by paper."""

    def __init__(self, pdf: Pdf) -> None:
        """Start a tree for `pdf`, with nothing in it."""
        self._pdf = pdf
        self._parts: list[Object] = []
        self._owners: list[object] = []
        self._next = 0
        self._roles: dict[str, Object] = {}

    def add(self, source: Pdf, pages: Sequence[Page], title: str) -> None:
        """Take over the tags of `source`, whose pages now are `pages`, under one part."""
        root = source.Root.get("/StructTreeRoot")
        moved = self._moved(root) if isinstance(root, Dictionary) else None
        numbers: dict[int, int] = {}
        if moved is not None:
            for old, owner in NumberTree(moved.ParentTree).items():
                kept = owner if owner.is_indirect else self._pdf.make_indirect(owner)
                self._owners += [self._next, kept]
                numbers[int(old)] = self._next
                self._next += 1
            self._part(source, moved, title)
        self._renumber(pages, numbers)

    def finish(self) -> None:
        """Hang the tree into the file."""
        if not self._parts:
            return
        pdf = self._pdf
        root = pdf.make_indirect(
            Dictionary(
                Type=Name.StructTreeRoot,
                ParentTree=pdf.make_indirect(Dictionary(Nums=Array(self._owners))),
                ParentTreeNextKey=self._next,
                RoleMap=Dictionary(self._roles),
            )
        )
        document = pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Document,
                P=root,
                K=Array(self._parts),
                Lang=String("en-GB"),
            )
        )
        for part in self._parts:
            part.P = document
        root.K = document
        pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _moved(self, root: Object) -> Object:
        return self._pdf.copy_foreign(root)

    def _part(self, source: Pdf, root: Object, title: str) -> None:
        language = source.Root.get("/Lang")
        part = self._pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem,
                S=Name.Part,
                T=String(title),
                Lang=String(str(language) if language is not None else "en-GB"),
            )
        )
        found = root.get("/K", Array([]))
        children = list(found) if isinstance(found, Array) else [found]
        for each in children:
            each.P = part
        part.K = Array(children)
        self._parts.append(part)
        # Two papers that give one word two meanings: the first stands, as readers expect one.
        for name, role in (root.get("/RoleMap") or Dictionary()).items():
            self._roles.setdefault(name, role)

    def _renumber(self, pages: Sequence[Page], numbers: dict[int, int]) -> None:
        done: set[tuple[int, int]] = set()
        for page in pages:
            _give(page.obj, "/StructParents", numbers)
            for link in list(page.obj.get("/Annots", [])):
                _give(link, "/StructParent", numbers)
            drawings = page.obj.Resources.get("/XObject")
            for drawing in list(drawings.values()) if drawings is not None else []:
                if isinstance(drawing, Stream) and drawing.objgen not in done:
                    done.add(drawing.objgen)
                    _give(drawing, "/StructParents", numbers)
                    _give(drawing, "/StructParent", numbers)


def _give(thing: Object, key: str, numbers: dict[int, int]) -> None:
    old: object = thing.get(key)
    if isinstance(old, int) and old in numbers:
        thing[key] = numbers[old]
    else:
        keys.drop(thing, key)
