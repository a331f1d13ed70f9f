"""Nothing that is not shown is kept: notes in pictures, asides in instructions, unused drawings."""

from __future__ import annotations

import io
import random
import zlib

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from portal.documents.boxed import asides, jpegnotes, jpxnotes
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.refusal import RefusedPaper
from tests.documents.making import font, markers, new, opened, pictures, saved

SHOWN = b"q 200 0 0 200 100 300 cm /I Do Q"


def noise(size: tuple[int, int] = (120, 90)) -> Image.Image:
    return Image.frombytes("RGB", size, random.Random(7).randbytes(size[0] * size[1] * 3))


def jpeg(*, notes: bool = True, **how: object) -> bytes:
    """With what a telephone writes: words, a place, a remark, a preview, something behind it."""
    out = io.BytesIO()
    if not notes:
        noise().save(out, "JPEG", **how)
        return out.getvalue()
    exif = Image.Exif()
    exif[270], exif[271] = "MARK_LANE", "MARK_CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 12.5)}
    noise().save(out, "JPEG", exif=exif, comment=b"MARK_REMARK", **how)
    return out.getvalue() + b"MARK_BEHIND"


def jpx(*, boxed: bool = True, notes: bool = True) -> bytes:
    out = io.BytesIO()
    said = {"comment": b"MARK_CODE"} if notes else {}
    noise().save(out, "JPEG2000", no_jp2=not boxed, **said)
    whole = out.getvalue()
    if boxed and notes:
        box = b"xml <a>MARK_XML</a>"
        place = whole.index(b"jp2c") - 4
        whole = whole[:place] + (len(box) + 4).to_bytes(4, "big") + box + whole[place:]
    return whole + (b"MARK_BEHIND" if notes else b"")


def holding(picture: bytes, *filters: str, **more: object) -> bytes:
    pdf = new(SHOWN)
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=drawn(pdf, picture, *filters, **more))
    return saved(pdf)


def drawn(pdf: Pdf, picture: bytes, *filters: str, **more: object) -> Stream:
    about = Stream(
        pdf, b"", Type=Name.XObject, Subtype=Name.Image, Width=120, Height=90,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, **more,
    )  # fmt: skip
    names = [Name(f"/{each}") for each in filters or ("DCTDecode",)]
    about.write(picture, filter=Array(names) if len(names) > 1 else names[0])
    return about


def told(clear: bytes) -> dict[str, int]:
    return {each.kind.value: each.count for each in examine(clear).findings}


PHOTOS = {
    "plain": jpeg(),
    "progressive": jpeg(progressive=True),
    "restarting": jpeg(restart_marker_blocks=2),
    "grey profile": jpeg(icc_profile=b"profile" * 10_000),
    "something before it": b"MARK_BEFORE" + jpeg(),
}


@pytest.mark.parametrize("kind", PHOTOS)
def test_a_photo_in_a_paper_keeps_its_pixels_and_nothing_else(kind: str) -> None:
    photo = PHOTOS[kind]
    clear = holding(photo)
    accepted = examine(clear)
    assert b"MARK_" in clear
    assert not markers(accepted.pdf_clear)
    assert pictures(accepted.pdf_clear) == pictures(clear)
    found = {each.kind for each in accepted.findings}
    assert {FindingKind.DETAILS, FindingKind.PICTURE_PLACE} <= found
    silent = jpegnotes.without_notes(photo)
    assert Image.open(io.BytesIO(silent.body)).tobytes() == (
        Image.open(io.BytesIO(photo[photo.index(b"\xff\xd8") :])).tobytes()
    )
    assert jpegnotes.without_notes(silent.body) == jpegnotes.Silent(silent.body)


@pytest.mark.parametrize(
    ("around", "filters"),
    [
        (lambda body: body.hex().encode() + b">", ("ASCIIHexDecode", "DCTDecode")),
        (zlib.compress, ("FlateDecode", "DCTDecode")),
        (lambda body: zlib.compress(zlib.compress(body)), ("FlateDecode",) * 2 + ("DCTDecode",)),
    ],
)
def test_a_photo_that_is_packed_once_more_is_looked_into(around, filters) -> None:  # type: ignore[no-untyped-def]
    clear = holding(around(jpeg()), *filters)
    accepted = examine(clear)
    assert not markers(accepted.pdf_clear)
    assert pictures(accepted.pdf_clear) == pictures(clear)


def test_a_photo_that_says_nothing_is_left_alone() -> None:
    quiet = jpeg(notes=False)
    assert jpegnotes.without_notes(quiet) == jpegnotes.Silent(quiet)
    assert not {"details", "picture_place"} & set(told(holding(quiet)))


