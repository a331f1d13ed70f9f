"""Word files become pages in the sandbox: nothing is fetched, nothing runs on, nothing is kept."""

from __future__ import annotations

import contextlib
import http.server
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.documents import convert, sandbox
from portal.documents.convert import REGISTRY, profile, to_pdf
from portal.documents.findings import FindingKind
from portal.documents.intake import Limits, examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.state import conversion
from tests.documents.making import denied, opened, texts
from tests.documents.test_pictures import picture, saved
from tests.documents.words import docx, frame, linked_drawing, odt, paragraph, relationship

FILTERS = {"docx": "MS Word 2007 XML", "odt": "writer8"}
real = pytest.mark.real("LibreOffice in a sandbox")


class Listener:
    """A web server on this computer that counts who comes."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        picture_clear, hits = saved(picture(), "PNG"), self.hits

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                hits.append(f"{self.command} {self.path}")
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(picture_clear)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(picture_clear)

            def log_message(self, *_told: object) -> None:
                pass

        for verb in ("GET", "HEAD", "OPTIONS", "PROPFIND"):
            setattr(Handler, f"do_{verb}", Handler.answer)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def reaching(listener: Listener, local: Path) -> dict[str, tuple[str, bytes]]:
    """Files that reach out: to the web, and to a picture on this computer."""
    at = listener.address
    return {
        "docx": (
            "docx",
            docx(
                linked_drawing(9) + linked_drawing(8) + paragraph("Plain words"),
                relationship(9, "image", f"{at}/docx.png")
                + relationship(8, "image", f"file://{local}")
                + relationship(7, "attachedTemplate", f"{at}/template.dotx"),
            ),
        ),
        "odt": (
            "odt",
            odt(
                frame(f"{at}/odt.png")
                + frame(f"file://{local}")
                + f'<text:section text:name="s"><text:section-source xlink:href="{at}/s.odt"/>'
                "<text:p>Plain words</text:p></text:section><text:p>Plain words</text:p>"
            ),
        ),
    }


def bare(clear: bytes, kind: str, registry: bytes | None, folder: Path) -> bytes:
    """LibreOffice without the sandbox, as the portal never runs it."""
    program, paper = shutil.which("soffice"), folder / "paper"
    assert program is not None
    paper.write_bytes(clear)
    place = folder / "profile"
    if registry is not None:
        (place / "user").mkdir(parents=True)
        (place / REGISTRY.lstrip("/")).write_bytes(registry)
    subprocess.run(
        [program, f"-env:UserInstallation=file://{place}", "--headless", "--norestore",
         "--nolockcheck", f"--infilter={FILTERS[kind]}", "--convert-to", "pdf:writer_pdf_Export",
         "--outdir", str(folder), str(paper)],
        check=True, capture_output=True, timeout=100,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
    )  # fmt: skip
    return (folder / "paper.pdf").read_bytes()


def drawn(pdf_clear: bytes) -> int:
    pdf = opened(pdf_clear)
    return sum(each.get("/Subtype") == "/Image" for each in pdf.objects if hasattr(each, "get"))


@pytest.fixture
def local(tmp_path: Path) -> Path:
    made = tmp_path / "local.png"
    made.write_bytes(saved(picture(), "PNG"))
    return made


# ---- both protections, each alone, and neither ----


@real
@pytest.mark.parametrize("name", ["docx", "odt"])
def test_without_protection_it_would_fetch(
    name: str, libreoffice: None, listener: Listener, local: Path, tmp_path: Path
) -> None:
    """So that the tests below show something."""
    kind, clear = reaching(listener, local)[name]
    bare(clear, kind, None, tmp_path)
    assert listener.hits


@real
@pytest.mark.parametrize("name", ["docx", "odt"])
def test_the_profile_alone_keeps_it_in(
    name: str, libreoffice: None, listener: Listener, local: Path, tmp_path: Path
) -> None:
    kind, clear = reaching(listener, local)[name]
    pdf = bare(clear, kind, profile(), tmp_path)
    assert listener.hits == []
    assert drawn(pdf) == 0


@real
@pytest.mark.parametrize("name", ["docx", "odt"])
def test_the_sandbox_alone_keeps_it_in(
    name: str, libreoffice: None, listener: Listener, local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, clear = reaching(listener, local)[name]
    monkeypatch.setattr(convert, "_PROFILE_SETTINGS", ())
    pdf = to_pdf(clear, kind, Limits())
    assert listener.hits == []
    assert drawn(pdf) == 0


@real
@pytest.mark.parametrize("name", ["docx", "odt"])
def test_what_reaches_out_is_told_and_fetches_nothing(
    name: str, libreoffice: None, listener: Listener, local: Path
) -> None:
    _, clear = reaching(listener, local)[name]
    accepted = examine(clear)
    assert listener.hits == []
    assert drawn(accepted.pdf_clear) == 0
    assert "Plain words" in "".join(texts(accepted.pdf_clear))
    told = {finding.kind: finding.count for finding in accepted.findings}
    assert told[FindingKind.OUTSIDE_PARTS] == 3


@real
def test_nothing_of_ours_is_in_the_sandbox(libreoffice: None, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    look = f"cat {tmp_path}/secret /etc/passwd /etc/shadow; ls /home /root /work /var; env; exit 0"
    done = sandbox.run(["sh", "-c", look], {}, Limits())
    assert b"SECRET" not in done.output
    assert b"root:" not in done.output
    assert {line.split(b"=")[0] for line in done.output.split()} <= {
        b"PATH",
        b"HOME",
        b"LANG",
        b"PWD",
    }


@real
@pytest.mark.parametrize(
    "attempt",
    [
        "echo x > /usr/x",
        "echo x > /x",
        "head -c 400000000 /dev/zero > /tmp/x",
        "exec 3<>/dev/tcp/127.0.0.1/80",
        "mount -t tmpfs x /usr",
        "test $(ulimit -c) != 0",
        "test $(ls /proc | grep -c '^[0-9]') -gt 8",
    ],
)
def test_the_sandbox_forbids(attempt: str, libreoffice: None) -> None:
    assert sandbox.run(["bash", "-c", attempt], {}, Limits()).code != 0


# ---- what comes of it ----


@real
@pytest.mark.parametrize("clear", [docx(), odt()], ids=["docx", "odt"])
def test_a_word_file_becomes_tagged_pages(clear: bytes, libreoffice: None) -> None:
    accepted = examine(clear)
    assert accepted.pages == 1
    assert [finding.kind for finding in accepted.findings] == [FindingKind.FROM_WORD]
    assert texts(accepted.pdf_clear)[0].split() == ["Plain", "words"]
    assert denied(accepted.pdf_clear) == set()
    pdf = opened(accepted.pdf_clear)
    assert "/StructTreeRoot" in pdf.Root


KEEP = '<w:t xml:space="preserve">'
CHANGED = (
    f"<w:p><w:r>{KEEP}Kept </w:t></w:r>"
    f'<w:ins w:id="1" w:author="A"><w:r>{KEEP}added </w:t></w:r></w:ins>'
    '<w:del w:id="2" w:author="A"><w:r><w:delText>deleted</w:delText></w:r></w:del>'
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
    '<w:fldSimple w:instr=" DATE "><w:r><w:t>3 May 2026</w:t></w:r></w:fldSimple></w:p>'
)


@real
def test_the_pages_show_the_final_text_and_say_so(libreoffice: None) -> None:
    accepted = examine(docx(CHANGED))
    assert texts(accepted.pdf_clear)[0].split() == ["Kept", "added", "3", "May", "2026"]
    words = [finding.words for finding in accepted.findings]
    assert any(each.startswith("2 tracked changes are shown as final text.") for each in words)
    assert "1 piece of text is marked as hidden. It is not in the copy." in words
    assert not any("date" in each for each in words)


@real
def test_an_old_word_file_goes_the_same_way(
    libreoffice: None, listener: Listener, local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "_TO_OPEN_TEXT", "doc:MS Word 97")
    monkeypatch.setitem(convert._FILTERS, "doc", FILTERS["docx"])
    old = convert.to_open_text(
        docx(CHANGED + linked_drawing(9), relationship(9, "image", listener.address)), Limits()
    )
    monkeypatch.undo()
    assert old.startswith(b"\xd0\xcf\x11\xe0")
    accepted = examine(old)
    assert texts(accepted.pdf_clear)[0].split()[:2] == ["Kept", "added"]
    assert "deleted" not in texts(accepted.pdf_clear)[0]
    told = {finding.kind for finding in accepted.findings}
    assert told >= {FindingKind.TRACKED_CHANGES, FindingKind.MOVING_DATES}
    assert listener.hits == []


@real
def test_success_without_pages_is_a_failure(libreoffice: None) -> None:
    """The program ends with 0 though it wrote nothing."""
    with pytest.raises(RefusedPaper) as refused:
        to_pdf(b"no Word file at all", "docx", Limits())
    assert refused.value.code is RefusalCode.NOT_CONVERTED


# ---- limits, and what is not there ----


@real
def test_over_time_everything_it_started_is_gone(libreoffice: None) -> None:
    seen: set[int] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            for child in _children(os.getpid()):
                if b"bwrap" in _command(child):
                    seen.update({child, *_below(child)})
            time.sleep(0.01)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        with pytest.raises(RefusedPaper) as refused:
            to_pdf(docx(), "docx", Limits(convert_seconds=0.6))
    finally:
        over.set()
        watching.join()
    assert refused.value.code is RefusalCode.TOOK_TOO_LONG
    assert len(seen) > 2
    for _ in range(100):
        left = {number for number in seen if Path(f"/proc/{number}").exists()}
        if not left:
            break
        time.sleep(0.05)
    assert left == set()


def _children(number: int) -> set[int]:
    found: set[int] = set()
    for path in Path(f"/proc/{number}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found |= {int(each) for each in path.read_text().split()}
    return found


def _below(number: int) -> set[int]:
    children = _children(number)
    return children.union(*(_below(child) for child in children))


def _command(number: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes()
    return b""


@real
@pytest.mark.parametrize(
    "limits", [Limits(convert_memory=60 << 20), Limits(answer=4000), Limits(answer=100)]
)
def test_a_limit_reached_is_a_refusal(limits: Limits, libreoffice: None) -> None:
    with pytest.raises(RefusedPaper) as refused:
        to_pdf(docx(), "docx", limits)
    assert refused.value.code in {
        RefusalCode.NOT_CONVERTED,
        RefusalCode.TOO_HEAVY,
        RefusalCode.NO_CONVERSION,
    }


@real
def test_no_file_appears_while_a_word_file_is_converted(
    libreoffice: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_mtime_ns
    examine(docx())
    assert tmp_path.stat().st_mtime_ns == before, "not even for a moment"


@pytest.mark.parametrize("missing", ["soffice", "bwrap", "prlimit"])
def test_where_something_is_missing_nothing_is_converted(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in {"soffice", "bwrap", "prlimit"} - {missing}:
        (tmp_path / name).write_text("#!/bin/sh\nexit 0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    for clear in (docx(), odt()):
        with pytest.raises(RefusedPaper) as refused:
            examine(clear)
        assert refused.value.code is RefusalCode.NO_CONVERSION
        assert "Save it as PDF in Word and upload that" in refused.value.words
    state = conversion()
    assert not state.ready
    assert ("LibreOffice" if missing == "soffice" else missing) in state.words


def test_where_no_sandbox_can_be_made_nothing_is_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the system forbids it: the tools are there, and fail."""
    for name in ("soffice", "bwrap", "prlimit"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/ran\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RefusedPaper) as refused:
        examine(docx())
    assert refused.value.code is RefusalCode.NO_CONVERSION
    assert "soffice" not in (tmp_path / "ran").read_text()
    assert conversion().words.startswith("Word files are not taken: ")


@real
def test_where_all_is_there_the_state_says_so(libreoffice: None) -> None:
    assert conversion().words == "Word files are converted in a sandbox"
