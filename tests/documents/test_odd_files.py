"""Odd files as offices have them, and sly ones: each gives its pages with its words, or a reason.

What is honest and only unusual must not be turned away, and what is taken can be bound and drawn.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from portal.documents.bind import Front, Paper, bind
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.render import draw, read_leaf
from tests.documents.gate import through, why
from tests.documents.making import TEXT, new, plain, raw, saved
from tests.documents.words import docx, odt

NONE = pikepdf.StreamDecodeLevel.none
LEAF = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def glyphs(font: Dictionary, *, own: bool) -> Dictionary:
    """A font whose letters are drawings."""
    drawn = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 750, 750],
        FontMatrix=[0.001, 0, 0, 0.001, 0, 0], CharProcs=Dictionary(a=font), FirstChar=97,
        LastChar=97, Widths=[1000],
        Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.a]),
    )  # fmt: skip
    if own:
        drawn.Resources = Dictionary()
    return drawn


def drawn_letters(*, own: bool = False, indirect: bool = False, shared: bool = False) -> bytes:
    pdf = new(b"BT /T 20 Tf 72 700 Td (aaa) Tj ET")
    letter = pdf.make_stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f")
    font = glyphs(letter, own=own)
    resources = pdf.make_indirect(pdf.pages[0].obj.Resources)
    pdf.pages[0].obj.Resources = resources
    if shared:
        font.Resources = resources
    resources.Font.T = pdf.make_indirect(font) if indirect else font
    return saved(pdf)


def with_picture(body: bytes, **about: Any) -> bytes:
    pdf = new(b"q 400 0 0 400 50 50 cm /I Do Q")
    image = pikepdf.Stream(pdf, body, Type=Name.XObject, Subtype=Name.Image, **about)
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
    return saved(pdf, stream_decode_level=NONE, compress_streams=False)


def image(kind: str, mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (64, 64)).save(out, kind, **how)
    return out.getvalue()


def changed_later() -> bytes:
    """A first revision with other words, and a second one appended to it."""
    before = saved(new(b"BT /F1 12 Tf 72 700 Td (MARK_OLDER) Tj ET"))
    with Pdf.open(io.BytesIO(before)) as pdf:
        number, root = pdf.pages[0].obj.Contents.objgen[0], pdf.Root.objgen[0]
    body = b"BT /F1 12 Tf 72 700 Td (Plain words) Tj ET"
    again = b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, len(body), body)
    previous = int(before[before.rindex(b"startxref") + 9 :].split()[0])
    at = len(before)
    return before + again + (
        b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 100/Root %d 0 R/Prev %d>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (number, at, root, previous, at + len(again))
    )  # fmt: skip


def without_its_table(*, packed: bool) -> bytes:
    mode = pikepdf.ObjectStreamMode
    body = saved(new(), object_stream_mode=mode.generate if packed else mode.disable)
    return body[: body.rindex(b"startxref")] + b"startxref\n99999999\n%%EOF\n"


def locked(revision: int) -> bytes:
    return saved(new(), encryption=pikepdf.Encryption(user="", owner="x", R=revision))


def with_a_page(more: bytes) -> bytes:
    """One page with Helvetica and these further entries of its own."""
    font = (
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R"
    )
    body = b"<</Length %d>>\nstream\n%s\nendstream" % (len(TEXT), TEXT)
    return raw(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R" + font + more + b">>", body)  # fmt: skip


HONEST: dict[str, Callable[[], bytes]] = {
    "PDF 2.0": lambda: saved(new(), force_version="2.0"),
    "a version there is not": lambda: b"%PDF-9.9" + plain()[8:],
    "objects packed away": lambda: saved(
        new(), object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "for the web": lambda: saved(new(), linearize=True),
    "table lost": lambda: without_its_table(packed=False),
    "packed table lost": lambda: without_its_table(packed=True),
    "changed and appended to": changed_later,
    "locked without a password, RC4": lambda: saved(
        new(), encryption=pikepdf.Encryption(user="", owner="x", R=3, aes=False, metadata=False)
    ),
    "locked without a password, AES": lambda: locked(6),
    "box from corner to corner the other way": lambda: plain(MediaBox=Array([595, 842, 0, 0])),
    "no box": lambda: with_a_page(b""),
    "box of no size": lambda: plain(MediaBox=Array([0, 0, 0, 0])),
    "box of names": lambda: plain(MediaBox=Array([Name.A, 0, 595, 842])),
    "cropped to beside the page": lambda: plain(CropBox=Array([1000, 1000, 2000, 2000])),
    "turned by less than a quarter": lambda: plain(Rotate=45),
    "turned backwards": lambda: plain(Rotate=-90),
    "turned often": lambda: plain(Rotate=36_000_000_090),
    "a unit below nothing": lambda: plain(UserUnit=-1),
    "another kind of file behind it": lambda: plain() + b"PK\x03\x04" + bytes(200),
    "a script before its objects": lambda: b"%PDF-1.7\n//*/=1;alert(1)/*\n" + plain()[9:],
    "instructions that are none among its own": lambda: _with_odd_contents(),
}


def _with_odd_contents() -> bytes:
    pdf = new()
    pdf.pages[0].obj.Contents = Array([pdf.pages[0].obj.Contents, Dictionary(), 5])
    return saved(pdf)


@pytest.mark.parametrize("name", HONEST)
def test_what_is_only_unusual_is_taken_with_its_words(name: str) -> None:
    accepted = examine(HONEST[name]())
    assert accepted.pages == 1
    assert b"MARK_OLDER" not in accepted.pdf_clear
    front = Front(title="Pack", reference="R-1", meeting_line="Today")
    bound = bind(front, [Paper(1, "Paper", "Police", accepted.pdf_clear, 1)])
    assert " ".join(read_leaf(bound.pdf_clear, bound.sheets).texts()) == "Plain words"
    assert draw(bound.pdf_clear, bound.sheets).width > 100


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("indirect", [True, False])
@pytest.mark.parametrize("shared", [True, False])
def test_letters_that_are_drawings_are_no_bomb(own: bool, indirect: bool, shared: bool) -> None:
    accepted = examine(drawn_letters(own=own, indirect=indirect, shared=shared))
    assert read_leaf(accepted.pdf_clear, 1).texts() == ("aaa",)


BLANK: dict[str, Callable[[], bytes]] = {
    "pages written into the tree": lambda: raw(
        CATALOGUE, b"<</Type/Pages/Kids[<</Type/Page/MediaBox[0 0 595 842]>>]/Count 1>>"
    ),
    "pages that are not there": lambda: raw(
        CATALOGUE, b"<</Type/Pages/Kids[null 9 0 R 3 0 R]/Count 1>>", LEAF
    ),
    "a page that does not say so": lambda: raw(
        CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</MediaBox[0 0 595 842]>>"
    ),
    "a page for a tree": lambda: raw(CATALOGUE, b"<</Type/Page/MediaBox[0 0 595 842]>>"),
    "numbers for instructions": lambda: plain(TEXT, Contents=7),
    "every byte there is for instructions": lambda: plain(bytes(range(256)) * 20),
    "a colour profile that is none": lambda: _odd_colours(),
}


def _odd_colours() -> bytes:
    pdf = new(b"/C cs 1 0 0 scn 0 0 300 300 re f")
    profile = pdf.make_stream(b"\xff" * 1000, N=3)
    pdf.pages[0].obj.Resources.ColorSpace = Dictionary(C=Array([Name.ICCBased, profile]))
    return saved(pdf)


@pytest.mark.parametrize("name", BLANK)
def test_what_says_nothing_is_one_page(name: str) -> None:
    accepted = examine(BLANK[name]())
    assert accepted.pages == 1
    assert draw(accepted.pdf_clear, 1).width > 100


def test_one_page_used_twice_is_two() -> None:
    twice = raw(CATALOGUE, b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", LEAF)
    assert examine(twice).pages == 2


@pytest.mark.parametrize(
    "body",
    [
        with_picture(image("JPEG2000"), Width=64, Height=64, Filter=Name.JPXDecode),
        with_picture(image("JPEG", "CMYK"), Width=64, Height=64, BitsPerComponent=8,
                     ColorSpace=Name.DeviceCMYK, Filter=Name.DCTDecode),
        with_picture(b"\x00\x01\x02" * 200, Width=64, Height=64, BitsPerComponent=1,
                     ColorSpace=Name.DeviceGray, Filter=Name.JBIG2Decode),
    ],
    ids=["JPEG 2000", "four colours", "JBIG2 that is none"],
)  # fmt: skip
def test_pictures_of_every_kind_are_a_page_that_is_said_to_be_a_picture(body: bytes) -> None:
    accepted = examine(body)
    kinds = {finding.kind for finding in accepted.findings}
    assert kinds & {FindingKind.PICTURE_PAGES, FindingKind.RECOGNISED}
    assert draw(accepted.pdf_clear, 1).width > 100


def _huge_jpeg_2000() -> bytes:
    body = bytearray(image("JPEG2000"))
    at = body.index(b"ihdr")
    body[at + 4 : at + 12] = struct.pack(">II", 60_000, 60_000)
    return with_picture(bytes(body), Width=60_000, Height=60_000, Filter=Name.JPXDecode)


def _certificate(handler: bytes) -> bytes:
    lock = b"<</Filter/%s/V 4/R 4/Length 128>>" % handler
    body = raw(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", LEAF, lock)
    return body.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]")


def _predicted() -> bytes:
    pdf = new()
    pdf.pages[0].obj.Contents = pikepdf.Stream(
        pdf, zlib.compress(b"x" * 100), Filter=Name.FlateDecode,
        DecodeParms=Dictionary(Predictor=15, Columns=2147483647, Colors=32, BitsPerComponent=16),
    )  # fmt: skip
    return saved(pdf, stream_decode_level=NONE)


HEAVY, DAMAGED = RefusalCode.TOO_HEAVY, RefusalCode.DAMAGED
REFUSED: dict[str, tuple[Callable[[], bytes], RefusalCode]] = {
    "a picture that says it is larger than any": (_huge_jpeg_2000, HEAVY),
    "a fax that says it is larger than any": (
        lambda: with_picture(b"\0" * 50, Width=1_000_000, Height=1_000_000, BitsPerComponent=1,
                             ColorSpace=Name.DeviceGray, Filter=Name.CCITTFaxDecode), HEAVY),
    "a row longer than memory": (_predicted, DAMAGED),
    "locked for certain people": (lambda: _certificate(b"Adobe.PubSec"), RefusalCode.PROTECTED),
    "locked by an office's rights": (
        lambda: _certificate(b"MicrosoftIRMServices"), RefusalCode.PROTECTED),
    "a page of a thousand million points": (
        lambda: plain(MediaBox=Array([0, 0, 1e9, 1e9])), RefusalCode.PAGE_SIZE),
    "arrays in arrays": (
        lambda: raw(b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 20_000 + b"]" * 20_000 + b">>",
                    b"<</Type/Pages/Kids[3 0 R]/Count 1>>", LEAF), DAMAGED),
    "answers of a form, and no form": (lambda: b"%FDF-1.2\n1 0 obj<<>>endobj", RefusalCode.NOT_PDF),
    "a mail with the paper in it": (
        lambda: b"From: a@b\r\nContent-Type: application/pdf\r\n\r\n" + plain(),
        RefusalCode.NOT_PDF),
    "nothing but noughts": (lambda: bytes(1000), RefusalCode.NOT_PDF),
    "twelve bits a colour": (
        lambda: b"\xff\xd8\xff\xc1\x00\x0b\x0c\x00\x10\x00\x10\x01\x01\x11\x00\xff\xd9", DAMAGED),
    "more than four gigabytes, it says": (
        lambda: image("TIFF", big_tiff=True), RefusalCode.PICTURE),
    "fractions for pixels": (lambda: image("TIFF", "F"), DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_has_its_reason(name: str) -> None:
    made, code = REFUSED[name]
    with pytest.raises(RefusedPaper) as refused:
        examine(made())
    assert refused.value.code is code


def test_a_portfolio_is_said_to_be_one() -> None:
    pdf = new()
    pdf.Root.Collection = Dictionary(View=Name.D)
    pdf.attachments["a.pdf"] = pikepdf.AttachedFileSpec(pdf, plain(), filename="a.pdf")
    found = {each.kind: each.words for each in examine(saved(pdf)).findings}
    assert "Only its cover is taken" in found[FindingKind.PORTFOLIO]
    assert FindingKind.ATTACHMENTS in found
    assert FindingKind.PORTFOLIO not in {each.kind for each in examine(plain()).findings}


# ---- Word files ----


class _Stream(io.RawIOBase):
    """A place that can be written to and not gone back in, as a server's answer is."""

    def __init__(self) -> None:
        self.body = b""

    def writable(self) -> bool:
        return True

    def write(self, more: Any) -> int:
        self.body += bytes(more)
        return len(more)