def test_the_places_of_several_photos_are_counted() -> None:
    pdf = new(SHOWN + b" q 9 0 0 9 0 0 cm /J Do Q")
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=drawn(pdf, jpeg()), J=drawn(pdf, jpeg()))
    accepted = examine(saved(pdf))
    (place,) = [e for e in accepted.findings if e.kind is FindingKind.PICTURE_PLACE]
    assert (place.count, place.words) == (
        2,
        "The places where 2 pictures were taken stood in the file. They were removed.",
    )


@pytest.mark.parametrize("boxed", [True, False])
def test_a_jpeg_2000_picture_is_blanked_beside_its_code(boxed: bool) -> None:
    clear = holding(jpx(boxed=boxed), "JPXDecode")
    accepted = examine(clear)
    assert b"MARK_" in clear
    assert not markers(accepted.pdf_clear)
    assert pictures(accepted.pdf_clear) == pictures(clear)
    assert "details" in told(clear)
    quiet = jpxnotes.without_notes(jpx(boxed=boxed)).body
    assert jpxnotes.without_notes(quiet) == jpegnotes.Silent(quiet)


@pytest.mark.parametrize("strip", [jpegnotes.without_notes, jpxnotes.without_notes])
def test_no_damage_makes_it_fall(strip) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(3)
    for whole in (jpeg(), jpeg(progressive=True), jpx(), jpx(boxed=False), b"", b"\xff\xd8\xff"):
        for _ in range(150):
            hurt = bytearray(whole[: chance.randrange(len(whole) + 1)])
            for _ in range(chance.randrange(4)):
                if hurt:
                    hurt[chance.randrange(min(len(hurt), 400))] = chance.choice((0, 1, 255, 217))
            assert len(strip(bytes(hurt)).body) <= len(hurt)


@pytest.mark.parametrize("cut", [3, 20, 200, 2000])
def test_a_damaged_photo_looks_as_it_did(cut: int) -> None:
    clear = holding(jpeg(notes=False)[:cut])
    try:
        accepted = examine(clear)
    except RefusedPaper:
        return
    before, after = pictures(clear)[0], pictures(accepted.pdf_clear)[0]
    # Coded once more, for nobody knows where it ends: no colour is far from what it was.
    assert len(after) == len(before)
    assert sum(abs(a - b) > 40 for a, b in zip(before, after, strict=True)) < len(before) / 2000


# ---- what stands beside the instructions ----

TEXT = b"BT /F1 12 Tf 72 700 Td (Half (50 %) \\) of it % is here) Tj ET "
ASIDES = {
    "a remark": b"% MARK_A\n" + TEXT,
    "a remark at the end": TEXT + b"% MARK_A",
    "a remark with a bracket": b"% (MARK_A\n" + TEXT + b"% MARK_B)\n",
    "a key of a mark": b"/Span <</Author (MARK_A) /MCID 0>> BDC " + TEXT + b"EMC",
    "a dictionary in it": b"/Span <</ActualText <</X (MARK_A)>> >> BDC " + TEXT + b"EMC",
    "a list in it": b"/Span <</BBox [[<</X (MARK_A)>>]] >> BDC " + TEXT + b"EMC",
    "a point": TEXT + b"/Pt <</X (MARK_A)>> DP",
    "a picture in place": TEXT
    + b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 /X (MARK_A) ID \x80 EI Q",
    "a remark after such a picture": TEXT
    + b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID ( EI Q % MARK_A\n(x) pop",
    "notes of such a picture": TEXT
    + b"q 90 0 0 90 0 0 cm BI /W 120 /H 90 /CS /RGB /BPC 8 /F [/AHx /DCT] ID "
    + jpeg().hex().encode()
    + b"> EI Q",
}


@pytest.mark.parametrize("aside", ASIDES)
@pytest.mark.parametrize("where", ["page", "form", "letter"])
def test_what_stands_beside_instructions_goes(aside: str, where: str) -> None:
    body = ASIDES[aside]
    if where == "page":
        pdf = new(body)
    elif where == "form":
        pdf = new(b"/Fm Do")
        form = pdf.make_stream(body, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 595, 842])
        form.Resources = Dictionary(Font=Dictionary(F1=font()))
        pdf.pages[0].obj.Resources.XObject = Dictionary(Fm=form)
    else:
        pdf = new(b"BT /D1 1 Tf (a) Tj ET")
        pdf.pages[0].obj.Resources.Font = Dictionary(F1=font(), D1=type3(pdf, b"600 0 d0 " + body))
    clear = saved(pdf)
    accepted = examine(clear)
    found = b"".join(
        each.read_bytes()
        for each in Pdf.open(io.BytesIO(accepted.pdf_clear)).objects
        if isinstance(each, Stream) and each.get("/Filter") != Name.DCTDecode
    )
    assert b"MARK" not in found
    assert b"MARK_LANE".hex().encode() not in found
    assert not markers(accepted.pdf_clear)
    assert pictures(accepted.pdf_clear) == pictures(clear)
    assert "details" in told(clear)


