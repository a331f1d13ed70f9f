"""Every published vector with an identity meets its expectation, with the exact failure class."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli.sealed import group
from portal.crypto.age.armor import ArmorReader, skip_to_armor
from portal.crypto.age.errors import AgeError, MalformedHeader, Refused
from portal.crypto.age.files import decrypt_stream
from portal.crypto.age.keys import identity
from portal.crypto.age.source import Source
from portal.crypto.age.x25519 import X25519Identity
from tests.crypto.vectors import INDEX, Vector, read_vectors

pytestmark = [pytest.mark.real("CCTV vectors"), pytest.mark.usefixtures("node_modules")]

VECTORS = read_vectors()
OURS = sorted(name for name, vector in VECTORS.items() if vector.identities)
OTHERS = sorted(set(VECTORS) - set(OURS))
EXIT_CODES = {
    "success": 0,
    "no match": 2,
    "HMAC failure": 3,
    "payload failure": 3,
    "header failure": 4,
    "armor failure": 4,
}


def outcome(vector: Vector) -> tuple[str, bytes]:
    out = io.BytesIO()
    source = Source(io.BytesIO(vector.body))
    reader: Source | ArmorReader = source
    if vector.armored:
        skip_to_armor(source)
        reader = ArmorReader(source)
    try:
        decrypt_stream(reader, out.write, [identity(text) for text in vector.identities])
    except AgeError as error:
        return error.failure, out.getvalue()
    return "success", out.getvalue()


def assert_released(vector: Vector, released: bytes) -> None:
    if vector.payload is None:
        assert released == b""
    else:
        assert hashlib.sha256(released).hexdigest() == vector.payload


def test_all_vectors_were_read() -> None:
    assert len(VECTORS) == INDEX.read_text("ascii").count("__toBinary(")
    assert len(VECTORS) >= 143
    assert len(OURS) >= 116


@pytest.mark.parametrize("name", OURS or ["absent"])
def test_failure_class_and_released_bytes(name: str) -> None:
    vector = VECTORS[name]
    failure, released = outcome(vector)
    assert failure == vector.expect
    assert_released(vector, released)


@pytest.mark.parametrize("name", OURS or ["absent"])
def test_command_line_exit_code_and_output(name: str, tmp_path: Path) -> None:
    vector = VECTORS[name]
    (tmp_path / "identities").write_text("# the vector's\n\n" + "\n".join(vector.identities) + "\n")
    (tmp_path / "in").write_bytes(vector.body)
    arguments = ["open", "--identity", str(tmp_path / "identities")]
    streamed = CliRunner().invoke(group, arguments, input=vector.body)
    assert streamed.exit_code == EXIT_CODES[vector.expect]
    assert_released(vector, streamed.stdout_bytes)
    named = CliRunner().invoke(group, [*arguments, str(tmp_path / "in"), str(tmp_path / "out")])
    assert named.exit_code == EXIT_CODES[vector.expect]
    assert named.stdout_bytes == b""
    if vector.expect == "success":
        assert_released(vector, (tmp_path / "out").read_bytes())
    assert {path.name for path in tmp_path.iterdir()} <= {"identities", "in", "out"}
    assert (tmp_path / "out").exists() == (vector.expect == "success")


@pytest.mark.parametrize("name", OTHERS or ["absent"])
def test_vectors_without_an_identity_are_never_opened(name: str) -> None:
    vector = VECTORS[name]
    with pytest.raises(AgeError) as caught:
        decrypt_stream(io.BytesIO(vector.body), io.BytesIO().write, [X25519Identity()])
    if vector.expect == "success":
        assert isinstance(caught.value, Refused | MalformedHeader)


def test_passphrase_file_is_refused() -> None:
    for name in ("scrypt", "armor_scrypt", "scrypt_work_factor_23"):
        with pytest.raises(Refused):
            decrypt_stream(io.BytesIO(VECTORS[name].body), io.BytesIO().write, [X25519Identity()])
