"""Tags for a file that was only pictures until its words were recognised (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Sequence

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf


def wanted(pdf: Pdf, pages: Sequence[Page], lettered: set[int]) -> bool:
    """Whether every page says only what was recognised. A file with pages of its own words and no
    tags is left without: a screen reader then reads all of it, where half a tree would hide half.
    """
    return "/StructTreeRoot" not in pdf.Root and lettered == set(range(1, len(pages) + 1))


class Tags:
    """One paragraph for each line that was recognised, page after page."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root)
        )
        self._children: list[Object] = []
        self._owners: list[object] = []

    def add(self, page: Page, lines: int) -> None:
        """The marked contents 0 to `lines` - 1 of this page."""
        key = len(self._owners) // 2
        made = [
            self._pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.P, P=self._document, Pg=page.obj, K=number)
            )
            for number in range(lines)
        ]
        self._children += made
        self._owners += [key, self._pdf.make_indirect(Array(made))]
        page.obj.StructParents = key

    def finish(self) -> None:
        """Hang the tree into the file."""
        self._document.K = Array(self._children)
        self._root.K = Array([self._document])
        self._root.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(self._owners)))
        self._pdf.Root.StructTreeRoot = self._root
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)
