"""Pictures become pages: upright, without the camera's notes, and never at any price."""

from __future__ import annotations

import contextlib
import io
import resource
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from portal.documents.findings import FindingKind
from portal.documents.intake import Accepted, Limits, examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import denied, opened, pictures

PLACE, MODEL, TURNED = 0x8825, 272, 274


def picture(
    size: tuple[int, int] = (60, 40), mode: str = "RGB", colour: object = None
) -> Image.Image:
    made = Image.new(mode, size, "white" if colour is None else colour)  # type: ignore[arg-type]
    if mode in ("RGB", "L", "1"):
        made.paste("black" if mode == "RGB" else 0, (0, 0, size[0] // 4, size[1] // 4))
    return made


def saved(made: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def kinds(accepted: Accepted) -> dict[FindingKind, int]:
    return {finding.kind: finding.count for finding in accepted.findings}


def why(clear: bytes, limits: Limits | None = None) -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, limits)
    return refused.value.code


def png(width: int, height: int, body: bytes = b"") -> bytes:
    """A picture that says it is this large, with little behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0))
    packed = chunk(b"IDAT", zlib.compress(body))
    return b"\x89PNG\r\n\x1a\n" + head + packed + chunk(b"IEND", b"")


def sheets(accepted: Accepted) -> list[list[int]]:
    """Width and height of each page, in points."""
    pdf = opened(accepted.pdf_clear)
    return [[round(float(side)) for side in page.MediaBox[2:]] for page in pdf.pages]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_picture_is_one_page(kind: str) -> None:
    accepted = examine(saved(picture(), kind))
    assert accepted.pages == 1
    assert kinds(accepted) == {FindingKind.PICTURE_PAGES: 1}
    assert denied(accepted.pdf_clear) == set()
    assert sheets(accepted) == [[842, 561]]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_of_colour_is_taken(mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK", "1", "I;16") else "PNG"
    accepted = examine(saved(picture(mode=mode, colour=0), kind))
    assert accepted.pages == 1
    assert len(pictures(accepted.pdf_clear)) == 1


def test_sixteen_bits_are_not_cut_to_white() -> None:
    accepted = examine(saved(Image.new("I;16", (8, 8), 0x4000), "PNG"))
    shown = set(pictures(accepted.pdf_clear, 0.1)[0])
    assert max(shown) < 0x60


def test_what_is_transparent_is_white_and_what_lay_beneath_is_gone() -> None:
    hidden = Image.new("RGBA", (40, 40), (200, 10, 10, 0))
    accepted = examine(saved(hidden, "PNG"))
    assert set(pictures(accepted.pdf_clear, 0.1)[0]) == {255}


def test_what_a_camera_notes_is_removed_and_told() -> None:
    exif = Image.Exif()
    exif[MODEL] = "MARK_model"
    exif[PLACE] = {1: "N", 2: (51.0, 30.0, 0.0), 29: "2026:05:01"}
    accepted = examine(saved(picture(), "JPEG", exif=exif, comment=b"MARK_comment"))
    assert kinds(accepted) == {
        FindingKind.PICTURE_PLACE: 1,
        FindingKind.PICTURE_PAGES: 1,
        FindingKind.DETAILS: 1,
    }
    pdf = opened(accepted.pdf_clear)
    image = pdf.pages[0].Resources.XObject.I
    for left in (b"MARK", b"Exif", b"2026:05:01"):
        assert left not in image.read_raw_bytes()
        assert left not in accepted.pdf_clear
    notes = PngInfo()
    notes.add_text("Author", "MARK_author")
    assert b"MARK" not in examine(saved(picture(), "PNG", pnginfo=notes)).pdf_clear


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_a_picture_is_turned_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[TURNED] = 6
    accepted = examine(saved(picture((60, 40)), kind, exif=exif))
    assert sheets(accepted) == [[561, 842]]
    pdf = opened(accepted.pdf_clear)
    image = pdf.pages[0].Resources.XObject.I
    assert (int(image.Width), int(image.Height)) == (40, 60)


def test_a_scan_keeps_its_size_and_its_pages() -> None:
    sheet = picture((827, 1169), "L")
    more = [picture((1169, 827), "1"), picture((827, 1169))]
    clear = saved(sheet, "TIFF", save_all=True, append_images=more, dpi=(100, 100))
    accepted = examine(clear)
    assert accepted.pages == 3
    assert kinds(accepted)[FindingKind.PICTURE_PAGES] == 3
    sizes = [
        [round(float(side)) for side in page.MediaBox[2:]]
        for page in opened(accepted.pdf_clear).pages
    ]
    assert sizes == [[595, 842], [842, 595], [595, 842]]
    assert why(clear, Limits(pages=2)) is RefusalCode.TOO_MANY_PAGES


def test_pictures_behind_the_first_are_left_out_and_told() -> None:
    clear = saved(picture(), "PNG", save_all=True, append_images=[picture(colour="red")])
    assert kinds(examine(clear))[FindingKind.OTHER_VIEWS] == 1


def test_a_flood_of_pixels_is_refused_before_it_is_drawn() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for clear in (png(60_000, 60_000), png(60_000, 1), png(9_000, 9_000)):
        assert why(clear) is RefusalCode.TOO_HEAVY
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3.0
    assert why(saved(picture(), "PNG"), Limits(pixels=100)) is RefusalCode.TOO_HEAVY


def test_a_flood_behind_the_first_page_is_refused_too() -> None:
    first, second = picture((10, 10), "1"), picture((400, 400), "1")
    clear = saved(first, "TIFF", save_all=True, append_images=[second])
    assert why(clear, Limits(pixels=10_000)) is RefusalCode.TOO_HEAVY


def test_pages_that_follow_one_another_for_ever_end() -> None:
    clear = bytearray(saved(picture((8, 8), "L"), "TIFF"))
    at = struct.unpack_from("<L", clear, 4)[0]
    count = struct.unpack_from("<H", clear, at)[0]
    struct.pack_into("<L", clear, at + 2 + 12 * count, at)
    assert examine(bytes(clear)).pages <= 2


@pytest.mark.parametrize(
    "clear",
    [
        saved(picture(), "PNG")[:60],
        saved(picture((200, 200)), "JPEG")[:300],
        saved(picture(), "TIFF")[:40],
        png(100, 100, b"short"),
        b"\x89PNG\r\n\x1a\n" + saved(picture(), "JPEG"),
        b"II*\x00\x08\x00\x00\x00" + b"\xff" * 64,
    ],
)
def test_what_is_cut_or_lies_is_refused(clear: bytes) -> None:
    assert why(clear) in {RefusalCode.DAMAGED, RefusalCode.TOO_HEAVY}


def test_what_else_a_picture_is_does_not_survive() -> None:
    evil = b"%PDF-1.7 MARK_pdf PK\x03\x04 MARK_zip <script>MARK_script</script>"
    for kind in ("PNG", "JPEG", "TIFF"):
        assert b"MARK" not in examine(saved(picture(), kind) + evil).pdf_clear


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_flipped_bytes_give_a_page_or_a_reason(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "TIFF"]))
    clear = bytearray(saved(picture(), kind))
    for _ in range(data.draw(st.integers(1, 20))):
        clear[data.draw(st.integers(8, len(clear) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(RefusedPaper):
        assert examine(bytes(clear)).pages >= 1
