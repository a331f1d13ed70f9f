"""Reads the words of pages that are pictures, with tesseract, in the sandbox and nowhere else.

Each page is photographed in a limited child and read in a sandbox of its own, so a page that
burns costs itself and no other. What tesseract answers is foreign: it is taken as words and
numbers, or not at all. The words are laid over the page without being seen.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

from portal.documents import child, pump, sandbox
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.sandbox import SandboxMissing

PROGRAM: Final = "tesseract"
LANGUAGE: Final = "eng"
_AT_ONCE: Final = max(1, os.cpu_count() or 1)
_SEATS: Final = threading.BoundedSemaphore(_AT_ONCE)
_PAGE_SECONDS: Final = 30.0
_MEMORY: Final = 1024 * MIB
_ANSWER: Final = 8 * MIB
_LOOK_SECONDS: Final = 30
_SURE: Final = 30.0  # of 100; below it is more often dirt than a word
_MOST_WORDS: Final = 5000  # of one page
_LONGEST_WORD: Final = 100
_PICTURE: Final = "/tmp/page.pgm"  # noqa: S108  # inside the sandbox, where /tmp is memory
_STEPS: Final = (
    'OMP_THREAD_LIMIT=1 exec tesseract "$1" - -l "$2" --dpi "$3" --psm 1 tsv 2>/dev/null'
)

Word = tuple[str, float, float, float, float]
Line = list[Word]


@dataclass(frozen=True)
class Recognised:
    """A clean file after its pictures were read.

    Pages are counted from 1. `read`: pages that now have words, which may be wrong. `wordless`:
    pages that were looked at, and have none. `late`: pages that were not reached in time. `unread`:
    pages nobody could look at, because there is no reader here, or the page burned. `tagged`: the
    file was given tags.
    """

    pdf_clear: bytes
    read: tuple[int, ...] = ()
    wordless: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()
    tagged: bool = False


@dataclass(frozen=True)
class Late:
    """A page for which there was no time left."""


class NoReader(Exception):
    """There is no tesseract here, or no sandbox for it. The message says which."""


def recognise(
    pdf_clear: bytes, limits: Limits, known: tuple[int, Sequence[int]] | None = None
) -> Recognised:
    """Lay words over every page that is a picture and has none, in `limits.recognise_seconds`.

    `known`: how many pages there are and which are such pictures, if that was looked at before.

    Raises RefusedPaper when the file cannot be looked through at all.
    """
    until = time.monotonic() + limits.recognise_seconds
    look = replace(limits, cpu_seconds=max(limits.cpu_seconds, _LOOK_SECONDS), wall_seconds=60.0)
    pages, pictures = known or _pictures(pdf_clear, look)
    if not pictures:
        return Recognised(pdf_clear)
    found: dict[int, list[Line] | Late | None] = dict.fromkeys(pictures)
    if installed():
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            told = pool.map(lambda sheet: _page(pdf_clear, sheet, limits, until), pictures)
            found = dict(zip(pictures, told, strict=True))
    read = {sheet: lines for sheet, lines in found.items() if isinstance(lines, list) and lines}
    late = tuple(sheet for sheet, lines in found.items() if isinstance(lines, Late))
    unread = tuple(sheet for sheet, lines in found.items() if lines is None)
    wordless = tuple(sheet for sheet, lines in found.items() if lines == [])
    if not read:
        return Recognised(pdf_clear, wordless=wordless, late=late, unread=unread)
    header, parts = child.run("lettering", {"words": list(read.items())}, [pdf_clear], look)
    if header.get("pages") != pages or len(parts) != 1 or not parts[0].startswith(b"%PDF-"):
        raise RefusedPaper(RefusalCode.HOSTILE)
    tagged = header.get("tagged") is True
    return Recognised(parts[0], tuple(read), wordless, late, unread, tagged)


def installed() -> bool:
    """Whether there is a program to read pictures with; whether it runs, `probe` says."""
    return shutil.which(PROGRAM) is not None


def probe() -> None:
    """Ask tesseract, in the sandbox, for its languages. Raises NoReader."""
    if not installed():
        raise NoReader("tesseract is not installed")
    try:
        sandbox.probe()
        asked = replace(Limits(), convert_seconds=_PAGE_SECONDS)
        done = sandbox.run(["sh", "-c", "exec tesseract --list-langs 2>&1"], {}, asked)
    except SandboxMissing as missing:
        raise NoReader(str(missing)) from missing
    except (pump.OverTime, pump.OverSize) as stuck:
        raise NoReader("tesseract does not answer") from stuck
    if LANGUAGE.encode() not in done.output.split():
        raise NoReader("tesseract has no English")


def _pictures(pdf_clear: bytes, limits: Limits) -> tuple[int, list[int]]:
    header, _ = child.run("scans", {}, [pdf_clear], limits)
    pages, told = header.get("pages"), header.get("pictures")
    if type(pages) is not int or not isinstance(told, list):
        raise RefusedPaper(RefusalCode.HOSTILE)
    if not all(type(sheet) is int and 1 <= sheet <= pages for sheet in told):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return pages, told


def _page(pdf_clear: bytes, sheet: int, limits: Limits, until: float) -> list[Line] | Late | None:
    """The lines of one page; None where nobody could look at it."""
    with _SEATS:
        left = until - time.monotonic()
        if left <= 0:
            return Late()
        try:
            header, parts = child.run(
                "scans",
                {"sheet": sheet},
                [pdf_clear],
                replace(limits, wall_seconds=min(left, limits.wall_seconds)),
            )
            size, dpi = _shape(header)
            bounds = replace(
                limits,
                convert_memory=_MEMORY,
                convert_seconds=max(1.0, min(until - time.monotonic(), _PAGE_SECONDS)),
                answer=max(_ANSWER, len(parts[0])),
            )
            done = sandbox.run(
                ["sh", "-c", _STEPS, "sh", _PICTURE, LANGUAGE, str(dpi)],
                {_PICTURE: parts[0]},
                bounds,
            )
        except (RefusedPaper, SandboxMissing, pump.OverTime, pump.OverSize, IndexError):
            # A page that was cut off by the end of the whole time did not burn.
            return Late() if time.monotonic() >= until else None
    return list(_lines(done.output, size)) if done.code == 0 else None


def _shape(header: dict[str, object]) -> tuple[tuple[int, int], int]:
    size, dpi = header.get("size"), header.get("dpi")
    if not isinstance(size, list) or len(size) != 2 or type(dpi) is not int:
        raise RefusedPaper(RefusalCode.HOSTILE)
    if not all(type(side) is int and 0 < side < 10_000 for side in size):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return (size[0], size[1]), dpi


def _lines(answer: bytes, size: tuple[int, int]) -> Iterator[Line]:
    """Words line by line, in fractions of the page; what is no row of such a table is passed over.

    Columns: level page block paragraph line word left top width height confidence text.
    """
    words = 0
    line: Line = []
    at: tuple[Any, ...] = ()
    for row in answer.decode("utf-8", "replace").split("\n"):
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5":
            continue
        word = _word(cells, size)
        if word is None:
            continue
        if tuple(cells[1:5]) != at and line:
            yield line
            line = []
        at = tuple(cells[1:5])
        line.append(word)
        words += 1
        if words == _MOST_WORDS:
            break
    if line:
        yield line


def _word(cells: list[str], size: tuple[int, int]) -> Word | None:
    text = "".join(letter for letter in cells[11] if letter.isprintable()).strip()[:_LONGEST_WORD]
    try:
        left, top, wide, high = (int(cell) for cell in cells[6:10])
        sure = float(cells[10])
    except ValueError:
        return None
    inside = left >= 0 and top >= 0 and left + wide <= size[0] and top + high <= size[1]
    if not text or wide <= 0 or high <= 0 or not inside or not _SURE <= sure <= 100:
        return None
    across, down = size
    x, y, w, h = left / across, top / down, wide / across, high / down
    return text, round(x, 5), round(y, 5), round(w, 5), round(h, 5)
