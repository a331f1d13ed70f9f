"""The gate as a test sees it: what it lets through, or why not."""

from __future__ import annotations

import io
import zipfile
from dataclasses import asdict

import pytest

from portal.documents import child
from portal.documents.boxed import office
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper


def through(clear: bytes, limits: Limits | None = None) -> tuple[dict[str, int], dict[str, bytes]]:
    """What the gate says was found, and the parts of what it lets through."""
    header, (packed,) = office.task(asdict(limits or Limits()), [clear])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return header["findings"], parts  # type: ignore[return-value]


def why(clear: bytes, limits: Limits | None = None, task: str = "office") -> RefusalCode:
    with pytest.raises(RefusedPaper) as refused:
        child.run(task, {}, [clear], limits or Limits())
    return refused.value.code
