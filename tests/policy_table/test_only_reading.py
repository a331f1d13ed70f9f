"""Every route that is not for reading, asked in a session that only reads: because others use the
computer, and because somebody vouched for whoever has no second factor. The form is right and the
person may, so that the session alone is what refuses it, and nothing changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.policy.actions import BY_FACTOR, READING, Action
from portal.records.sessions import Terms
from portal.web.door import DOORS
from tests.policy_table import walk
from tests.policy_table.scene import Scene
from tests.policy_table.test_routes import KEPT_BY_GET

FORMS_ALONE = {
    "account_factors.add", "account_factors.recovery", "account_keys.change_get",
    "account_own.passphrase", "account_own.renew", "account_passkeys.add", "account_words.words",
}  # fmt: skip
"""Pages with an empty form, which show nothing; whoever sends it is refused."""


@pytest.fixture(autouse=True)
def undone(scene: Scene) -> Iterator[None]:
    scene.undo()
    yield
    scene.undo()


def come_as(scene: Scene, who: str, terms: Terms) -> None:
    secret = scene.stage.world.begin(who, terms=terms)
    scene.stage.world.give_cookie(scene.clients[who], secret)


def barred(terms: Terms) -> frozenset[Action]:
    not_read = frozenset(Action) - READING
    return not_read | BY_FACTOR if terms.is_vouched else not_read


def rows(scene: Scene, terms: Terms) -> list[walk.Row]:
    return [row for row in walk.rows(scene) if DOORS.get(row.endpoint) in barred(terms)]


WHO_AND_HOW = [("helen", Terms.SHARED), ("helen", Terms.VOUCHED), ("carys", Terms.VOUCHED)]


@pytest.mark.parametrize(("who", "terms"), WHO_AND_HOW)
def test_what_is_not_for_reading_is_refused_and_changes_nothing(
    scene: Scene, who: str, terms: Terms
) -> None:
    wrong, forms = [], set()
    for row in rows(scene, terms):
        come_as(scene, who, terms)
        with scene.written() as written:
            _answer, cell, left = walk.attempt(scene, row, who)
        scene.undo()
        kept = {table for table in written if not table.startswith("ledger_")} - KEPT_BY_GET
        deeds = {str(line["deed"]) for line in left} - {"deed.refused"}
        if (row.method, cell) == ("GET", "200"):
            forms.add(row.endpoint)
            cell = "404"
        if cell not in ("403 reads_only", "404") or kept or deeds:
            wrong.append(f"{row.method} {row.route}: {cell} {sorted(kept)} {sorted(deeds)}")
    assert wrong == []
    assert forms == FORMS_ALONE
