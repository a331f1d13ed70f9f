"""Step 2: somebody invited joins from a letter, and their key is confirmed over the telephone."""

from __future__ import annotations

from tests.browser.budgets import within
from tests.browser.northmere import Persona
from tests.browser.pages.reader import Reader
from tests.browser.pages.unit import Unit
from tests.browser.walk.story import NEWCOMER, NEWCOMER_AGENCY, NEWCOMER_EMAIL, REFERENCE, Story

JOINING_WITH = {
    False: "joining, from the letter to the practice paper",
    True: "joining with a printed card",
}


def somebody_new_is_invited(story: Story) -> None:
    helen = story.people.at(Unit, "helen")
    with within("somebody is asked to join", helen):
        helen.lets_join(
            NEWCOMER, NEWCOMER_EMAIL, "Community nurse", "01632 960 552", NEWCOMER_AGENCY,
            "Attends meetings",
        )  # fmt: skip
    helen.at.sees("They have been sent a link with which to join.")
    assert "Not yet joined" in helen.at.row(NEWCOMER).inner_text().replace("not", "Not")


def they_join(story: Story) -> None:
    letter = story.town.letters(NEWCOMER_EMAIL)[-1]
    for private in (REFERENCE, "Gareth", "passphrase:"):
        assert private not in letter
    nia = story.people.newcomer("nia")
    nia.follows_the_link(letter)
    nia.follows_the_link(letter)  # looking at it spends nothing
    card: tuple[str, ...] = ()
    secret = ""
    with within(JOINING_WITH[story.card_alone], nia):
        nia.follows_the_link(letter)
        nia.begins()
        nia.says_who_they_are(NEWCOMER)
        passphrase = nia.takes_the_suggested_passphrase()
        if story.card_alone:
            card = nia.prints_a_card()
        else:
            secret = nia.sets_up_the_code_app()
        nia.writes_the_codes_down()
        words = nia.words_of_the_key()
        practice = nia.reads_the_practice_paper()
    assert practice.startswith(b"%PDF-")
    assert len(words.split()) == 6
    story.paths["nia's words"] = words
    story.people.joined(
        "nia", Persona(NEWCOMER, NEWCOMER_EMAIL, NEWCOMER_AGENCY, passphrase, secret, card)
    )


def the_link_is_spent(story: Story, letter: str) -> None:
    thief = story.people.newcomer("thief")
    assert thief.at.go(letter) == 404


def their_key_is_confirmed(story: Story) -> None:
    helen = story.people.at(Unit, "helen")
    nia = story.people.at(Reader, "nia")
    nia.at.go("/account/")
    nia.at.sees("Not confirmed yet")
    helen.goes_to_the_case_at_its_meeting(REFERENCE)
    helen.invites(NEWCOMER, "Specialist", "Visits the individual every week.")
    helen.at.sees("They cannot open papers yet")
    with within("a key is confirmed", helen):
        helen.confirms_the_key_of(NEWCOMER, story.paths["nia's words"])
    helen.at.sees("The key is confirmed.")
    nia.at.go("/account/")
    nia.at.sees("Confirmed by Helen Marsh")
