"""What the tests of doors share: browsers, addresses, and filled-in forms."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.disclosures import Disclosure, DisclosureState
from portal.records import disclosures
from portal.records.database import reading
from tests.browsing import post
from tests.disclosure.scene import (
    APPROVAL,
    NEED,
    PURPOSE,
    REFUSAL,
    Scene,
)

WEIGHED = {
    name: text for name, text in vars(APPROVAL.weighing).items() if not name.startswith("chair")
}
APPROVE = {
    **WEIGHED,
    "chair": "not_asked",
    "least": "this_paper",
    "basis": "cda_115",
    "consulted": APPROVAL.consulted,
    "days": "14",
}
REFUSE = {**WEIGHED, "chair": "not_asked", "reply": REFUSAL.reply}


def browser(scene: Scene, name: str) -> FlaskClient:
    return scene.world.client(name)


def unit(asked: Disclosure, page: str = "") -> str:
    return f"/unit/disclosures/{asked.id}{page}"


def digest_on(page: TestResponse) -> str:
    found = re.search(r'name="digest"[^>]* value="([0-9a-f]{64})"', page.get_data(as_text=True))
    assert found is not None
    return found[1]


def decide(
    scene: Scene, client: FlaskClient, path: str, by: str = "helen", **fields: str
) -> TestResponse:
    """Look at the form, then send it with a fresh code."""
    digest = digest_on(client.get(path))
    base = APPROVE if path.endswith("approve") else REFUSE
    code = fields.pop("code", None) or scene.world.code(by)
    return post(client, path, {**base, "digest": digest, "code": code, **fields})


def state(scene: Scene, asked: Disclosure) -> DisclosureState:
    with reading(scene.world.house.engine) as db:
        found = disclosures.load(db, scene.world.area.id, asked.id)
    assert found is not None
    return found.state


def pass_on(scene: Scene) -> str:
    return f"/papers/{scene.grant.id}/pass-on"


def wish(scene: Scene, **other: str) -> dict[str, str]:
    return {
        "paper": scene.report,
        "receiver": scene.world.person("joe").id,
        "purpose": PURPOSE,
        "need": NEED,
        **other,
    }
