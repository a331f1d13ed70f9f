"""A coordinator or administrator marks what is to be taken out of a paper (MAPPA rules 35, 36).

Opening it leaves its line and makes a copy with a reference, which stands on every page that is
shown after it. Each page, and each mark, is judged anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from portal.chance import new_copy_reference
from portal.documents.redact import MOST_AREAS, Area, occurrences
from portal.documents.render import Leaf, NoSuchPage, Picture, draw, read_leaf
from portal.documents.stamp import Stamp, stamp
from portal.domain.deeds import Deed, line
from portal.domain.extracts import LONGEST_PHRASE, MOST_MARKS
from portal.domain.ids import VersionId
from portal.journeys.deed import doing, looking
from portal.journeys.extracts.cutting import (
    Mark,
    Marking,
    Source,
    keep_marking,
    marking_of,
    open_source,
    source_of,
    stamp_of,
)
from portal.journeys.extracts.line_boxes import boxes_of
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action

ACTION = Action.UNIT_EXTRACT_MARK
SHORTEST_PHRASE = 2

T = TypeVar("T")


@dataclass(frozen=True)
class PageToMark:
    """One page with its words, what is marked on it, and the mark of the copy."""

    source: Source
    marking: Marking
    leaf: Leaf
    mark: Stamp

    def here(self) -> list[Mark]:
        """What is marked on this page."""
        return [mark for mark in self.marking.marks if mark.sheet == self.leaf.sheet]


def begin_extract(house: House, who: Who, version_id: VersionId) -> None:
    """Open the paper to mark it; what was marked before is forgotten. Raises Refused."""
    with doing(house, who.actor, ACTION, version_id) as deed:
        deed.require(about(deed, version_id))
        source = source_of(deed.db, deed.area_id, version_id, ACTION)
        copy = new_copy_reference()
        deed.note(line(Deed.EXTRACT_BEGUN, version=version_id, copy=copy))
        now = deed.now
    every = tuple(range(1, source.version.pages + 1))
    keep_marking(house, who, version_id, Marking(copy, now, every))


def what_is_marked(house: House, who: Who, version_id: VersionId) -> tuple[Source, Marking]:
    """Raises NotMarking or Refused."""
    with looking(house, who.actor, version_id) as look:
        look.require(ACTION, about(look, version_id))
        source = source_of(look.db, who.actor.area_id, version_id, ACTION)
    return source, marking_of(house, who, version_id)


def page_to_mark(house: House, who: Who, version_id: VersionId, sheet: int) -> PageToMark:
    """The page `sheet`, from 1. Raises NoSuchPage, NotMarking, Refused, RefusedPaper, Spoilt."""
    source, marking = what_is_marked(house, who, version_id)
    if not 1 <= sheet <= source.version.pages:
        raise NoSuchPage
    leaf = _with_clear(house, who, source, lambda clear: read_leaf(clear, sheet))
    return PageToMark(source, marking, leaf, stamp_of(who, source, marking))


def draw_to_mark(house: House, who: Who, version_id: VersionId, sheet: int) -> Picture:
    """The page's picture as it would be, with the mark of the copy on it. Raises the same."""
    source, marking = what_is_marked(house, who, version_id)
    if not 1 <= sheet <= source.version.pages:
        raise NoSuchPage
    own, areas = stamp_of(who, source, marking), marking.areas(sheet)
    boxes = [(area.x, area.y, area.w, area.h) for area in areas]
    return _with_clear(house, who, source, lambda c: draw(stamp(c, own), sheet, boxes=boxes))


def mark_words(house: House, who: Who, version_id: VersionId, words: str) -> int:
    """Mark every place where these words stand, on any page; returns how many are new.

    Raises Unacceptable, and what `page_to_mark` raises.
    """
    words = " ".join(words.split())
    if sum(c.isalnum() for c in words) < SHORTEST_PHRASE:
        raise Unacceptable("words", "Write at least two letters or digits.")
    if len(words) > LONGEST_PHRASE:
        raise Unacceptable("words", f"Write at most {LONGEST_PHRASE} characters.")
    source, marking = what_is_marked(house, who, version_id)
    found, more = _with_clear(house, who, source, lambda clear: occurrences(clear, words))
    if more:
        raise Unacceptable("words", "These words stand in too many places. Write more of them.")
    if not found:
        raise Unacceptable(
            "words", "These words are not in this paper. Look at how it writes them."
        )
    new = [
        Mark(0, each.sheet, _boxes(each.areas), each.before, each.found, each.after, words)
        for each in found
    ]
    marked = marking.with_marks(*new)
    known = {*marking.words, words}
    _keep(house, who, version_id, replace(marked, words=tuple(sorted(known))))
    return len(marked.marks) - len(marking.marks)


