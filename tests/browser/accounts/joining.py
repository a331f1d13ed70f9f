"""Being asked to join, joining with a printed card, and joining a second area."""

from __future__ import annotations

from tests.browser.budgets import within
from tests.browser.northmere import Persona
from tests.browser.pages.account import CODE
from tests.browser.pages.newcomer import Newcomer
from tests.browser.pages.own_account import PART_ASKED, other_letter, recovery_parts
from tests.browser.pages.reader import Reader
from tests.browser.pages.sender import Sender
from tests.browser.pages.unit import Unit
from tests.browser.walk.story import NEWCOMER, NEWCOMER_AGENCY, NEWCOMER_EMAIL, Story

CASE = "NM/2026/021"
LISTED = "Omar Blythe, omar.blythe@{domain}, {agency}, Nurse, 01632 960 553, attends"


def a_link_is_sent_anew(story: Story) -> None:
    helen = story.people.at(Unit, "helen")
    helen.signs_in("/unit/people/invite")
    helen.at.press("Send the link")
    helen.at.sees("There is a problem")
    helen.lets_join(
        NEWCOMER, NEWCOMER_EMAIL, "Community nurse", "01632 960 552", NEWCOMER_AGENCY,
        "Attends meetings",
    )  # fmt: skip
    first = story.town.letters(NEWCOMER_EMAIL)[-1]
    helen.at.press("Send a new link", helen.at.row(NEWCOMER))
    helen.at.sees("A new link is sent. The one before no longer works.")
    story.papers["link"] = story.town.letters(NEWCOMER_EMAIL)[-1].encode()
    late = story.people.newcomer("late")
    assert late.at.go(late.link_in(first)) == 404


def a_list_of_people_is_invited(story: Story) -> None:
    helen = story.people.at(Unit, "helen")
    helen.at.follow("Invite a list of people")
    line = LISTED.format(domain=NEWCOMER_EMAIL.partition("@")[2], agency=NEWCOMER_AGENCY)
    helen.at.fill("The list, one person a line", line.replace("NHS", "NSH"))
    helen.at.press("Look at the list")
    helen.at.sees("Nothing has been sent.", f"Did you mean {NEWCOMER_AGENCY}?")
    helen.at.fill("The list, one person a line", line)
    helen.at.press("Look at the list")
    foreign = helen.at.page.get_by_label("I asked the agency")
    if foreign.count():
        helen.at.tick("I asked the agency")
    helen.at.press("Send 1 link")
    helen.at.sees("1 person has been sent a link")


def words_are_spoken_to_who_has_not_joined(story: Story) -> None:
    unit, sender = story.people.at(Unit, "helen"), story.people.at(Sender, "helen")
    unit.goes_to_the_case_at_its_meeting(CASE)
    unit.invites(NEWCOMER, "Specialist", "Visits the individual every week.")
    sender.goes_to_the_case_at_its_meeting(CASE)
    sender.at.follow("Arrange and send the pack")
    sender.at.tick(f"Give to {NEWCOMER}: MAPPA A")
    sender.at.press("Keep this arrangement")
    sender.checks_who_gets_it()
    sender.sends_it(sender.code(), "Somebody more has to read it.")
    sender.at.sees("The pack is sent.")
    sender.at.follow("Waiting for keys")
    with within("joining words are given", sender):
        sender.at.follow(f"Give joining words to {NEWCOMER}")
        sender.at.tick("I am ringing this person now")
        sender.at.press("Show the words")
    spoken = sender.at.page.locator(".portal-words li").all_inner_texts()
    assert len(spoken) == 7
    story.paths["words"] = " ".join(spoken)
    sender.at.follow_button("I have spoken them")


def a_joining_begun_elsewhere_ends_here(story: Story) -> None:
    nia, elsewhere = story.people.newcomer("nia"), story.people.newcomer("nia elsewhere")
    letter = story.papers["link"].decode()
    for browser in (nia, elsewhere):
        browser.follows_the_link(letter)
        browser.begins()
    nia.at.follow_button("Yes, this is me")
    assert nia.at.heading() == "Open your link again"


