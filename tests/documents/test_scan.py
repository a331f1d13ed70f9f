"""Only one answer of the scanner is clean; what it cannot see is unpacked for it first."""

from __future__ import annotations

import contextlib
import io
import random
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String

from portal.documents.intake import examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import BehindLock, Clamd, NoScanner
from portal.domain.papers import Scan
from tests.documents.making import new, numbered, plain
from tests.documents.making import saved as written
from tests.documents.test_pictures import picture, saved
from tests.documents.words import docx
from tests.real.clamd import EICAR, STREAM_LIMIT

real = pytest.mark.real("clamd")


def zipped(body: bytes, **how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", body)
    return out.getvalue()


def with_attachment(body: bytes, name: str = "/EmbeddedFile") -> Pdf:
    pdf = new()
    stream = pdf.make_stream(body, Type=Name(name))
    spec = Dictionary(Type=Name.Filespec, F=String("a"), EF=Dictionary(F=stream))
    names = Array([String("a"), pdf.make_indirect(spec)])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    return pdf


def packed(body: bytes) -> bytes:
    """Attached and compressed, in a file whose list of objects is compressed as well."""
    from pikepdf import ObjectStreamMode

    pdf = with_attachment(body)
    return written(
        pdf,
        compress_streams=True,
        recompress_flate=True,
        object_stream_mode=ObjectStreamMode.generate,
    )


def locked(pdf: Pdf, user: str = "", owner: str = "owner") -> bytes:
    return written(pdf, encryption=Encryption(user=user, owner=owner))


def why(clear: bytes, scanner: Clamd | NoScanner, password: str = "") -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, scanner=scanner, password=password)
    return refused.value.code


# ---- the real one ----


INFECTED: dict[str, Callable[[], bytes]] = {
    "after the PDF": lambda: plain() + EICAR,
    "in a page": lambda: plain(EICAR),
    "attached, packed": lambda: packed(EICAR),
    "attached, in an archive": lambda: packed(zipped(EICAR)),
    "attached, two archives deep": lambda: packed(zipped(zipped(EICAR))),
    "attached under another name": lambda: written(with_attachment(EICAR, "/Nothing")),
    "attached to an attachment": lambda: packed(packed(EICAR)),
    "attached behind a lock": lambda: locked(with_attachment(EICAR)),
    "in a Word file's picture": lambda: docx(**{"word/media/a.png": b"\x89PNG\r\n\x1a\n" + EICAR}),
    "in a Word file's archive": lambda: docx(**{"word/embeddings/a.zip": zipped(EICAR)}),
    "behind a picture": lambda: saved(picture(), "PNG") + EICAR,
    "in an archive": lambda: zipped(EICAR),
}


@real
@pytest.mark.parametrize("name", INFECTED)
def test_malware_is_refused_wherever_it_hides(name: str, clamd: Path) -> None:
    assert why(INFECTED[name](), Clamd(clamd)) is RefusalCode.INFECTED


@real
def test_malware_behind_a_password_is_refused_once_it_opens(clamd: Path) -> None:
    clear = locked(with_attachment(EICAR), user="open sesame")
    assert why(clear, Clamd(clamd)) is RefusalCode.PASSWORD
    assert why(clear, Clamd(clamd), "wrong") is RefusalCode.WRONG_PASSWORD
    assert why(clear, Clamd(clamd), "open sesame") is RefusalCode.INFECTED


@real
def test_clean_papers_are_clean(clamd: Path) -> None:
    scanner = Clamd(clamd)
    assert scanner.state().ready
    for clear in (plain(), packed(b"minutes"), locked(new()), saved(picture(), "JPEG")):
        assert examine(clear, scanner=scanner).scan is Scan.CLEAN
    opened = examine(locked(new(), user="open"), scanner=scanner, password="open")
    assert opened.scan is Scan.CLEAN


@real
def test_what_a_scanner_cannot_see_through_is_not_clean(clamd: Path) -> None:
    scanner = Clamd(clamd)
    noise = random.Random(1).randbytes(STREAM_LIMIT + 1000)
    for clear in (noise, b"%PDF-1.7\n" + noise):
        with pytest.raises(RefusedPaper) as refused:
            scanner.scan(clear)
        assert refused.value.code is RefusalCode.UNSCANNABLE
    with pytest.raises(BehindLock):
        scanner.scan(locked(new(), user="x"))


# ---- one that does not do as it should ----


