"""Small PDFs made for a test: honest ones, and ones with a marker wherever evil may sit."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from portal.documents.intake import examine
from portal.documents.refusal import RefusalCode, RefusedPaper

TEXT = b"BT /F1 12 Tf 72 700 Td (Plain words) Tj ET"
# Keys that act, reach outside the page, or tell of its author.
DENIED = frozenset(
    {
        "/AA", "/JS", "/JavaScript", "/OpenAction", "/Launch", "/EF", "/AF", "/Metadata",
        "/PieceInfo", "/Thumb", "/SpiderInfo", "/OPI", "/Ref", "/FFilter", "/FDecodeParms",
        "/XFA", "/RichMediaContent", "/RichMediaSettings", "/3DD", "/Movie", "/Sound",
        "/Rendition", "/URI", "/LastModified", "/Perms", "/Collection", "/DPart",
        "/Alternates", "/PS", "/Level1", "/Names", "/EmbeddedFiles", "/AcroForm", "/Outlines",
        "/NeedsRendering", "/SubmitForm", "/GoToR", "/GoToE"
    }
)  # fmt: skip
MARKER = re.compile(rb"MARK_\w+")


def font() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def page(pdf: Pdf, content: bytes = TEXT, **more: Any) -> Dictionary:
    made = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, 595, 842],
        Contents=pdf.make_stream(content),
        Resources=Dictionary(Font=Dictionary(F1=font())),
    )
    for key, value in more.items():
        made[f"/{key}"] = value
    return made


def new(*contents: bytes, **more: Any) -> Pdf:
    pdf = Pdf.new()
    for content in contents or (TEXT,):
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page(pdf, content, **more))))
    return pdf


def saved(pdf: Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def plain(*contents: bytes, **more: Any) -> bytes:
    return saved(new(*contents, **more))


def numbered(count: int, word: str = "Sheet") -> bytes:
    return plain(
        *(b"BT /F1 12 Tf 72 700 Td (%s %d) Tj ET" % (word.encode(), n + 1) for n in range(count))
    )


def raw(*objects: bytes) -> bytes:
    """A file of exactly these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(out) + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        start,
    )


def opened(pdf_clear: bytes) -> Pdf:
    pdf = Pdf.open(io.BytesIO(pdf_clear))
    assert pdf.check_pdf_syntax() == []
    return pdf


def markers(pdf_clear: bytes) -> set[bytes]:
    """Markers left anywhere: in the bytes, in any string or name, in any unpacked stream."""
    found = set(MARKER.findall(pdf_clear))
    pdf = opened(pdf_clear)
    for each in pdf.objects:
        found |= set(MARKER.findall(each.unparse(resolved=True)))
        if isinstance(each, Stream):
            try:
                found |= set(MARKER.findall(each.read_bytes()))
            except pikepdf.PdfError:
                found |= set(MARKER.findall(each.read_raw_bytes()))
    return found


def denied(pdf_clear: bytes, names: frozenset[str] = DENIED) -> set[str]:
    """Which of these keys any dictionary of the file has, nested ones included."""
    pdf = opened(pdf_clear)
    found: set[str] = set()
    waiting: list[object] = list(pdf.objects)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Dictionary | Stream):
            found |= names & set(thing.keys())
            waiting += [
                v for v in thing.values() if isinstance(v, Array | Dictionary) and not v.is_indirect
            ]
        elif isinstance(thing, Array):
            waiting += [v for v in thing if isinstance(v, Array | Dictionary) and not v.is_indirect]
    return found


def texts(pdf_clear: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf_clear)
    try:
        return [one.get_textpage().get_text_range() for one in document]
    finally:
        document.close()


def pictures(pdf_clear: bytes, scale: float = 0.5) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf_clear)
    try:
        return [one.render(scale=scale).to_pil().tobytes() for one in document]
    finally:
        document.close()


def script(word: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('MARK_{word}')"))


def attached(pdf: Pdf, word: str) -> Dictionary:
    stream = pdf.make_stream(f"MZ MARK_{word}".encode(), Type=Name.EmbeddedFile)
    return Dictionary(Type=Name.Filespec, F=String(f"MARK_{word}.exe"), EF=Dictionary(F=stream))


def outcome(clear: bytes, *must_say: str) -> int | RefusalCode:
    """Pages taken, with these findings told, or the reason for the refusal."""
    try:
        accepted = examine(clear)
    except RefusedPaper as refused:
        return refused.code
    said = {finding.kind.value for finding in accepted.findings}
    return accepted.pages if said >= set(must_say) else -1