def somebody_joins_with_a_card_alone(story: Story) -> None:
    nia = story.people.newcomer("nia")
    nia.follows_the_link(story.papers["link"].decode())
    nia.begins()
    nia.says_who_they_are(NEWCOMER)
    nia.at.fill("Passphrase", "too short")
    nia.at.press("Continue")
    nia.at.sees("There is a problem")
    passphrase = nia.takes_the_suggested_passphrase()
    _finds_no_app_and_no_fob(nia)
    first, *card = nia.prints_a_card()
    _stops_and_goes_on(story, nia, passphrase, first)
    parts = recovery_parts(nia.at)
    nia.at.fill(PART_ASKED, other_letter(parts[3]))
    nia.at.press("Continue")
    nia.at.sees("That is not the part we asked for.")
    assert recovery_parts(nia.at) == parts
    nia.writes_the_codes_down()
    nia.at.follow("Did somebody speak seven words to you?", begins=True)
    story.people.joined(
        "nia", Persona(NEWCOMER, NEWCOMER_EMAIL, NEWCOMER_AGENCY, passphrase, "", tuple(card))
    )


def _stops_and_goes_on(story: Story, nia: Newcomer, passphrase: str, code: str) -> None:
    nia.follows_the_link(story.papers["link"].decode())
    nia.at.press("Begin")
    assert nia.at.heading() == "Go on where you stopped"
    nia.at.fill("Passphrase", "not what was chosen at all")
    nia.at.press("Continue")
    nia.at.sees("There is a problem")
    with within("joining is gone on with", nia):
        nia.at.fill("Passphrase", passphrase)
        nia.at.press("Continue")
        assert nia.at.heading() == "Confirm it's you"
        nia.at.give_code(CODE, code)
        nia.at.press("Continue")
    assert nia.at.heading() == "Write these down"


def _finds_no_app_and_no_fob(nia: Newcomer) -> None:
    nia.at.press("Continue")
    nia.at.sees("There is a problem")
    nia.at.follow("I have a key-fob that shows codes")
    nia.at.press("Continue")
    nia.at.sees("Type the seed that came with the fob.", "Choose when the code changes.")
    nia.at.follow("I use a code app instead")


def the_words_open_what_was_sent(story: Story) -> None:
    nia = story.people.at(Reader, "nia")
    words = story.paths["words"].split()
    nia.at.fill("The seven words", " ".join([*words[:-1], "zzzz"]))
    nia.at.press("Open what was sent to me")
    nia.at.sees("There is a problem")
    nia.at.fill("The seven words", " ".join(words))
    nia.at.press("Open what was sent to me")
    nia.at.sees("Your key counts as confirmed.")
    nia.goes_to("Pack to read", CASE)
    nia.accepts_the_statement()
    assert nia.opens().startswith(b"%PDF-")
    nia.at.go("/practice")
    assert nia.at.save("Open the practice paper").startswith(b"%PDF-")


def a_second_area_asks_somebody_to_join(story: Story) -> None:
    olga, folake = story.people.at(Unit, "olga"), story.people.at(Reader, "folake")
    olga.signs_in("/unit/")
    olga.lets_join(
        "Folake Adeyemi", folake.persona.email, "Prison offender manager", "01632 960 221",
        "HMP Elmsworth", "Attends meetings",
    )  # fmt: skip
    letter = folake.letters()[-1]
    newcomer = story.people.newcomer("folake")
    newcomer.follows_the_link(letter)
    newcomer.at.press("Begin")
    folake.finishes_signing_in()
    assert folake.at.heading() == "Join Southmere with your account"
    with within("a second area is joined", folake):
        folake.at.press("Join")
    folake.at.sees("You belong to Southmere as well now.")


CARDS = ("helen", "olga", "folake")

STEPS = (
    a_link_is_sent_anew,
    a_list_of_people_is_invited,
    words_are_spoken_to_who_has_not_joined,
    a_joining_begun_elsewhere_ends_here,
    somebody_joins_with_a_card_alone,
    the_words_open_what_was_sent,
    a_second_area_asks_somebody_to_join,
)

MEETS = """
    GET /join/<token>                       POST /join/<token>
    GET /join/<token>/accept                POST /join/<token>/accept
    GET /join/again                         GET /join/who
    GET /join/passphrase                    POST /join/passphrase
    GET /join/code-app                      POST /join/code-app
    GET /join/key-fob                       POST /join/key-fob
    GET /join/card                          POST /join/card
    POST /join/card/new                     GET /join/done
    GET /join/saved                         POST /join/saved
    GET /join/code                          POST /join/code
    GET /join/next
    GET /join/codes                         POST /join/codes
    GET /account/words                      POST /account/words
    GET /practice                           POST /practice
    GET /unit/people/                       POST /unit/people/<person_id>/link
    GET /unit/people/invite                 POST /unit/people/invite
    GET /unit/people/list                   POST /unit/people/list
    POST /unit/people/list/send
    GET /unit/people/<person_id>/words      POST /unit/people/<person_id>/words
"""
