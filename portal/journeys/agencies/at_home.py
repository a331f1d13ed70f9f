"""What an area may not do to the account of somebody whose account another area keeps.

Their keys and secrets serve every area that they belong to. So only the area that keeps the account
renews them or opens it after a time without use; every other can take away what it gave itself,
sign them out, let them in for one meeting, and issue a card to whom it has spoken.
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

    def __init__(self, words: str = ELSEWHERE) -> None:
        super().__init__("", words)


def require_at_home(person: Person) -> None:
    """Raises KeptElsewhere."""
    if not person.at_home:
        raise KeptElsewhere
