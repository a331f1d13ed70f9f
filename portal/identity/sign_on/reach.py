"""Asking a provider over the network, so that nobody's settings make the server ask elsewhere.

Only https, and only public addresses: what a name stands for is looked up once, every address of
it is judged, and the connection goes to one that was judged. In a trial installation http to this
very computer is allowed as well. No redirect is followed, no proxy or netrc of the environment is
used; size, time of each read and time of the whole are bounded. Source: OWASP ASVS V1.3.6.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from portal.identity.sign_on.addresses import NotReached

if TYPE_CHECKING:
    import requests


class Reach:
    """The one way out to providers. `trial` allows http to this computer."""

    def __init__(self, *, trial: bool) -> None:
        self.trial = trial

    def guard(self, session: requests.Session) -> None:
        """Let this session go no other way."""
        session.trust_env = False
        session.max_redirects = 0
        session.headers["Accept-Encoding"] = "identity"
        from portal.identity.sign_on.guarded import Guarded

        session.mount("http://", Guarded(self.trial))
        session.mount("https://", Guarded(self.trial))

    def get_json(self, url: str) -> dict[str, Any]:
        """The JSON object at an address. Raises NotReached."""
        import requests  # what speaks HTTP is loaded when a provider is first asked
        from urllib3.exceptions import HTTPError

        with requests.Session() as session:
            self.guard(session)
            try:
                answer = session.get(
                    url, allow_redirects=False, headers={"Accept": "application/json"}
                )
            except (requests.RequestException, HTTPError):
                raise NotReached("silent") from None
        if answer.status_code != 200:
            raise NotReached("status")
        try:
            told = json.loads(answer.content)
        except (ValueError, RecursionError):
            raise NotReached("not_json") from None
        if not isinstance(told, dict):
            raise NotReached("not_json")
        return told
