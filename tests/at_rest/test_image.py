"""Nothing that was typed, uploaded or kept secret stands anywhere at rest."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from tests.at_rest.image import Image, forms, take, unpacked
from tests.at_rest.life import SHORTEST, TYPED, Life


def test_no_secret_stands_anywhere(life: Life, image: Image) -> None:
    found = {name: image.holding(secret) for name, secret in life.secrets.items()}
    assert {name: parts for name, parts in found.items() if parts} == {}
    assert len(found) > 100


def test_what_may_stand_in_the_clear_is_found(image: Image) -> None:
    """Or the search would prove nothing."""
    for clear in ("NM/2026/014", "Helen Marsh", "helen.marsh@probation.northmere.example"):
        parts = image.holding(clear)
        assert any(name.endswith("portal.db") for name in parts), clear


def test_everything_is_in_the_image(life: Life, image: Image) -> None:
    names = set(image.parts)
    for wanted in ("data/portal.db", "data/portal.db-wal", "data/portal.db-shm", "log.txt"):
        assert wanted in names
    kinds = ("data/papers/", "data/keys/", "data/mail/", "data/checkpoints/", "data/recovery-kit/")
    for folder in (*kinds, "backups/keys/", "backups/portal-"):
        assert any(name.startswith(folder) for name in names), folder
    assert image.parts["log.txt"], "nothing was logged, so nothing was searched"


def test_no_pdf_and_no_opened_keyring_lies_about(image: Image) -> None:
    for name, body in image.parts.items():
        assert b"%PDF-" not in body, name
        assert b"endobj" not in body, name
        assert not re.search(rb"AGE-SECRET-KEY-[A-Z0-9-]{20}", body.upper()), name
        assert b'"signing"' not in body, name


def test_the_store_holds_sealed_bytes_alone(image: Image) -> None:
    """Bytes that no program can shorten, under names that say nothing."""
    kept = {name: body for name, body in image.parts.items() if name.startswith("data/papers/")}
    assert len(kept) > 10
    for name, body in kept.items():
        assert re.fullmatch(r"data/papers/[0-9a-f]{2}/[0-9a-f]{64}", name)
        counts = [body.count(byte) for byte in range(256)]
        assert len(body) < 4096 or max(counts) < 3 * len(body) / 256, name


def test_nothing_is_left_in_the_temporary_folder(life: Life) -> None:
    assert list((life.folder.parent / "temporary").rglob("*")) == []


def test_mails_name_nobody_and_carry_nothing(life: Life, image: Image) -> None:
    mails = {name: body for name, body in image.parts.items() if name.startswith("data/mail/")}
    assert len(mails) > 20
    for name, body in mails.items():
        assert b"Content-Disposition: attachment" not in body, name
        assert b"application/" not in body, name


def test_files_are_their_owners_alone(life: Life) -> None:
    """The folder itself is the fence: others cannot even list it."""
    assert life.folder.stat().st_mode & 0o077 == 0
    for file in [*life.wiring.settings.keys.iterdir(), *life.wiring.settings.papers.rglob("*")]:
        assert file.stat().st_mode & 0o077 == 0, file


@pytest.mark.parametrize("place", range(3))
def test_the_search_finds_a_secret_in_every_form(tmp_path: Path, place: int) -> None:
    secret = TYPED["draft"]
    ways = {
        "plain": secret.encode(),
        "shouted": secret.upper().encode(),
        "utf-16": secret.encode("utf-16-le"),
        "hex": secret.encode().hex().encode(),
        "base64": base64.b64encode(b"x" * place + secret.encode() + b"y" * 7),
        "urlsafe": base64.urlsafe_b64encode(b"x" * place + secret.encode()),
    }
    for name, body in ways.items():
        (tmp_path / name).write_bytes(b"\0" * 1000 + body + b"\xff" * 1000)
    held = take(tmp_path).holding(secret)
    assert held == {f"{tmp_path.name}/{name}" for name in ways}


def test_the_search_looks_into_what_is_compressed() -> None:
    import zlib

    secret = TYPED["duty"]
    packed = b"head" + zlib.compress(b"much around it " * 9 + secret.encode())
    assert secret.encode() not in packed
    assert secret.encode() in unpacked(packed)


def test_every_form_is_long_enough_to_mean_something(life: Life) -> None:
    for name, secret in life.secrets.items():
        assert min(len(form) for form in forms(secret)) >= SHORTEST, name
