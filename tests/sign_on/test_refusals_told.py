"""Answers of a provider that are refused again and again are told to the unit of its agency."""

from __future__ import annotations

import pytest

from tests.journeys.planning import told
from tests.sign_on.making import At

pytestmark = pytest.mark.real("OpenID provider")


def test_refused_answers_of_a_provider_are_told_to_the_unit_once(ruth_tied: At) -> None:
    world, client = ruth_tied.world, ruth_tied.world.client()
    path = ruth_tied.path("social_care", "/back?state=x")
    for number in range(60):
        assert told(world, "sign_ons_refused") == [], number
        assert client.get(path).status_code == 403
    (only,) = told(world, "sign_ons_refused")
    assert only.address == world.area.unit_email
    assert only.fields["path"] == f"/unit/sign-on/{ruth_tied.id('social_care')}"
    for _ in range(5):
        client.get(path)
    for _ in range(3):
        client.get("/sign-in/agency/nothing/back?state=x")
    assert len(told(world, "sign_ons_refused")) == 1


def test_a_refusal_now_and_then_is_told_to_nobody(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    for _ in range(5):
        assert ruth_tied.sign_in(client, "social_care", "ruth-there/weak").status_code == 403
    assert told(ruth_tied.world, "sign_ons_refused") == []
