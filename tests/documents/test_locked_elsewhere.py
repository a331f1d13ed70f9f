"""A .doc or an .odt that is locked opens by its password, once, in a child; and by nothing else."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import olefile
import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from portal.documents import child
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import Clamd
from tests.documents.making import texts
from tests.documents.words import OPEN_TEXT, odt, odt_parts, ole, zipped
from tests.real.clamd import EICAR
from tests.real.locking import WAYS, locked

SECRET = "Kestrel birds 1"
WORDS = "<text:p>Behind a lock</text:p>"
OWN = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def why(clear: bytes, password: str = SECRET, limits: Limits | None = None) -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, limits, password=password)
    return refused.value.code


# ---- as LibreOffice locks them ----


@pytest.fixture(scope="module")
def by_libreoffice(libreoffice: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {
        way: locked(odt(WORDS), way, SECRET, tmp_path_factory.mktemp("locking")) for way in WAYS
    }


@pytest.mark.real("LibreOffice in a sandbox")
@pytest.mark.parametrize("way", list(WAYS))
def test_its_password_opens_what_a_word_processor_locked(
    by_libreoffice: dict[str, bytes], way: str
) -> None:
    clear = by_libreoffice[way]
    accepted = examine(clear, password=SECRET)
    assert "Behind a lock" in texts(accepted.pdf_clear)[0]
    assert FindingKind.LOCK_REMOVED in {finding.kind for finding in accepted.findings}
    assert why(clear, "") is RefusalCode.PASSWORD
    for wrong in ("x", SECRET.upper(), SECRET + " ", "a" * 5000):
        assert why(clear, wrong) is RefusalCode.WRONG_PASSWORD


# ---- an .odt, locked as OpenDocument 1.2 part 3 says ----


def sealed(
    parts: dict[str, bytes], password: str = SECRET, checksum: bool = True, turns: int = 1000
) -> dict[str, str | bytes]:
    """The parts of a locked .odt: each packed, padded, sealed, and listed."""
    entries, made = "", dict[str, str | bytes](odt_parts())
    for name, body in parts.items():
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(body) + packer.flush()
        salt, vector = os.urandom(16), os.urandom(16)
        start = hashlib.sha256(password.encode()).digest()
        key = hashlib.pbkdf2_hmac("sha1", start, salt, turns, 32)
        padding = 16 - len(packed) % 16
        padded = packed + os.urandom(padding - 1) + bytes([padding])
        made[name] = Cipher(AES(key), CBC(vector)).encryptor().update(padded)
        told = base64.b64encode(hashlib.sha256(packed[:1024]).digest()).decode()
        kept = f'm:checksum-type="{OWN}#sha256-1k" m:checksum="{told}"' if checksum else ""
        entries += (
            f'<m:file-entry m:full-path="{name}" m:media-type="text/xml" m:size="{len(body)}">'
            f"<m:encryption-data {kept}><m:algorithm "
            'm:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc" '
            f'm:initialisation-vector="{base64.b64encode(vector).decode()}"/>'
            '<m:start-key-generation m:key-size="32" '
            'm:start-key-generation-name="http://www.w3.org/2000/09/xmldsig#sha256"/>'
            f'<m:key-derivation m:key-derivation-name="PBKDF2" m:key-size="32" '
            f'm:iteration-count="{turns}" m:salt="{base64.b64encode(salt).decode()}"/>'
            "</m:encryption-data></m:file-entry>"
        )
    made["META-INF/manifest.xml"] = (
        f'<m:manifest xmlns:m="{OWN}" m:version="1.2"><m:file-entry m:full-path="/" '
        f'm:media-type="{OPEN_TEXT}"/>{entries}</m:manifest>'
    )
    return made


def content(words: str = WORDS) -> bytes:
    return str(odt_parts(words)["content.xml"]).encode()


def sealed_odt(parts: dict[str, bytes] | None = None, checksum: bool = True) -> bytes:
    return zipped(sealed(parts or {"content.xml": content()}, checksum=checksum))


def with_manifest(*changes: tuple[str, str]) -> bytes:
    made = sealed({"content.xml": content()})
    manifest = str(made["META-INF/manifest.xml"])
    for old, new in changes:
        assert old in manifest
        manifest = manifest.replace(old, new)
    return zipped({**made, "META-INF/manifest.xml": manifest})


@pytest.mark.parametrize("checksum", [True, False])
def test_each_part_comes_out_as_it_was_put_in(checksum: bool) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + os.urandom(3000)
    parts = {"content.xml": content(), "Pictures/1.png": picture}
    asked = {"password": SECRET}
    _, (found,) = child.run("unlock_odt", asked, [sealed_odt(parts, checksum)], Limits())
    with zipfile.ZipFile(io.BytesIO(found)) as archive:
        assert {name: archive.read(name) for name in parts} == parts
        assert b"encryption-data" not in archive.read("META-INF/manifest.xml")
        assert archive.namelist()[0] == "mimetype"


@pytest.mark.parametrize("checksum", [True, False])
def test_any_other_password_is_told_from_damage(checksum: bool) -> None:
    assert why(sealed_odt(checksum=checksum), "x") is RefusalCode.WRONG_PASSWORD
    assert why(sealed_odt(checksum=checksum), "") is RefusalCode.PASSWORD


def test_a_second_part_that_was_changed_is_damage_and_no_wrong_password() -> None:
    made = sealed({"content.xml": content(), "styles.xml": content()})
    body = made["styles.xml"]
    assert isinstance(body, bytes)
    made["styles.xml"] = bytes([body[0] ^ 1]) + body[1:]
    assert why(zipped(made)) is RefusalCode.DAMAGED


@pytest.mark.parametrize(
    ("clear", "code"),
    [
        (with_manifest(("PBKDF2", "urn:some:manifest:scrypt")), RefusalCode.LOCKED),
        (with_manifest(("xmlenc#aes256-cbc", "xmlenc11#aes128-gcm")), RefusalCode.LOCKED),
        (with_manifest(("xmldsig#sha256", "xmldsig#md5")), RefusalCode.LOCKED),
        (with_manifest(('key-size="32" m:iter', 'key-size="99" m:iter')), RefusalCode.LOCKED),
        (with_manifest(('count="1000"', 'count="99999999999"')), RefusalCode.DAMAGED),
        (with_manifest(('count="1000"', 'count="-1"')), RefusalCode.DAMAGED),
        (with_manifest(('salt="', 'salt="*')), RefusalCode.DAMAGED),
        (with_manifest(('vector="', 'vector="AAAA')), RefusalCode.DAMAGED),
        (with_manifest(('path="content.xml"', 'path="other.xml"')), RefusalCode.DAMAGED),
        (zipped({**sealed({"content.xml": content()}), "content.xml": b""}), RefusalCode.DAMAGED),
        (sealed_odt({"content.xml": b"<no"}), RefusalCode.DAMAGED),
        (
            zipped(sealed({"content.xml": content()}) | {"Basic/Standard/M.xml": "<a/>"}),
            RefusalCode.MACROS,
        ),
    ],
    ids=[
        "another derivation", "AES-GCM of another key", "another hash", "a key of 99 bytes",
        "turns without end", "turns below nothing", "no salt", "a vector that is too long",
        "a part that is not there",
        "an empty part", "no XML behind it", "macros beside it",
    ],
)  # fmt: skip
def test_what_is_no_such_lock_opens_nothing(clear: bytes, code: RefusalCode) -> None:
    assert why(clear) is code


def test_a_bomb_behind_the_lock_is_weighed_as_it_comes() -> None:
    small = replace(Limits(), unpacked=1_000_000)
    for parts in ({"content.xml": bytes(3_000_000)}, {f"{n}.xml": bytes(300_000) for n in "abcde"}):
        assert why(sealed_odt(parts), limits=small) is RefusalCode.TOO_HEAVY


def test_turns_that_take_for_ever_cost_their_child_alone() -> None:
    parts = {f"styles{number}.xml": content() for number in range(90)}
    made = sealed(parts, turns=1)
    slow = str(made["META-INF/manifest.xml"]).replace('count="1"', 'count="9999999"')
    clear = zipped({**made, "META-INF/manifest.xml": slow})
    assert why(clear, limits=replace(Limits(), cpu_seconds=1)) is RefusalCode.TOOK_TOO_LONG


@pytest.mark.real("clamd")
def test_malware_behind_the_lock_is_found(clamd: Path) -> None:
    clear = sealed_odt({"content.xml": content(), "Pictures/1.png": EICAR})
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, scanner=Clamd(clamd), password=SECRET)
    assert refused.value.code is RefusalCode.INFECTED


# ---- a .doc, locked as [MS-OFFCRYPTO] 2.3.5 says ----

TEXT = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x409, 0, 0x1300)
SALT = b"salt of a lock 1"


def _rc4(block: int, body: bytes, password: str) -> bytes:
    base = hashlib.sha1(SALT + password.encode("utf-16-le")).digest()
    key = hashlib.sha1(base + struct.pack("<L", block)).digest()[:16]
    return Cipher(ARC4(key), mode=None).encryptor().update(body)


def _turned(body: bytes, password: str) -> bytes:
    turns = [body[at : at + 512] for at in range(0, len(body), 512)]
    return b"".join(_rc4(block, each, password) for block, each in enumerate(turns))


def crypto_api(password: str = SECRET, version: tuple[int, int] = (4, 2)) -> bytes:
    """As Word 2003 locks it, with words for text."""
    name = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
    header = struct.pack("<8L", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + name
    verifier = os.urandom(16)
    check = _rc4(0, verifier + hashlib.sha1(verifier).digest(), password)
    told = struct.pack("<HHLL", *version, 4, len(header)) + header
    told += struct.pack("<L", 16) + SALT + check[:16] + struct.pack("<L", 20) + check[16:]
    made = olefile.OleFileIO(io.BytesIO(ole("WordDocument", "1Table")), write_mode=True)
    text = (TEXT + struct.pack("<HL", 0xBF, len(told))).ljust(0x44, b"\0")
    text += b"Behind a lock".ljust(9 * 512 - 0x44, b".")
    made.write_stream("WordDocument", text[:0x44] + _turned(text, password)[0x44:])
    table = told.ljust(9 * 512, b"t")
    made.write_stream("1Table", told + _turned(table, password)[len(told) :])
    found: bytes = made.fp.getvalue()
    return found


def test_a_lock_of_word_2003_opens_by_its_password() -> None:
    _, (found,) = child.run("unlock_doc", {"password": SECRET}, [crypto_api()], Limits())
    with olefile.OleFileIO(io.BytesIO(found)) as opened:
        text = opened.openstream("WordDocument").read()
        table = opened.openstream("1Table").read()
    assert text[0x44:].rstrip(b".") == b"Behind a lock"
    assert struct.unpack_from("<HHL", text, 10) == (0x1200, 0xBF, 0)
    assert table.endswith(b"tttt")
    header, _ = child.run("ole", {}, [found], Limits())
    assert header["kind"] == "doc"


@pytest.mark.parametrize("wrong", ["x", SECRET.upper(), SECRET + " ", "\0", "a" * 5000])
def test_any_other_password_does_not_open_a_doc(wrong: str) -> None:
    assert why(crypto_api(), wrong) is RefusalCode.WRONG_PASSWORD


def test_without_a_password_it_is_asked_for() -> None:
    assert why(crypto_api(), "") is RefusalCode.PASSWORD


@pytest.mark.parametrize(
    ("clear", "code"),
    [
        (ole("WordDocument", flags=0x0100), RefusalCode.DAMAGED),
        (ole("WordDocument", flags=0x8100), RefusalCode.LOCKED),
        (crypto_api(version=(9, 9)), RefusalCode.PROTECTED),
        (crypto_api()[:3000], RefusalCode.DAMAGED),
        (ole("WordDocument", "Macros", flags=0x0100), RefusalCode.MACROS),
    ],
    ids=["a lock without a key", "a lock of before 1997", "an unknown lock", "cut short", "macros"],
)
def test_other_locks_of_a_doc_open_nothing(clear: bytes, code: RefusalCode) -> None:
    assert why(clear) is code


# ---- managed rights, which no password opens ----


@pytest.mark.parametrize(
    "clear",
    [
        ole("EncryptedPackage"),
        ole("EncryptedPackage", "EncryptionInfo", "DRMEncryptedDataSpace"),
        ole("EncryptedPackage", storages=("\x06DataSpaces", "DRMEncryptedTransform")),
        ole("WordDocument", "\x09DRMContent"),
        ole("WordDocument", "1Table", storages=("\x09DRMViewerContent",)),
    ],
)
@pytest.mark.parametrize("password", ["", SECRET])
def test_rights_that_are_managed_are_told_with_what_to_do(clear: bytes, password: str) -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, password=password)
    assert refused.value.code is RefusalCode.PROTECTED
    assert "Microsoft Print to PDF" in refused.value.words
