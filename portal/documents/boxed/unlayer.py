"""Takes the words of hidden layers out of pages whose text is about to be read.

A renderer does not show a layer that is off, but a reader of text finds its words all the same:
what the picture of a page hides, its text must not tell.
"""

from __future__ import annotations

import io
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from portal.documents.boxed import asides, layers
from portal.documents.boxed.layers import Ids

_SAYS: Final = frozenset({"Tj", "TJ", "'", '"', "Do", "EI", "INLINE IMAGE"})
_DEEPEST: Final = 20


def without_hidden(clear: bytes) -> bytes:
    """The same file without what its hidden layers say; the very same bytes if none is hidden."""
    with Pdf.open(io.BytesIO(clear)) as pdf:
        return cleaned(pdf) or clear


def cleaned(pdf: Pdf) -> bytes | None:
    """This file without what its hidden layers say; None if none is hidden."""
    off = layers.hidden(pdf)
    if not off:
        return None
    cleaner = _Cleaner(pdf, off)
    for page in pdf.pages:
        cleaner.clean(page.obj, 0)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


class _Cleaner:
    """Cleans pages and the drawings they use, each drawing once."""

    def __init__(self, pdf: Pdf, off: Ids) -> None:
        self._pdf = pdf
        self._off = off
        self._done: Ids = set()

    def clean(self, holder: Object, depth: int) -> None:
        resources = holder.get("/Resources")
        hidden: set[str] = set()
        if isinstance(resources, Dictionary):
            hidden = self._hidden_names(resources.get("/Properties"))
            self._drawings(resources.get("/XObject"), depth)
        if b"BDC" in (asides.of(holder) or b""):
            self._rewrite(holder, hidden)

    def _hidden_names(self, properties: object) -> set[str]:
        if not isinstance(properties, Dictionary):
            return set()
        return {name for name, each in properties.items() if layers.is_off(each, self._off)}

    def _drawings(self, drawings: object, depth: int) -> None:
        for name, drawing in list(drawings.items()) if isinstance(drawings, Dictionary) else []:
            if not isinstance(drawing, Stream) or drawing.get("/Subtype") != Name.Form:
                continue
            if depth >= _DEEPEST or layers.is_off(drawing.get("/OC"), self._off):
                drawings[name] = self._nothing()  # type: ignore[index]  # it is a Dictionary
            elif drawing.objgen not in self._done:
                self._done.add(drawing.objgen)
                self.clean(drawing, depth + 1)

    def _nothing(self) -> Object:
        return self._pdf.make_indirect(
            Stream(self._pdf, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        )

    def _rewrite(self, holder: Object, hidden: set[str]) -> None:
        kept, marks = [], list[bool]()
        for step in pikepdf.parse_content_stream(holder):
            operator = str(step.operator)
            if operator in {"BDC", "BMC"}:
                marks.append(operator == "BDC" and self._hides(list(step.operands), hidden))
            elif operator == "EMC" and marks:
                marks.pop()
            if not (any(marks) and operator in _SAYS):
                kept.append(step)
        said = pikepdf.unparse_content_stream(kept)
        if isinstance(holder, Stream):
            holder.write(said)
        else:
            holder.Contents = self._pdf.make_stream(said)

    def _hides(self, operands: list[Object], hidden: set[str]) -> bool:
        if len(operands) != 2 or operands[0] != Name.OC:
            return False
        group = operands[1]
        if isinstance(group, Name):
            return str(group) in hidden
        return layers.is_off(group, self._off)
