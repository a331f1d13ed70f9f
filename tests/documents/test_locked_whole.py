"""An .odt that is sealed as one whole, as LibreOffice does since 24.8, opens by its password."""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from portal.documents import child
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import texts
from tests.documents.words import OPEN_TEXT, odt, zipped

SECRET = "Kestrel birds 1"
CLEAR = odt("<text:p>Behind a lock</text:p>")
DRAFT = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.5#argon2id"


@dataclass(frozen=True)
class Way:
    """How it is sealed, and what is told of it."""

    derivation: str = "urn:org:documentfoundation:names:experimental:office:manifest:argon2id"
    algorithm: str = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
    passes: int = 3
    kib: int = 65536
    lanes: int = 4
    told: str = ""
    salt: bytes = b"salt of one lock"


def whole(way: Way = Way(), clear: bytes = CLEAR, spoil: int | None = None) -> bytes:
    """The file as its office program writes it: the vector, what was sealed, and the seal."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(clear) + packer.flush()
    made = Argon2id(
        salt=b"salt of one lock", length=32, iterations=way.passes, lanes=way.lanes,
        memory_cost=way.kib,
    )  # fmt: skip
    key = made.derive(hashlib.sha256(SECRET.encode()).digest())
    vector = os.urandom(12)
    body = bytearray(vector + AESGCM(key).encrypt(vector, packed, None))
    if spoil is not None:
        body[spoil] ^= 1
    parameters = way.told or (
        f'x:argon2-iterations="{way.passes}" x:argon2-memory="{way.kib}" '
        f'x:argon2-lanes="{way.lanes}"'
    )
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'xmlns:x="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0" '
        f'm:version="1.4"><m:file-entry m:full-path="encrypted-package" m:size="{len(clear)}" '
        f'm:media-type="{OPEN_TEXT}"><m:encryption-data>'
        f'<m:algorithm m:algorithm-name="{way.algorithm}" '
        f'm:initialisation-vector="{base64.b64encode(vector).decode()}"/>'
        "<m:start-key-generation m:start-key-generation-name="
        '"http://www.w3.org/2001/04/xmlenc#sha256" m:key-size="32"/>'
        f'<m:key-derivation m:key-derivation-name="{way.derivation}" {parameters} '
        f'm:salt="{base64.b64encode(way.salt).decode()}" m:key-size="32"/>'
        "</m:encryption-data></m:file-entry></m:manifest>"
    )
    return zipped(
        {"mimetype": OPEN_TEXT, "encrypted-package": bytes(body), "META-INF/manifest.xml": manifest}
    )


def why(clear: bytes, password: str = SECRET, limits: Limits | None = None) -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        examine(clear, limits, password=password)
    return refused.value.code


@pytest.mark.parametrize("way", [Way(), Way(derivation=DRAFT), Way(passes=1, kib=64, lanes=1)])
def test_what_was_put_in_comes_out(way: Way) -> None:
    assert child.run("unlock_odt", {"password": SECRET}, [whole(way)], Limits())[1] == [CLEAR]


@pytest.mark.real("LibreOffice in a sandbox")
def test_its_words_are_taken(libreoffice: None) -> None:
    accepted = examine(whole(), password=SECRET)
    assert "Behind a lock" in texts(accepted.pdf_clear)[0]
    assert FindingKind.LOCK_REMOVED in {finding.kind for finding in accepted.findings}


@pytest.mark.parametrize("wrong", ["x", SECRET.upper(), SECRET + " ", "a" * 5000])
def test_any_other_password_is_told(wrong: str) -> None:
    assert why(whole(), wrong) is RefusalCode.WRONG_PASSWORD


def test_without_one_it_is_asked_for() -> None:
    assert why(whole(), "") is RefusalCode.PASSWORD


@pytest.mark.parametrize(
    ("clear", "code"),
    [
        (whole(spoil=0), RefusalCode.DAMAGED),
        (whole(spoil=20), RefusalCode.WRONG_PASSWORD),
        (whole(spoil=-1), RefusalCode.WRONG_PASSWORD),
        (whole(Way(told='x:argon2-iterations="7"')), RefusalCode.TOO_HEAVY),
        (whole(Way(told='x:argon2-memory="262145"')), RefusalCode.TOO_HEAVY),
        (whole(Way(told='x:argon2-lanes="17"')), RefusalCode.TOO_HEAVY),
        (whole(Way(told='x:argon2-memory="0"')), RefusalCode.DAMAGED),
        (whole(Way(told='x:argon2-memory="31"')), RefusalCode.DAMAGED),
        (whole(Way(salt=b"short")), RefusalCode.DAMAGED),
        (whole(clear=b"%PDF-1.7"), RefusalCode.HOSTILE),
        (whole(clear=whole()), RefusalCode.HOSTILE),
    ],
    ids=[
        "another vector", "changed words", "a changed seal", "passes", "memory", "lanes",
        "no memory", "memory for no lane", "a short salt", "no archive within", "a lock in a lock",
    ],
)  # fmt: skip
def test_what_is_no_such_lock_opens_nothing(clear: bytes, code: RefusalCode) -> None:
    assert why(clear) is code


@pytest.mark.parametrize(
    ("way", "code"),
    [
        (Way(derivation="PGP"), RefusalCode.PROTECTED),
        (Way(derivation="urn:some:manifest:scrypt"), RefusalCode.LOCKED),
        (Way(algorithm="http://www.w3.org/2009/xmlenc11#aes128-gcm"), RefusalCode.LOCKED),
        (Way(algorithm="http://www.w3.org/2007/05/xmldsig-more#chacha20"), RefusalCode.LOCKED),
    ],
)
@pytest.mark.parametrize("password", ["", SECRET])
def test_no_password_is_asked_for_that_could_open_nothing(
    way: Way, code: RefusalCode, password: str
) -> None:
    assert why(whole(way), password) is code


def test_a_bomb_behind_the_lock_is_weighed_as_it_comes() -> None:
    small = replace(Limits(), unpacked=1_000_000)
    assert why(whole(clear=bytes(3_000_000)), limits=small) is RefusalCode.TOO_HEAVY


def test_the_most_that_is_asked_for_is_done_in_time() -> None:
    way = Way(passes=6, kib=256 * 1024, lanes=16)
    assert child.run("unlock_odt", {"password": SECRET}, [whole(way)], Limits())[1] == [CLEAR]
