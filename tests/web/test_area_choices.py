"""What an area chooses is found from one place, before anything has gone wrong."""

from __future__ import annotations

import pytest

from portal.documents.limits import MIB
from portal.web.uploads import Upload
from tests.browsing import words_of
from tests.world import World

CHOICES = ("/unit/unscanned", "/unit/originals", "/unit/people/dormant/days", "/unit/category-4")


def test_people_leads_to_the_choices_and_each_to_the_others(world: World) -> None:
    helen = world.client("helen")
    assert f'href="{CHOICES[0]}"' in helen.get("/unit/people/").get_data(as_text=True)
    for here in CHOICES:
        body = helen.get(here).get_data(as_text=True)
        main = body[body.index("<main") : body.index("</main>")]
        assert {each for each in CHOICES if f'href="{each}"' in main} == {*CHOICES} - {here}


def test_who_may_not_choose_is_not_led_there(world: World) -> None:
    priya = world.client("priya").get("/unit/people/")
    assert priya.status_code == 200
    assert "Choices of this area" not in words_of(priya)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (50 * MIB, "50 MB"),
        (MIB, "1 MB"),
        (2 * MIB - 1, "1 MB"),
        (MIB - 1, "1023 kB"),
        (300_000, "292 kB"),
    ],
)
def test_a_small_limit_is_told_as_what_it_is(world: World, limit: int, words: str) -> None:
    with world.app.test_request_context():
        told = Upload(limit, scans=True, recognises=True, converts=True, takes_files=True).most
    assert told == words
