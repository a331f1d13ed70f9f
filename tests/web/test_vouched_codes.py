"""Codes that are not written down yet are second factors: whoever was let in without one does not
see them, and does not make them go."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from portal.journeys.own_account.renew_backup_codes import renew_backup_codes
from portal.journeys.signing_in.recall import Recalled, recall
from tests.staging import Stage
from tests.web.browsing import send, text_of
from tests.web.test_account_no_code import go_on, half_way, to_the_day, vouched, words_on

ONE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def let_in_with_codes_waiting(stage: Stage) -> FlaskClient:
    to_the_day(stage)
    own = recall(stage.house, stage.world.begin("ruth"))
    assert isinstance(own, Recalled)
    renew_backup_codes(stage.house, own, stage.world.code("ruth"))
    client = half_way(stage.world)
    vouched(stage, words_on(stage.world, client))
    go_on(client)
    return client


def test_whoever_was_let_in_sees_no_code_that_waits(stage: Stage) -> None:
    client = let_in_with_codes_waiting(stage)
    shown = client.get("/account/codes")
    assert shown.status_code == 403
    assert "signed in for reading only" in text_of(shown)
    assert not ONE.search(text_of(shown))
    account = client.get("/account/").get_data(as_text=True)
    assert "not written down" not in account
    assert not ONE.search(account)


def test_nor_do_they_say_that_they_are_written_down(stage: Stage) -> None:
    client = let_in_with_codes_waiting(stage)
    assert send(client, "/account/codes", form="/account/").status_code == 403
    owner = stage.world.client("ruth")
    assert "not written down" in text_of(owner.get("/account/"))
    assert len(ONE.findall(text_of(owner.get("/account/codes")))) == 10
    assert send(owner, "/account/codes").headers["Location"] == "/account/"
    assert owner.get("/account/codes").headers["Location"] == "/account/"
