"""An image of everything that lies about when nobody is signed in, and how it is searched."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


@dataclass
class Image:
    """File name -> its bytes, read raw; also what was logged, and the environment."""

    parts: dict[str, bytes]

    def holding(self, secret: str | bytes) -> set[str]:
        """The parts in which the secret stands, in any form that a careless program gives it."""
        wanted = [form.lower() for form in forms(secret)]
        return {
            name
            for name, lowered in self._lowered.items()
            if any(form in lowered for form in wanted)
        }

    @cached_property
    def _lowered(self) -> dict[str, bytes]:
        return {name: body.lower() for name, body in self.parts.items()}


def take(folder: Path, *more: Path) -> Image:
    """Every file below these folders, and the environment of this process."""
    parts = {}
    for root in (folder, *more):
        for file in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if file.is_file():
                parts[str(file.relative_to(root.parent))] = unpacked(file.read_bytes())
    parts["environment"] = json.dumps(dict(os.environ)).encode()
    return Image(parts)


def unpacked(body: bytes) -> bytes:
    """The bytes, and behind them whatever of them is compressed, opened."""
    return b"\n".join([body, *_streams(body)])


def _streams(body: bytes) -> Iterator[bytes]:
    if body[:2] == b"\x1f\x8b":
        yield gzip.decompress(body)
    for found in _ZLIB.finditer(body):
        opened = zlib.decompressobj()
        try:
            clear = opened.decompress(body[found.start() : found.start() + 10**6], 10**7)
        except zlib.error:
            continue
        if len(clear) > 20:
            yield clear


def forms(secret: str | bytes) -> Iterator[bytes]:
    """The ways in which a secret may be written down. ASCII case does not matter."""
    raw = secret.encode() if isinstance(secret, str) else secret
    yield raw
    yield raw.hex().encode()
    # base64 of text that begins anywhere: the middle, whose letters the neighbours cannot change.
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw)
        start = -(-before * 8 // 6)
        end = (before + len(raw)) * 8 // 6
        yield whole[start:end]
        yield whole[start:end].translate(bytes.maketrans(b"+/", b"-_"))
    yield base64.b32encode(raw).rstrip(b"=")[:-1]
    if isinstance(secret, str):
        yield secret.encode("utf-16-le")
        yield secret.encode("utf-16-be")
        yield quote(secret).encode()
        yield quote(secret).replace("%20", "+").encode()
        yield json.dumps(secret)[1:-1].encode()
