"""A Word file that is locked opens by its password, once, in a child; and by nothing else."""

from __future__ import annotations

import hashlib
import io
import os
import random
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import olefile
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted

from portal.documents import child
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import Clamd
from tests.documents.making import plain, texts
from tests.documents.test_scan import pretending, says
from tests.documents.words import docx, ole, paragraph
from tests.real.clamd import EICAR

SECRET = "Äpfel & birds 1"
NOISE = random.Random(1).randbytes(9000)
# As large as any that a word processor writes: smaller streams lie elsewhere in a container.
CLEAR = docx(paragraph("Behind a lock"), **{"word/media/image1.png": NOISE})


def agile(clear: bytes, password: str = SECRET) -> bytes:
    """As Word 2010 and later lock it."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(clear)).encrypt(password, out)
    return out.getvalue()


def container(info: bytes, package: bytes) -> bytes:
    out = io.BytesIO()
    ECMA376Encrypted(package, info).write_to(out)
    return out.getvalue()


def standard(clear: bytes, password: str = SECRET) -> bytes:
    """As Word 2007 locks it, written from [MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9."""
    salt, verifier = os.urandom(16), os.urandom(16)
    told = hashlib.sha1(salt + password.encode("utf-16-le")).digest()
    for turn in range(50_000):
        told = hashlib.sha1(struct.pack("<L", turn) + told).digest()
    told = hashlib.sha1(told + bytes(4)).digest()
    padded = bytes(a ^ 0x36 for a in told.ljust(64, b"\0"))
    key = hashlib.sha1(padded).digest()[:16]
    lock = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    header = struct.pack("<8L", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + name
    hashed = hashlib.sha1(verifier).digest().ljust(32, b"\0")
    check = struct.pack("<L", 16) + salt + lock.update(verifier)
    check += struct.pack("<L", 20) + lock.update(hashed)
    info = struct.pack("<HHLL", 3, 2, 0x24, len(header)) + header + check
    body = clear.ljust(-(-len(clear) // 16) * 16, b"\0")
    return container(info, struct.pack("<Q", len(clear)) + lock.update(body))


LOCKS: dict[str, Callable[[bytes], bytes]] = {"agile": agile, "standard": standard}


def why(clear: bytes, password: str = "", limits: Limits | None = None) -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, limits, password=password)
    return refused.value.code


@pytest.mark.parametrize("lock", LOCKS.values(), ids=list(LOCKS))
def test_what_comes_out_is_what_was_put_in(lock: Callable[[bytes], bytes]) -> None:
    _, parts = child.run("unlock", {"password": SECRET}, [lock(CLEAR)], Limits())
    assert parts == [CLEAR]


@pytest.mark.parametrize("lock", LOCKS.values(), ids=list(LOCKS))
@pytest.mark.parametrize("wrong", ["x", SECRET.upper(), SECRET + " ", "\0", "a" * 5000])
def test_any_other_password_does_not_open_it(lock: Callable[[bytes], bytes], wrong: str) -> None:
    assert why(lock(CLEAR), wrong) is RefusalCode.WRONG_PASSWORD


@pytest.mark.parametrize("lock", LOCKS.values(), ids=list(LOCKS))
def test_without_one_it_is_asked_for(lock: Callable[[bytes], bytes]) -> None:
    assert why(lock(CLEAR)) is RefusalCode.PASSWORD


@pytest.mark.real("LibreOffice in a sandbox")
@pytest.mark.parametrize("lock", LOCKS.values(), ids=list(LOCKS))
def test_it_becomes_a_paper_and_its_sender_is_told(
    lock: Callable[[bytes], bytes], libreoffice: None
) -> None:
    accepted = examine(lock(CLEAR), password=SECRET)
    assert "Behind a lock" in texts(accepted.pdf_clear)[0]
    assert FindingKind.LOCK_REMOVED in {finding.kind for finding in accepted.findings}


def changed(clear: bytes) -> bytes:
    """One byte of the sealed text is another."""
    at = len(clear) // 2
    return clear[:at] + bytes([clear[at] ^ 1]) + clear[at + 1 :]


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><encryption>&j;</encryption>"  # fmt: skip


@pytest.mark.parametrize(
    ("clear", "code"),
    [
        (ole("EncryptedPackage"), RefusalCode.PROTECTED),
        (ole("EncryptedPackage", "EncryptionInfo"), RefusalCode.PROTECTED),
        (container(struct.pack("<HHL", 4, 3, 0), bytes(5000)), RefusalCode.PROTECTED),
        (container(struct.pack("<HHL", 4, 4, 0x40) + b"<x/>", bytes(5000)), RefusalCode.DAMAGED),
        (container(struct.pack("<HHL", 4, 4, 0x40) + BOMB, bytes(5000)), RefusalCode.DAMAGED),
        (container(struct.pack("<HHL", 3, 2, 0x24), bytes(5000)), RefusalCode.DAMAGED),
        (changed(agile(docx(paragraph(NOISE.hex())))), RefusalCode.DAMAGED),
        (agile(CLEAR)[:3000], RefusalCode.DAMAGED),
    ],
    ids=[
        "no lock", "an empty lock", "a lock for programs", "no words", "words that multiply",
        "half a lock", "changed", "cut short",
    ],
)  # fmt: skip
def test_what_is_no_such_lock_opens_nothing(clear: bytes, code: RefusalCode) -> None:
    assert why(clear, SECRET) is code


@pytest.mark.parametrize(
    "within",
    [plain(), agile(CLEAR), b"MZ" + bytes(5000), b""],
    ids=["a PDF", "another lock", "a program", "nothing"],
)
def test_only_a_word_file_is_taken_out(within: bytes) -> None:
    assert why(standard(within), SECRET) in {RefusalCode.DAMAGED, RefusalCode.HOSTILE}


def test_a_lock_that_takes_for_ever_costs_its_child_alone() -> None:
    with olefile.OleFileIO(io.BytesIO(agile(CLEAR))) as opened:
        info, package = (
            opened.openstream(name).read() for name in ("EncryptionInfo", "EncryptedPackage")
        )
    slow = container(info.replace(b'spinCount="100000"', b'spinCount="10000000"'), package)
    assert why(slow, SECRET, replace(Limits(), cpu_seconds=1)) is RefusalCode.TOOK_TOO_LONG


@pytest.mark.real("clamd")
@pytest.mark.parametrize("lock", LOCKS.values(), ids=list(LOCKS))
def test_malware_behind_the_lock_is_found(lock: Callable[[bytes], bytes], clamd: Path) -> None:
    clear = lock(docx(**{"word/media/image1.png": EICAR, "word/media/image2.png": NOISE}))
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, scanner=Clamd(clamd), password=SECRET)
    assert refused.value.code is RefusalCode.INFECTED


def test_a_scanner_that_stops_at_the_lock_is_asked_again_behind_it(tmp_path: Path) -> None:
    told = [b"stream: Heuristics.Encrypted.Doc FOUND\0", b"stream: Eicar FOUND\0"]
    with (
        pretending(tmp_path, lambda line: says(told.pop(0))(line)) as path,
        pytest.raises(RefusedPaper) as refused,
    ):
        examine(agile(CLEAR), scanner=Clamd(path, 5), password=SECRET)
    assert refused.value.code is RefusalCode.INFECTED
    assert told == []
