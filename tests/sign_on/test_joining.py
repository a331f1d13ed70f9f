"""Joining with the agency's sign-on: who may, as whom, from which browser, and for how long."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.domain.people import Account
from portal.identity.invitation import LIFETIME
from portal.journeys.agencies.record_provider import close_provider
from portal.journeys.agencies.remove_person import remove_person
from portal.records import people
from portal.records.database import reading
from portal.records.providers import provider_links
from tests.browsing import words_of
from tests.sign_on.joining import AGENCY, Invited
from tests.sign_on.making import At
from tests.sign_on.test_honest import newest
from tests.web.browsing import cookie, send, text_of
from tests.web.test_account_join import PASSPHRASE, groups

pytestmark = pytest.mark.real("OpenID provider")


@pytest.fixture
def open_at(at: At) -> At:
    at.set_up(AGENCY)
    return at


@pytest.fixture
def ines(open_at: At) -> Invited:
    return Invited(open_at).follow()


def tied(at: At) -> int:
    """How many of the portal are tied to anybody at a provider."""
    with reading(at.world.house.engine) as db:
        return db.execute(select(func.count()).select_from(provider_links)).scalar_one()


def refused(ines: Invited, url: str, words: str) -> None:
    """Nothing came of it, and they are told what to do."""
    answer = ines.at.back(ines.client, url)
    assert answer.status_code == 403
    assert words in words_of(answer)
    assert tied(ines.at) == 0


def account(ines: Invited) -> Account:
    with reading(ines.at.world.house.engine) as db:
        person = people.by_id(db, ines.id)
    assert person is not None
    return person.account


def test_somebody_joins_through_their_agency_and_signs_in_through_it_ever_after(
    ines: Invited,
) -> None:
    at, client = ines.at, ines.client
    assert "Use the sign-in of" in text_of(client.get("/join/code-app"))
    answer = ines.come()
    assert answer.headers.get("Location") == "/join/codes", words_of(answer)
    assert account(ines) is Account.INVITED
    assert len(groups(client)) == 9
    assert ines.finish().headers["Location"] == "/join/done"
    assert account(ines) is Account.ENROLLED
    (opened,) = newest(at.world)
    assert (opened["deed"], opened["factor"]) == ("session.opened", "sso")
    again = at.world.client()
    assert at.sign_in(again, AGENCY, "ines-there").headers["Location"] == "/sign-in/passphrase"
    done = send(again, "/sign-in/passphrase", passphrase=PASSPHRASE)
    assert done.status_code == 303, words_of(done)
    assert again.get("/account/").status_code == 200


def test_without_the_provider_a_backup_code_and_the_passphrase_sign_in(ines: Invited) -> None:
    ines.come()
    shown = ines.client.get("/join/codes").get_data(as_text=True)
    backup = re.findall(r"<li>([0-9A-Z]{4,}(?:[ -][0-9A-Z]{4,})+)</li>", shown)
    assert len(backup) == 10
    ines.finish()
    client = ines.at.world.client()
    half = send(client, "/sign-in", email=ines.email, passphrase=PASSPHRASE)
    assert half.headers["Location"].startswith("/sign-in/code"), text_of(half)
    assert send(client, "/sign-in/code", code="123456").status_code == 200
    assert send(client, "/sign-in/code", code=backup[0]).status_code == 303
    # With another they add a code app, and then their agency's sign-in may be untied.
    begun = send(client, "/account/factors/add", kind="code_app", name="Mine", code=backup[1])
    assert begun.status_code == 303, text_of(begun)


@pytest.mark.parametrize("vouched", [True, "true"])
def test_an_address_that_is_vouched_for_must_be_the_invited_one(
    ines: Invited, vouched: object
) -> None:
    there = ines.at.providers[AGENCY]
    for told in ("somebody.else@northmere.example", "ines@evil.example", "not an address", ""):
        there.tamper(claims={"email": told, "email_verified": vouched})
        if told:
            refused(ines, ines.there(), "is not the one that was invited")
    there.tamper(claims={"email": "INES@northmere.example", "email_verified": vouched})
    assert ines.come().headers.get("Location") == "/join/codes"


@pytest.mark.parametrize("vouched", [False, None, "false", 1, ["true"]])
def test_an_address_that_nobody_vouches_for_means_nothing(ines: Invited, vouched: object) -> None:
    there = ines.at.providers[AGENCY]
    there.tamper(claims={"email": "somebody.else@northmere.example", "email_verified": vouched})
    assert ines.come().headers.get("Location") == "/join/codes"


def test_the_name_of_somebody_else_there_is_refused(open_at: At) -> None:
    open_at.tie("ruth", AGENCY, "ruth-there")
    ines = Invited(open_at).follow()
    answer = ines.come("ruth-there")
    assert "tied to another account already" in words_of(answer)
    assert "Set up a code app instead" in words_of(answer)
    other = Invited(open_at, "olu@northmere.example").follow()
    assert other.come("olu-there").headers.get("Location") == "/join/codes"
    # Also of somebody who has not finished joining yet.
    assert "tied to another account" in words_of(ines.come("olu-there"))
    assert tied(open_at) == 2
    assert ines.come().headers.get("Location") == "/join/codes"


def test_another_agencys_provider_can_tie_nobody_of_this_one(open_at: At) -> None:
    open_at.set_up("police")
    ines = Invited(open_at).follow()
    here = ines.there()
    refused(
        ines, here.replace(open_at.path(AGENCY), open_at.path("police")), "begun in another browser"
    )
    # Its whole answer, begun for a sign-in of its own, in the browser of whoever joins.
    url = open_at.sent_to(ines.client, open_at.path("police"))
    stranger = open_at.providers["police"].sign_in(url, "ines-there")
    refused(ines, stranger, "no account here is tied")


def test_another_browser_can_bring_no_answer(ines: Invited) -> None:
    url = ines.there("mallory-there")
    thief = Invited(ines.at, "mallory@northmere.example").follow()
    answer = ines.at.back(thief.client, url)
    assert answer.status_code == 403
    kept = cookie(ines.client, "sign-on")
    assert kept is not None
    thief.client.set_cookie("sign-on", kept, domain="localhost", path="/")
    answer = ines.at.back(thief.client, url)
    assert (answer.status_code, tied(ines.at)) == (403, 0)
    assert "another browser" in words_of(answer)
    # And it is used up by that.
    refused(ines, url, "used already")
    assert ines.come().headers.get("Location") == "/join/codes"


def test_an_answer_for_joining_signs_nobody_in_and_the_other_way_round(ines: Invited) -> None:
    at = ines.at
    url = ines.there("ruth-there")
    nobody = at.world.client()
    kept = cookie(ines.client, "sign-on")
    assert kept is not None
    nobody.set_cookie("sign-on", kept, domain="localhost", path="/")
    assert at.back(nobody, url).status_code == 403
    assert cookie(nobody, "ticket") is None
    begun = at.sent_to(ines.client, at.path(AGENCY))
    refused(ines, at.providers[AGENCY].sign_in(begun, "ines-there"), "no account here is tied")


def test_too_late_is_too_late(ines: Invited) -> None:
    world = ines.at.world
    url = ines.there()
    world.clock.advance(timedelta(minutes=10, seconds=1))
    ines.at.set_clocks()
    refused(ines, url, "longer than ten minutes")


def test_an_invitation_that_ran_out_ties_nobody(open_at: At) -> None:
    late = Invited(open_at)
    open_at.world.clock.advance(LIFETIME - timedelta(seconds=20))
    open_at.set_clocks()
    late.follow()
    url = late.there()
    open_at.world.clock.advance(timedelta(seconds=30))
    open_at.set_clocks()
    refused(late, url, "has run out")
    assert late.client.get("/join/agency").status_code == 404


def test_a_withdrawn_or_renewed_invitation_ties_nobody(open_at: At) -> None:
    from portal.journeys.joining.resend_link import resend_link

    world = open_at.world
    one = Invited(open_at).follow()
    url = one.there()
    resend_link(world.house, world.who("helen"), one.id)
    assert open_at.back(one.client, url).status_code == 403
    other = Invited(open_at, "olu@northmere.example").follow()
    url = other.there("olu-there")
    remove_person(world.house, world.who("helen"), other.id)
    assert open_at.back(other.client, url).status_code == 403
    assert tied(open_at) == 0


def test_a_withdrawn_invitation_gives_the_name_there_free(open_at: At) -> None:
    world = open_at.world
    wrong = Invited(open_at, "misspelt@northmere.example").follow()
    assert wrong.come().headers.get("Location") == "/join/codes"
    remove_person(world.house, world.who("helen"), wrong.id)
    assert tied(open_at) == 0
    assert Invited(open_at).follow().come().headers.get("Location") == "/join/codes"


def test_whoever_begins_again_is_not_tied_by_what_was_half_done(ines: Invited) -> None:
    ines.come("somebody-else-there")
    assert tied(ines.at) == 1
    ines.follow()
    assert tied(ines.at) == 0
    assert ines.client.get("/join/codes").headers["Location"] == "/join/code-app"
    assert ines.come().headers.get("Location") == "/join/codes"


def test_the_step_can_be_neither_skipped_nor_done_before_the_passphrase(open_at: At) -> None:
    early = Invited(open_at)
    assert early.client.get("/join/agency").headers["Location"] == "/join/again"
    send(early.client, early.path)
    assert early.client.get("/join/agency").headers["Location"] == "/join/who"
    early.follow()
    assert early.client.get("/join/codes").headers["Location"] == "/join/code-app"
    early.come()
    assert early.client.get("/join/agency").headers["Location"] == "/join/codes"


def test_half_joined_they_can_not_sign_in_through_their_agency(ines: Invited) -> None:
    ines.come()
    client = ines.at.world.client()
    answer = ines.at.sign_in(client, AGENCY, "ines-there")
    assert answer.status_code == 403
    assert "no account here is tied" in words_of(answer)


@pytest.mark.parametrize("who", ["ines-there/weak", "ines-there/none", "deny"])
def test_one_factor_there_is_not_enough_to_join(ines: Invited, who: str) -> None:
    if who == "deny":
        return refused(ines, ines.there(who), "was refused there")
    return refused(ines, ines.there(who), "did not confirm a second factor")


def test_it_is_offered_only_where_the_agencys_is_open(open_at: At) -> None:
    world = open_at.world
    police = Invited(open_at, agency="police").follow()
    assert "Use the sign-in of" not in text_of(police.client.get("/join/code-app"))
    assert "is not open here now" in text_of(police.client.get("/join/agency"))
    open_at.record("police")
    assert "is not open here now" in text_of(police.client.get("/join/agency"))
    ines = Invited(open_at, "olu@northmere.example").follow()
    url = ines.there("olu-there")
    close_provider(world.house, world.who("helen"), open_at.id(AGENCY))
    assert open_at.back(ines.client, url).status_code == 403
    assert tied(open_at) == 0


def test_the_only_way_in_is_not_untied(ines: Invited) -> None:
    ines.come()
    ines.finish()
    answer = send(ines.client, "/account/agency/untie", code="123456")
    assert "This is the last one you have" in text_of(answer)
    assert tied(ines.at) == 1
