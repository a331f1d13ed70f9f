"""Whose form came too late: proven by what the form and the browser were given while the session
went on.

A locked screen is a page on which anybody may type, and rows of ended sessions can be read in the
database. So neither a cookie nor a row says that a form is its owner's: the form carries what only
a page shown in that sitting had, and the cookie of a session that was left is signed. Both are
checked with the server's session key and without a secret of the session, which may be gone. A
sitting is a session and those by which it went on after a lock: the same account, terms, factor and
end.
"""

from __future__ import annotations

import hmac
import json

from portal.crypto.derive import derive
from portal.crypto.serverkeys import KeyKind
from portal.journeys.house import House
from portal.journeys.signing_in.recall import Over, over_by
from portal.records.sessions import Session

PROOF_SIZE = ID_SIZE = 32


def shown_in(house: House, session: Session) -> bytes:
    """32 bytes for the forms of a page that is shown in this session."""
    return _of_sitting(house.server_keys.session, session.person_id, session.bound)


def was_shown_to(house: House, writer: Over, proof: bytes) -> bool:
    """Whether a form with this proof was shown in the sitting that is over or locked now."""
    return any(
        hmac.compare_digest(proof, _of_sitting(key, writer.account_id, writer.bound))
        for key in house.server_keys.in_use(KeyKind.SESSION)
    )


def name_of(house: House, session_id: bytes) -> bytes:
    """64 bytes by which a browser that gave its secret back names the session it had."""
    return session_id + _of_left(house.server_keys.session, session_id)


def left_by(house: House, name: bytes) -> Over | None:
    """The ended session of such a name; None where the server did not give it out."""
    session_id, signature = name[:ID_SIZE], name[ID_SIZE:]
    keys = house.server_keys.in_use(KeyKind.SESSION)
    if not any(hmac.compare_digest(signature, _of_left(key, session_id)) for key in keys):
        return None
    return over_by(house, session_id)


def _of_sitting(key: bytes, account_id: str, bound: str) -> bytes:
    signing = derive(key, "portal/v1/late-form")
    return hmac.digest(signing, json.dumps([account_id, bound]).encode(), "sha256")


def _of_left(key: bytes, session_id: bytes) -> bytes:
    return hmac.digest(derive(key, "portal/v1/left-session"), session_id, "sha256")
