"""Somebody of social care is invited, and joins with the agency's sign-on in place of a code."""

from __future__ import annotations

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.ids import PersonId
from portal.domain.people import Role
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from tests.browsing import words_of
from tests.sign_on.making import At, link_of
from tests.web.browsing import send
from tests.web.test_account_join import PASSPHRASE, finish

AGENCY = "social_care"


class Invited:
    """One invitation, and the browser of whoever follows it."""

    def __init__(self, at: At, email: str = "ines@northmere.example", agency: str = AGENCY) -> None:
        self.at, self.email, self.agency = at, email, agency
        world = at.world
        new = NewPerson(
            "Ines Invited",
            email,
            "Social worker",
            "01632 960999",
            at.id(agency),
            frozenset({Role.ATTENDEE}),
        )
        linked = invite_person(world.house, world.who("helen"), new)
        self.id: PersonId = linked.person.id
        self.path = linked.path
        self.client: FlaskClient = world.client()

    def follow(self) -> Invited:
        """As far as the passphrase."""
        assert send(self.client, self.path).status_code == 303
        done = send(self.client, "/join/passphrase", passphrase=PASSPHRASE)
        assert done.headers.get("Location") == "/join/code-app", words_of(done)
        return self

    def sent(self) -> str:
        """Where the page for the agency's sign-on leads."""
        answer = self.client.get("/join/agency")
        assert answer.status_code == 200, words_of(answer)
        return link_of(answer, self.at.providers[self.agency].issuer)

    def there(self, who: str = "ines-there", session: requests.Session | None = None) -> str:
        """The address the provider sends them back to."""
        return self.at.providers[self.agency].sign_in(self.sent(), who, session)

    def come(self, who: str = "ines-there") -> TestResponse:
        """Go there and come back."""
        return self.at.back(self.client, self.there(who))

    def finish(self) -> TestResponse:
        answer: TestResponse = finish(self.client)
        return answer
