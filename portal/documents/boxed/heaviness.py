"""Refuses drawings that draw themselves, or draw one another without end."""

from __future__ import annotations

import pikepdf
from pikepdf import Dictionary, Object, Page, Stream

from portal.documents.boxed.verdict import RefusedError

_MOST_DRAWINGS = 200_000
_DEEPEST = 28


class Weigher:
    """Counts how many drawings a page makes, each drawing it calls included."""

    def __init__(self) -> None:
        """Start with nothing weighed."""
        self._known: dict[tuple[int, int], int] = {}
        self._open: set[tuple[int, int]] = set()

    def weigh(self, page: Page) -> None:
        """Raises RefusedError `too_heavy` for recursion, deep nesting or exponential growth."""
        self._below(page.obj, page, Dictionary(), 0)

    def _below(self, holder: Object, drawn: Page | Object | None, above: Object, deep: int) -> int:
        """Drawings made by `holder`, whose instructions are `drawn`, itself included."""
        if deep > _DEEPEST:
            raise RefusedError("too_heavy")
        own = holder.get("/Resources")
        resources = own if isinstance(own, Dictionary) else above
        total = 1
        forms = {n: f for n, f in _named(resources, "/XObject").items() if _can_draw(f)}
        steps = pikepdf.parse_content_stream(drawn, "Do") if forms and drawn is not None else []
        for step in steps:
            form = forms.get(str(step.operands[0])) if len(step.operands) else None
            if form is not None:
                total += self._one(form, resources, deep, called=True)
            if total > _MOST_DRAWINGS:
                raise RefusedError("too_heavy")
        return total + sum(self._one(e, resources, deep, called=False) for e in _also(resources))

    def _one(self, thing: Object, above: Object, deep: int, *, called: bool) -> int:
        key = thing.objgen
        if key == (0, 0) and not called:
            # A font written where it is listed: what it may draw is in its own list, if it has one;
            # without, it draws with the list it stands in, which is being weighed.
            own = thing.get("/Resources")
            if not isinstance(own, Dictionary):
                return 0
            key = own.objgen
        if key in self._open and key != (0, 0):
            # What is only listed may list itself: files share one list of resources.
            if called:
                raise RefusedError("too_heavy")
            return 0
        if key not in self._known or key == (0, 0):
            self._open.add(key)
            drawn = thing if isinstance(thing, Stream) else None
            self._known[key] = self._below(thing, drawn, above, deep + 1)
            self._open.discard(key)
        return self._known[key]


def _can_draw(form: object) -> bool:
    return isinstance(form, Stream) and form.get("/Subtype") == "/Form"


def _named(resources: Object, category: str) -> dict[str, Object]:
    found = resources.get(category)
    return dict(found.items()) if isinstance(found, Dictionary) else {}


def _also(resources: object) -> list[Object]:
    """Patterns, soft masks and drawn fonts: other things that may draw."""
    if not isinstance(resources, Dictionary):
        return []
    things: list[Object] = [
        p for p in _named(resources, "/Pattern").values() if isinstance(p, Stream)
    ]
    for state in _named(resources, "/ExtGState").values():
        mask = state.get("/SMask") if isinstance(state, Dictionary) else None
        group = mask.get("/G") if isinstance(mask, Dictionary) else None
        if isinstance(group, Stream):
            things.append(group)
    things += [
        font
        for font in _named(resources, "/Font").values()
        if isinstance(font, Dictionary) and font.get("/Subtype") == "/Type3"
    ]
    return things
