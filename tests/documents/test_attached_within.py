"""What is attached to an attached PDF, or hangs where no list names it, is scanned unpacked too."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pikepdf import Dictionary, Encryption, Name, Pdf, Stream, String

from portal.documents.findings import FindingKind
from portal.documents.intake import Limits, examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import Clamd
from portal.domain.papers import Scan
from tests.documents.making import attached, new, plain, saved
from tests.documents.test_scan import packed, pretending

EVIL = b"EVIL IN PLAIN SIGHT " * 50


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Clamd]:
    """One that knows one piece of malware, and sees it only where it is not packed."""

    def act(line: socket.socket) -> None:
        got = b""
        while not got.endswith(b"\0\0\0\0"):
            piece = line.recv(65536)
            if not piece:
                break
            got += piece
        line.sendall(b"stream: Evil FOUND\0" if EVIL in got else b"stream: OK\0")

    with pretending(tmp_path, act) as path:
        yield Clamd(path, 10)


def unlisted(body: bytes) -> bytes:
    """An attached file by its own word only: no file specification names it."""
    pdf = new()
    stream = Stream(pdf, b"", Type=Name.EmbeddedFile)
    stream.write(zlib.compress(body), filter=Name.FlateDecode)
    pdf.Root.Anything = pdf.make_indirect(stream)
    return saved(pdf)


def deep(body: bytes, times: int) -> bytes:
    for _ in range(times):
        body = packed(body)
    return body


def why(clear: bytes, scanner: Clamd, limits: Limits | None = None) -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, limits or Limits(), scanner=scanner)
    return refused.value.code


@pytest.mark.parametrize(
    "clear",
    [
        deep(EVIL, 1),
        deep(EVIL, 2),
        deep(EVIL, 5),
        unlisted(EVIL),
        packed(unlisted(EVIL)),
        unlisted(packed(EVIL)),
        packed(b"\n" * 1000 + packed(EVIL)),
    ],
)
def test_malware_is_refused_however_deep_it_is_attached(clear: bytes, scanner: Clamd) -> None:
    assert EVIL not in clear
    assert why(clear, scanner) is RefusalCode.INFECTED


def test_what_lies_too_deep_or_is_too_many_is_refused_in_words(scanner: Clamd) -> None:
    assert why(deep(b"harmless", 12), scanner) is RefusalCode.TOO_HEAVY
    three = packed(packed(packed(b"harmless")))
    assert why(three, scanner, Limits(attached=2)) is RefusalCode.TOO_HEAVY
    large = packed(packed(b"harmless" * 10_000))
    assert why(large, scanner, Limits(content=60_000)) is RefusalCode.TOO_HEAVY
    assert examine(three, Limits(attached=3), scanner=scanner).scan is Scan.CLEAN


def test_an_attachment_that_cannot_be_opened_is_scanned_as_it_is(scanner: Clamd) -> None:
    locked = saved(new(), encryption=Encryption(user="open", owner="owner"))
    for body in (b"%PDF-1.7 and nothing more", locked, plain()[:300]):
        assert examine(packed(body), scanner=scanner).scan is Scan.CLEAN


def told(pdf: Pdf) -> int:
    found = {each.kind: each.count for each in examine(saved(pdf)).findings}
    return found.get(FindingKind.ATTACHMENTS, 0)


def test_a_file_without_a_list_is_told_and_one_with_two_names_is_told_once() -> None:
    pdf = new()
    assert told(pdf) == 0
    pdf.Root.Anything = pdf.make_stream(b"a file", Type=Name.EmbeddedFile)
    assert told(pdf) == 1
    spec = attached(pdf, "B")
    spec.EF.UF = spec.EF.F
    pdf.Root.More = spec
    assert told(pdf) == 2
    pdf.Root.Again = Dictionary(Type=Name.Filespec, F=String("a"), EF=Dictionary(F=spec.EF.F))
    assert told(pdf) == 3
