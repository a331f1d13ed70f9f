"""A leaf: one line of the ledger as the exact bytes that are hashed.

Canonical JSON: one object, keys sorted by code point, no spaces, UTF-8, nothing escaped that need
not be.  Values are text, whole numbers, true, false, null, and lists of those; no floats and no
objects, so that two programs can never write the same thing in two ways.  Every leaf names the
``deed`` and the time ``at`` which it was recorded; the book keeps both beside the leaf for
searching, and the audit compares them with the leaf.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NoReturn, TypeAlias

from portal.ledger.errors import LeafRefused

Scalar: TypeAlias = str | int | bool | None
Value: TypeAlias = Scalar | Sequence[Scalar]

LARGEST = 64 * 1024
# Whole numbers that every JSON reader holds exactly (RFC 8259 section 6).
_WHOLE = 2**53 - 1
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00\Z", re.ASCII)


def moment(at: datetime) -> str:
    """Write an aware time as the ledger does: ISO 8601 in UTC, microseconds; 32 characters.

    Two such texts sort as their times do.  Raises LeafRefused for a naive time.
    """
    if at.tzinfo is None:
        raise LeafRefused("a time in the ledger must be aware")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_moment(text: str) -> datetime:
    """Read what ``moment`` wrote; anything else raises LeafRefused."""
    if not _MOMENT.match(text):
        raise LeafRefused("not a time of the ledger")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise LeafRefused("not a time of the ledger") from error


def encode(fields: Mapping[str, Value]) -> bytes:
    """Return the canonical bytes of ``fields``; raises LeafRefused for what has none."""
    plain: dict[str, object] = {}
    for key, value in fields.items():
        if not _KEY.match(key):
            raise LeafRefused(f"{key!r} cannot be the name of a field")
        if isinstance(value, (list, tuple)):
            plain[key] = [_scalar(key, each) for each in value]
        else:
            plain[key] = _scalar(key, value)
    try:
        text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        leaf = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LeafRefused("a text that UTF-8 cannot write") from error
    if len(leaf) > LARGEST:
        raise LeafRefused(f"a leaf of {len(leaf)} bytes is too large")
    return leaf


def decode(leaf: bytes) -> dict[str, Value]:
    """Read a leaf back; bytes that ``encode`` would not have written raise LeafRefused."""
    if len(leaf) > LARGEST:
        raise LeafRefused("too large for a leaf")
    try:
        fields = json.loads(leaf.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise LeafRefused("not JSON of the ledger") from error
    if not isinstance(fields, dict) or encode(fields) != leaf:
        raise LeafRefused("not in canonical form")
    return fields


def particulars(leaf: bytes) -> tuple[str, str]:
    """Return ``deed`` and ``at`` of a leaf, as texts; raises LeafRefused when either is amiss."""
    fields = decode(leaf)
    deed, at = fields.get("deed"), fields.get("at")
    if not isinstance(deed, str) or not deed or not isinstance(at, str):
        raise LeafRefused("a leaf must name its deed and the time at which it was recorded")
    read_moment(at)
    return deed, at


def _scalar(key: str, value: object) -> Scalar:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > _WHOLE:
            raise LeafRefused(f"the number in {key} is too large")
        return value
    raise LeafRefused(f"{key} holds a {type(value).__name__}, which the ledger does not keep")


def _refuse(text: str) -> NoReturn:
    raise LeafRefused(f"{text[:20]} is not a whole number")
