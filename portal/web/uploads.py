"""What a page with a file to choose says beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents import recognise, state
from portal.journeys.house import House


@dataclass(frozen=True)
class Upload:
    """`limit` is bytes; `scans`: for viruses; `recognises`: the words of scanned pages;
    `converts`: Word files; `takes_files`: any at all, as the area chose."""

    limit: int
    scans: bool
    recognises: bool
    converts: bool
    takes_files: bool


def upload_of(house: House, *, takes_files: bool) -> Upload:
    """For `paper_file` of components/forms.html."""
    return Upload(
        limit=house.limits.bytes,
        scans=house.scanner.scans,
        recognises=recognise.installed(),
        converts=state.conversion().ready,
        takes_files=takes_files,
    )
