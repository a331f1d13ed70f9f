"""What tests of single sign-on do: record a provider, go there as somebody, come back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.ids import AgencyId
from portal.identity.sign_on.client import Demand, Proof
from portal.journeys.agencies.record_provider import NewSettings, open_provider, record_provider
from tests.browsing import post, words_of
from tests.real.oidc import CLIENT_ID, SECRET, RealProvider
from tests.web.browsing import send
from tests.world import World

ACR = Demand(Proof.ACR, ("two-factors",), timedelta(hours=1))
AMR = Demand(Proof.AMR, ("mfa",), timedelta(hours=1))
ENTRA = Demand(Proof.ENTRA, ("c1",), timedelta(hours=1))


class At:
    """The world, and the providers of two of its agencies."""

    def __init__(self, world: World, providers: dict[str, RealProvider]) -> None:
        self.world = world
        self.providers = providers

    def id(self, agency: str) -> AgencyId:
        return self.world.agency(agency).id

    def path(self, agency: str, rest: str = "") -> str:
        return f"/sign-in/agency/{self.id(agency)}{rest}"

    def record(self, agency: str, demand: Demand = ACR, **other: str) -> None:
        """By Helen; on trial."""
        settings = {
            "issuer": self.providers[agency].issuer, "client_id": CLIENT_ID,
            "client_secret": SECRET, **other,
        }  # fmt: skip
        record_provider(
            self.world.house,
            self.world.who("helen"),
            self.id(agency),
            NewSettings(**settings, demand=demand),
            self._code("helen"),
        )

    def try_it(self, agency: str, who: str = "it-there") -> TestResponse:
        """A trial by the agency's IT."""
        return self.go(self.world.client(), self.path(agency, "/trial/begin"), agency, who)

    def set_up(self, agency: str, demand: Demand = ACR) -> None:
        """Recorded, tried and opened."""
        self.record(agency, demand)
        answer = self.try_it(agency)
        assert answer.status_code == 200, words_of(answer)
        open_provider(
            self.world.house, self.world.who("helen"), self.id(agency), self._code("helen")
        )

    def sent_to(self, client: FlaskClient, path: str) -> str:
        """Where a page of the portal sends this browser."""
        answer = client.get(path)
        assert answer.status_code == 303, words_of(answer)
        return answer.headers["Location"]

    def go(
        self,
        client: FlaskClient,
        path: str,
        agency: str,
        who: str,
        session: requests.Session | None = None,
    ) -> TestResponse:
        """Be sent to the provider, sign in there, come back: the portal's answer to that."""
        url = self.sent_to(client, path)
        return self.back(client, self.providers[agency].sign_in(url, who, session))

    def back(self, client: FlaskClient, url: str) -> TestResponse:
        parts = urlsplit(url)
        assert parts.netloc == "localhost"
        return client.get(f"{parts.path}?{parts.query}")

    def tie(self, name: str, agency: str, who: str) -> TestResponse:
        """From the account page of somebody signed in; the portal's answer at the end."""
        client = self.world.client(name)
        answer = post(client, "/account/agency", {"code": self._code(name)})
        assert answer.status_code == 200, words_of(answer)
        url = link_of(answer, self.providers[agency].issuer)
        return self.back(client, self.providers[agency].sign_in(url, who))

    def sign_in(self, client: FlaskClient, agency: str, who: str) -> TestResponse:
        """Begin at the page for signing in, and come back."""
        return self.go(client, self.path(agency), agency, who)

    def _code(self, name: str) -> str:
        code = self.world.code(name)
        self.set_clocks()
        return code

    def set_clocks(self) -> None:
        """The providers' clocks are the world's."""
        for provider in self.providers.values():
            provider.at(self.world.clock.now())


def give_passphrase(at: At, client: FlaskClient, typed: str | None = None) -> TestResponse:
    """The last step of Ruth, who came back from her agency."""
    own = at.world.secrets("ruth").passphrase
    return send(client, "/sign-in/passphrase", passphrase=own if typed is None else typed)


def link_of(answer: TestResponse, issuer: str) -> str:
    """The address of the provider that a page leads to."""
    text = answer.get_data(as_text=True).replace("&amp;", "&")
    start = text.index(f'href="{issuer}/auth') + 6
    return text[start : text.index('"', start)]
