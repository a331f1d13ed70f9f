"""While a large report comes in over a real connection, nothing of it touches a disk."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from portal.journeys.reports.ask_for_report import ask_for_report
from portal.web.current import encode
from tests.documents.making import saved
from tests.real.browser import Serve, serve
from tests.staging import Stage
from tests.staging_fixture import stage, staged
from tests.world_fixture import world_template

__all__ = ["serve", "stage", "staged", "world_template"]

SIDE = 1800
NEEDLE = b"Quetzalcoatl boulevard, and nothing else"


def photograph() -> bytes:
    """About ten megabytes that no compression makes smaller, with words to look for."""
    pdf = Pdf.new()
    image = Stream(
        pdf, NEEDLE + secrets.token_bytes(SIDE * SIDE * 3 - len(NEEDLE)), Type=Name.XObject,
        Subtype=Name.Image, Width=SIDE, Height=SIDE, ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, 595, 842]),
        Resources=Dictionary(XObject=Dictionary(Im=image)),
        Contents=Stream(pdf, b"q 400 0 0 400 90 200 cm /Im Do Q"),
    )
    pdf.pages.append(Page(pdf.make_indirect(page)))
    return saved(pdf)


@contextmanager
def watched(*folders: Path) -> Iterator[dict[str, int]]:
    """Looks without a pause at what lies below these folders: name -> the largest it was."""
    seen: dict[str, int] = {}
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for folder in folders:
                for root, _folders, files in os.walk(folder):
                    for name in files:
                        file = Path(root, name)
                        with suppress(OSError):
                            seen[str(file)] = max(file.stat().st_size, seen.get(str(file), 0))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join(10)


def test_an_upload_touches_no_disk(
    stage: Stage, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    police = stage.world.agency("police").id
    helen = stage.world.who("helen")
    due = date(2026, 5, 20)
    asked = ask_for_report(stage.house, helen, stage.slot_id, police, "risk", due).request
    address = urlsplit(serve(_at_any_port(stage)))
    cookie = f"portal={encode(stage.world.begin('carys'))}"
    path = f"/agency/requests/{asked.id}/upload"
    form = _fetch(address.port, "GET", path, {"Cookie": cookie})
    token = re.search(rb'name="csrf_token" value="([^"]+)"', form[2])
    assert token is not None
    cookie += "; " + form[1].partition(";")[0]
    clear = photograph()
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token[1]
        + b'\r\n--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + clear + b"\r\n--edge--\r\n"
    )  # fmt: skip
    headers = {"Cookie": cookie, "Content-Type": "multipart/form-data; boundary=edge"}
    with watched(temporary, tmp_path) as seen:
        answer = _fetch(address.port, "POST", path, headers, body)
    assert answer[0] == 302, re.sub(rb"<[^>]+>\s*", b" ", answer[2])
    assert not [path for path in seen if path.startswith(str(temporary))]
    large = {path for path, size in seen.items() if size > len(clear) // 4}
    assert large == set(), "only the database grows, by a header"
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or NEEDLE not in file.read_bytes(), file
    assert any(len(sealed) >= len(clear) // 2 for sealed in stage.world.store._kept.values())


def _at_any_port(stage: Stage) -> object:
    """The application, reached under its own name whatever the port."""
    app = stage.world.app

    def call(environ: dict[str, object], start: object) -> object:
        environ["HTTP_HOST"] = stage.world.settings.host
        return app(environ, start)  # type: ignore[arg-type]

    return call


def _fetch(
    port: int | None, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    found = (answer.status, answer.getheader("Set-Cookie") or "", answer.read())
    connection.close()
    return found


def test_the_watcher_sees_a_file_that_stays_for_a_moment(tmp_path: Path) -> None:
    with watched(tmp_path) as seen:
        for number in range(50):
            with tempfile.NamedTemporaryFile(dir=tmp_path, prefix=f"{number}-") as file:
                file.write(b"x" * 100_000)
                file.flush()
                threading.Event().wait(0.005)
    assert max(seen.values()) == 100_000
