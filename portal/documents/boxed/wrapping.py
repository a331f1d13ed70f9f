"""Unpacks what lies around a picture's own code: it may be packed once more, or written in letters
(ISO 32000-1, 7.4)."""

from __future__ import annotations

from pikepdf import Array, Object, Pdf, PdfError, Stream


def listed(value: object) -> list[Object]:
    """Filters, and what is told of them: one, several or none."""
    if isinstance(value, Array):
        return list(value)
    return [] if value is None else [value]  # type: ignore[list-item]  # one name or dictionary


def unwrapped(pdf: Pdf, raw: bytes, about: Object) -> bytes | None:
    """The bytes as the last filter of `about` takes them; None where they cannot be unpacked.

    Raises PdfError for what unpacks beyond the limits of this process.
    """
    before, parms = listed(about.get("/Filter"))[:-1], listed(about.get("/DecodeParms"))
    if not before:
        return raw
    whole = len(parms) > len(before)
    outer = Stream(pdf, b"")
    outer.write(
        raw,
        filter=Array(before),
        decode_parms=Array(parms[: len(before)]) if whole else None,
    )
    try:
        return outer.read_bytes()
    except PdfError as broken:
        if "limit exceeded" in str(broken):
            raise
        return None
