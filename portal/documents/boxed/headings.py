"""Whether papers have headings that a screen reader can go by (ISO 32000-1, 14.8.4.3)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pikepdf import Dictionary, Name, Pdf, PdfError

_HEADINGS: Final = {"/H", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Title"}
_MOST: Final = 300_000


def task(
    _asked: Mapping[str, Any], blobs: Sequence[bytes]
) -> tuple[dict[str, object], list[bytes]]:
    """Of each file: whether its tags hold a heading. A file that cannot be read has none."""
    return {"headings": [_has(blob) for blob in blobs]}, []


def _has(blob: bytes) -> bool:
    try:
        with Pdf.open(io.BytesIO(blob)) as pdf:
            root = pdf.Root.get("/StructTreeRoot")
            if not isinstance(root, Dictionary):
                return False
            own = root.get("/RoleMap", Dictionary())
            for number, each in enumerate(pdf.objects):
                if number > _MOST:
                    return False
                if not isinstance(each, Dictionary) or "/P" not in each:
                    continue
                kind = each.get("/S")
                if isinstance(kind, Name):
                    meant = own.get(str(kind), kind) if isinstance(own, Dictionary) else kind
                    if str(meant) in _HEADINGS or str(kind) in _HEADINGS:
                        return True
    except (PdfError, ValueError, TypeError, AttributeError, RuntimeError):
        return False
    return False
