"""My keys: what the ledger says was done with one's own key, and nothing of anybody else's."""

from __future__ import annotations

from sqlalchemy import text

from portal.crypto.fingerprint import fingerprint, words
from portal.crypto.keyring import new_keyring
from portal.journeys.deed import tending
from portal.journeys.keys.alarm import raise_alarm
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.give_words import give_words
from portal.journeys.views.own_keys import own_keys
from tests.staging import Stage
from tests.web.browsing import text_of
from tests.world import World


def of(world: World, name: str) -> str:
    return text_of(world.client(name).get("/account/keys"))


def test_it_says_who_made_and_who_confirmed_it(world: World) -> None:
    mine = world.secrets("carys").keyring
    said = of(world, "carys")
    own = " ".join(words(fingerprint(mine.recipient(), mine.signing_public())))
    assert said.count(own) == 3
    assert "confirmed the key of" in said
    assert "A key was made for" in said
    assert "Not proven" not in said
    assert "/account/keys" in world.client("carys").get("/account/").get_data(as_text=True)


def test_whoever_confirms_others_sees_no_line_of_theirs(world: World) -> None:
    found = own_keys(world.house, world.who("helen"))
    assert {line.fields["person"] for line in found.lines} == {world.person("helen").id}
    assert len(own_keys(world.house, world.who("una")).lines) == 1


def test_an_alarm_about_it_is_seen_with_the_words_of_the_other_key(world: World) -> None:
    other = new_keyring()
    found = fingerprint(other.recipient(), other.signing_public())
    raise_alarm(world.house, world.area.id, KeyAlarm(world.person("joe").id, found, ""))
    said = of(world, "joe")
    assert "Alarm" in said
    assert " ".join(words(found)) in said
    assert "Another key" in said


def test_words_that_were_given_are_seen_by_their_holder_alone(stage: Stage) -> None:
    stage.send()
    given = give_words(stage.house, stage.world.who("helen"), stage.id("newcomer"), "")
    lines = own_keys(stage.house, stage.world.who("joe")).lines
    assert "words.given" not in {line.deed.value for line in lines}
    assert " ".join(given.words_clear) not in of(stage.world, "helen")


def test_a_line_that_no_checkpoint_covers_is_said_to_be_unproven(world: World) -> None:
    """Whoever holds the database may put a checkpoint that says nothing in its place."""
    with tending(world.house) as db:
        for name in ("ledger_checkpoints_no_update", "ledger_checkpoints_no_delete"):
            db.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        triggers = db.execute(
            text("SELECT name FROM sqlite_master WHERE type='trigger'")
        ).scalars().all()  # fmt: skip
        for name in triggers:
            db.execute(text(f"DROP TRIGGER {name}"))
        db.execute(text("UPDATE ledger_checkpoints SET note = 'nothing'"))
    assert "Not proven" in of(world, "carys")
