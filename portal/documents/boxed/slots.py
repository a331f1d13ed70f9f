"""Places of a fixed length in a finished file, into which one reader's mark is written.

A file that is prepared has two drawings that every page uses (a line for the foot, and one across
the page), some words about itself, and its /ID. Each lies at a known place and keeps its length,
so a copy is made by writing over these bytes alone: no object moves, there is one cross-reference
table, and no end that could be cut off to be rid of the mark.

Where the places are stands in one comment of fixed length before `startxref`, the last thing in
the file. It is written by the binder, after everything foreign, and read from the end; each place
begins with the same tag, the SHA-256 of everything the file was made of, which nothing inside the
file can have foreseen.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DRAWING: Final = 32_000  # bytes of a drawing as it lies in the file
WORDS: Final = 2_000
ID: Final = 74  # `/ID [<32 digits><32 digits>]`
FOOT_BOX: Final = (547.0, 11.0)  # points
ACROSS_BOX: Final = (600.0, 240.0)
_INDEX: Final = re.compile(
    rb"%MappaSlots1 ([0-9a-f]{32}) (\d{10}) (\d{10}) (\d{10}) (\d{10})\nstartxref\n\d+\n%%EOF\n\Z"
)
_TAIL: Final = 160
_TELLING: Final = 128  # the beginning of a place, with its tag: sought many times faster than all
_ENDING: Final = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
_AN_ID: Final = re.compile(rb"/ID \[<[0-9a-f]{32}><[0-9a-f]{32}>\]")


@dataclass(frozen=True)
class Slots:
    """Offsets of the four places, and of the comment that told them."""

    foot: int
    across: int
    words: int
    identity: int
    index: int
    index_length: int


def made_of(blobs: Sequence[bytes]) -> bytes:
    """What `tag` is told of files that others had a hand in: 32 bytes for each."""
    return b"".join(hashlib.sha256(blob).digest() for blob in blobs)


def unmarked(name: bytes, tag: bytes) -> bytes:
    """A drawing as it lies in a file that nobody opened yet: a comment, as long as any other."""
    return drawing(b"%slot " + name + b" " + tag + b"\n")


def unsaid(tag: bytes) -> bytes:
    """The words before there are any."""
    return (b"<!--slot words " + tag + b"-->").ljust(WORDS)


def drawing(steps: bytes) -> bytes:
    """Page instructions as a Flate stream of exactly DRAWING bytes.

    What is left over is filled with spaces that Flate keeps as they are. Raises ValueError when
    the instructions do not fit.
    """
    packer = zlib.compressobj(1)
    packed = packer.compress(steps) + packer.flush(zlib.Z_SYNC_FLUSH)
    room = DRAWING - len(packed) - 5 - 4
    if room < 0:
        raise ValueError("too much to draw")
    spaces = b" " * room
    length = room.to_bytes(2, "little")
    turned = (room ^ 0xFFFF).to_bytes(2, "little")
    check = zlib.adler32(spaces, zlib.adler32(steps)).to_bytes(4, "big")
    return packed + b"\x01" + length + turned + spaces + check


def say(text: bytes) -> bytes:
    """Words of exactly WORDS bytes. Raises ValueError when they do not fit."""
    if len(text) > WORDS:
        raise ValueError("too much to say")
    return text.ljust(WORDS)


def identify(sixteen: bytes) -> bytes:
    """Both halves of an /ID, alike."""
    digits = sixteen.hex().encode()
    said = b"/ID [<" + digits + b"><" + digits + b">]"
    if len(said) != ID:
        raise ValueError("an /ID has two halves of 16 bytes")
    return said


def note_down(file: io.BytesIO, tag: bytes) -> None:
    """Add its index to a file, once every place has been seen exactly once.

    Raises ValueError otherwise: such a file must not be made.
    """
    pdf = file.getvalue()
    ending = _ENDING.search(pdf, max(0, len(pdf) - _TAIL))
    if ending is None:
        raise ValueError("the file does not end as it should")
    places = [_only(pdf, unmarked(name, tag)) for name in (b"foot", b"across")]
    places.append(_only(pdf, unsaid(tag)))
    table = int(ending[1])
    found = list(_AN_ID.finditer(pdf, table))
    if len(found) != 1:
        raise ValueError("the file has not one /ID")
    places.append(found[0].start())
    index = b"%MappaSlots1 " + tag + b"".join(b" %010d" % place for place in places) + b"\n"
    start, last = ending.start(), ending[0]
    # The file would be copied whole before it is written to, while anything else holds its bytes.
    del pdf, ending, found
    file.seek(start)
    file.write(index + last)


def find(pdf: bytes) -> Slots | None:
    """Where the places are; None for a file that has none, or whose index does not fit it."""
    told = _INDEX.search(pdf, max(0, len(pdf) - _TAIL))
    if told is None:
        return None
    tag, numbers = told[1], [int(each) for each in told.groups()[1:]]
    foot, across, words, identity = numbers
    fits = (
        pdf.startswith(unmarked(b"foot", tag), foot)
        and pdf.startswith(unmarked(b"across", tag), across)
        and pdf.startswith(unsaid(tag), words)
        and _AN_ID.match(pdf, identity) is not None
        and identity + ID <= told.start()
    )
    if not fits:
        return None
    after_index = pdf.index(b"\n", told.start())
    return Slots(foot, across, words, identity, told.start(), after_index - told.start())


def fill(pdf: bytes, at: Slots, foot: bytes, across: bytes, words: bytes, identity: bytes) -> bytes:
    """The copy: the same length, these places written over, and the index taken out."""
    if not (len(foot) == len(across) == DRAWING and len(words) == WORDS and len(identity) == ID):
        raise ValueError("a mark has exactly the length of its place")
    marks = {
        at.foot: foot,
        at.across: across,
        at.words: words,
        at.identity: identity,
        at.index: b" " * at.index_length,
    }
    clear, done = memoryview(pdf), 0
    pieces: list[bytes | memoryview] = []
    for place, mark in sorted(marks.items()):
        if place < done:
            raise ValueError("two places are one")
        pieces += [clear[done:place], mark]
        done = place + len(mark)
    return b"".join([*pieces, clear[done:]])


def _only(pdf: bytes, marker: bytes) -> int:
    beginning = marker[:_TELLING]
    place = pdf.find(beginning)
    if place < 0 or not pdf.startswith(marker, place) or pdf.find(beginning, place + 1) >= 0:
        raise ValueError("a place is not there exactly once")
    return place
