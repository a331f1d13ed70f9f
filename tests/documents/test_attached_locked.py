"""An attached file into which no scanner can look is told, with its number, and goes nowhere."""

from __future__ import annotations

import io
import socket
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String

from portal.documents.findings import Finding, FindingKind, findings_told, from_told, kept
from portal.documents.intake import examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import Clamd
from portal.domain.papers import Scan
from tests.documents.making import new, plain, saved
from tests.documents.test_scan import pretending, zipped
from tests.documents.words import docx, ole

SEALED_LIST = b"<m:manifest><m:encryption-data/></m:manifest>"
XLS_HEAD = struct.pack("<HH", 0x0809, 16) + bytes(16)


def with_files(files: Mapping[str, bytes]) -> Pdf:
    """Attached in the order of their names, as a list of names must be."""
    pdf = new()
    names = Array()
    for name, body in sorted(files.items()):
        stream = pdf.make_stream(body, Type=Name.EmbeddedFile)
        spec = Dictionary(Type=Name.Filespec, F=String(name), EF=Dictionary(F=stream))
        names.append(String(name))
        names.append(pdf.make_indirect(spec))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    return pdf


def sealed(archive: bytes) -> bytes:
    """As if a password sealed the first part: what its list says of it."""
    made = bytearray(archive)
    at = made.rindex(b"PK\x01\x02")
    made[at + 8] |= 1
    return bytes(made)


def listed(manifest: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def stream_of(container: bytes, head: bytes) -> bytes:
    """The container with other bytes where its one stream begins."""
    return container[: 3 * 512] + head.ljust(9 * 512, b"\0") + container[12 * 512 :]


SHUT: dict[str, bytes] = {
    "PDF": saved(new(), encryption=Encryption(user="open", owner="owner")),
    "ZIP": sealed(zipped(b"secret")),
    "ZIP behind something": b"MZ" + bytes(100) + sealed(zipped(b"secret")),
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "RAR": b"Rar!\x1a\x07\x01\x00",
    ".docx": ole("EncryptedPackage", "EncryptionInfo"),
    "rights managed": ole("EncryptedPackage", storages=("\x06DataSpaces", "DRMEncryptedTransform")),
    ".doc": ole("WordDocument", flags=0x0100),
    ".xls": stream_of(ole("Workbook"), XLS_HEAD + struct.pack("<HH", 0x2F, 2)),
    ".ppt": stream_of(ole("Current User"), bytes(12) + b"\xdf\xc4\xd1\xf3"),
    ".odt": listed(SEALED_LIST),
    "in a PDF": saved(with_files({"x": sealed(zipped(b"secret"))})),
}
OPEN: dict[str, bytes] = {
    "PDF": plain(),
    "locked against changes alone": saved(new(), encryption=Encryption(user="", owner="owner")),
    "ZIP": zipped(b"open"),
    ".docx": docx(),
    ".doc": ole("WordDocument"),
    ".xls": stream_of(ole("Workbook"), XLS_HEAD),
    ".ppt": stream_of(ole("Current User"), bytes(12) + b"\x5f\xc0\x91\xe3"),
    ".odt": listed(b"<m:manifest/>"),
    "damaged PDF": b"%PDF-1.7 and nothing more",
    "damaged ZIP": zipped(b"open")[:-30],
    "damaged container": ole("WordDocument", flags=0x0100)[:600],
    "nothing": b"",
    "text": b"Minutes",
}


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Clamd]:
    """One that finds everything clean, and says of `BEHIND A LOCK` that it cannot look in."""

    def act(line: socket.socket) -> None:
        got = b""
        while not got.endswith(b"\0\0\0\0") and (piece := line.recv(65536)):
            got += piece
        locked = b"BEHIND A LOCK" in got and b"%PDF" not in got
        line.sendall(b"stream: Heuristics.Encrypted.Zip FOUND\0" if locked else b"stream: OK\0")

    with pretending(tmp_path, act) as path:
        yield Clamd(path, 10)


def told(clear: bytes, scanner: Clamd) -> tuple[int, ...]:
    accepted = examine(clear, scanner=scanner)
    assert accepted.scan is Scan.CLEAN
    assert b"EmbeddedFile" not in accepted.pdf_clear
    found = {each.kind: each.pages for each in accepted.findings}
    assert FindingKind.ATTACHMENTS in found
    return found.get(FindingKind.LOCKED_ATTACHMENTS, ())


@pytest.mark.parametrize("name", SHUT)
def test_an_attached_file_that_is_locked_is_told(name: str, scanner: Clamd) -> None:
    assert told(saved(with_files({"a": SHUT[name]})), scanner) == (1,)


@pytest.mark.parametrize("name", OPEN)
def test_one_that_is_not_locked_is_not_said_to_be(name: str, scanner: Clamd) -> None:
    assert told(saved(with_files({"a": OPEN[name]})), scanner) == ()


def test_they_are_told_by_their_numbers_as_the_file_lists_them(scanner: Clamd) -> None:
    files = {
        "d": SHUT["in a PDF"], "a": b"open", "b": SHUT["PDF"], "c": b"", "e": b"BEHIND A LOCK"
    }  # fmt: skip
    assert told(saved(with_files(files)), scanner) == (2, 4, 5)


def test_what_the_scanner_says_is_locked_is_told_of_the_file_it_came_with(scanner: Clamd) -> None:
    inner = saved(with_files({"x": b"open", "y": b"BEHIND A LOCK"}))
    assert told(saved(with_files({"a": b"1", "b": inner})), scanner) == (2,)


def test_the_paper_itself_is_refused_where_the_scanner_cannot_look_in(scanner: Clamd) -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(SHUT["PDF"], scanner=scanner)
    assert refused.value.code is RefusalCode.PASSWORD


def test_the_words_say_which_and_are_kept() -> None:
    one = Finding(FindingKind.LOCKED_ATTACHMENTS, 1, (2,))
    more = Finding(FindingKind.LOCKED_ATTACHMENTS, 3, (1, 2, 5))
    assert one.words.startswith("Attached file 2, counted by name, ")
    assert more.words.startswith("Attached files 1, 2 and 5, counted by name, ")
    for each in (one, more):
        assert "{" not in each.words
        assert from_told(findings_told(kept([each]))) == (each,)
