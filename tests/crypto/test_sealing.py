"""Payload and headers apart; the sealed type; commitment, and why it is needed."""

from __future__ import annotations

import hashlib
import secrets

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

from portal.crypto.age.errors import (
    AgeError,
    BadKey,
    CutHeader,
    DamagedPayload,
    MalformedHeader,
    NotForYou,
    Refused,
)
from portal.crypto.age.hkdf import hkdf
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.x25519 import X25519Identity
from portal.crypto.commitment import WrongKey, check_commit, key_commit
from portal.crypto.sealing import (
    header_for,
    new_file_key,
    open_header,
    open_payload,
    open_text,
    seal_payload,
    seal_text,
)
from portal.domain.sealed import CHUNK, Sealed, sealed_size
from tests.crypto.naming import by_type

CLEAR = bytes(range(256)) * 1000
A, B = HybridIdentity(), HybridIdentity()


def test_each_reader_has_a_header_of_their_own() -> None:
    file_key = new_file_key()
    sealed = seal_payload(file_key, CLEAR)
    headers = {key: header_for(file_key, key.recipient().raw) for key in (A, B)}
    for key, header in headers.items():
        assert len(header) == 1627
        assert open_payload(open_header(header, [key]), sealed.body) == CLEAR
        assert open_text(header + sealed.body, [key]) == CLEAR
    with pytest.raises(NotForYou):
        open_header(headers[A], [B])
    with pytest.raises(NotForYou):
        open_header(headers[B], [A])


def test_sealed_says_what_it_is() -> None:
    sealed = seal_payload(new_file_key(), CLEAR)
    assert sealed.sha256 == hashlib.sha256(sealed.body).hexdigest()
    assert sealed.clear_size == len(CLEAR)
    assert len(sealed.body) == sealed_size(len(CLEAR))
    assert CLEAR[:64] not in sealed.body
    assert sealed.body.hex()[:20] not in repr(sealed)


@pytest.mark.parametrize("made_by", [None, object(), "crypto", True])
def test_nobody_else_makes_sealed_bytes(made_by: object) -> None:
    body = bytes(sealed_size(0))
    with pytest.raises(TypeError):
        Sealed(body, hashlib.sha256(body).hexdigest(), 0, made_by)


@pytest.mark.parametrize("size", [0, 31, 33, CHUNK])
def test_not_even_crypto_can_pass_clear_text_for_sealed(size: int) -> None:
    from portal.domain.sealed import sealed_by_crypto

    with pytest.raises(ValueError, match="not a sealed payload"):
        sealed_by_crypto(bytes(size), size)


def test_file_keys_and_payloads_never_repeat() -> None:
    assert len({new_file_key() for _ in range(1000)}) == 1000
    key = new_file_key()
    assert len({seal_payload(key, b"same").sha256 for _ in range(100)}) == 100


def test_opening_releases_all_or_nothing() -> None:
    key = new_file_key()
    body = seal_payload(key, CLEAR).body
    for bad in (body[:-1], body + b"\0", body[:-1] + bytes([body[-1] ^ 1]), body[16:]):
        with pytest.raises(DamagedPayload):
            open_payload(key, bad)
    with pytest.raises(MalformedHeader):
        open_payload(key, b"")


def test_header_of_another_payload_opens_nothing() -> None:
    one, other = new_file_key(), new_file_key()
    body = seal_payload(one, CLEAR).body
    with pytest.raises(DamagedPayload):
        open_payload(open_header(header_for(other, A.recipient()), [A]), body)


def test_header_stands_alone() -> None:
    header = header_for(new_file_key(), A.recipient())
    with pytest.raises(MalformedHeader):
        open_header(header + b"\0", [A])
    with pytest.raises(CutHeader):
        open_header(header[:-1], [A])
    with pytest.raises(MalformedHeader):
        open_header(b"", [A])


@pytest.mark.parametrize("raw", [b"", bytes(31), bytes(1215), bytes(32)], ids=by_type)
def test_no_header_for_what_is_no_key(raw: bytes) -> None:
    with pytest.raises(BadKey):
        header_for(new_file_key(), raw)


def test_text_for_many_opens_for_each_and_nobody_else() -> None:
    keys = [HybridIdentity() for _ in range(60)]
    blob = seal_text(b"Sam Example", [key.recipient().raw for key in keys])
    assert len(blob) > 64 * 1024
    assert all(open_text(blob, [key]) == b"Sam Example" for key in keys)
    with pytest.raises(NotForYou):
        open_text(blob, [A])
    with pytest.raises(AgeError):
        open_text(blob[:-1], [keys[0]])


