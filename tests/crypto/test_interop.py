"""Other people's age tools open what the portal sealed, and the other way about."""

from __future__ import annotations

import base64
import io
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pyrage
import pytest

from portal.crypto.age.armor import ArmorWriter
from portal.crypto.age.files import decrypt_stream
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.keys import Identity
from portal.crypto.age.x25519 import X25519Identity
from portal.crypto.sealing import header_for, new_file_key, open_text, seal_payload, seal_text
from portal.domain.sealed import CHUNK

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 4 * CHUNK, 4 * CHUNK + 1, 700_003]


def paper(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def split_file(clear: bytes, key: HybridIdentity | X25519Identity) -> bytes:
    """Header and payload made apart, as a document version keeps them, and joined."""
    file_key = new_file_key()
    return header_for(file_key, key.recipient()) + seal_payload(file_key, clear).body


def armored(data: bytes) -> bytes:
    out = io.BytesIO()
    writer = ArmorWriter(out.write)
    writer.write(data)
    writer.close()
    return out.getvalue()


def opened(data: bytes, key: Identity) -> bytes:
    out = io.BytesIO()
    decrypt_stream(io.BytesIO(data), out.write, [key])
    return out.getvalue()


def run_typage(typage: list[str], steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    coded = [
        {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in step.items()}
        for step in steps
    ]
    done = subprocess.run(
        typage, input=json.dumps(coded).encode(), capture_output=True, check=True, timeout=100
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


@pytest.fixture(scope="module")
def kinds(hybrid: HybridIdentity, classic: X25519Identity) -> list[Any]:
    return [hybrid, classic]


@pytest.mark.real("age-encryption (npm)")
def test_typage_opens_ours(typage: list[str], kinds: list[Any]) -> None:
    cases = [(key, size) for key in kinds for size in SIZES]
    steps = [
        {"op": "open", "identity": str(key), "file": split_file(paper(size), key)}
        for key, size in cases
    ]
    text = {"op": "open", "armored": True, "file": armored(split_file(b"text", kinds[0]))}
    answers = run_typage(typage, [*steps, {**text, "identity": str(kinds[0])}])
    for (_, size), answer in zip(cases, answers, strict=False):
        assert base64.b64decode(answer["clear"]) == paper(size)
    assert base64.b64decode(answers[-1]["clear"]) == b"text"


@pytest.mark.real("age-encryption (npm)")
@pytest.mark.parametrize("armor", [False, True])
def test_we_open_typage(typage: list[str], kinds: list[Any], armor: bool) -> None:
    cases = [(key, size) for key in kinds for size in SIZES]
    answers = run_typage(
        typage,
        [
            {
                "op": "seal",
                "recipient": str(key.recipient()),
                "clear": paper(size),
                "armored": armor,
            }
            for key, size in cases
        ],
    )
    for (key, size), answer in zip(cases, answers, strict=True):
        assert opened(base64.b64decode(answer["file"]), key) == paper(size)


@pytest.mark.real("age-encryption (npm)")
def test_typage_agrees_on_public_keys(typage: list[str], kinds: list[Any]) -> None:
    answers = run_typage(typage, [{"op": "recipient", "identity": str(key)} for key in kinds])
    assert [a["recipient"] for a in answers] == [str(key.recipient()) for key in kinds]


@pytest.mark.real("age-encryption (npm)")
def test_typage_opens_a_text_for_each_of_many(typage: list[str]) -> None:
    keys = [HybridIdentity() for _ in range(3)]
    blob = seal_text(b"born 1990", [key.recipient().raw for key in keys])
    steps = [{"op": "open", "identity": str(key), "file": blob} for key in keys]
    stranger = {"op": "open", "identity": str(HybridIdentity()), "file": blob}
    *answers, refused = run_typage(typage, [*steps, stranger])
    assert [base64.b64decode(a["clear"]) for a in answers] == [b"born 1990"] * 3
    assert "error" in refused


@pytest.mark.real("age-encryption (npm)")
def test_typage_refuses_our_damaged_file(typage: list[str], hybrid: HybridIdentity) -> None:
    good = split_file(paper(CHUNK + 5), hybrid)
    for bad in (good[:-1], good + b"x", good[:-30] + b"x" + good[-29:]):
        (answer,) = run_typage(typage, [{"op": "open", "identity": str(hybrid), "file": bad}])
        assert "error" in answer


@pytest.mark.real("pyrage")
@pytest.mark.parametrize("size", SIZES)
def test_pyrage_both_ways(classic: X25519Identity, size: int) -> None:
    clear = paper(size)
    key = pyrage.x25519.Identity.from_str(str(classic))
    assert pyrage.decrypt(split_file(clear, classic), [key]) == clear
    to = pyrage.x25519.Recipient.from_str(str(classic.recipient()))
    assert str(key.to_public()) == str(classic.recipient())
    for flag in (False, True):
        assert opened(pyrage.encrypt(clear, [to], armored=flag), classic) == clear


@pytest.mark.real("age program")
def test_age_program_both_ways(
    age_program: str, classic: X25519Identity, hybrid: HybridIdentity, tmp_path: Path
) -> None:
    version = subprocess.run([age_program, "--version"], capture_output=True, text=True, check=True)
    numbers = tuple(int(n) for n in re.findall(r"\d+", version.stdout)[:2])
    # Debian 12 has age 1.1, which knows X25519 only; from 1.3 on both kinds are tried.
    keys: list[Any] = [classic, hybrid] if numbers >= (1, 3) else [classic]
    for key in keys:
        file = tmp_path / "key.txt"
        file.write_text(f"{key}\n")
        for size in SIZES:
            clear = paper(size)
            for sealed in (split_file(clear, key), armored(split_file(clear, key))):
                done = subprocess.run(
                    [age_program, "-d", "-i", str(file)],
                    input=sealed,
                    capture_output=True,
                    check=True,
                )
                assert done.stdout == clear
            for armor in ([], ["-a"]):
                done = subprocess.run(
                    [age_program, *armor, "-r", str(key.recipient())],
                    input=clear,
                    capture_output=True,
                    check=True,
                )
                assert opened(done.stdout, key) == clear


@pytest.mark.real("pyrage")
def test_texts_for_several_classic_recipients(classic: X25519Identity) -> None:
    other = X25519Identity()
    blob = seal_text(b"to two", [classic.recipient(), other.recipient()])
    for key in (classic, other):
        assert pyrage.decrypt(blob, [pyrage.x25519.Identity.from_str(str(key))]) == b"to two"
        assert open_text(blob, [key]) == b"to two"
