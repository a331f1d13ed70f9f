"""What a page draws with: the drawings, pictures, patterns and drawn letters in its lists."""

from __future__ import annotations

from collections.abc import Container, Iterator

from pikepdf import Dictionary, Name, Object, Stream

Ids = set[tuple[int, int]]
PAINTERS = ("/XObject", "/Pattern", "/Font", "/ExtGState")
"""The kinds of resources among which something may draw (ISO 32000-1, 7.8.3)."""


def painters(resources: object, kind: str, names: Container[str] | None = None) -> Iterator[Object]:
    """What of one kind in a list may draw, and so may have instructions and a list of its own: a
    drawing or picture, a pattern, a drawn font, a mask that paint is let through; of these names.
    """
    listed = resources.get(kind) if isinstance(resources, Dictionary) else None
    if not isinstance(listed, Dictionary):
        return
    for name, each in listed.items():
        if names is not None and name not in names:
            continue
        if kind in ("/ExtGState", "/Pattern"):
            # A pattern may bring a state of graphics of its own.
            state = each if kind == "/ExtGState" else _of(each, "/ExtGState")
            group = _of(_of(state, "/SMask"), "/G")
            if isinstance(group, Stream):
                yield group
        if isinstance(each, Stream) or (kind == "/Font" and is_drawn_font(each)):
            yield each


def instructions(painter: Object) -> list[Object]:
    """The streams in which it says what it draws: its own, or those of a drawn font's letters."""
    if isinstance(painter, Stream):
        return [painter]
    letters = painter.get("/CharProcs")
    named = letters.values() if isinstance(letters, Dictionary) else []
    return [each for each in named if isinstance(each, Stream)]


def is_drawn_font(thing: object) -> bool:
    """Whether its letters are drawings."""
    return isinstance(thing, Dictionary) and thing.get("/Subtype") == Name.Type3


class Drawing:
    """Goes through the pages of one file, and tells each stream once."""

    def __init__(self) -> None:
        """Start with nothing told."""
        self._seen: Ids = set()

    def on(self, page: Object) -> Iterator[Object]:
        """Every stream that `page` lists, and every one these list in their turn."""
        waiting: list[Object | None] = [page]
        while waiting:
            holder = waiting.pop()
            for each in _listed(holder):
                if each.is_indirect:
                    if each.objgen in self._seen:
                        continue
                    self._seen.add(each.objgen)
                waiting.append(each)
                if isinstance(each, Stream):
                    yield each


def _listed(holder: Object | None) -> Iterator[Object]:
    """Streams, and fonts that are drawn: those alone hold streams of this kind again."""
    if not isinstance(holder, Dictionary | Stream):
        return
    for mask in (holder.get("/SMask"), holder.get("/Mask")):
        if isinstance(mask, Stream):
            yield mask
    if is_drawn_font(holder):
        yield from instructions(holder)
    for kind in PAINTERS:
        yield from painters(holder.get("/Resources"), kind)


def _of(thing: object, key: str) -> object:
    return thing.get(key) if isinstance(thing, Dictionary | Stream) else None
