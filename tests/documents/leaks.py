"""PDFs in which one word sits in every place where a file can keep one."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from portal.documents.boxed.wording import Row
from tests.documents.making import new, saved

SECRET = "Quixwood"
SEEN = b"BT /F1 14 Tf 72 700 Td (Met Quixwood today) Tj ET"
OTHER = b"BT /F1 14 Tf 72 700 Td (Nothing of note) Tj ET"


def everywhere(pdf_clear: bytes, word: str = SECRET) -> list[str]:
    """Where a word still is, found without the product's own readers: raw bytes of every kind,
    every string, every unpacked stream, and the text as two other programs take it out."""
    import pypdf

    found: list[str] = []
    ways = [word.encode(code) for code in ("latin-1", "utf-16-be", "utf-16-le")]
    ways += [way.hex().encode() for way in ways] + [word[::-1].encode()]

    def look(where: str, body: bytes) -> None:
        low = body.lower()
        found.extend(where for way in ways if way.lower() in low)

    look("bytes", pdf_clear)
    with Pdf.open(io.BytesIO(pdf_clear)) as pdf:
        for thing in pdf.objects:
            look("object", thing.unparse(resolved=True))
            if isinstance(thing, Stream):
                try:
                    look("stream", thing.read_bytes())
                except pikepdf.PdfError:
                    look("stream", thing.read_raw_bytes())
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(pdf_clear)).pages, 1):
        if any(True for _ in Row(page.extract_text().split()).find(word)):
            found.append(f"text of page {number}")
    return found


def _spans(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(
        b"BT /F1 14 Tf 72 700 Td (Met Qu) Tj (ix) Tj [(wo) 12 (od)] TJ ( today) Tj ET"
    )


def _turned(pdf: Pdf) -> None:
    pdf.pages[0].Rotate = 90


def _tilted(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(
        b"BT /F1 14 Tf 0.7 0.7 -0.7 0.7 200 400 Tm (Quixwood) Tj ET"
    )


def _form(pdf: Pdf) -> None:
    form = Stream(pdf, SEEN, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842]))
    form.Resources = pdf.pages[0].Resources
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Fm=form))
    pdf.pages[0].Contents = pdf.make_stream(b"/Fm Do")


def _shared(pdf: Pdf) -> None:
    """One list of everything for all pages, as many writers make it."""
    form = Stream(pdf, SEEN, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842]))
    form.Resources = pdf.pages[0].Resources
    font = pdf.pages[0].Resources.Font
    all_of_it = pdf.make_indirect(Dictionary(Font=font, XObject=Dictionary(Fm=form)))
    for page in pdf.pages:
        page.Resources = all_of_it


def _actual(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(
        SEEN + b"\n/Span <</ActualText (Quixwood) /Alt (Quixwood)>> BDC "
        b"BT /F1 14 Tf 72 600 Td (x) Tj ET EMC"
    )


def _tagged(pdf: Pdf) -> None:
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    top = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Document, P=root, T=String("On Quixwood"))
    )
    rows = []
    for number, page in enumerate(pdf.pages):
        page.StructParents = number
        old = page.Contents.read_bytes()
        page.Contents = pdf.make_stream(b"/P <</MCID 0>> BDC " + old + b" EMC")
        rows.append(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.StructElem, S=Name.P, P=top, Pg=page.obj, K=0,
                    **({"Alt": String("Quixwood"), "ActualText": String("Quixwood")}
                       if number == 0 else {}),
                )
            )
        )  # fmt: skip
    top.K = Array(rows)
    root.K = Array([top])
    root.ParentTree = Dictionary(
        Nums=Array([e for n, row in enumerate(rows) for e in (n, Array([row]))])
    )
    pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)


def _unseen(pdf: Pdf) -> None:
    """As recognised text lies behind a scan."""
    pdf.pages[0].Contents = pdf.make_stream(
        SEEN + b"\nBT 3 Tr /F1 14 Tf 72 500 Td (Quixwood again) Tj ET"
    )


def _beside(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(
        SEEN + b"\nBT /F1 14 Tf 72 2000 Td (Quixwood beside the page) Tj ET"
    )


def _pattern(pdf: Pdf) -> None:
    tile = Stream(
        pdf, b"BT /F1 9 Tf 0 0 Td (Quixwood) Tj ET", Type=Name.Pattern, PatternType=1,
        PaintType=1, TilingType=1, BBox=Array([0, 0, 90, 20]), XStep=90, YStep=20,
    )  # fmt: skip
    tile.Resources = pdf.pages[0].Resources
    pdf.pages[0].Resources.Pattern = Dictionary(P1=tile)
    pdf.pages[0].Contents = pdf.make_stream(SEEN + b"\n/Pattern cs /P1 scn 0 0 1 1 re f")


def _glyphs(pdf: Pdf) -> None:
    drawn = pdf.make_stream(b"500 0 d0 0 0 400 400 re f")
    letters = sorted(set(SECRET))
    names = [Name(f"/g{n}") for n in range(1, len(letters) + 1)]
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 500]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), FirstChar=1, LastChar=len(letters),
        Widths=Array([500] * len(letters)), Resources=Dictionary(),
        CharProcs=Dictionary({str(name): drawn for name in names}),
        Encoding=Dictionary(
            Type=Name.Encoding,
            Differences=Array([1, *names]),
        ),
        ToUnicode=pdf.make_stream(table(dict(enumerate(letters, 1)))),
    )  # fmt: skip
    pdf.pages[0].Resources.Font.T3 = font
    codes = bytes(letters.index(c) + 1 for c in SECRET).hex().encode()
    pdf.pages[0].Contents = pdf.make_stream(b"BT /T3 20 Tf 72 650 Td <" + codes + b"> Tj ET")


def _one_code(pdf: Pdf) -> None:
    """One code of a font that says it is the whole word."""
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
        ToUnicode=pdf.make_stream(table({65: SECRET})),
    )  # fmt: skip
    for page in pdf.pages:
        page.Resources.Font.F2 = font
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F2 14 Tf 72 700 Td (A) Tj ET")
    pdf.pages[1].Contents = pdf.make_stream(b"BT /F2 14 Tf 72 700 Td (B) Tj ET")


def _named(pdf: Pdf) -> None:
    font = pdf.pages[0].Resources.Font.F1
    for page in pdf.pages:
        page.Resources.Font = Dictionary(F1=font, Quixwood=font)


def _inline(pdf: Pdf) -> None:
    pdf.pages[0].Contents = pdf.make_stream(
        SEEN + b"\nq 8 0 0 1 72 72 cm BI /W 8 /H 1 /BPC 8 /CS /G ID Quixwood EI Q"
    )


def _noted(pdf: Pdf) -> None:
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([50, 50, 70, 70]),
        Contents=String("Quixwood"), T=String("Quixwood"),
    )  # fmt: skip
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])


def _told(pdf: Pdf) -> None:
    """Metadata, outline, labels, attachments, thumbnails."""
    pdf.docinfo["/Title"] = "Quixwood"
    pdf.Root.Metadata = pdf.make_stream(b"<x>Quixwood</x>", Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String("Quixwood"))]))
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Quixwood", 0))
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"Quixwood", filename="Quixwood.txt")
    thumb = Stream(pdf, zlib.compress(b"Quixwood" * 8), Width=8, Height=8, BitsPerComponent=8,
                   ColorSpace=Name.DeviceGray, Filter=Name.FlateDecode)  # fmt: skip
    pdf.pages[0].Thumb = thumb
    pdf.pages[1].Thumb = thumb


def _layer(pdf: Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Quixwood")))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([group]))
    )
    for page in pdf.pages:
        page.Resources.Properties = Dictionary(L1=group)
        hidden = b"\n/OC /L1 BDC BT /F1 14 Tf 72 400 Td (Quixwood hidden) Tj ET EMC"
        page.Contents = pdf.make_stream(page.Contents.read_bytes() + hidden)


def table(codes: dict[int, str]) -> bytes:
    rows = b"".join(
        b"<%02x> <%s>\n" % (code, text.encode("utf-16-be").hex().encode())
        for code, text in codes.items()
    )
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"%d beginbfchar\n%sendbfchar\nendcmap end end" % (len(codes), rows)
    )


MAKERS: dict[str, Callable[[Pdf], Any]] = {
    maker.__name__.strip("_"): maker
    for maker in (
        _spans, _turned, _tilted, _form, _shared, _actual, _tagged, _unseen, _beside, _pattern,
        _glyphs, _one_code, _named, _inline, _noted, _told, _layer,
    )
}  # fmt: skip


def leaky(kind: str) -> bytes:
    """Two pages: the first says the word, the second says nothing of note."""
    pdf = new(SEEN, OTHER)
    for page in pdf.pages:
        page.Resources = Dictionary(Font=Dictionary(F1=page.Resources.Font.F1))
    MAKERS[kind](pdf)
    return saved(pdf)


def appended() -> bytes:
    """A file that said the word, then was changed by adding to its end."""
    before = saved(new(SEEN, OTHER))
    with Pdf.open(io.BytesIO(before)) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
        size = len(pdf.objects) + 1
    body = b"BT /F1 14 Tf 72 700 Td (Met somebody) Tj ET"
    new_object = b"%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        number, len(body), body,
    )  # fmt: skip
    place = len(before)
    start = int(before.rsplit(b"startxref", 1)[1].split()[0])
    table = place + len(new_object)
    return (
        before + new_object + b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
        + b"trailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, start, table)
    )  # fmt: skip
