"""The published test vectors of the age format (C2SP CCTV), read from the npm package."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

INDEX = Path(__file__).parents[2] / "node_modules" / "cctv-age" / "index.js"
_ENTRY = re.compile(
    r'^// \.\./testdata/(\w+)\nvar \w+ = __toBinary\("([A-Za-z0-9+/=]*)"\);', re.MULTILINE
)


@dataclass(frozen=True)
class Vector:
    name: str
    expect: str
    payload: str | None
    identities: tuple[str, ...]
    armored: bool
    body: bytes


def _parsed(name: str, content: bytes) -> Vector:
    head, _, body = content.partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode().split("\n"):
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    if fields.get("compressed") == ["zlib"]:
        body = zlib.decompress(body)
    return Vector(
        name,
        fields["expect"][0],
        fields.get("payload", [None])[0],
        tuple(fields.get("identity", ())),
        fields.get("armored") == ["yes"],
        body,
    )


def read_vectors() -> dict[str, Vector]:
    """All vectors by name; none where the package is absent."""
    if not INDEX.exists():
        return {}
    found = _ENTRY.findall(INDEX.read_text("ascii"))
    return {name: _parsed(name, base64.b64decode(text)) for name, text in found}
