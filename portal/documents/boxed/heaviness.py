"""Refuses drawings that draw themselves, or draw one another without end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

import pikepdf
from pikepdf import Dictionary, Object, Page, Stream

from portal.documents.boxed.drawing import instructions, painters
from portal.documents.boxed.verdict import RefusedError

_MOST_DRAWINGS: Final = 200_000
_DEEPEST: Final = 28
Id = tuple[int, int]
_NONE: Final = (0, 0)  # of what is written where it is listed


class _Listed(NamedTuple):
    """A list of resources, and whose it is: what has none of its own draws with that of whatever
    draws it (ISO 32000-1, 7.8.3), so the same drawing may weigh more there than here."""

    resources: Object
    of: Id


class Weigher:
    """Counts how many drawings a page makes, each drawing it calls included."""

    def __init__(self) -> None:
        """Start with nothing weighed."""
        self._known: dict[tuple[Id, Id], int] = {}
        self._open: set[Id] = set()

    def weigh(self, page: Page) -> None:
        """Raises RefusedError `too_heavy` for recursion, deep nesting or exponential growth."""
        self._below(page.obj, [page], _Listed(Dictionary(), _NONE), 0)

    def _below(
        self, holder: Object, drawn: Sequence[Page | Object], above: _Listed, deep: int
    ) -> int:
        """Drawings made by `holder`, whose instructions are `drawn`, itself included."""
        if deep > _DEEPEST:
            raise RefusedError("too_heavy")
        own = holder.get("/Resources")
        if not isinstance(own, Dictionary):
            return 1 + self._called(drawn, above, deep)
        listed = _Listed(own, holder.objgen)
        return 1 + self._called(drawn, listed, deep) + self._painted_with(listed, deep)

    def _called(self, drawn: Sequence[Page | Object], listed: _Listed, deep: int) -> int:
        total, forms = 0, _forms(listed.resources)
        for each in drawn if forms else ():
            for step in pikepdf.parse_content_stream(each, "Do"):
                form = forms.get(str(step.operands[0])) if len(step.operands) else None
                if form is not None and form.objgen in self._open:
                    raise RefusedError("too_heavy")
                if form is not None:
                    total += self._one(form, listed, deep)
                if total > _MOST_DRAWINGS:
                    raise RefusedError("too_heavy")
        return total

    def _painted_with(self, listed: _Listed, deep: int) -> int:
        """Patterns, masks and drawn letters, wherever in the instructions they come."""
        itself = listed.resources.objgen
        if itself in self._open:
            return 0  # Files share one list of resources: what is listed may list itself.
        with self._opened(itself):
            kinds = ("/Pattern", "/ExtGState", "/Font")
            found = [each for kind in kinds for each in painters(listed.resources, kind)]
            return sum(self._one(each, listed, deep) for each in found)

    def _one(self, painter: Object, listed: _Listed, deep: int) -> int:
        itself = painter.objgen
        if itself in self._open:
            return 0
        known = (itself, _NONE if "/Resources" in painter else listed.of)
        if itself == _NONE or known not in self._known:
            with self._opened(itself):
                weight = self._below(painter, instructions(painter), listed, deep + 1)
            self._known[known] = weight
        return self._known[known]

    @contextmanager
    def _opened(self, itself: Id) -> Iterator[None]:
        """While this is being weighed, whatever comes back to it draws itself."""
        self._open |= {itself} - {_NONE}
        yield
        self._open.discard(itself)


def _forms(resources: Object) -> dict[str, Object]:
    named = resources.get("/XObject")
    drawings = named.items() if isinstance(named, Dictionary) else ()
    return {n: f for n, f in drawings if isinstance(f, Stream) and f.get("/Subtype") == "/Form"}
