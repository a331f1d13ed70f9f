"""Signatures for one purpose each, and manifests in one form only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.crypto import signing
from portal.crypto.manifest import LABEL, BadManifest, Manifest, open_manifest, sign
from portal.crypto.signing import BadSignature
from tests.crypto.naming import by_type

SEED = bytes(range(32))
PUBLIC = signing.public_key(SEED)
MANIFEST = Manifest(
    area_id="area1",
    document_id="doc1",
    version_id="ver1",
    kind="pack",
    payload_sha256="ab" * 32,
    clear_size=1234,
    key_commit="cd" * 32,
    recipients=("22" * 32, "11" * 32),
    opens_at="2026-03-02T09:00:00Z",
    closes_at=None,
    policy="sending/1",
    made_at="2026-03-01T09:00:00Z",
    author_fingerprint="33" * 32,
)


def signed(raw: Any) -> tuple[bytes, bytes]:
    body = (
        raw
        if isinstance(raw, bytes)
        else json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()
    )
    return body, signing.sign(SEED, LABEL, body)


def raw() -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(MANIFEST.canonical())
    return fields


def test_sign_and_open() -> None:
    done = sign(MANIFEST, SEED)
    assert open_manifest(done.body, done.signature, PUBLIC) == MANIFEST
    assert done.sha256 == hashlib.sha256(done.body).hexdigest()
    assert MANIFEST.recipients == ("11" * 32, "22" * 32)


def test_the_order_and_doubles_of_recipients_do_not_matter() -> None:
    other = replace(MANIFEST, recipients=("11" * 32, "22" * 32, "11" * 32))
    assert other.canonical() == MANIFEST.canonical()


def test_the_checks_of_these_tests_pass_on_the_good_one() -> None:
    assert open_manifest(*signed(raw()), PUBLIC) == MANIFEST


@pytest.mark.parametrize("name", sorted(raw()))
def test_a_missing_or_null_field_is_refused(name: str) -> None:
    fields = raw()
    del fields[name]
    with pytest.raises(BadManifest):
        open_manifest(*signed(fields), PUBLIC)
    if name not in ("opens_at", "closes_at"):
        with pytest.raises(BadManifest):
            open_manifest(*signed(raw() | {name: None}), PUBLIC)


@pytest.mark.parametrize("name", sorted(raw()))
@pytest.mark.parametrize("value", [7.5, True, {}, ["x"], -1])
def test_a_field_of_another_type_is_refused(name: str, value: object) -> None:
    with pytest.raises(BadManifest):
        open_manifest(*signed(raw() | {name: value}), PUBLIC)


@pytest.mark.parametrize(
    "change",
    [
        {"extra": "x"},
        {"payload_sha256": "AB" * 32},
        {"payload_sha256": "ab" * 31},
        {"key_commit": ""},
        {"author_fingerprint": "g" * 64},
        {"recipients": []},
        {"recipients": "11" * 32},
        {"recipients": [None]},
        {"recipients": ["22" * 32, "11" * 32]},
        {"recipients": ["11" * 32, "11" * 32]},
        {"clear_size": "1234"},
        {"clear_size": 1e3},
    ],
    ids=by_type,
)
def test_other_content_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadManifest):
        open_manifest(*signed(raw() | change), PUBLIC)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        MANIFEST.canonical() + b"\n",
        b" " + MANIFEST.canonical(),
        MANIFEST.canonical().replace(b":", b": "),
        MANIFEST.canonical().replace(b"{", b'{"kind":"pack",'),
        MANIFEST.canonical().replace(b"pack", b"p\\u0061ck"),
    ],
    ids=by_type,
)
def test_any_other_writing_is_refused(body: bytes) -> None:
    with pytest.raises(BadManifest):
        open_manifest(*signed(body), PUBLIC)


def test_a_changed_body_or_signature_or_signer_is_refused() -> None:
    done = sign(MANIFEST, SEED)
    later = replace(MANIFEST, closes_at="2027-01-01T00:00:00Z").canonical()
    stranger = signing.public_key(signing.new_seed())
    for body, signature, public in (
        (later, done.signature, PUBLIC),
        (done.body, done.signature, stranger),
        (done.body, done.signature[:-1], PUBLIC),
        (done.body, b"", PUBLIC),
        (done.body, bytes(64), PUBLIC),
        (done.body, done.signature, b""),
        (done.body, done.signature, PUBLIC[:-1]),
    ):
        with pytest.raises(BadSignature):
            open_manifest(body, signature, public)


def test_a_signature_for_another_purpose_is_refused() -> None:
    body = MANIFEST.canonical()
    with pytest.raises(BadSignature):
        open_manifest(body, signing.sign(SEED, "portal/v1/key-change", body), PUBLIC)


@given(st.binary(max_size=100), st.integers(0, 63), st.integers(1, 255))
def test_every_changed_signature_is_refused(body: bytes, at: int, change: int) -> None:
    signature = bytearray(signing.sign(SEED, LABEL, body))
    signing.verify(PUBLIC, LABEL, body, bytes(signature))
    signature[at] ^= change
    with pytest.raises(BadSignature):
        signing.verify(PUBLIC, LABEL, body, bytes(signature))


def test_label_and_body_cannot_be_shifted() -> None:
    signature = signing.sign(SEED, "portal/v1/a", b"b\0c")
    with pytest.raises(BadSignature):
        signing.verify(PUBLIC, "portal/v1/ab", b"\0c", signature)
    for label in ("", "manifest", "portal/v2/x", "portal/v1/a\0b"):
        with pytest.raises(ValueError, match="label"):
            signing.sign(SEED, label, b"")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_seed_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32"):
        signing.sign(bytes(size), LABEL, b"")
