"""What a page with a file to choose says beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.documents import recognise, state
from portal.documents.limits import MIB
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

    @property
    def most(self) -> str:
        """The limit in words, never more than it is."""
        if self.limit >= MIB:
            return str(_("%(size)d MB", size=self.limit // MIB))
        return str(_("%(size)d kB", size=self.limit // 1024))


def upload_of(house: House, *, takes_files: bool) -> Upload:
    """For `paper_file` of components/forms.html."""
    return Upload(
        limit=house.limits.bytes,
        scans=house.scanner.scans,
        recognises=recognise.installed(),
        converts=state.conversion().ready,
        takes_files=takes_files,
    )
