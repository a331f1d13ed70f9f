"""What a file says beneath its pages: every text that is painted, every string, every stream.

A second reader beside the renderer, which sees what that one leaves out: alternate texts, names,
what a pattern or a letter's own drawing says, and what a font claims its codes mean.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, PdfError, Stream, String

from portal.documents.boxed.verdict import RefusedError

_SPACE: Final = -180  # thousandths of an em to the right: what most readers take for a space
LARGEST: Final = 64 * 1024 * 1024
MOST: Final = 2_000_000
_IMAGE: Final = "/Image"
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s]+)>")
_CHAR: Final = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE: Final = re.compile(
    rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\]]*)\])"
)
_BLOCK: Final = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_NAMED: Final = frozenset(
    {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties",
     "/CharProcs", "/Colorants", "/RoleMap"}
)  # fmt: skip
_FIXED: Final = frozenset(
    {"/Type", "/Subtype", "/S", "/Filter", "/Encoding", "/BaseEncoding", "/Tabs", "/RI", "/BM",
     "/Intent", "/CS", "/ColorSpace", "/O", "/TextAlign", "/Placement", "/Scope", "/CMapName"}
)  # fmt: skip
"""Keys whose names come from closed lists of the standard."""
_STANDARD: Final = frozenset(
    {"PDF", "Text", "ImageB", "ImageC", "ImageI", "FlateDecode", "DCTDecode", "JPXDecode",
     "CCITTFaxDecode", "JBIG2Decode", "LZWDecode", "RunLengthDecode", "ASCII85Decode",
     "ASCIIHexDecode", "DeviceGray", "DeviceRGB", "DeviceCMYK", "CalRGB", "CalGray", "Lab",
     "ICCBased", "Indexed", "Separation", "DeviceN", "Pattern", "Fit", "XYZ", "FitH", "FitR"}
)  # fmt: skip
_BOILERPLATE: Final = re.compile(
    rb"/?(?:CIDInit|ProcSet|findresource|begincmap|endcmap|begin(?:bfchar|bfrange|codespacerange)"
    rb"|end(?:bfchar|bfrange|codespacerange)|CIDSystemInfo|Registry|Ordering|Supplement|CMapName"
    rb"|CMapType|Adobe-Identity-UCS|Adobe|Identity|currentdict|defineresource|Artifact|Pagination"
    rb"|Watermark|Background|Layout|Attached|Header|Footer|Bottom|BBox|MCID)(?![A-Za-z])"
)
"""Words of the standard itself, which every file holds."""
_NEVER: Final = frozenset(
    {"/Subtype", "/Length1", "/CMapName", "/FunctionType", "/ShadingType", "/N", "/Type"}
)
"""What a glyph's own drawing has none of, so that fonts and tables are not read as instructions."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")
"""The tag of a language, such as en-GB, which is no word."""
_NOT_THE_PAGE: Final = frozenset({"/Parent", "/P", "/Dest", "/Pg", "/StructParents"})

Codes = dict[int, str]
Id = tuple[int, int]


class Names(str):
    """Names that somebody chose, and letters that codes may stand for: nobody reads them."""

    __slots__ = ()


def texts(top: Object, own: set[tuple[int, int]], most: int = MOST) -> Iterator[str | bytes]:
    """Every text that can be reached from `top`, without going over to the objects in `own`.

    Raises RefusedError (too heavy) rather than leave a thing beyond the first `most`, or the end of
    a stream, unread.
    """
    for thing in things(top, own, most):
        if isinstance(thing, String):
            yield str(thing)
        else:
            yield from _names(thing)
            yield from _of(thing)


def paints(page: Object, own: set[tuple[int, int]]) -> Iterator[str]:
    """What a page's instructions paint by the codes of its fonts, and those of its drawings, its
    patterns and its letters. Raises the same."""
    for thing in things(page, own):
        if not isinstance(thing, String | Array) and _has_steps(thing):
            yield from painted(thing)


