"""Keys derived under a label of the portal, bound to a person or another name."""

from __future__ import annotations

from portal.crypto.age.hkdf import hkdf

PREFIX = "portal/v1/"


def derive(
    secret: bytes, label: str, bound_to: str = "", *, salt: bytes | None = None, length: int = 32
) -> bytes:
    """HKDF-SHA256 of `secret` for one purpose; other labels and names give unrelated keys.

    `label` begins with `portal/v1/`.  Neither it nor `bound_to` may hold a NUL, which stands
    between them, so that no two pairs can be taken for each other.
    """
    return hkdf(secret, salt, labelled(label, bound_to.encode()), length)


def labelled(label: str, body: bytes) -> bytes:
    """`label`, a NUL, `body`: the input that a label sets apart.  Raises ValueError."""
    if not label.startswith(PREFIX) or "\0" in label:
        raise ValueError("a label begins with portal/v1/ and holds no NUL")
    return label.encode() + b"\0" + body
