"""Word files made for a test, part by part: honest ones, and ones that reach out or act."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
Parts = Mapping[str, str | bytes]


def zipped(parts: Parts, **how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **how) as archive:  # type: ignore[arg-type]
        for name, body in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = archive.compression
            archive.writestr(entry, body)
    return out.getvalue()


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def relationship(number: int, kind: str, target: str, *, external: bool = True) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="r{number}" Type="{R}/{kind}" Target="{target}"{mode}/>'


def docx_parts(
    body: str = "", relationships: str = "", main: str = MAIN, more: Parts | None = None
) -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f"{relationship(1, 'officeDocument', 'word/document.xml', external=False)}"
            "</Relationships>"
        ),
        "word/document.xml": (
            f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
            f"{body or paragraph('Plain words')}</w:body></w:document>"
        ),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{relationships}</Relationships>'
        ),
        **(more or {}),
    }


def docx(body: str = "", relationships: str = "", **more: str | bytes) -> bytes:
    return zipped(docx_parts(body, relationships, more=more), compression=zipfile.ZIP_DEFLATED)


def odt_parts(body: str = "", more: Parts | None = None) -> dict[str, str | bytes]:
    return {
        "mimetype": OPEN_TEXT,
        "META-INF/manifest.xml": (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            f' manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{OPEN_TEXT}"/><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
        ),
        "content.xml": (
            f'<office:document-content {_ODF} office:version="1.2"><office:body><office:text>'
            f"{body or '<text:p>Plain words</text:p>'}"
            "</office:text></office:body></office:document-content>"
        ),
        **(more or {}),
    }


def odt(body: str = "", **more: str | bytes) -> bytes:
    return zipped(odt_parts(body, more), compression=zipfile.ZIP_DEFLATED)


def linked_drawing(number: int = 9) -> str:
    """A picture that is kept elsewhere, as Word writes it."""
    a = "http://schemas.openxmlformats.org/drawingml/2006"
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{a}/wordprocessingDrawing">'
        '<wp:extent cx="1270000" cy="1270000"/><wp:docPr id="1" name="x"/>'
        f'<a:graphic xmlns:a="{a}/main"><a:graphicData uri="{a}/picture">'
        f'<pic:pic xmlns:pic="{a}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="x"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="r{number}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        '<a:off x="0" y="0"/><a:ext cx="1270000" cy="1270000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def frame(address: str) -> str:
    """The same in an .odt."""
    return (
        '<text:p><draw:frame draw:name="x" text:anchor-type="as-char" svg:width="3cm" '
        f'svg:height="3cm"><draw:image xlink:href="{address}" xlink:type="simple" '
        'xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p>'
    )


def ole(*streams: str, storages: tuple[str, ...] = (), flags: int = 0) -> bytes:
    """A container with these streams and storages at its top, each stream of nine sectors."""
    size, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    names = [*streams, *storages]
    entries = [_entry("Root Entry", 5, child=1 if names else free)]
    directory_sectors = (len(names) + 1 + 3) // 4
    first = 1 + directory_sectors
    table = [0xFFFFFFFD, *range(2, 1 + directory_sectors), end]
    body = b""
    for place, name in enumerate(names, 1):
        right = place + 1 if place < len(names) else free
        if name in storages:
            entries.append(_entry(name, 1, right=right))
            continue
        start = first + len(body) // size
        entries.append(_entry(name, 2, right=right, start=start, length=9 * size))
        table += [*range(start + 1, start + 9), end]
        body += struct.pack("<H8xH", 0xA5EC, flags).ljust(9 * size, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xLLLLLLLLL", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    header += struct.pack("<L", 0)
    header = header.ljust(size, b"\xff")
    listed = b"".join(entries).ljust(directory_sectors * size, b"\0")
    packed = struct.pack(f"<{len(table)}L", *table).ljust(size, b"\xff")
    return header + packed + listed + body


def _entry(
    name: str,
    kind: int,
    *,
    child: int = 0xFFFFFFFF,
    right: int = 0xFFFFFFFF,
    start: int = 0,
    length: int = 0,
) -> bytes:
    told = name.encode("utf-16-le") + b"\0\0"
    head = told.ljust(64, b"\0") + struct.pack("<HBB", len(told), kind, 1)
    tree = struct.pack("<LLL", 0xFFFFFFFF, right, child)
    return head + tree + bytes(36) + struct.pack("<LQ", start, length)