def test_text_is_never_sealed_to_a_mixture_or_to_nobody() -> None:
    with pytest.raises(Refused):
        seal_text(b"x", [A.recipient(), X25519Identity().recipient()])
    with pytest.raises(Refused):
        seal_text(b"x", [A.recipient().raw, X25519Identity().recipient().raw])
    with pytest.raises(ValueError, match="recipient"):
        seal_text(b"x", [])


# ---- one payload with two keys ----

PRIME = (1 << 130) - 5
CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF


def keystream(key: bytes, counter: int, size: int) -> bytes:
    nonce = counter.to_bytes(4, "little") + bytes(11) + b"\1"
    return Cipher(algorithms.ChaCha20(key, nonce), None).encryptor().update(bytes(size))


def xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def two_faced_payload(texts: tuple[bytes, bytes]) -> tuple[list[bytes], bytes]:
    """One payload that is authentic under two file keys and opens to two texts.

    Each text fills a half; the block at the end is chosen so that both Poly1305 tags agree.
    """
    half = max(len(text) for text in texts)
    half += -half % 16
    length = 2 * half + 32
    while True:
        file_keys = [secrets.token_bytes(16) for _ in texts]
        nonce = secrets.token_bytes(16)
        keys = [hkdf(file_key, nonce, b"payload") for file_key in file_keys]
        ones = [keystream(key, 0, 32) for key in keys]
        r = [int.from_bytes(one[:16], "little") & CLAMP for one in ones]
        s = [int.from_bytes(one[16:], "little") for one in ones]
        first = xor(texts[0].ljust(half), keystream(keys[0], 1, length)[:half])
        second = xor(texts[1].ljust(half), keystream(keys[1], 1, length)[half : 2 * half])
        body = first + second + secrets.token_bytes(16)
        blocks = [
            int.from_bytes(body[i : i + 16], "little") + (1 << 128) for i in range(0, len(body), 16)
        ]
        sums = []
        for factor in r:
            total = 0
            for block in blocks:
                total = (total + block) * factor % PRIME
            total = total * factor * factor + ((length << 64) + (1 << 128)) * factor
            sums.append(total % PRIME)
        weight = [factor * factor % PRIME for factor in r]
        inverse = pow(weight[0] - weight[1], -1, PRIME)
        for wrap in range(-4, 5):
            free = (sums[1] - sums[0] + s[1] - s[0] + (wrap << 128)) * inverse % PRIME
            if not 1 << 128 <= free < 1 << 129:
                continue
            tags = [((sums[j] + free * weight[j]) % PRIME + s[j]) % (1 << 128) for j in (0, 1)]
            if tags[0] == tags[1]:
                last = (free - (1 << 128)).to_bytes(16, "little")
                return file_keys, nonce + body + last + tags[0].to_bytes(16, "little")


def test_a_payload_with_two_texts_is_caught_by_the_commitment() -> None:
    texts = (b"The meeting is at 10:00 in room A", b"The meeting is cancelled")
    file_keys, body = two_faced_payload(texts)
    headers = [header_for(key, who.recipient()) for key, who in zip(file_keys, (A, B), strict=True)]
    read_by_a = open_text(headers[0] + body, [A])
    read_by_b = open_text(headers[1] + body, [B])
    assert read_by_a.startswith(texts[0])
    assert texts[1] in read_by_b
    assert not read_by_b.startswith(texts[0])

    sha256 = hashlib.sha256(body).hexdigest()
    signed = key_commit(file_keys[0], "v1", sha256)
    check_commit(open_header(headers[0], [A]), "v1", sha256, signed)
    with pytest.raises(WrongKey):
        check_commit(open_header(headers[1], [B]), "v1", sha256, signed)


def test_commitment_binds_key_version_and_payload() -> None:
    key, sha256 = new_file_key(), "ab" * 32
    good = key_commit(key, "v1", sha256)
    assert len(good) == 32
    check_commit(key, "v1", sha256, good)
    for other in (
        (new_file_key(), "v1", sha256, good),
        (key, "v2", sha256, good),
        (key, "", sha256, good),
        (key, "v1", "ac" * 32, good),
        (key, "v1", sha256, good[:-1]),
        (key, "v1", sha256, b""),
        (key, "v1", sha256, bytes(32)),
    ):
        with pytest.raises(WrongKey):
            check_commit(*other)


@pytest.mark.parametrize("sha256", ["", "ab", "ab" * 31, "ab" * 33, "zz" * 32], ids=by_type)
def test_commitment_needs_a_whole_hash(sha256: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        key_commit(new_file_key(), "v1", sha256)
