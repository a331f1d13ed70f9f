"""What the pictures of an extract show, asked of the pages they were made of.

The words laid over a picture are those that one reader found. The picture itself may show others:
what the page says it says otherwise, and what only our own reader finds in its instructions.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pikepdf import Pdf

from portal.documents.boxed import pagetree, spelling
from portal.documents.boxed.parts import Parts, left_in
from portal.documents.boxed.remains import Allowed, Search, first_seen, has_picture, rows
from portal.documents.boxed.trim import Trimmer
from portal.documents.boxed.wording import Row, folded


@dataclass
class Shown:
    """Pages (from 1) of the source. `seen`: page, word, times, before, found, after, where it is
    not covered; `unclear`: pages of which nobody can say it."""

    seen: list[list[object]] = field(default_factory=list)
    unclear: set[int] = field(default_factory=set)


def look_at(
    clear: bytes, parts: Parts, pictured: Iterable[int], words: Sequence[str], stays: Allowed
) -> Shown:
    """Every word on every page that became a picture.

    A word that is painted where no reader says a place, in a pattern or in a letter's own drawing,
    is told as seen; once somebody has marked a place on that page, only that it is unclear.
    """
    found = Shown()
    with Pdf.open(io.BytesIO(clear)) as pdf:
        pages = pagetree.flatten(pdf, len(parts.read.given))
        own = {page.obj.objgen for page in pages}
        trimmer = Trimmer()
        for number in sorted(pictured):
            splits = parts.of(number)
            left = rows(left_in(split) for split in splits)
            trimmer.page(pages[number - 1].obj)
            steps = Search(spelling.paints(pages[number - 1].obj, own))
            placed_in = [Row(text.split()) for text in parts.read.texts(number - 1)]
            marked = bool(splits[0].areas)
            bare = not any(said for _, said in left) and has_picture(pages[number - 1].obj)
            unclear = parts.read.unclear(number - 1) or (bare and not marked)
            for word in words:
                if (folded(word), number) in stays:
                    continue
                told = first_seen(left, word)
                placed = any(True for row in placed_in for _ in row.find(word))
                if not told and not placed and steps.has(word):
                    unclear = unclear or marked
                    told = [] if marked else [1, "", word, ""]
                if told:
                    found.seen.append([number, word, *told])
            if unclear:
                found.unclear.add(number)
    return found
