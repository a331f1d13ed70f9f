"""What a page with a file to choose says beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents import recognise
from portal.journeys.house import House


@dataclass(frozen=True)
class Upload:
    """`limit` is bytes; `scans`: for viruses; `recognises`: the words of scanned pages."""

    limit: int
    scans: bool
    recognises: bool


def upload_of(house: House) -> Upload:
    """For `paper_file` of components/forms.html."""
    return Upload(house.limits.bytes, house.scanner.scans, recognise.installed())
