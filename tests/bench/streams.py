"""P1 and P2: sealing and opening beside age programs, and many readers of one payload."""

from __future__ import annotations

import io
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.crypto.age.files import decrypt_stream, encrypt_stream
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.x25519 import X25519Identity
from portal.crypto.sealing import header_for, new_file_key, seal_payload
from tests.bench.measuring import MIB, Row, absent, against, peak_mib, seconds

SIZE = 100 * MIB
PEOPLE = 1000
BLOCK = 64 * 1024

_NODE = """
import { Encrypter } from "age-encryption";
import { readFileSync } from "node:fs";
const [payload, keys] = process.argv.slice(2);
const one = new Encrypter();
for (const key of readFileSync(keys, "utf8").split("\\n")) if (key) one.addRecipient(key);
const clear = readFileSync(payload);
const start = performance.now();
const sealed = await one.encrypt(clear);
console.log((performance.now() - start) / 1000, sealed.length);
"""
_ONE_GIB = """
import sys
from portal.crypto.age.files import decrypt_stream, encrypt_stream
from portal.crypto.age.x25519 import X25519Identity
from tests.bench.measuring import peak_mib
me = X25519Identity()
before = peak_mib()
sealed = open(sys.argv[1], "w+b")
with open("/dev/zero", "rb", buffering=0) as zeros:
    class Some:
        left = 1024 * 1024 * 1024
        def read(self, size):
            found = zeros.read(min(size, self.left)); self.left -= len(found); return found
    encrypt_stream(Some(), sealed.write, [me.recipient()])
sealed.seek(0)
decrypt_stream(sealed, len, [me])
print(before, peak_mib())
"""


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(dir=_memory()) as place:
        return [*_streams(Path(place)), *_memory_of_one_gib(Path(place)), *_people(Path(place))]


def _memory() -> str | None:
    """Files in memory, so that no disk is measured; an ordinary folder where there is none."""
    shared = Path("/dev/shm")
    free = shutil.disk_usage(shared).free if shared.is_dir() else 0
    return str(shared) if free > 2048 * MIB else None


def _streams(place: Path) -> list[Row]:
    clear, sealed, nowhere = place / "clear", place / "sealed", Path("/dev/null")
    clear.write_bytes(secrets.token_bytes(SIZE))
    me = X25519Identity()
    (place / "key").write_text(f"{me}\n")
    key = str(me.recipient())

    def seal() -> None:
        with clear.open("rb", 0) as source, nowhere.open("wb", 0) as out:
            encrypt_stream(source, out.write, [me.recipient()])

    def reopen() -> None:
        with sealed.open("rb", 0) as source, nowhere.open("wb", 0) as out:
            decrypt_stream(source, out.write, [me])

    with clear.open("rb", 0) as source, sealed.open("wb", 0) as out:
        encrypt_stream(source, out.write, [me.recipient()])
    found = []
    ours, opening = seconds(seal), seconds(reopen)
    if program := shutil.which("age"):
        theirs = seconds(lambda: _run(program, "-r", key, "-o", nowhere, clear))
        found.append(against("P1", "seal 100 MiB", ours, "Debian's age", theirs, "≥ 1.3", 1.3))
        theirs = seconds(lambda: _run(program, "-d", "-i", place / "key", "-o", nowhere, sealed))
        found.append(against("P1", "open 100 MiB", opening, "Debian's age", theirs, "≥ 2", 2))
    else:
        found.append(absent("P1", "seal and open 100 MiB", "Debian's age"))
    to, own = pyrage.x25519.Recipient.from_str(key), pyrage.x25519.Identity.from_str(str(me))
    theirs = seconds(lambda: pyrage.encrypt_file(str(clear), str(nowhere), [to]))
    found.append(against("P1", "seal 100 MiB", ours, "pyrage", theirs, "≥ 1.7", 1.7))
    theirs = seconds(lambda: pyrage.decrypt_file(str(sealed), str(nowhere), [own]))
    found.append(against("P1", "open 100 MiB", opening, "pyrage", theirs, "≥ 2.5", 2.5))
    limit = seconds(lambda: _cipher(clear, nowhere))
    found.append(against("P1", "seal 100 MiB", ours, "read and cipher alone", limit, "≥ 0.9", 0.9))
    return found


def _cipher(clear: Path, out: Path) -> None:
    cipher = ChaCha20Poly1305(bytes(32))
    buffer, made = memoryview(bytearray(BLOCK)), memoryview(bytearray(BLOCK + 16))
    with clear.open("rb", buffering=0) as source, out.open("wb", buffering=0) as target:
        number = 0
        while got := source.readinto(buffer):
            filled = cipher.encrypt_into(number.to_bytes(12, "big"), buffer[:got], None, made)
            target.write(made[:filled])
            number += 1


def _memory_of_one_gib(place: Path) -> list[Row]:
    done = _run(sys.executable, "-c", _ONE_GIB, place / "large")
    (place / "large").unlink()
    before, after = (float(each) for each in done.split())
    said = f"{after:.0f} MiB in all, {after - before:.0f} MiB above Python and its libraries"
    return [Row("P1", "memory: seal and open 1 GiB", said, "", None, "< 64 MiB in all", after < 64)]


def _people(place: Path) -> list[Row]:
    clear = secrets.token_bytes(10 * MIB)
    (place / "ten").write_bytes(clear)
    hybrids = [HybridIdentity().recipient() for _ in range(PEOPLE)]
    classics = [X25519Identity().recipient() for _ in range(PEOPLE)]

    def give(recipients: object) -> None:
        file_key = new_file_key()
        seal_payload(file_key, clear)
        for one in recipients:  # type: ignore[attr-defined]
            header_for(file_key, one)

    ours, classic = seconds(lambda: give(hybrids)), seconds(lambda: give(classics))
    few = seconds(lambda: give(hybrids[:100]))
    found = []
    work = f"10 MiB to {PEOPLE} people"
    node = shutil.which("node")
    if node and Path("node_modules/age-encryption").is_dir():
        (place / "hybrid").write_text("\n".join(str(one) for one in hybrids))
        script = Path("node_modules/.bench.mjs")
        script.write_text(_NODE)
        try:
            theirs = float(_run(node, script, place / "ten", place / "hybrid").split()[0])
        finally:
            script.unlink()
        name = "npm age-encryption"
        found.append(against("P2", f"{work}, hybrid", ours, name, theirs, "≥ 1", 1))
    else:
        found.append(absent("P2", f"{work}, hybrid", "npm age-encryption"))
    if program := shutil.which("age"):
        (place / "classic").write_text("\n".join(str(one) for one in classics))
        theirs = seconds(
            lambda: _run(program, "-R", place / "classic", "-o", place / "out", place / "ten")
        )
        found.append(against("P2", f"{work}, X25519", classic, "Debian's age", theirs, "≥ 1", 1))
    each = (ours - few) / (PEOPLE - 100)
    said = f"{each * 1e6:.0f} µs"
    found.append(Row("P2", "one more hybrid header", said, "", None, "< 1 ms", each < 0.001))
    out = io.BytesIO()
    encrypt_stream(io.BytesIO(b""), out.write, hybrids[:1])
    said = f"{peak_mib():.0f} MiB"
    found.append(Row("P2", "peak memory of these", said, "", None, "", None))
    return found


def _run(*words: object) -> str:
    done = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True)
    return done.stdout
