"""The test that an extract must pass: are words that were taken out still in it, anywhere?

Two readers look: the renderer, for what a reader sees and copies, and `spelling`, for all that
lies beneath. What is seen can be told with its place; what is only beneath is told with its page.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pikepdf import Dictionary, Pdf

from portal.documents.boxed import pagetree, spelling, spoken
from portal.documents.boxed.alphabets import Alphabets
from portal.documents.boxed.leaf import Shapes, of_page
from portal.documents.boxed.occurrences import around, flat
from portal.documents.boxed.readings import Readings
from portal.documents.boxed.sought import Sought
from portal.documents.boxed.wording import Row, folded
from portal.documents.boxed.words import Word

_SHORTEST_IN_BYTES: Final = 5
_MOST: Final = 50_000
_AROUND: Final = 3  # places of a word of which is told what stands around them
_PICTURE: Final = 0.25  # of a page: a picture this large may hold words

Allowed = set[tuple[str, int]]


@dataclass
class Remains:
    """What was found of the words: seen (page, word, times, before, found, after), beneath (page,
    word), and elsewhere in the file. `pictures` are pages whose pictures, or letters that do not
    say which they are, nobody could search."""

    seen: list[list[object]] = field(default_factory=list)
    beneath: set[tuple[int, str]] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    pictures: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.seen or self.beneath or self.elsewhere)

    def told(self) -> dict[str, object]:
        return {
            "seen": brief(self.seen),
            "beneath": [list(each) for each in sorted(self.beneath)][:_MOST],
            "elsewhere": sorted(self.elsewhere)[:_MOST],
            "pictures": self.pictures,
        }


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Look through `blobs[0]` for every one of `asked["words"]`; `stays` are pairs of a word and a
    page on which it may stand."""
    allowed = {(folded(str(word)), int(page)) for word, page in asked["stays"]}
    wanted = Sought([str(word) for word in asked["words"]], [str(word) for word in asked["light"]])
    return look(blobs[0], wanted, allowed).told(), []


def look(
    clear: bytes,
    wanted: Sought,
    allowed: Allowed,
    ours: Iterable[int] = (),
    left_out: Sequence[str] = (),
) -> Remains:
    """Every word in every place. `ours` are pages (from 1) that are pictures we made: whoever asks
    knows that nothing was searched in them but the words laid over them. Of words that are
    `left_out` with their pages, and may stand on others, only no font may tell."""
    words = [*((word, False) for word in wanted.full), *((word, True) for word in wanted.light)]
    found = Remains()
    read = Readings(clear)
    shapes = Shapes(clear)
    pictured = set(ours)
    with Pdf.open(io.BytesIO(clear)) as pdf:
        pages = pagetree.flatten(pdf, len(read.given))
        own = {page.obj.objgen for page in pages}
        tags = spoken.by_page(pdf, own)
        known = own | tags.ids
        texts = [read.texts(index) for index in range(len(pages))]
        fonts = Alphabets([page.obj for page in pages], [" ".join(each) for each in texts])
        told_of_others = fonts.told(left_out)
        for number, page in enumerate(pages, 1):
            shown = rows([flat(of_page(each, shapes, number - 1)) for each in read.of(number - 1)])
            says = [
                text
                for each in tags.of.get(page.obj.objgen, ())
                for text in spelling.texts(each, known)
            ]
            search = Search([*spelling.texts(page.obj, own), *texts[number - 1], *says])
            for word, light in words:
                if (folded(word), number) in allowed:
                    continue
                told = first_seen(shown, word)
                if told:
                    found.seen.append([number, word, *told])
                elif search.has(word, light=light) or (not light and fonts.tells(number - 1, word)):
                    found.beneath.add((number, word))
            found.beneath |= {(number, word) for word in told_of_others[number - 1]}
            bare = not any(said for _, said in shown) and has_picture(page.obj)
            if number not in pictured and (bare or read.unclear(number - 1)):
                found.pictures.append(number)
        rest = Search(_beside_the_pages(pdf, known, tags))
        found.elsewhere = {word for word, light in words if rest.has(word, light=light)}
    return found


