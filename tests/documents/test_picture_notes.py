"""What a picture says beside its pixels is left out unread, whatever it would unpack to."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from portal.documents.boxed.pngnotes import without_notes
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import opened, pictures

MIB = 1024 * 1024
PACKED = zlib.compress(b"\0" * (200 * MIB), 9)
SOME = zlib.compress(b"Leila " * 100_000, 9)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def drawn(kind: str = "PNG") -> bytes:
    made = Image.new("RGB", (40, 30), "white")
    made.paste("black", (0, 0, 10, 10))
    out = io.BytesIO()
    made.save(out, kind)
    return out.getvalue()


def png(*chunks: bytes) -> bytes:
    whole = drawn()
    return whole[:33] + b"".join(chunks) + whole[33:]


def jpeg(*parts: tuple[int, bytes]) -> bytes:
    whole = drawn("JPEG")
    said = b"".join(
        b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data for kind, data in parts
    )
    return whole[:2] + said + whole[2:]


def tiff(*, tag: bytes = b"", follows_itself: bool = False) -> bytes:
    whole = drawn("TIFF")
    start = struct.unpack("<I", whole[4:8])[0]
    end = start + 2 + 12 * struct.unpack("<H", whole[start : start + 2])[0]
    after = struct.pack("<I", start) if follows_itself else whole[end : end + 4]
    return (
        whole[: start + 2]
        + (tag or whole[start + 2 : start + 14])
        + whole[start + 14 : end]
        + after
        + whole[end + 4 :]
    )


LOOP = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"
TAKEN = {
    "packed text": png(chunk(b"zTXt", b"Comment\0\0" + PACKED)),
    "packed text, not large": png(chunk(b"zTXt", b"Comment\0\0" + SOME)),
    "packed text of the world": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + PACKED)),
    "many packed texts": png(*[chunk(b"zTXt", b"C%d\0\0" % n + SOME) for n in range(300)]),
    "long text": png(chunk(b"tEXt", b"Comment\0" + b"a" * (20 * MIB))),
    "texts after the picture": drawn()[:-12] + chunk(b"zTXt", b"C\0\0" + PACKED) + drawn()[-12:],
    "text that is no text": png(chunk(b"zTXt", b"Comment\0\0no stream"), chunk(b"zTXt", b"")),
    "profile": png(chunk(b"iCCP", b"icc\0\0" + PACKED)),
    "profile that is none": png(chunk(b"iCCP", b"\0")),
    "notes of a camera that loop": jpeg((0xE1, LOOP)),
    "notes of a camera beyond the end": jpeg((0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f")),
    "many notes": jpeg(*[(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"x" * 60_000)] * 300),
    "a profile in many parts": jpeg(
        *[(0xE2, b"ICC_PROFILE\0" + bytes([n, 255]) + b"x" * 60_000) for n in range(1, 255)]
    ),
    "a list of views that lies": jpeg(
        (0xE2, b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xb0\x04\0\xff\xff\xff\xff\0\0\0\0")
    ),
    "a page that follows itself": tiff(follows_itself=True),
}


@pytest.mark.parametrize("way", TAKEN)
def test_the_picture_is_taken_and_nothing_else(way: str) -> None:
    accepted = examine(TAKEN[way])
    assert accepted.pages == 1
    assert len(accepted.pdf_clear) < 20_000
    pdf = opened(accepted.pdf_clear)
    image = next(iter(pdf.pages[0].Resources.XObject.values()))
    assert (image.Width, image.Height) == (40, 30)


def test_a_text_is_told_and_a_profile_is_not() -> None:
    def details(clear: bytes) -> bool:
        return FindingKind.DETAILS in {each.kind for each in examine(clear).findings}

    assert details(TAKEN["packed text"])
    assert details(png(chunk(b"tEXt", b"Author\0Leila")))
    assert not details(TAKEN["profile"])
    assert not details(png())


@pytest.mark.parametrize(
    "clear",
    [
        png(chunk(b"zTXt", PACKED)[:-40]),
        png(struct.pack(">I", 0xFFFFFFFF) + b"zTXt"),
        tiff(tag=struct.pack("<HHII", 256, 4, 0xFFFFFFFF, 0)),
        drawn()[:40],
    ],
)
def test_what_is_broken_is_called_damaged(clear: bytes) -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear)
    assert refused.value.code is RefusalCode.DAMAGED


def test_the_pixels_are_the_same() -> None:
    assert pictures(examine(TAKEN["many packed texts"]).pdf_clear) == pictures(
        examine(png()).pdf_clear
    )
    assert without_notes(TAKEN["profile"]) == (png(), False)
    assert without_notes(TAKEN["packed text"]) == (png(), True)


@pytest.mark.parametrize("rest", [b"", b"\0", b"\0" * 11, b"\0" * 12, b"\xff" * 30])
def test_a_file_that_ends_anywhere_comes_back_as_it_was(rest: bytes) -> None:
    assert without_notes(b"\x89PNG\r\n\x1a\n" + rest)[0] == b"\x89PNG\r\n\x1a\n" + rest
