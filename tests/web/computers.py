"""What a session can and cannot, by whether others use its computer; and a passkey in software."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient

from portal.chance import new_id
from portal.crypto.fields import seal_field
from portal.crypto.keyring import seal_keyring
from portal.crypto.session import row_id
from portal.crypto.unlock import from_passkey
from portal.identity.passkey import site_of
from portal.journeys.deed import tending
from portal.journeys.own_account.passkey_ceremony import signed_by
from portal.journeys.signing_in.recall import SHARED_IDLE, stands
from portal.records import passkeys, sessions
from portal.records.database import reading
from portal.web.current import decode
from tests.journeys.soft_key import SoftKey, encoded
from tests.web.browsing import cookie, send, text_of
from tests.world import BASE_URL, World

PRF = bytes(range(32))


def is_held_to_the_limits(world: World, client: FlaskClient, path: str = "/account/") -> None:
    """Reading only, nothing kept in the browser, over in ten minutes, and sign-out clears all."""
    assert client.get(path).status_code == 200
    refused = send(client, "/account/backup-codes", form=path, code="000000")
    assert refused.status_code == 403
    assert "signed in for reading only" in text_of(refused)
    assert cookie(client, "device") is None
    secret = decode(cookie(client) or "")
    assert secret is not None
    with reading(world.house.engine) as db:
        row = sessions.load(db, row_id(secret))
    assert row is not None
    assert stands(row, row.seen_at + SHARED_IDLE - timedelta(seconds=1))
    assert not stands(row, row.seen_at + SHARED_IDLE)
    gone = send(client, "/sign-out", form=path)
    assert gone.headers["Clear-Site-Data"] == '"*"'
    assert [cookie(client, name) for name in ("portal", "left", "device")] == [None] * 3


def is_ones_own(world: World, client: FlaskClient, path: str = "/account/") -> None:
    """The browser is known, and goes on after ten minutes."""
    assert cookie(client, "device") is not None
    world.clock.advance(SHARED_IDLE)
    assert client.get(path).status_code == 200
    assert "lock-after" in client.get(path).get_data(as_text=True)
    gone = send(client, "/sign-out", form=path)
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'


class Passkey:
    """A passkey of somebody's that opens by itself, on record as if it had been added and tried."""

    def __init__(self, world: World, name: str) -> None:
        site, who, now = site_of(BASE_URL), world.who(name), world.clock.now()
        self.key = SoftKey(site.origin, site.name)
        recipient = from_passkey(PRF, who.actor.account_id).recipient().raw
        row_id, field = new_id(), world.house.server_keys.field_key
        row = passkeys.Passkey(
            id=row_id,
            area_id=who.actor.area_id,
            person_id=who.actor.account_id,
            name=seal_field(field, b"Of the tests", "passkeys", "name", row_id),
            credential_id=self.key.credential_id,
            public_key=self.key.public,
            recipient=recipient,
            sign_count=0,
            sealed=seal_keyring(who.keyring, [recipient]),
            signature=b"",
            made_at=now,
            proved_at=now,
        )
        with tending(world.house) as db:
            passkeys.save(db, replace(row, signature=signed_by(who.keyring, row)))

    def answers(self, client: FlaskClient, page: str) -> dict[str, str]:
        """The fields of the form on `page` that a passkey answers."""
        found = re.search(r'data-options="([^"]*)"', client.get(page).get_data(as_text=True))
        assert found is not None
        return {"answer": self.key.touch(json.loads(unescape(found[1]))), "prf": encoded(PRF)}
