"""A passkey in software: it signs what it is asked, as the tests want it to.

It makes what a browser sends (WebAuthn level 2, sections 5.8.1, 6.1 and 6.3.3), with ES256.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED = 0x01, 0x04


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class SoftKey:
    """One credential. `origin` is the site it believes it is at."""

    origin: str
    name: str
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> bytes:
        """As the portal keeps it (COSE, RFC 9053)."""
        numbers = self._key.public_key().public_numbers()
        x, y = (each.to_bytes(32, "big") for each in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def touch(self, asked: dict[str, Any], flags: int = PRESENT | VERIFIED) -> str:
        """The answer to what a browser was asked."""
        self.count += 1
        client = json.dumps(
            {"type": "webauthn.get", "challenge": asked["challenge"], "origin": self.origin}
        ).encode()
        about = hashlib.sha256(self.name.encode()).digest() + struct.pack(">BI", flags, self.count)
        signature = self._key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return json.dumps(
            {
                "id": encoded(self.credential_id),
                "rawId": encoded(self.credential_id),
                "type": "public-key",
                "response": {
                    "clientDataJSON": encoded(client),
                    "authenticatorData": encoded(about),
                    "signature": encoded(signature),
                },
            }
        )