def type3(pdf: Pdf, letter: bytes) -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 600, 900],
        FontMatrix=[1, 0, 0, 1, 0, 0],
        FirstChar=97, LastChar=97, Widths=[600], Encoding=Dictionary(Differences=[97, Name.a]),
        CharProcs=Dictionary(a=pdf.make_stream(letter)),
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        TEXT,
        b"/Span <</MCID 0 /Lang (en) /ActualText (BDC % <<)>> BDC " + TEXT + b"EMC",
        b"q BI /W 1 /H 1 /CS /G /BPC 8 ID % EI Q",
        b"((((",
        b"",
    ],
)
def test_instructions_that_say_no_more_stay_as_they_are(body: bytes) -> None:
    with Pdf.new() as pdf:
        assert asides.without(pdf, body) is None


# ---- what is listed and never drawn ----


def test_a_drawing_that_no_page_shows_is_removed_and_told() -> None:
    pdf = new(SHOWN, SHOWN)
    form = pdf.make_stream(b"(MARK_A) pop", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    hidden = drawn(pdf, jpeg())
    for page in pdf.pages:
        page.obj.Resources.XObject = Dictionary(I=drawn(pdf, jpeg()), Fm=form, J=hidden)
    clear = saved(pdf)
    accepted = examine(clear)
    assert not markers(accepted.pdf_clear)
    assert pictures(accepted.pdf_clear) == pictures(clear)
    assert told(clear)["unused_drawings"] == 2
    # What is used on another page is no unused drawing.
    pdf = new(b"/Fm Do", b"/I Do")
    form = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    for page in pdf.pages:
        page.obj.Resources.XObject = Dictionary(I=drawn(pdf, jpeg(notes=False)), Fm=form)
    assert "unused_drawings" in told(saved(pdf))  # each page has its own /I: one is never shown
    shared = drawn(pdf, jpeg(notes=False))
    for page in pdf.pages:
        page.obj.Resources.XObject.I = shared
    assert "unused_drawings" not in told(saved(pdf))


def borrowing(pdf: Pdf) -> dict[str, tuple[bytes, Dictionary]]:
    """What draws with the page's own list, by a list of kinds none of which the page names."""
    inner = pdf.make_stream(
        b"1 0 0 rg 0 0 300 300 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 300, 300]
    )
    outer = pdf.make_stream(b"/In Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 300, 300])
    pattern = pdf.make_stream(
        b"/In Do", PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 9, 9], XStep=9, YStep=9
    )
    mask = pdf.make_stream(
        b"/In Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 300, 300],
        Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB),
    )  # fmt: skip
    state = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask))
    listed = Dictionary(In=inner)
    return {
        "a drawing": (b"/Out Do", Dictionary(XObject=Dictionary(Out=outer, In=inner))),
        "a pattern": (
            b"/Pattern cs /P scn 0 0 300 300 re f",
            Dictionary(XObject=listed, Pattern=Dictionary(P=pattern)),
        ),
        "a mask": (
            b"/S gs 0 0 300 300 re f",
            Dictionary(XObject=listed, ExtGState=Dictionary(S=state)),
        ),
        "a letter": (
            b"BT /D1 1 Tf (a) Tj ET",
            Dictionary(XObject=listed, Font=Dictionary(D1=type3(pdf, b"600 0 d0 /In Do"))),
        ),
        "a default colour": (
            b"1 0 0 rg 0 0 300 300 re f",
            Dictionary(
                ColorSpace=Dictionary(
                    DefaultRGB=[
                        Name.CalRGB,
                        Dictionary(WhitePoint=[0.95, 1, 1.09], Gamma=[3, 3, 3]),
                    ]
                )
            ),
        ),
    }


@pytest.mark.parametrize(
    "way", ["a drawing", "a pattern", "a mask", "a letter", "a default colour"]
)
def test_what_draws_with_the_list_of_its_page_still_draws(way: str) -> None:
    pdf = new(b"")
    content, resources = borrowing(pdf)[way]
    pdf.pages[0].obj.Contents = pdf.make_stream(content)
    pdf.pages[0].obj.Resources = resources
    clear = saved(pdf)
    accepted = examine(clear)
    assert "unused_drawings" not in told(clear)
    assert pictures(accepted.pdf_clear) == pictures(clear)
    made = opened(accepted.pdf_clear)
    kept = made.pages[0].obj.Resources
    if "/XObject" in resources:
        assert "/In" in kept.XObject
    else:
        assert "/DefaultRGB" in kept.ColorSpace


def test_a_list_that_cannot_be_followed_stays() -> None:
    """Forms that draw one another without end are refused; broken instructions are closed."""
    pdf = new(b"/Fm Do")
    form = pdf.make_stream(b"/In Do (", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Resources = Dictionary(XObject=Dictionary(In=form))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm=form)
    with pytest.raises(RefusedPaper):
        examine(saved(pdf))
