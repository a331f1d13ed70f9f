"""A Word file is weighed and counted before any program for documents reads it."""

from __future__ import annotations

import io
import resource
import struct
import zipfile

import pytest

from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode
from tests.documents.gate import through, why
from tests.documents.words import (
    MAIN,
    OPEN_TEXT,
    docx,
    docx_parts,
    odt,
    odt_parts,
    relationship,
    zipped,
)

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><a>&i;</a>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><a/>'
PASSWD = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def with_entry(name: str, **about: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, body in docx_parts().items():
            archive.writestr(part, body)
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        for key, value in about.items():
            setattr(entry, key, value)
        archive.writestr(entry, b"x")
    return out.getvalue()


def patched(clear: bytes, offset_from_end: int, shape: str, value: int) -> bytes:
    made = bytearray(clear)
    struct.pack_into(shape, made, len(made) - 22 + offset_from_end, value)
    return bytes(made)


def encrypted() -> bytes:
    made = bytearray(docx())
    at = made.find(b"PK\x01\x02")
    while at >= 0:
        made[at + 8] |= 1
        at = made.find(b"PK\x01\x02", at + 4)
    return bytes(made)


def overlapping() -> bytes:
    """Many names for the same packed bytes, as in the densest of bombs."""
    made = bytearray(docx(a=b"A" * 900, b=b"B" * 900))
    with zipfile.ZipFile(io.BytesIO(bytes(made))) as archive:
        where = {entry.filename: entry.header_offset for entry in archive.infolist()}
    second = made.rfind(b"PK\x01\x02")
    struct.pack_into("<L", made, second + 42, where["a"])
    return bytes(made)


HOSTILE = {
    "name that leads out": (with_entry("../../etc/cron.d/x"), RefusalCode.HOSTILE),
    "name from the root": (with_entry("/etc/passwd"), RefusalCode.HOSTILE),
    "name with a drive": (with_entry("C:/x.xml"), RefusalCode.HOSTILE),
    "name with backslashes": (with_entry("..\\x.xml"), RefusalCode.HOSTILE),
    "symbolic link": (with_entry("word/x", external_attr=0o120777 << 16), RefusalCode.HOSTILE),
    "device": (with_entry("word/x", external_attr=0o060666 << 16), RefusalCode.HOSTILE),
    "pipe": (with_entry("word/x", external_attr=0o010666 << 16), RefusalCode.HOSTILE),
    "a name twice in other letters": (with_entry("WORD/document.xml"), RefusalCode.HOSTILE),
    "packed as nobody packs": (
        with_entry("word/x", compress_type=zipfile.ZIP_LZMA),
        RefusalCode.HOSTILE,
    ),
    "overlapping parts": (overlapping(), RefusalCode.HOSTILE),
    "more than it says": (patched(docx(), 10, "<H", 2), RefusalCode.HOSTILE),
    "so much that it needs ZIP64": (patched(docx(), 10, "<H", 0xFFFF), RefusalCode.HOSTILE),
    "a directory of a gigabyte": (patched(docx(), 12, "<L", 1 << 30), RefusalCode.TOO_HEAVY),
    "junk before its directory": (patched(docx(), 16, "<L", 4), RefusalCode.HOSTILE),
    "picture in front": (b"GIF89a" + docx(), RefusalCode.DAMAGED),
    "cut off": (docx()[:-40], RefusalCode.DAMAGED),
    "locked": (encrypted(), RefusalCode.LOCKED),
    "plain archive": (zipped({"a.txt": "x"}), RefusalCode.OFFICE_FILE),
    "archive of archives": (zipped({"a.zip": zipped({"b": "x"})}), RefusalCode.OFFICE_FILE),
    "spreadsheet": (
        zipped(docx_parts(main=MAIN.replace("wordprocessingml.document", "spreadsheetml.sheet"))),
        RefusalCode.OFFICE_FILE,
    ),
    "template": (
        zipped(docx_parts(main=MAIN.replace("document.main", "template.main"))),
        RefusalCode.WORD_FILE,
    ),
    "macros by type": (
        zipped(docx_parts(main="application/vnd.ms-word.document.macroEnabled.main+xml")),
        RefusalCode.MACROS,
    ),
    "macros by part": (docx(**{"word/vbaProject.bin": b"x"}), RefusalCode.MACROS),
    "macros by relationship": (
        docx("", relationship(7, "vbaProject", "x.bin", external=False)),
        RefusalCode.MACROS,
    ),
    "macros in an odt": (odt(**{"Basic/Standard/Module1.xml": "<a/>"}), RefusalCode.MACROS),
    "script in an odt": (odt(**{"Scripts/python/x.py": "x"}), RefusalCode.MACROS),
    "odt template": (
        zipped(odt_parts(more={"mimetype": f"{OPEN_TEXT}-template"})),
        RefusalCode.WORD_FILE,
    ),
    "ods": (
        zipped(odt_parts(more={"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})),
        RefusalCode.OFFICE_FILE,
    ),
    "billion laughs": (docx(**{"word/x.xml": LAUGHS}), RefusalCode.HOSTILE),
    "billion laughs in the list of types": (
        zipped({**docx_parts(), "[Content_Types].xml": LAUGHS}),
        RefusalCode.HOSTILE,
    ),
    "entity from elsewhere": (docx(**{"word/x.xml": OUTSIDE}), RefusalCode.HOSTILE),
    "entity from this computer": (odt(**{"styles.xml": PASSWD}), RefusalCode.HOSTILE),
    "entity in UTF-16": (
        odt(**{"styles.xml": PASSWD.encode("utf-16")}),
        RefusalCode.HOSTILE,
    ),
    "nested without end": (docx(**{"word/x.xml": "<a>" * 600 + "</a>" * 600}), RefusalCode.HOSTILE),
    "not XML": (docx(**{"word/x.xml": "<a><b></a>"}), RefusalCode.DAMAGED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_does_not_pass(name: str) -> None:
    clear, code = HOSTILE[name]
    assert why(clear) is code


BOMBS = {
    "zeros": docx(**{"word/media/x.png": bytes(60 * MIB)}),
    "text": docx(**{"word/x.xml": b"<a>" + b" " * (50 * MIB) + b"</a>"}),
    "many parts": zipped({**docx_parts(), **{f"word/{n}.xml": "<a/>" for n in range(3001)}}),
}


BOMBS |= {name: HOSTILE[name][0] for name in ("billion laughs", "entity from elsewhere")}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_less_than_a_second_and_little_memory(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert why(BOMBS[name]) in {RefusalCode.TOO_HEAVY, RefusalCode.HOSTILE}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.0


def test_the_limits_are_settings() -> None:
    clear = docx(**{"word/media/x.png": b"\x89PNG\r\n\x1a\n" + bytes(2 * MIB)})
    for limits in (
        Limits(unpacked=MIB),
        Limits(ratio=10),
        Limits(entries=3),
        Limits(part=10),
    ):
        assert why(clear, limits) is RefusalCode.TOO_HEAVY
    assert through(clear, Limits(ratio=10_000))[0] == {}


def test_bytes_are_counted_and_not_believed() -> None:
    made = bytearray(docx(**{"word/media/x.png": bytes(3 * MIB)}))
    at = made.rfind(b"PK\x01\x02")
    struct.pack_into("<L", made, at + 24, 9)
    assert why(bytes(made), Limits(unpacked=MIB)) in {RefusalCode.TOO_HEAVY, RefusalCode.DAMAGED}
