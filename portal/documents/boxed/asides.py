"""What stands beside instructions and draws nothing (ISO 32000-1, 7.2.3, 8.9.7 and 14.6).

Remarks after a `%`, and keys of dictionaries written among the instructions that are not in the
schema: of marked content, and of pictures written in place. Most instructions have none, and are
told so at a glance; only the others are taken apart.
"""

from __future__ import annotations

import re
from typing import Final

import pikepdf
from pikepdf import (
    Array,
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Page,
    Pdf,
    Stream,
    Token,
    TokenFilter,
    TokenType,
)

from portal.documents.boxed import keys
from portal.documents.boxed.jpegnotes import without_notes
from portal.documents.boxed.schema import PLAIN, SCHEMA
from portal.documents.boxed.wrapping import listed, unwrapped

_Step = ContentStreamInstruction | ContentStreamInlineImage
_STRING: Final = re.compile(rb"\((?:[^()\\]++|\\.)*+\)", re.DOTALL)
_IN_PLACE: Final = re.compile(rb"\bBI\b")
_MARKS: Final = frozenset({"BDC", "DP"})
_ALLOWED: Final = frozenset(key for key, kind in SCHEMA["Property"].items() if kind == PLAIN)
_DECODING: Final = frozenset(SCHEMA["Decoding"])
_JPEG: Final = frozenset({"/DCTDecode", "/DCT"})
_OF_PICTURE: Final = frozenset(
    {
        "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Filter", "/DecodeParms",
        "/Decode", "/ImageMask", "/Interpolate", "/Intent", "/Length", "/L"
    }
)  # fmt: skip


def of(holder: Object) -> bytes | None:
    """The instructions of a page or of a stream, unpacked; None for none. Raises PdfError."""
    if isinstance(holder, Stream):
        return holder.read_bytes()
    parts = listed(holder.get("/Contents"))
    return b"\n".join(part.read_bytes() for part in parts if isinstance(part, Stream)) or None


def without(pdf: Pdf, body: bytes) -> bytes | None:
    """The instructions without what is beside them; None where nothing is. Raises PdfError."""
    in_place = b"ID" in body and _IN_PLACE.search(body) is not None
    silent = body
    if b"%" in body and (in_place or b"%" in _STRING.sub(b"", body)):
        silent = _without_remarks(pdf, body)
    if in_place or (b"<<" in body and (b"BDC" in body or b"DP" in body)):
        silent = _without_keys(pdf, silent)
    return None if silent is body else silent


def _without_remarks(pdf: Pdf, body: bytes) -> bytes:
    """The very same bytes where there is none: a `%` in a text or a picture is no remark."""
    remarks = _Remarks()
    page = Dictionary(Type=Name.Page, Contents=Stream(pdf, body))
    rest = Page(pdf.make_indirect(page)).get_filtered_contents(remarks)
    return rest if remarks.met else body


class _Remarks(TokenFilter):
    """Lets everything through but remarks."""

    def __init__(self) -> None:
        super().__init__()
        self.met = False

    def handle_token(self, token: Token) -> Token | None:  # type: ignore[override]  # no default
        if token.type_ != TokenType.comment:
            return token
        self.met = True
        return None


def _without_keys(pdf: Pdf, body: bytes) -> bytes:
    told = pikepdf.parse_content_stream(Stream(pdf, body), "BDC DP BI ID EI")
    if not any(_is_foreign(pdf, step) for step in told):
        return body
    steps = pikepdf.parse_content_stream(Stream(pdf, body))
    return b"\n".join(_written(pdf, step) for step in steps)


def _is_foreign(pdf: Pdf, step: _Step) -> bool:
    if isinstance(step, ContentStreamInlineImage):
        return _picture(pdf, step) is not None
    return any(
        not _fits(key, value)
        for properties in _properties(step)
        for key, value in properties.items()
    )


def _written(pdf: Pdf, step: _Step) -> bytes:
    if isinstance(step, ContentStreamInlineImage):
        return _picture(pdf, step) or pikepdf.unparse_content_stream([step])
    for properties in _properties(step):
        keys.keep(properties, {key for key, value in properties.items() if _fits(key, value)})
    return pikepdf.unparse_content_stream([step])


def _properties(step: ContentStreamInstruction) -> list[Object]:
    if str(step.operator) not in _MARKS:
        return []
    return [each for each in list(step.operands) if isinstance(each, Dictionary)]


def _fits(key: str, value: object) -> bool:
    return key in _ALLOWED and not _holds_more(value)


def _holds_more(value: object) -> bool:
    if isinstance(value, Array):
        return any(_holds_more(each) for each in list(value))
    return isinstance(value, Dictionary)


def _picture(pdf: Pdf, step: ContentStreamInlineImage) -> bytes | None:
    """A picture written in place, anew; None where it says nothing beside its pixels."""
    about, raw = step.iimage.obj, step.iimage.read_raw_bytes()
    foreign = {key for key, value in about.items() if not _is_of_picture(key, value)}
    keys.drop(about, *foreign)
    for parms in listed(about.get("/DecodeParms")):
        if isinstance(parms, Dictionary):
            foreign |= set(parms.keys()) - _DECODING
            keys.keep(parms, _DECODING)
    filters = listed(about.get("/Filter"))
    packed = None
    if filters and str(filters[-1]) in _JPEG:
        packed = unwrapped(pdf, raw, about)
    silent = None if packed is None else without_notes(packed).body
    if silent is not None and packed is not None and silent != packed.rstrip():
        about.Filter = Array([Name.ASCIIHexDecode, Name.DCTDecode])
        keys.drop(about, "/DecodeParms", "/Length", "/L")
        raw = silent.hex().encode() + b">\n"
    elif not foreign:
        return None
    told = about.unparse().strip().removeprefix(b"<<").removesuffix(b">>")
    return b"BI" + told + b"\nID\n" + raw + b"EI"


def _is_of_picture(key: str, value: object) -> bool:
    return key in _OF_PICTURE and (key == "/DecodeParms" or not _holds_more(value))
