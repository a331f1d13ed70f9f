"""Cuts objects down to the schema, in place.

After `Whittler.cut(page, "Page")` everything reachable from the page is made of kept keys only.
An object met in two roles is cut by both: what one role does not allow, it loses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from pikepdf import Array, Dictionary, Name, Object, Stream

from portal.documents.boxed import keys
from portal.documents.boxed.schema import MAP, NAMED, PLAIN, SCHEMA
from portal.documents.boxed.verdict import RefusedError

_DRAWINGS = (Name.Form, Name.Image)
_MOST_PIXELS = 600_000_000
_LONGEST_SIDE = 50_000
_DEEPEST = 60


class Whittler:
    """Cuts one document, and remembers what it has cut.

    `own` are the pages and the page tree: met in any role but their own, they would be cut to
    pieces, and no honest file refers to them from a drawing.
    """

    def __init__(self, own: Collection[tuple[int, int]] = ()) -> None:
        """Start with nothing cut."""
        self._own = own
        self._seen: set[tuple[tuple[int, int], str]] = set()
        self._waiting: list[tuple[Object, str, int]] = []

    def cut(self, thing: Object, kind: str) -> None:
        """Cut `thing` and all beneath it to `kind`. Raises RefusedError for floods and depth."""
        self._later(thing, kind, -1)
        while self._waiting:
            self._one(*self._waiting.pop())

    def _one(self, thing: Object, kind: str, depth: int) -> None:
        if thing.is_indirect:
            if (thing.objgen, kind) in self._seen:
                return
            if thing.objgen in self._own and kind != "Page":
                raise RefusedError("hostile")
            self._seen.add((thing.objgen, kind))
            depth = 0
        elif depth > _DEEPEST:
            raise RefusedError("hostile")
        if isinstance(thing, Array):
            self._list(thing, kind, depth)
            return
        if isinstance(thing, Stream):
            _blank_if_outside(thing)
            if kind == "Drawing":
                _refuse_flood(thing)
        if kind in SCHEMA:
            self._by_schema(thing, SCHEMA[kind], depth)
            return
        for _, each in list(thing.items()):
            self._later(each, kind.removeprefix(MAP), depth)

    def _list(self, thing: Array, kind: str, depth: int) -> None:
        if kind == PLAIN:
            _drop_members(thing)
        for each in list(thing):
            self._later(each, kind, depth)

    def _later(self, thing: Object, kind: str, depth: int) -> None:
        if isinstance(thing, Array | Dictionary | Stream):
            self._waiting.append((thing, kind, depth + 1))

    def _by_schema(self, thing: Object, known: dict[str, str], depth: int) -> None:
        _drop(thing, lambda key, _: key not in known)
        for key, value in list(thing.items()):
            if known[key].startswith(MAP) and key in NAMED:
                if not isinstance(value, Dictionary):
                    keys.drop(thing, key)
                    continue
                _drop_misfits(value, NAMED[key])
            if known[key] == PLAIN and isinstance(value, Dictionary | Stream):
                keys.drop(thing, key)
                continue
            self._later(value, known[key], depth)


def _blank_if_outside(stream: Stream) -> None:
    if "/F" in stream:
        stream.write(b"")
        del stream["/F"]


def _drop(thing: Object, unwanted: Callable[[str, object], bool]) -> None:
    for key, value in list(thing.items()):
        if unwanted(key, value):
            keys.drop(thing, key)


def _drop_misfits(named: Object, must: str) -> None:
    _drop(named, lambda _, each: not _fits(each, must))


def _drop_members(thing: Array) -> None:
    for index in range(len(thing) - 1, -1, -1):
        if isinstance(thing[index], Dictionary | Stream):
            del thing[index]


def _fits(named: object, must: str) -> bool:
    if must == "stream":
        return isinstance(named, Stream) and _is_drawing(named)
    if must == "dictionary":
        return isinstance(named, Dictionary) and not isinstance(named, Stream)
    if must == "colour":
        return isinstance(named, Array | Name)
    return isinstance(named, Dictionary | Stream)


def _is_drawing(stream: Stream) -> bool:
    """Glyphs and forms and pictures; PostScript fragments and data kept elsewhere are not."""
    kind = stream.get("/Subtype")
    return "/F" not in stream and "/PS" not in stream and (kind is None or kind in _DRAWINGS)


def _refuse_flood(stream: Object) -> None:
    sides = [_whole(stream.get(key)) for key in ("/Width", "/Height")]
    if max(sides) > _LONGEST_SIDE or sides[0] * sides[1] > _MOST_PIXELS:
        raise RefusedError("too_heavy")


def _whole(value: object) -> int:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]  # any number will do
    except (TypeError, ValueError, ArithmeticError):
        return 0
