"""The confidentiality statement, accepted once for each case slot before anything opens (rule 27).

The wording is the portal's own, after the ideas of MAPPA D. Accepting is recorded with the
version and the SHA-256 of exactly this text, so a changed word asks everybody again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One wording: `version` names it to people, `digest` (SHA-256, hex) to the record."""

    version: str
    paragraphs: tuple[str, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n\n".join((self.version, *self.paragraphs)).encode()).hexdigest()


def wording(version: str, text: str) -> Wording:
    """A wording from plain text: an empty line between paragraphs; line breaks count as spaces."""
    return Wording(version, tuple(" ".join(part.split()) for part in text.strip().split("\n\n")))


CURRENT = wording(
    "2026-1",
    """
This meeting is held because somebody may be at risk of serious harm. That risk is grave enough
for agencies to share what they would otherwise keep in confidence.

What you read and hear is shared to protect the public, victims and staff, and to prevent crime,
as Article 8(2) of the European Convention on Human Rights allows. You use it for that only.

Papers and minutes are marked OFFICIAL-SENSITIVE. You keep them in a restricted file. You do not
copy them, carry them about or pass them on, also not inside your own agency.

If somebody else needs to know, you ask the MAPPA unit first. Sharing further needs its written
permission, which is given only where it is necessary and proportionate.

You do not release any of it when asked under the Freedom of Information Act 2000: sections 30,
38, 40 and 41 are relied on. You send every request for it, by anybody, to the MAPPA unit.

Decisions are made without unlawful discrimination. The individual, victims and their families
are spoken of with respect.

If something goes wrong (a paper is lost, goes to the wrong person, or is seen by somebody who
should not have seen it), you tell the MAPPA unit at once.
""",
)
"""The wording that counts now."""