def brief(seen: Sequence[Sequence[object]]) -> list[list[object]]:
    """Every place, by page, so that a word can be let stay in all of them at once; what stands
    around it for the first few places of each word alone."""
    told: list[list[object]] = []
    times: Counter[object] = Counter()
    for page, word, count, *beside in sorted(seen, key=lambda each: int(str(each[0])))[:_MOST]:
        times[word] += 1
        told.append([page, word, count, *(beside if times[word] <= _AROUND else ("", "", ""))])
    return told


Shown = list[tuple[Row, Sequence[Word]]]
"""The words of a page, ready to be searched, by each of its readings."""


def rows(readings: Iterable[Sequence[Word]]) -> Shown:
    """Make them ready, once for many words."""
    return [(Row([each.text for each in words]), words) for words in readings]


def first_seen(readings: Shown, word: str) -> list[object]:
    """How often a word stands among the words of a page, by the reading that has it most often, and
    what is around the first place; nothing if it does not."""
    told: list[object] = []
    most = 0
    for row, words in readings:
        places = list(row.find(word))
        if len(places) > most:
            most = len(places)
            told = [most, *around(words, places[0])]
    return told


def _beside_the_pages(
    pdf: Pdf, known: set[spoken.Id], tags: spoken.Spoken
) -> Iterator[str | bytes]:
    """The catalogue, with those tags that speak for no page, and the trailer."""
    root = pdf.Root
    for key, value in list(root.items()):
        if key != "/Pages" and not spelling.says_nothing(key, value):
            yield from spelling.texts(value, known)
    for element in tags.nowhere:
        yield from spelling.texts(element, known)
    if isinstance(pdf.trailer.get("/Info"), Dictionary):
        yield from spelling.texts(pdf.trailer.Info, known)


class Search:
    """Texts and bytes, made ready once for many words."""

    def __init__(self, texts: Iterable[str | bytes]) -> None:
        self._rows: list[Row] = []
        self._names: list[Row] = []
        self._bytes: list[bytes] = []
        for text in texts:
            if isinstance(text, bytes):
                self._bytes.append(text.lower())
            elif text.strip():
                rows = self._names if isinstance(text, spelling.Names) else self._rows
                rows.append(Row(text.split()))
        # A word is in few of many texts: most are settled by one look at the letters of them all.
        self._read = "\n".join(row.letters for row in self._rows)
        self._named = "\n".join(row.letters for row in self._names)

    @staticmethod
    def _in(rows: Sequence[Row], letters: str, word: str) -> bool:
        plain = folded(word)
        if plain not in letters and plain[::-1] not in letters:
            return False
        return any(True for row in rows for _ in row.find(word))

    def has(self, word: str, *, light: bool = False) -> bool:
        """Whether it is in any of them; `light`: in one that somebody reads or is told."""
        if self._in(self._rows, self._read, word):
            return True
        if light:
            return False
        if self._in(self._names, self._named, word):
            return True
        return any(way in body for way in _ways(word) for body in self._bytes)


def _ways(word: str) -> set[bytes]:
    """How a word may stand in bytes: typed, and as its letters alone; short ones would be found in
    any picture."""
    found: set[bytes] = set()
    for text in {word, word.casefold(), folded(word)}:
        if len(text) < _SHORTEST_IN_BYTES:
            continue
        for code in ("latin-1", "utf-8", "utf-16-be", "utf-16-le"):
            raw = text.encode(code, "replace")
            if b"?" in raw and "?" not in text:
                continue
            found |= {raw.lower(), raw.hex().encode()}
    return found


def has_picture(page: Any) -> bool:
    """Whether a page uses a picture or a drawing, which may hold words that no program reads."""
    resources = page.get("/Resources")
    drawings = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    return isinstance(drawings, Dictionary) and any(
        each.get("/Subtype") in ("/Image", "/Form") for each in drawings.values()
    )
