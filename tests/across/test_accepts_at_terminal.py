"""Somebody of one area accepts another's at a terminal: what is mistyped is asked for again, and
whatever comes of it nobody stays signed in there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner, Result

from portal.cli.first_person import Given, accepts_here
from portal.domain.dormancy import DORMANT_DAYS
from portal.domain.people import Account
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.joining.new_account import Linked
from portal.records import keys, sessions
from portal.records.database import reading
from portal.records.sessions import Stage
from tests.across.scene import Two


def accepts(
    two: Two, linked: Linked, *typed: str, given: Given | None = None,
    give: Callable[[Who], None] = lambda _who: None,
) -> Result:  # fmt: skip
    @click.command()
    def command() -> None:
        accepts_here(two.world.house, linked, given or Given(), give)

    return CliRunner().invoke(command, input="".join(f"{each}\n" for each in typed))


def living(two: Two) -> int:
    with reading(two.world.house.engine) as db:
        rows = sessions.of_person(db, two.world.person("carys").account_id)
    return sum(row.stage is not Stage.ENDED for row in rows)


def right(two: Two) -> str:
    return two.world.secrets("carys").passphrase


def test_both_may_be_mistyped_twice(two: Two) -> None:
    link, seen = two.invites("carys"), list[Who]()
    typed = ["wrong", "wrong again", right(two), "000000", "abc", two.world.code("carys")]
    result = accepts(two, link, *typed, give=seen.append)
    assert result.exit_code == 0, result.output
    assert [each.actor.person_id for each in seen] == [link.person.id]
    assert two.person(link.person.id).account is Account.ENROLLED
    assert living(two) == 0


@pytest.mark.parametrize("what", ["passphrase", "code"])
def test_a_third_time_is_the_last(two: Two, what: str) -> None:
    link, code = two.invites("carys"), two.world.code("carys")
    typed = ["a", "b", "c", right(two), code]
    if what == "code":
        typed = [right(two), "000000", "000001", "000002", code]
    result = accepts(two, link, *typed)
    assert result.exit_code == 1
    assert "They were not let in, so nothing was given." in result.output
    assert two.person(link.person.id).account is Account.INVITED
    assert living(two) == 0


def test_a_passphrase_from_a_file_is_tried_once(two: Two) -> None:
    result = accepts(two, two.invites("carys"), right(two), given=Given("wrong"))
    assert result.exit_code == 1
    assert "They were not let in" in result.output
    assert "Passphrase" not in result.output


def test_a_link_that_counts_no_more_signs_them_out_again(two: Two) -> None:
    link = Linked(two.invites("carys").person, "/join/of-nothing")
    result = accepts(two, link, right(two), two.world.code("carys"))
    assert result.exit_code == 1
    assert "They were not let in" in result.output
    assert living(two) == 0


def test_a_gift_that_fails_does_too(two: Two) -> None:
    def fails(who: Who) -> None:
        raise click.ClickException("the kit is another one")

    result = accepts(two, two.invites("carys"), right(two), two.world.code("carys"), give=fails)
    assert "the kit is another one" in result.output
    assert living(two) == 0


def test_whose_account_sleeps_is_told_who_opens_it(two: Two) -> None:
    link = two.invites("carys")
    two.world.clock.advance(timedelta(days=DORMANT_DAYS + 1))
    result = accepts(two, link, right(two), two.world.code("carys"))
    assert result.exit_code == 1
    assert "not used for too long" in result.output
    assert two.world.area.phone in result.output
    assert living(two) == 0


def test_a_key_that_is_not_the_one_on_record_stops_it_with_words(two: Two) -> None:
    link, carys = two.invites("carys"), two.world.person("carys")
    with reading(two.world.house.engine) as db:
        other = keys.public_key_of(db, two.world.area.id, two.world.person("joe").id)
    assert other is not None
    with tending(two.world.house) as db:
        table = keys.public_keys
        db.execute(
            table.update()
            .where(table.c.person_id == carys.id)
            .values(recipient=other.recipient, sign_public=other.sign_public)
        )
    result = accepts(two, link, right(two), two.world.code("carys"))
    assert result.exit_code == 1
    assert "A key in the database is not the one on record" in result.output
    assert two.person(link.person.id).account is Account.INVITED