@contextlib.contextmanager
def pretending(folder: Path, act: Callable[[socket.socket], None]) -> Iterator[Path]:
    """Something on a socket that answers as `act` says."""
    path = folder / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        server.settimeout(0.05)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    line, _ = server.accept()
                except TimeoutError:
                    continue
                with line, contextlib.suppress(OSError):
                    line.settimeout(5)
                    act(line)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield path
        finally:
            over.set()
            thread.join()


def says(answer: bytes, *, reads: bool = True) -> Callable[[socket.socket], None]:
    def act(line: socket.socket) -> None:
        got = b""
        while reads and not got.endswith(b"\0\0\0\0"):
            piece = line.recv(65536)
            if not piece:
                break
            got += piece
        line.sendall(answer)

    return act


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", RefusalCode.SCANNER_DOWN),
        (b"OK\0", RefusalCode.SCANNER_DOWN),
        (b"stream: OK but not quite\0", RefusalCode.SCANNER_DOWN),
        (b"other: OK\0", RefusalCode.SCANNER_DOWN),
        (b"stream: ok\0", RefusalCode.SCANNER_DOWN),
        (b"stream: OK\0stream: Evil FOUND\0", RefusalCode.INFECTED),
        (b"stream: Evil FOUND\0", RefusalCode.INFECTED),
        (b"stream: Can't allocate memory ERROR\0", RefusalCode.SCANNER_DOWN),
        (b"INSTREAM size limit exceeded. ERROR\0", RefusalCode.UNSCANNABLE),
        (b"stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0", RefusalCode.UNSCANNABLE),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", RefusalCode.UNSCANNABLE),
        (b"UNKNOWN COMMAND\0", RefusalCode.SCANNER_DOWN),
        (b"x" * 100_000, RefusalCode.SCANNER_DOWN),
    ],
)
def test_only_one_answer_is_clean(answer: bytes, code: RefusalCode, tmp_path: Path) -> None:
    with pretending(tmp_path, says(answer)) as path, pytest.raises(RefusedPaper) as refused:
        Clamd(path, 5).scan(plain())
    assert refused.value.code is code


def test_an_early_answer_counts_though_the_line_breaks(tmp_path: Path) -> None:
    early = says(b"INSTREAM size limit exceeded. ERROR\0", reads=False)
    with pretending(tmp_path, early) as path, pytest.raises(RefusedPaper) as refused:
        Clamd(path, 5).scan(bytes(20_000_000))
    assert refused.value.code in {RefusalCode.UNSCANNABLE, RefusalCode.SCANNER_DOWN}


def test_a_scanner_that_hangs_is_down_in_time(tmp_path: Path) -> None:
    for act in (_wait, _drip):
        folder = tmp_path / act.__name__
        folder.mkdir()
        start = time.monotonic()
        with pretending(folder, act) as path:
            with pytest.raises(RefusedPaper) as refused:
                Clamd(path, 0.4).scan(plain())
            assert time.monotonic() - start < 1.9
        assert refused.value.code is RefusalCode.SCANNER_DOWN


def _wait(line: socket.socket) -> None:
    line.settimeout(2)
    with contextlib.suppress(TimeoutError):
        while line.recv(65536):
            pass


def _drip(line: socket.socket) -> None:
    """One byte at a time, so that no single wait is long."""
    for _ in range(20):
        line.sendall(b"s")
        time.sleep(0.1)


def test_a_scanner_that_is_not_there_is_down(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name in ("nothing", "file"):
        scanner = Clamd(tmp_path / name)
        assert why(plain(), scanner) is RefusalCode.SCANNER_DOWN
        assert not scanner.state().ready


def test_a_file_is_scanned_before_anything_opens_it(tmp_path: Path) -> None:
    """A bomb that would be refused for itself is infected first."""
    with pretending(tmp_path, says(b"stream: Evil FOUND\0")) as path:
        assert why(b"%PDF-1.7 broken", Clamd(path, 5)) is RefusalCode.INFECTED
        assert why(b"PK\x03\x04 broken", Clamd(path, 5)) is RefusalCode.INFECTED


# ---- none at all ----


def test_without_a_scanner_a_paper_is_taken_as_not_scanned_or_not_at_all() -> None:
    assert examine(numbered(1)).scan is Scan.NOT_SCANNED
    assert examine(numbered(1), scanner=NoScanner()).scan is Scan.NOT_SCANNED
    assert why(numbered(1), NoScanner(blocks=True)) is RefusalCode.NOT_SCANNED
    assert not NoScanner().state().ready
    assert "each area chooses" in NoScanner().state().words
