"""Nobody is sent more than a handful of links, or letters about one meeting, within a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.domain.deeds import Deed
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.joining.send_again import DAY, MOST_A_DAY
from portal.journeys.meetings.remind_invited import remind_invited
from portal.journeys.unacceptable import Unacceptable
from tests.journeys.other_area import lines
from tests.journeys.planning import told
from tests.journeys.test_ready import invited
from tests.web.browsing import send, text_of
from tests.world import World


def letters_of(world: World, kind: str, name: str) -> int:
    address = world.person(name).email
    return sum(each.address == address for each in told(world, kind))


def test_the_sixth_link_of_a_day_is_not_sent(world: World) -> None:
    """The invitation itself is one of them."""
    newcomer = world.person("newcomer").id
    for _ in range(MOST_A_DAY - 1):
        resend_link(world.house, world.who("helen"), newcomer)
    for by in ("helen", "priya"):
        with pytest.raises(Unacceptable) as refused:
            resend_link(world.house, world.who(by), newcomer)
        assert "within a day" in refused.value.words
    assert letters_of(world, "invited_to_join", "newcomer") == MOST_A_DAY - 1


def test_a_day_later_another_goes(world: World) -> None:
    newcomer = world.person("newcomer").id
    for _ in range(MOST_A_DAY - 1):
        resend_link(world.house, world.who("helen"), newcomer)
    world.clock.advance(DAY - timedelta(seconds=1))
    with pytest.raises(Unacceptable):
        resend_link(world.house, world.who("helen"), newcomer)
    world.clock.advance(timedelta(seconds=2))
    resend_link(world.house, world.who("helen"), newcomer)


def remind(world: World, name: str) -> Callable[[], None]:
    slot = invited(world, name)
    return lambda: remind_invited(world.house, world.who("helen"), slot.id, world.person(name).id)


def test_the_list_of_a_meeting_sends_no_more_links_than_that(world: World) -> None:
    again = remind(world, "newcomer")
    for _ in range(MOST_A_DAY - 1):
        again()
    with pytest.raises(Unacceptable):
        again()
    assert letters_of(world, "invited_to_join", "newcomer") == MOST_A_DAY - 1


def test_nor_letters_about_the_meeting(world: World) -> None:
    again = remind(world, "carys")
    for _ in range(MOST_A_DAY):
        again()
    with pytest.raises(Unacceptable):
        again()
    assert letters_of(world, "invited_to_meeting", "carys") == MOST_A_DAY + 1
    assert len(lines(world.house, world.area.id, Deed.INVITATION_REPEATED)) == MOST_A_DAY


def test_the_page_says_so(world: World) -> None:
    helen, newcomer = world.client("helen"), world.person("newcomer").id
    for _ in range(MOST_A_DAY + 2):
        assert send(helen, f"/unit/people/{newcomer}/link", "/unit/people/").status_code == 302
    assert "within a day" in text_of(helen.get("/unit/people/"))
    assert letters_of(world, "invited_to_join", "newcomer") == MOST_A_DAY - 1
