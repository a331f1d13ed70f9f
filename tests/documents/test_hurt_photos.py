"""What follows the damage in a photo is no part of its picture, and does not go on."""

from __future__ import annotations

import io

import pytest
from pikepdf import Pdf, Stream
from PIL import Image

from portal.documents.boxed.coded import anew
from portal.documents.boxed.jpegnotes import without_notes
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from tests.documents.test_silent import holding, jpeg

WHOLE = jpeg(notes=False)
GROWING = jpeg(notes=False, progressive=True)
CANARY = b"Leila Aziz, 14 Rowan Court, " * 40
END = b"\xff\xd9"


def part(kind: int, body: bytes, size: int | None = None) -> bytes:
    return bytes([0xFF, kind]) + (size or len(body) + 2).to_bytes(2, "big") + body


def coded(photo: bytes) -> bytes:
    return photo.removesuffix(END)


HURT: dict[str, bytes] = {
    "a part of no known kind": coded(WHOLE) + part(0x05, CANARY) + END,
    "another": WHOLE[:2] + part(0x4F, CANARY) + WHOLE[2:],
    "one kept back for later": coded(WHOLE) + part(0xF7, CANARY) + END,
    "a part that is longer than the file": coded(WHOLE) + part(0xC4, CANARY, 60_000),
    "a part that is too short": coded(WHOLE) + part(0xDB, CANARY, 1) + END,
    "words behind a table": coded(GROWING) + part(0xDD, b"\0\0") + CANARY + END,
    "words behind a table, with no end": coded(GROWING) + part(0xDD, b"\0\0") + CANARY,
    "words behind the last scan, with no end": coded(WHOLE) + CANARY,
    "words in the middle of a scan, with no end": WHOLE[: len(WHOLE) // 2] + CANARY,
    "no end, and words that count as a scan": coded(WHOLE) + part(0xDA, bytes(10)) + CANARY,
    "words before any part": b"\xff\xd8" + CANARY + WHOLE[2:],
    "no picture at all": CANARY,
}


def kept(clear: bytes) -> bytes:
    """Everything in the streams of a file, as it is packed."""
    with Pdf.open(io.BytesIO(clear)) as pdf:
        return b"".join(each.read_raw_bytes() for each in pdf.objects if isinstance(each, Stream))


@pytest.mark.parametrize("name", HURT)
def test_words_behind_the_damage_do_not_go_on(name: str) -> None:
    clear = holding(HURT[name])
    assert b"Rowan Court" in kept(clear)
    accepted = examine(clear)
    assert b"Rowan Court" not in accepted.pdf_clear
    assert b"Rowan Court" not in kept(accepted.pdf_clear)


@pytest.mark.parametrize("name", [name for name in HURT if "no end" not in name])
def test_they_are_told(name: str) -> None:
    kinds = {each.kind for each in examine(holding(HURT[name])).findings}
    assert FindingKind.DETAILS in kinds


@pytest.mark.parametrize("photo", [WHOLE, GROWING])
def test_a_whole_photo_is_not_coded_anew(photo: bytes) -> None:
    silent = without_notes(photo)
    assert silent.end
    assert silent.body == photo


def test_what_is_coded_anew_is_the_same_picture() -> None:
    again = anew(coded(WHOLE))
    assert again is not None
    with Image.open(io.BytesIO(WHOLE)) as old, Image.open(io.BytesIO(again)) as new:
        pairs = zip(old.tobytes(), new.tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) < 40


@pytest.mark.parametrize("clear", [b"", b"\xff\xd8", CANARY, WHOLE[:100]])
def test_what_cannot_be_decoded_is_not_coded_anew(clear: bytes) -> None:
    assert anew(clear) is None


def test_one_whose_colours_may_be_turned_round_is_not() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (40, 30), (0, 90, 200, 10)).save(out, "JPEG")
    assert anew(out.getvalue()) is None