def mark_lines(
    house: House, who: Who, version_id: VersionId, sheet: int, lines: Sequence[int]
) -> None:
    """Mark whole lines of a page, counted from 0 as the page lists them. Raises Unacceptable."""
    at = page_to_mark(house, who, version_id, sheet)
    there = [line for paragraph in at.leaf.paragraphs for line in paragraph]
    if not lines or not all(0 <= number < len(there) for number in lines):
        raise Unacceptable("lines", "Choose at least one line.")
    new = [
        Mark(
            0,
            sheet,
            boxes_of(there[number]),
            found=" ".join(word.text for word in there[number]),
        )
        for number in lines
    ]
    _keep(house, who, version_id, at.marking.with_marks(*new), "lines")


def mark_area(
    house: House, who: Who, version_id: VersionId, sheet: int, sides: Sequence[float]
) -> None:
    """Mark a rectangle: left, top, right, bottom in per cent of the page as it is shown. Raises
    Unacceptable."""
    source, marking = what_is_marked(house, who, version_id)
    if not 1 <= sheet <= source.version.pages:
        raise NoSuchPage
    left, top, right, bottom = sides
    if not (0 <= left < right <= 100 and 0 <= top < bottom <= 100):
        raise Unacceptable(
            "left", "Left must be less than right, and top less than bottom, from 0 to 100."
        )
    box = (left / 100, top / 100, (right - left) / 100, (bottom - top) / 100)
    _keep(house, who, version_id, marking.with_marks(Mark(0, sheet, (box,))), "left")


def unmark(house: House, who: Who, version_id: VersionId, ids: Sequence[int]) -> None:
    """Leave these marks out: what they covered stays."""
    _, marking = what_is_marked(house, who, version_id)
    left = tuple(mark for mark in marking.marks if mark.id not in set(ids))
    used = {mark.words for mark in left}
    words = tuple(word for word in marking.words if word in used)
    _keep(house, who, version_id, replace(marking, marks=left, words=words))


def choose_pages(house: House, who: Who, version_id: VersionId, typed: str) -> None:
    """Which pages the extract has: numbers and runs, such as 1-4, 7. Raises Unacceptable."""
    source, marking = what_is_marked(house, who, version_id)
    keep = pages_in(typed, source.version.pages)
    _keep(house, who, version_id, replace(marking, keep=keep))


def let_stay(
    house: House, who: Who, version_id: VersionId, places: Sequence[tuple[str, int]]
) -> None:
    """These words may be seen on these pages."""
    _, marking = what_is_marked(house, who, version_id)
    stays = tuple(dict.fromkeys([*marking.stays, *places]))
    _keep(house, who, version_id, replace(marking, stays=stays))


def pages_in(typed: str, last: int) -> tuple[int, ...]:
    """'1-4, 7' -> 1, 2, 3, 4, 7. Raises Unacceptable."""
    wrong = Unacceptable("pages", f"Write pages from 1 to {last}, such as 1-4, 7.")
    found: set[int] = set()
    for part in typed.replace(";", ",").split(","):
        first, dash, end = (each.strip() for each in part.strip().partition("-"))
        ends = [first, end if dash else first]
        if not all(each.isascii() and each.isdecimal() and len(each) < 6 for each in ends):
            raise wrong
        a, b = int(ends[0]), int(ends[1])
        if not 1 <= a <= b <= last:
            raise wrong
        found |= set(range(a, b + 1))
    return tuple(sorted(found))


def _keep(
    house: House, who: Who, version_id: VersionId, marking: Marking, field: str = "words"
) -> None:
    if len(marking.marks) > MOST_MARKS:
        raise Unacceptable(field, f"An extract has at most {MOST_MARKS} marks.")
    if sum(len(mark.boxes) for mark in marking.marks) > MOST_AREAS:
        raise Unacceptable(
            field,
            "This is more than one extract can take out. Mark an area in the place of many words, "
            "or make more than one extract.",
        )
    keep_marking(house, who, version_id, marking)


def _with_clear(house: House, who: Who, source: Source, made: Callable[[bytes], T]) -> T:
    with house.examining_room.seat(who.actor.person_id):
        with looking(house, who.actor, source.version.id) as look:
            look.require(ACTION, about(look, source.version.id))
            clear = open_source(house, look.db, who, source)
        return made(clear)


def _boxes(areas: Sequence[Area]) -> tuple[tuple[float, float, float, float], ...]:
    return tuple((area.x, area.y, area.w, area.h) for area in areas)


def runs(pages: Iterable[int]) -> str:
    """1, 2, 3, 4, 7 -> '1-4, 7'."""
    found: list[list[int]] = []
    for page in sorted(pages):
        if found and found[-1][1] == page - 1:
            found[-1][1] = page
        else:
            found.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)
