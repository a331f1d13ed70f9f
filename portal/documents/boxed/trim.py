"""Leaves a page only what it uses: files often let all pages share one list of everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, PdfError, Stream

from portal.documents.boxed.drawing import PAINTERS, instructions, painters

_KINDS: Final = {
    "Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "sh": "/Shading", "BDC": "/Properties",
    "DP": "/Properties", "cs": "/ColorSpace", "CS": "/ColorSpace", "scn": "/Pattern",
    "SCN": "/Pattern",
}  # fmt: skip
_LOOKED_AT: Final = " ".join([*_KINDS, "BI", "ID", "EI"])
_TRIMMED: Final = frozenset(_KINDS.values())
# Used without being named (ISO 32000-1, 8.6.5.6).
_DEFAULTS: Final = frozenset({"/DefaultGray", "/DefaultRGB", "/DefaultCMYK"})
_DEEPEST: Final = 30
Ids = set[tuple[int, int]]
Names = dict[str, set[str]]


def trimmed(pages: list[Page]) -> int:
    """Trim all pages of a file; how many drawings and pictures they listed and none shows.

    What cannot be read to its end keeps its list as it is.
    """
    trimmer = Trimmer()
    for page in pages:
        try:
            trimmer.page(page.obj)
        except PdfError as broken:
            if "limit exceeded" in str(broken):
                raise
    return len(trimmer.dropped - trimmer.kept)


class Trimmer:
    """Trims pages of one file, and the drawings on them, each drawing once.

    `dropped` and `kept` are the drawings taken off a list, and left on one.
    """

    def __init__(self) -> None:
        self._done: Ids = set()
        self._known: dict[tuple[int, int], Names] = {}
        self.dropped: Ids = set()
        self.kept: Ids = set()

    def page(self, page: Object) -> None:
        """Give `page` a list of its own with what its instructions name. Raises PdfError."""
        self._trim(page, [page], 0)

    def _trim(self, holder: Object, drawn: list[Object], depth: int) -> None:
        """Trim the list of `holder` to what the instructions in `drawn` name."""
        resources = holder.get("/Resources")
        if not isinstance(resources, Dictionary) or depth > _DEEPEST:
            return
        used = self._used_with(resources, drawn)
        mine = Dictionary(dict(resources.items()))
        for kind in _TRIMMED:
            named = mine.get(kind)
            if not isinstance(named, Dictionary):
                continue
            wanted = used.get(kind, set()) | (_DEFAULTS if kind == "/ColorSpace" else set())
            kept = Dictionary({k: v for k, v in named.items() if k in wanted})
            if kind == "/XObject":
                self.kept |= _streams(kept)
                self.dropped |= _streams(named)
            if len(kept):
                mine[kind] = kept
            else:
                del mine[kind]
        holder.Resources = mine
        for each in _painters(mine):
            if not each.is_indirect or each.objgen not in self._done:
                self._done.add(each.objgen)
                self._trim(each, instructions(each), depth + 1)

    def _used_with(self, resources: Object, drawn: list[Object]) -> Names:
        """Names by kind: in these instructions, and in those of all that has no list of its own and
        so uses this one (ISO 32000-1, 7.8.3)."""
        used: Names = {}
        waiting, seen = list(drawn), Ids()
        while waiting:
            holder = waiting.pop()
            for kind, names in self._used(holder).items():
                new = names - used.get(kind, set())
                used.setdefault(kind, set()).update(new)
                for each in painters(resources, kind, new):
                    if "/Resources" not in each and each.objgen not in seen:
                        seen |= {each.objgen} if each.is_indirect else set()
                        waiting += instructions(each)
        return used

    def _used(self, holder: Object) -> Names:
        if not isinstance(holder, Stream):
            return _used(holder)
        if holder.objgen not in self._known:
            self._known[holder.objgen] = _used(holder)
        return self._known[holder.objgen]


def _streams(named: Object) -> Ids:
    return {each.objgen for each in named.values() if isinstance(each, Stream)}


def _painters(resources: Object) -> Iterator[Object]:
    for kind in PAINTERS:
        yield from painters(resources, kind)


def _used(holder: Object) -> Names:
    """Names by kind, as the instructions of a page, form or pattern use them."""
    found: Names = {}
    if isinstance(holder, Stream) and holder.get("/Subtype") == Name.Image:
        space = holder.get("/ColorSpace")
        return {"/ColorSpace": {str(space)}} if isinstance(space, Name) else found
    for step in pikepdf.parse_content_stream(holder, _LOOKED_AT):
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
