"""`portal sealed open` and `seal` as a person uses them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.sealed import group
from portal.crypto.age.files import encrypt_stream
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.x25519 import X25519Identity
from portal.domain.sealed import CHUNK
from tests.crypto.naming import by_type

CLEAR = bytes(range(256)) * 600


def run(*arguments: object, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(group, [str(a) for a in arguments], input=stdin)


@pytest.fixture
def key(tmp_path: Path, hybrid: HybridIdentity) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"# public key: ...\n{hybrid}\n")
    return path


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    path = tmp_path / "other.txt"
    path.write_text(f"{X25519Identity()}\n")
    return path


@pytest.fixture
def sealed(hybrid: HybridIdentity) -> bytes:
    out = io.BytesIO()
    encrypt_stream(io.BytesIO(CLEAR), out.write, [hybrid.recipient()])
    return out.getvalue()


@pytest.mark.parametrize("armor", [[], ["--armor"]])
def test_round_trip_through_streams(key: Path, hybrid: HybridIdentity, armor: list[str]) -> None:
    result = run("seal", "--to", hybrid.recipient(), *armor, stdin=CLEAR)
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"-----BEGIN AGE" if armor else b"age-encryption.org/v1")
    result = run("open", "--identity", key, stdin=result.stdout_bytes)
    assert (result.exit_code, result.stdout_bytes) == (0, CLEAR)


def test_round_trip_through_files(key: Path, hybrid: HybridIdentity, tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(CLEAR)
    result = run("seal", "--to", hybrid.recipient(), tmp_path / "in", tmp_path / "sealed")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    result = run("open", "--identity", key, tmp_path / "sealed", tmp_path / "out")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert (tmp_path / "out").read_bytes() == CLEAR
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert run("open", "-i", key, tmp_path / "sealed").stdout_bytes == CLEAR
    assert run("open", "-i", key, "-", "-", stdin=(tmp_path / "sealed").read_bytes()).output_bytes


def test_several_recipients_and_identities(key: Path, hybrid: HybridIdentity) -> None:
    others = [HybridIdentity() for _ in range(2)]
    for to in (
        ["--to", others[0].recipient(), "--to", hybrid.recipient()],
        ["--to", others[0].recipient(), others[1].recipient(), hybrid.recipient()],
    ):
        sealed = run("seal", *to, stdin=CLEAR)
        assert sealed.exit_code == 0
        assert run("open", "-i", key, stdin=sealed.stdout_bytes).stdout_bytes == CLEAR


def test_any_of_several_identity_files_opens(key: Path, other_key: Path, sealed: bytes) -> None:
    result = run("open", "--identity", other_key, "--identity", key, stdin=sealed)
    assert (result.exit_code, result.stdout_bytes) == (0, CLEAR)


def test_not_for_you_is_2(other_key: Path, sealed: bytes, tmp_path: Path) -> None:
    result = run("open", "--identity", other_key, stdin=sealed)
    assert (result.exit_code, result.stdout_bytes) == (2, b"")
    assert "none of these identities" in result.stderr
    result = run("open", "--identity", other_key, "-", tmp_path / "out", stdin=sealed)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("cut", [1, 16, 17, 20_000, CHUNK + 20_000, 153_000, 154_000])
def test_cut_is_3(key: Path, sealed: bytes, tmp_path: Path, cut: int) -> None:
    (tmp_path / "out").write_bytes(b"before")
    result = run("open", "--identity", key, "-", tmp_path / "out", stdin=sealed[:-cut])
    assert result.exit_code == 3
    assert (tmp_path / "out").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.txt", "out"]


@pytest.mark.parametrize("at", [-1, -40, -CHUNK, -2 * CHUNK - 100, -153_660])
def test_damaged_is_3_and_releases_a_beginning(key: Path, sealed: bytes, at: int) -> None:
    changed = bytearray(sealed)
    changed[at] ^= 1
    result = run("open", "--identity", key, stdin=bytes(changed))
    assert result.exit_code == 3
    assert CLEAR.startswith(result.stdout_bytes)
    assert result.stdout_bytes != CLEAR


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"%PDF-1.7 ...",
        os.urandom(100_000),
        b"age-encryption.org/v2\n",
        b"-----BEGIN PGP MESSAGE-----\n",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n!\n",
        b"age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n" + b"A" * 43 + b"\n"
        b"--- " + b"A" * 43 + b"\n" + bytes(100),
    ],
    ids=by_type,
)
def test_not_an_age_file_or_refused_is_4(key: Path, data: bytes) -> None:
    result = run("open", "--identity", key, stdin=data)
    assert (result.exit_code, result.stdout_bytes) == (4, b"")


def test_encrypted_identity_file_is_refused(key: Path, sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "locked").write_bytes(sealed)
    assert run("open", "--identity", tmp_path / "locked", stdin=sealed).exit_code == 4


def test_mixed_recipients_are_refused(hybrid: HybridIdentity, classic: X25519Identity) -> None:
    result = run("seal", "--to", hybrid.recipient(), "--to", classic.recipient(), stdin=CLEAR)
    assert (result.exit_code, result.stdout_bytes) == (4, b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ["open"],
        ["open", "--identity"],
        ["open", "--identity", "/nonexistent"],
        ["open", "--unknown"],
        ["open", "--identity", "/dev/null"],
        ["seal"],
        ["seal", "--to", "age1nonsense"],
        ["seal", "--to", ""],
        ["unheard-of"],
    ],
    ids=by_type,
)
def test_wrong_use_is_1_and_says_why(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout_bytes) == (1, b"")
    assert result.stderr


def test_missing_or_unwritable_files_are_1(
    key: Path, sealed: bytes, hybrid: HybridIdentity, tmp_path: Path
) -> None:
    to = hybrid.recipient()
    assert run("open", "-i", key, tmp_path / "missing").exit_code == 1
    assert run("open", "-i", key, tmp_path).exit_code == 1
    assert run("open", "-i", key, "-", tmp_path / "no" / "out", stdin=sealed).exit_code == 1
    assert run("seal", "--to", to, tmp_path / "missing").exit_code == 1
    assert run("seal", "--to", to, "a", "b", "c").exit_code == 1
    assert run("seal", "--to", to, "a", to).exit_code == 1


def test_an_identity_with_a_slip_is_never_shown(hybrid: HybridIdentity, tmp_path: Path) -> None:
    (tmp_path / "slip").write_text(f"{hybrid}Q\n")
    result = run("open", "-i", tmp_path / "slip")
    assert result.exit_code == 1
    assert str(hybrid)[20:40] not in result.output


def test_out_through_a_link_and_to_a_device(
    key: Path, sealed: bytes, hybrid: HybridIdentity, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert run("open", "-i", key, "-", tmp_path / "link", stdin=sealed).exit_code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == CLEAR
    assert run("open", "-i", key, "-", "/dev/null", stdin=sealed).exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_in_and_out_may_be_the_same_file(hybrid: HybridIdentity, key: Path, tmp_path: Path) -> None:
    file = tmp_path / "paper"
    file.write_bytes(CLEAR)
    assert run("seal", "--to", hybrid.recipient(), file, file).exit_code == 0
    assert run("open", "-i", key, file, file).exit_code == 0
    assert file.read_bytes() == CLEAR


def test_as_a_process(key: Path, other_key: Path, sealed: bytes) -> None:
    command = [sys.executable, "-m", "portal", "sealed", "open", "--identity"]
    for identity_file, data, code in (
        (key, sealed, 0),
        (other_key, sealed, 2),
        (key, sealed[:-1], 3),
        (key, b"x", 4),
    ):
        done = subprocess.run(
            [*command, str(identity_file)], input=data, capture_output=True, check=False
        )
        assert done.returncode == code
        assert CLEAR.startswith(done.stdout)
        assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(key: Path, hybrid: HybridIdentity) -> None:
    command = [sys.executable, "-m", "portal", "sealed", "seal", "--to", str(hybrid.recipient())]
    with subprocess.Popen(
        [*command, "/dev/zero"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1000)
        process.stdout.close()
        assert process.wait(timeout=30) == 1
        assert process.stderr.read() == b""


def test_neither_web_nor_database_is_loaded() -> None:
    code = (
        "import sys, portal.cli.sealed\n"
        "sys.exit(any(m in sys.modules for m in ('flask', 'sqlalchemy', 'typst', 'pikepdf')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
