"""What a page draws with: the drawings, pictures, patterns and drawn letters in its lists."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Dictionary, Name, Object, Stream

Ids = set[tuple[int, int]]


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
    yield from _streams([holder.get("/SMask"), holder.get("/Mask")])
    if holder.get("/Subtype") == Name.Type3:
        yield from _streams(_named(holder, "/CharProcs"))
    resources = holder.get("/Resources")
    if not isinstance(resources, Dictionary):
        return
    yield from _streams(_named(resources, "/XObject"))
    patterns = _named(resources, "/Pattern")
    yield from _streams(patterns)
    states = [*_named(resources, "/ExtGState"), *(_state(each) for each in patterns)]
    yield from _streams([mask_of(state) for state in states])
    for font in _named(resources, "/Font"):
        if isinstance(font, Dictionary) and font.get("/Subtype") == Name.Type3:
            yield font


def mask_of(state: object) -> object:
    """The drawing by which a state of graphics lets through what is painted; None without."""
    mask = state.get("/SMask") if isinstance(state, Dictionary) else None
    return mask.get("/G") if isinstance(mask, Dictionary) else None


def _state(pattern: object) -> object:
    return pattern.get("/ExtGState") if isinstance(pattern, Dictionary) else None


def _named(holder: Object, kind: str) -> list[object]:
    found = holder.get(kind)
    return list(found.values()) if isinstance(found, Dictionary) else []


def _streams(things: list[object]) -> Iterator[Object]:
    return (each for each in things if isinstance(each, Stream))