def things(top: Object, own: set[tuple[int, int]], most: int = MOST) -> Iterator[Object]:
    """Strings, and once each the arrays, dictionaries and streams that can be reached."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Object] = [top]
    met = 0
    while waiting:
        met += 1
        if met > most:
            raise RefusedError("too_heavy")
        thing = waiting.pop()
        if isinstance(thing, String):
            yield thing
        elif isinstance(thing, Array | Dictionary | Stream):
            if thing.is_indirect and thing.objgen in seen:
                continue
            seen.add(thing.objgen)
            yield thing
            waiting += _beneath(thing, own)


def _names(thing: Object) -> Iterator[str]:
    """Names that somebody chose, as against those of the standard."""
    if isinstance(thing, Array):
        names = [str(each)[1:] for each in list(thing) if isinstance(each, Name)]
        yield Names(" ".join(name for name in names if name not in _STANDARD))
        return
    for key, value in thing.items():
        if key in _NAMED and isinstance(value, Dictionary):
            yield Names(" ".join(str(name)[1:] for name in value))
        elif isinstance(value, Name) and key not in _FIXED:
            yield Names(str(value)[1:])


def _beneath(thing: Object, own: set[tuple[int, int]]) -> Iterator[Object]:
    values = (
        list(thing)
        if isinstance(thing, Array)
        else [value for key, value in thing.items() if not says_nothing(key, value)]
    )
    for value in values:
        if isinstance(value, Array | String) or (
            isinstance(value, Dictionary | Stream) and value.objgen not in own
        ):
            yield value


def says_nothing(key: str, value: Object) -> bool:
    """Whether it leads away from what is being read, or is the tag of a language."""
    tag = key == "/Lang" and isinstance(value, String)
    return key in _NOT_THE_PAGE or (tag and _LANGUAGE.fullmatch(str(value)) is not None)


def _of(thing: Object) -> Iterator[str | bytes]:
    if isinstance(thing, Array):
        return
    if thing.get("/Type") == Name.Page:
        parts = thing.get("/Contents", Array([]))
        for part in list(parts) if isinstance(parts, Array) else [parts]:
            yield from _plain(part)
    elif isinstance(thing, Stream):
        yield from _plain(thing)
    if _has_steps(thing):
        yield from painted(thing)


def _has_steps(thing: Object) -> bool:
    """Whether it may be a page, a form, a pattern or a letter's own drawing."""
    if not isinstance(thing, Stream):
        return bool(thing.get("/Type") == Name.Page)
    return (
        thing.get("/Subtype") == Name.Form or "/PatternType" in thing or not _NEVER & thing.keys()
    )


def _plain(stream: object) -> Iterator[str | bytes]:
    """A stream's own bytes, and what it says its codes mean."""
    if not isinstance(stream, Stream):
        return
    if stream.get("/Subtype") == _IMAGE:
        yield _whole(stream.read_raw_bytes())
        return
    try:
        body = _whole(stream.read_bytes())
    except PdfError as broken:
        if "limit exceeded" in str(broken):
            raise
        body = _whole(stream.read_raw_bytes())
    yield _BOILERPLATE.sub(b" ", body)
    if b"beginbf" in body:
        yield Names(" ".join(_meant(digits) for digits in _HEX.findall(body)))


def _whole(body: bytes) -> bytes:
    if len(body) > LARGEST:
        raise RefusedError("too_heavy")
    return body


def painted(holder: Object) -> Iterator[str]:
    """What a page's, a form's or a glyph's instructions paint, by the codes of its fonts."""
    resources = holder.get("/Resources")
    named = resources.get("/Font") if isinstance(resources, Dictionary) else None
    fonts = {
        name: _Font(codes_of(font), wide=font.get("/Subtype") == Name.Type0)
        for name, font in (named.items() if isinstance(named, Dictionary) else ())
        if isinstance(font, Dictionary)
    }
    try:
        steps = pikepdf.parse_content_stream(holder)
    except (PdfError, TypeError, ValueError):
        return
    now, said = _Font(None, wide=False), list[str]()
    for step in steps:
        try:
            operator, given = str(step.operator), list(step.operands)
        except UnicodeDecodeError:
            continue
        if operator == "Tf" and given:
            now = fonts.get(str(given[0]), now)
        elif operator in {"Td", "TD", "T*", "Tm", "ET"}:
            said.append(" ")
        elif operator in {"Tj", "TJ", "'", '"'} and given:
            said.append(now.spells(given[-1]))
    whole = "".join(said)
    if whole.strip():
        yield whole
        # Letters that are placed one by one stand apart here: read them as one run as well.
        yield " ".join(_joined(whole))


