"""The signed manifest of a sending: who sent which paper, to whom, for how long.

Anyone can make an age file; the manifest says that a coordinator did.  Its hash is in the ledger,
and what it says is checked at every opening.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields

from portal.crypto import signing

LABEL = "portal/v1/manifest"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BadManifest(Exception):
    """The bytes are not a manifest in its one canonical form."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a coordinator signs.

    Hashes, the key commitment and fingerprints are 64 lower-case hexadecimal digits; sizes are
    bytes; times are ISO 8601 text in UTC.  `recipients` holds the fingerprint of everyone the
    payload is given to, the coordination unit's as well; it is kept sorted, without doubles.
    """

    area_id: str
    document_id: str
    version_id: str
    kind: str
    payload_sha256: str
    clear_size: int
    key_commit: str
    recipients: tuple[str, ...]
    opens_at: str | None
    closes_at: str | None
    policy: str
    made_at: str
    author_fingerprint: str

    def __post_init__(self) -> None:
        for name in _TEXTS:
            if not isinstance(getattr(self, name), str):
                raise BadManifest(f"{name} must be text")
        for name in ("opens_at", "closes_at"):
            if not isinstance(getattr(self, name), str | None):
                raise BadManifest(f"{name} must be text or nothing")
        if not _is_size(self.clear_size):
            raise BadManifest("clear_size must be a number of bytes")
        digests = (self.payload_sha256, self.key_commit, self.author_fingerprint, *self.recipients)
        if not all(_is_digest(digest) for digest in digests):
            raise BadManifest("a hash or a fingerprint is malformed")
        if not self.recipients:
            raise BadManifest("a sending has recipients")
        object.__setattr__(self, "recipients", tuple(sorted(set(self.recipients))))

    def canonical(self) -> bytes:
        """The one JSON text of this manifest: keys sorted, no spaces, UTF-8."""
        return json.dumps(
            asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_TEXTS = (
    "area_id",
    "document_id",
    "version_id",
    "kind",
    "payload_sha256",
    "key_commit",
    "policy",
    "made_at",
    "author_fingerprint",
)
_FIELDS = {field.name for field in fields(Manifest)}


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """The manifest's bytes, the author's signature over them, and their SHA-256 in hex."""

    body: bytes
    signature: bytes
    sha256: str


def sign(manifest: Manifest, seed: bytes) -> SignedManifest:
    """Signs with the author's Ed25519 seed."""
    body = manifest.canonical()
    signature = signing.sign(seed, LABEL, body)
    return SignedManifest(body, signature, hashlib.sha256(body).hexdigest())


def open_manifest(body: bytes, signature: bytes, public: bytes) -> Manifest:
    """The manifest, once its signature by `public` was checked.

    Raises `BadSignature`, or `BadManifest` on missing, unknown, doubled or malformed fields and
    on any writing of them that is not the canonical one.
    """
    signing.verify(public, LABEL, body, signature)
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise BadManifest("not JSON") from None
    if not isinstance(raw, dict) or set(raw) != _FIELDS:
        raise BadManifest("fields are missing or unknown")
    if not isinstance(raw["recipients"], list):
        raise BadManifest("recipients must be a list")
    recipients = tuple(raw.pop("recipients"))
    manifest = Manifest(**raw, recipients=recipients)
    if manifest.canonical() != body:
        raise BadManifest("not in canonical form")
    return manifest