def parts_of(clear: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(clear)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def packed(parts: list[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, body in parts:
            archive.writestr(name, body)
    return out.getvalue()


def _streamed() -> bytes:
    out = _Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, body in parts_of(docx()):
            archive.writestr(name, body)
    return out.body


@pytest.mark.parametrize(
    "made",
    [
        _streamed,
        lambda: packed([("word/", b""), *parts_of(docx())]),
        lambda: packed(list(reversed(parts_of(docx())))),
        lambda: packed(parts_of(docx()), zipfile.ZIP_STORED),
    ],
    ids=["written in one go", "with folders", "in another order", "not compressed"],
)
def test_a_word_file_packed_by_another_program_passes(made: Callable[[], bytes]) -> None:
    _findings, parts = through(made())
    assert "word/document.xml" in parts


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: packed(parts_of(docx()), zipfile.ZIP_LZMA), RefusalCode.HOSTILE),
        (lambda: packed(parts_of(docx()), zipfile.ZIP_BZIP2), RefusalCode.HOSTILE),
        (lambda: packed([*parts_of(docx()), ("WORD/DOCUMENT.XML", b"<x/>")]), RefusalCode.HOSTILE),
        (lambda: packed([*parts_of(docx()), ("word\\..\\evil", b"x")]), RefusalCode.HOSTILE),
        (lambda: docx()[:-60], RefusalCode.DAMAGED),
        (lambda: packed([("report.pdf", plain())]), RefusalCode.OFFICE_FILE),
    ],
    ids=["LZMA", "bzip2", "the same name twice", "a way out", "cut", "a PDF in a ZIP"],
)
def test_a_word_file_that_does_not_pass(made: Callable[[], bytes], code: RefusalCode) -> None:
    assert why(made()) is code


def test_hidden_words_of_an_odt_are_told() -> None:
    hidden = (
        '<text:p><text:hidden-text text:condition="ooow:1" text:string-value="unseen"/></text:p>'
        '<text:section text:name="s" text:display="none"><text:p>unseen too</text:p></text:section>'
    )
    findings, _parts = through(odt(hidden))
    assert findings["hidden_words"] == 2


def test_a_name_with_letters_of_any_script_is_only_a_word() -> None:
    """The title of a form field is the sender's: it is neither kept nor obeyed."""
    pdf = new()
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"),
            V=String("\u4e2d\u6587"), Rect=[100, 100, 300, 130],
        )
    )  # fmt: skip
    field.Parent = field
    field.Kids = Array([field])
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    assert examine(saved(pdf)).pages == 1