@dataclass(frozen=True)
class _Font:
    codes: Codes | None
    wide: bool

    def spells(self, given: Any) -> str:
        """A string, or a row of strings and distances."""
        if isinstance(given, Array):
            return "".join(map(self.spells, list(given)))
        if not isinstance(given, String):
            return " " if _number_of(given) < _SPACE else ""
        raw, step = bytes(given), 2 if self.wide else 1
        codes = [int.from_bytes(raw[at : at + step]) for at in range(0, len(raw), step)]
        if self.codes is None:
            return "" if self.wide else "".join(map(chr, codes))
        return "".join(self.codes.get(code, "" if self.wide else chr(code)) for code in codes)


def _number_of(given: Any) -> float:
    try:
        return float(given)
    except (TypeError, ValueError):
        return 0.0


def _joined(text: str) -> Iterator[str]:
    """Runs of single letters, put together."""
    run: list[str] = []
    for token in text.split(" "):
        if len(token) == 1:
            run.append(token)
        elif token:
            if len(run) > 1:
                yield "".join(run)
            run = []
    if len(run) > 1:
        yield "".join(run)


def codes_of(font: object) -> Codes | None:
    """What each code of a font means, by its ToUnicode (ISO 32000-1, 9.10.3) or its encoding."""
    if not isinstance(font, Dictionary):
        return None
    table = font.get("/ToUnicode")
    if isinstance(table, Stream):
        try:
            return _unicode(_whole(table.read_bytes()))
        except PdfError:
            return None
    encoding = font.get("/Encoding")
    differences = encoding.get("/Differences") if isinstance(encoding, Dictionary) else None
    if not isinstance(differences, Array):
        return None
    found: Codes = {}
    at = 0
    for each in list(differences):
        if isinstance(each, Name):
            found[at] = _glyph(str(each)[1:])
            at += 1
        else:
            at = int(_number_of(each))
    return found


_GLYPHS: Final = {
    "fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl", "space": " ", "hyphen": "-",
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "period": ".", "comma": ",",
}  # fmt: skip


def _glyph(name: str) -> str:
    if len(name) == 1 or name in _GLYPHS:
        return _GLYPHS.get(name, name)
    if name.startswith("uni") and len(name) >= 7:
        return _meant(name[3:7].encode())
    # eacute, odieresis: the letter is what counts.
    return name[0] if name[:1].isalpha() and name[1:].isalpha() else ""


@functools.lru_cache(maxsize=64)
def _unicode(table: bytes) -> Codes:
    found: Codes = {}
    for kind, body in _BLOCK.findall(table):
        if kind == b"bfchar":
            found |= {_number(pair[1]): _meant(pair[2]) for pair in _CHAR.finditer(body)}
            continue
        for pair in _RANGE.finditer(body):
            first, last = _number(pair[1]), _number(pair[2])
            # No code has more than two bytes here (`_Font.spells`): what is beyond is never met.
            last = min(last, 0xFFFF)
            if last < first:
                continue
            if pair[4] is not None:
                each = [_meant(digits) for digits in _HEX.findall(pair[4])]
                found |= {first + at: meant for at, meant in enumerate(each[: last - first + 1])}
            elif start := _meant(pair[3]):
                for at in range(last - first + 1):
                    found[first + at] = start[:-1] + chr(min(0x10FFFF, ord(start[-1]) + at))
    return found


def _number(digits: bytes) -> int:
    return int(b"".join(digits.split()) or b"0", 16)


def _meant(digits: bytes) -> str:
    try:
        return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")
    except ValueError:
        return ""
