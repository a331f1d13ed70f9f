"""Leaves a page only what it uses: files often let all pages share one list of everything."""

from __future__ import annotations

from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

_KINDS: Final = {
    "Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "sh": "/Shading", "BDC": "/Properties",
    "DP": "/Properties", "cs": "/ColorSpace", "CS": "/ColorSpace", "scn": "/Pattern",
    "SCN": "/Pattern",
}  # fmt: skip
_TRIMMED: Final = frozenset(_KINDS.values())
_DEEPEST: Final = 30


class Trimmer:
    """Trims pages of one file, and the drawings on them, each drawing once."""

    def __init__(self) -> None:
        self._done: set[tuple[int, int]] = set()

    def page(self, page: Object) -> None:
        """Give `page` a list of its own with what its instructions name. Raises PdfError."""
        self._trim(page, 0)

    def _trim(self, holder: Object, depth: int) -> None:
        resources = holder.get("/Resources")
        if not isinstance(resources, Dictionary) or depth > _DEEPEST:
            return
        used = _used(holder)
        waiting = list(used.get("/XObject", ()))
        seen: set[str] = set()
        drawings = resources.get("/XObject", Dictionary())
        while waiting:
            # A drawing without a list of its own uses the page's (ISO 32000-1, 7.8.3).
            name = waiting.pop()
            drawing = drawings.get(name)
            if name in seen or not isinstance(drawing, Stream):
                continue
            seen.add(name)
            if drawing.get("/Subtype") == Name.Form and "/Resources" not in drawing:
                for kind, names in _used(drawing).items():
                    used.setdefault(kind, set()).update(names)
                    waiting += names if kind == "/XObject" else ()
        mine = Dictionary(dict(resources.items()))
        for kind in _TRIMMED:
            named = mine.get(kind)
            if not isinstance(named, Dictionary):
                continue
            wanted = used.get(kind, set())
            kept = Dictionary({k: v for k, v in named.items() if k in wanted})
            if len(kept):
                mine[kind] = kept
            else:
                del mine[kind]
        holder.Resources = mine
        for kind in ("/XObject", "/Pattern"):
            for each in mine.get(kind, Dictionary()).values():
                if isinstance(each, Stream) and each.objgen not in self._done:
                    self._done.add(each.objgen)
                    self._trim(each, depth + 1)


def _used(holder: Object) -> dict[str, set[str]]:
    """Names by kind, as the instructions of a page, form or pattern use them."""
    found: dict[str, set[str]] = {}
    if isinstance(holder, Stream) and holder.get("/Subtype") == Name.Image:
        return found
    for step in pikepdf.parse_content_stream(holder):
        operator = str(step.operator)
        if operator == "INLINE IMAGE":
            found.setdefault("/ColorSpace", set()).update(_colours(step))
            continue
        kind = _KINDS.get(operator)
        for each in list(step.operands) if kind else ():
            if isinstance(each, Name):
                found.setdefault(str(kind), set()).add(str(each))
    return found


def _colours(step: object) -> set[str]:
    told = getattr(step, "iimage", None)
    space = None if told is None else told.obj.get("/ColorSpace", told.obj.get("/CS"))
    if isinstance(space, Name):
        return {str(space)}
    return (
        {str(each) for each in list(space)[:2] if isinstance(each, Name)}
        if isinstance(space, Array)
        else set()
    )
