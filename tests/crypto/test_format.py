"""The header: its grammar, its MAC, its limits; keys and their texts."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto.age import bech32
from portal.crypto.age.errors import (
    AgeError,
    BadKey,
    CutHeader,
    MalformedHeader,
    NotForYou,
    Refused,
)
from portal.crypto.age.files import header_for_all, unwrap
from portal.crypto.age.format import Stanza, read_header, to_base64, write_header
from portal.crypto.age.hybrid import HybridIdentity, HybridRecipient
from portal.crypto.age.keys import identities_in, identity, recipient
from portal.crypto.age.source import Source
from portal.crypto.age.x25519 import X25519Identity, X25519Recipient
from tests.crypto.naming import by_type

FILE_KEY = bytes(range(16))
HYBRID = HybridIdentity(bytes(range(32)))
CLASSIC = X25519Identity(bytes(range(1, 33)))
HEADERS = {
    "hybrid": (header_for_all(FILE_KEY, [HYBRID.recipient()]), HYBRID),
    "classic": (header_for_all(FILE_KEY, [CLASSIC.recipient()]), CLASSIC),
}


def source(data: bytes) -> Source:
    return Source(io.BytesIO(data))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_noise_never_breaks_the_parser(noise: bytes) -> None:
    start = b"age-encryption.org/v1\n"
    for data in (noise, start + noise, start + b"-> X25519 " + noise):
        with pytest.raises(AgeError):
            read_header(source(data))


@pytest.mark.parametrize("kind", HEADERS)
@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 1626), change=st.integers(1, 255))
def test_no_changed_header_opens(kind: str, at: int, change: int) -> None:
    header, key = HEADERS[kind]
    changed = bytearray(header)
    changed[at % len(header)] ^= change
    with pytest.raises(AgeError):
        unwrap(read_header(source(bytes(changed))), [key])


@pytest.mark.parametrize("kind", HEADERS)
def test_every_cut_header_is_refused(kind: str) -> None:
    header, key = HEADERS[kind]
    for length in range(1, len(header)):
        with pytest.raises(CutHeader) as caught:
            unwrap(read_header(source(header[:length])), [key])
        assert caught.value.exit_code == 3
    with pytest.raises(MalformedHeader):
        read_header(source(b""))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Stanza,
            st.lists(
                st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
                min_size=1,
            ).map(tuple),
            st.binary(max_size=200),
        ),
        min_size=1,
        max_size=5,
    ).map(tuple)
)
def test_any_stanzas_are_written_and_read(stanzas: tuple[Stanza, ...]) -> None:
    reader = source(write_header(FILE_KEY, stanzas) + b"payload")
    header = read_header(reader)
    header.check(FILE_KEY)
    assert header.stanzas == stanzas
    assert reader.read(100) == b"payload"


@pytest.mark.parametrize("size", [48, 96])
def test_full_last_line_is_followed_by_an_empty_one(size: int) -> None:
    assert Stanza(("x",), bytes(size)).encode().endswith(b"A\n\n")


def test_a_stanza_added_later_is_refused() -> None:
    header, key = HEADERS["hybrid"]
    other = HybridIdentity().recipient().wrap(FILE_KEY).encode()
    first = header.index(b"-> ")
    with pytest.raises(AgeError, match="changed"):
        unwrap(read_header(source(header[:first] + other + header[first:])), [key])


def test_header_over_64_kib_is_refused() -> None:
    stanza = Stanza(("grease",), bytes(40 * 1024))
    header = write_header(FILE_KEY, (CLASSIC.recipient().wrap(FILE_KEY), stanza, stanza))
    with pytest.raises(Refused):
        read_header(source(header))
    assert len(read_header(source(header), limit=len(header)).stanzas) == 3


def test_file_without_any_line_is_not_read_for_ever() -> None:
    with pytest.raises(MalformedHeader):
        read_header(source(b"a" * (1 << 20)))


def test_hybrid_and_classic_are_never_mixed() -> None:
    with pytest.raises(Refused):
        header_for_all(FILE_KEY, [HYBRID.recipient(), CLASSIC.recipient()])
    with pytest.raises(ValueError, match="recipient"):
        header_for_all(FILE_KEY, [])


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_file_key_of_another_length_is_refused(length: int) -> None:
    for key in (HYBRID, CLASSIC):
        header = write_header(FILE_KEY, (key.recipient().wrap(bytes(length)),))
        with pytest.raises(MalformedHeader):
            unwrap(read_header(source(header)), [key])


def test_header_for_one_never_opens_for_another() -> None:
    for header, key in HEADERS.values():
        assert unwrap(read_header(source(header)), [HybridIdentity(), key]) == FILE_KEY
        with pytest.raises(NotForYou):
            unwrap(read_header(source(header)), [HybridIdentity(), X25519Identity()])
        with pytest.raises(NotForYou):
            unwrap(read_header(source(header)), [])


@pytest.mark.parametrize("raw", [bytes(32), bytes([1]) + bytes(31)], ids=by_type)
def test_weak_points_are_refused_when_sealing(raw: bytes) -> None:
    with pytest.raises(BadKey):
        X25519Recipient(raw).wrap(FILE_KEY)
    with pytest.raises(BadKey):
        HybridRecipient(HYBRID.recipient().raw[:1184] + raw).wrap(FILE_KEY)


def test_weak_point_in_a_stanza_is_malformed() -> None:
    stanza = Stanza(("X25519", to_base64(bytes(32))), bytes(32))
    with pytest.raises(MalformedHeader):
        CLASSIC.unwrap(stanza)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=80), prefix=st.sampled_from(["age", "age1pq", "age-secret-key-"]))
def test_bech32_round_trip(data: bytes, prefix: str) -> None:
    text = bech32.encode(prefix, data)
    assert bech32.decode(text) == bech32.decode(text.upper()) == (prefix, data)


@pytest.mark.parametrize("text", ["a1ppjxu3w5", "a1qqqd87cpp"])
def test_padding_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        bech32.decode(text)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 61), letter=st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
def test_any_wrong_letter_in_a_key_is_found(at: int, letter: str) -> None:
    text = str(CLASSIC.recipient())
    changed = text[:at] + letter + text[at + 1 :]
    if changed != text:
        with pytest.raises(BadKey):
            recipient(changed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "age1",
        "age1qqqqqq",
        "age",
        "ägé1qqqqqqqqq",
        "age1 qqqqqqqq",
        "AGE1qqqqqqqqq",
        str(CLASSIC.recipient())[:-1],
        str(CLASSIC.recipient()).capitalize(),
        str(CLASSIC),
        str(CLASSIC).lower(),
        bech32.encode("age", bytes(31)),
        bech32.encode("age", bytes(33)),
        bech32.encode("age1pq", bytes(1215)),
        bech32.encode("agf", bytes(32)),
    ],
    ids=by_type,
)
def test_malformed_recipients_are_refused(text: str) -> None:
    with pytest.raises(BadKey):
        recipient(text)


@pytest.mark.parametrize(
    "text", ["age1pq", "age1pq1", bech32.encode("age", bytes(1216))], ids=by_type
)
def test_malformed_hybrid_recipients_are_refused(text: str) -> None:
    with pytest.raises(BadKey):
        HybridRecipient(text)


@pytest.mark.parametrize("size", [0, 31, 33, 1215, 1217])
def test_raw_keys_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(BadKey):
        recipient(bytes(size))
    with pytest.raises(BadKey):
        HybridIdentity(bytes(size))
    with pytest.raises(BadKey):
        X25519Identity(bytes(size))


def test_mlkem_key_out_of_range_is_refused() -> None:
    with pytest.raises(BadKey):
        HybridRecipient(b"\xff" * 1216)


@pytest.mark.parametrize(
    "text",
    [
        str(HYBRID).lower(),
        str(HYBRID.recipient()),
        bech32.encode("age-secret-key-pq-", bytes(31)).upper(),
        bech32.encode("age-secret-key-", bytes(31)).upper(),
        bech32.encode("age-secret-key-pq", bytes(32)).upper(),
    ],
    ids=by_type,
)
def test_malformed_identities_are_refused(text: str) -> None:
    for read in (identity, HybridIdentity, X25519Identity):
        with pytest.raises(BadKey):
            read(text)


def test_keys_survive_their_texts() -> None:
    assert recipient(str(HYBRID.recipient())).raw == recipient(HYBRID.recipient().raw).raw
    assert recipient(str(CLASSIC.recipient())).raw == recipient(CLASSIC.recipient().raw).raw
    assert identity(str(HYBRID)).raw == HYBRID.raw
    assert identity(str(CLASSIC)).raw == CLASSIC.raw


def test_identities_do_not_show_themselves() -> None:
    for key in (HYBRID, CLASSIC):
        assert str(key) not in repr(key)
        assert key.raw.hex() not in repr(key)


def test_published_keys_of_the_specification() -> None:
    private = X25519Identity(
        "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    )
    public = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    assert str(private.recipient()) == public
    pq = HybridIdentity(
        "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
    )
    assert str(pq.recipient()).startswith("age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jz")
    assert str(pq.recipient()).endswith("9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", BadKey),
        ("# only a comment\n", BadKey),
        ("garbage\n", BadKey),
        (f"{CLASSIC}x\n", BadKey),
        (f"{CLASSIC}\n{CLASSIC.recipient()}\n", BadKey),
        ("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", Refused),
        ("age-encryption.org/v1\n-> scrypt x 18\n", Refused),
        ("AGE-PLUGIN-YUBIKEY-1QQQQQQ\n", BadKey),
    ],
    ids=by_type,
)
def test_identity_files_that_are_refused(content: str, error: type[AgeError]) -> None:
    with pytest.raises(error) as caught:
        identities_in(content.splitlines())
    assert str(CLASSIC) not in str(caught.value)


def test_identity_file_with_comments() -> None:
    content = f"# created: 2026-01-01\n\n{CLASSIC}\r\n  {HYBRID}  \n# end"
    assert [key.raw for key in identities_in(content.splitlines())] == [CLASSIC.raw, HYBRID.raw]
