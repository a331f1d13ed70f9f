"""What an area may do to the account of somebody whose account another area keeps: nothing.

Their sessions, factors and secrets serve every area that they belong to. So only the area that
keeps the account ends, adds or renews any of it; every other can take away what it gave itself.
"""

from __future__ import annotations

from portal.domain.people import Person
from portal.journeys.unacceptable import Unacceptable

ELSEWHERE = (
    "This person's account is kept by another MAPPA unit. They can do this on their account page, "
    "or ring that unit. You can remove them from this area."
)


class KeptElsewhere(Unacceptable):
    """Another area keeps this account; it is not said which."""

    def __init__(self) -> None:
        super().__init__("", ELSEWHERE)


def require_at_home(person: Person) -> None:
    """Raises KeptElsewhere."""
    if not person.at_home:
        raise KeptElsewhere
