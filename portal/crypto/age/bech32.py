"""Bech32 (BIP 173), without its length limit, as age uses it for keys."""

from __future__ import annotations

from portal.crypto.age.errors import BadKey

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(_GENERATOR):
            if top >> bit & 1:
                checksum ^= factor
    return checksum


def _expanded(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def encode(prefix: str, data: bytes) -> str:
    """Lower-case Bech32 of `data` under the lower-case `prefix`."""
    bits = 8 * len(data)
    padding = -bits % 5
    number = int.from_bytes(data, "big") << padding
    values = [number >> shift & 31 for shift in range(bits + padding - 5, -1, -5)]
    checksum = _polymod([*_expanded(prefix), *values, *[0] * _CHECK]) ^ 1
    values += [checksum >> 5 * (_CHECK - 1 - i) & 31 for i in range(_CHECK)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in values)


def decode(text: str) -> tuple[str, bytes]:
    """Prefix (in lower case) and data of a Bech32 text, all upper or all lower case.

    Raises `BadKey` on any character, case, checksum or padding that BIP 173 does not allow.
    """
    if text not in (text.lower(), text.upper()) or not text.isascii():
        raise BadKey("upper and lower case are mixed, or a character is not allowed")
    text = text.lower()
    prefix, separator, tail = text.rpartition("1")
    if not separator or not prefix or len(tail) < _CHECK:
        raise BadKey("this does not have the form of an age key")
    if not all("!" <= c <= "~" for c in prefix) or not all(c in _VALUES for c in tail):
        raise BadKey("a character is not allowed in an age key")
    values = [_VALUES[c] for c in tail]
    if _polymod(_expanded(prefix) + values) != 1:
        raise BadKey("a character is missing or wrong: the checksum does not agree")
    values = values[:-_CHECK]
    number = 0
    for value in values:
        number = number << 5 | value
    spare = 5 * len(values) % 8
    if spare >= 5 or number & ((1 << spare) - 1):
        raise BadKey("the padding is not canonical")
    return prefix, (number >> spare).to_bytes(5 * len(values) // 8, "big")
