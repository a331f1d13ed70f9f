"""Somebody changes their own keys: everything opens as before, and nobody has to ring them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.crypto import signing
from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import rotate
from portal.domain.ids import VersionId
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import Who
from portal.journeys.keys.directory import KeyAlarm, confirmed_key, confirmed_keys
from portal.journeys.keys.earlier_keys import earlier_keys
from portal.journeys.keys.standing import statement
from portal.journeys.meetings.read_names import read_names
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.opened import Spoilt
from portal.journeys.own_account.change_keys import change_keys
from portal.journeys.own_account.rewrap_own import left_of_own, rewrap_own
from portal.journeys.reports.read_own_report import read_own_report
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import NotRight, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import former_keys, keys, outbox, papers, sessions
from portal.records.database import reading
from tests.staging import Stage

TABLES = (keys.keyrings, keys.unlocks, keys.public_keys, keys.confirmations)


def begun(stage: Stage, name: str) -> Recalled:
    found = recall(stage.house, stage.world.begin(name))
    assert isinstance(found, Recalled)
    return found


def change(stage: Stage, name: str, found: Recalled | None = None) -> Recalled:
    """The session as it goes on."""
    found = found or begun(stage, name)
    code = stage.world.code(name)
    secret = change_keys(stage.house, found, own_fingerprint(found.who()), code)
    after = recall(stage.house, secret)
    assert isinstance(after, Recalled)
    return after


def opens(stage: Stage, who: Who, name: str) -> bytes:
    return b"".join(open_paper(stage.house, who, stage.grant(name).id).chunks())


def key_of(stage: Stage, name: str) -> str:
    with reading(stage.house.engine) as db:
        key = confirmed_key(stage.house, db, stage.world.area.id, stage.id(name))
    assert key is not None
    return key.fingerprint


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.send()
    stage.accept("ruth", "joe", "mark")
    return stage


def test_everything_opens_before_and_after_it_is_sealed_anew(sent: Stage) -> None:
    was = key_of(sent, "ruth")
    who = change(sent, "ruth").who()
    assert key_of(sent, "ruth") == own_fingerprint(who) != was
    assert opens(sent, who, "ruth").startswith(b"%PDF")
    left = left_of_own(sent.house, who)
    assert left > 2
    assert rewrap_own(sent.house, who, most=1, slices=1) == left - 1
    assert opens(sent, who, "ruth").startswith(b"%PDF")
    assert rewrap_own(sent.house, who, most=1) == 0
    assert opens(sent, who, "ruth").startswith(b"%PDF")
    with reading(sent.house.engine) as db:
        asked = papers.requests_for(db, sent.world.area.id, sent.slot_id)
    own = next(each.id for each in asked if each.form_code == "update")
    assert read_own_report(sent.house, who, own).pdf_clear.startswith(b"%PDF")
    sent.arrange()
    again = sent.send()
    assert sent.id("ruth") not in again.waiting
    assert opens(sent, who, "ruth").startswith(b"%PDF")
    sent.whole()


def test_changed_three_times_and_the_oldest_paper_opens(sent: Stage) -> None:
    grant, first = sent.grant("ruth"), key_of(sent, "ruth")
    found = begun(sent, "ruth")
    for _turn in range(3):
        found = change(sent, "ruth", found)
        rewrap_own(sent.house, found.who(), most=2)
    with reading(sent.house.engine) as db:
        earlier = earlier_keys(
            sent.house, db, sent.world.area.id, sent.id("ruth"), own_fingerprint(found.who())
        )
    assert len(earlier) == 3
    assert first in earlier
    assert b"".join(open_paper(sent.house, found.who(), grant.id).chunks()).startswith(b"%PDF")


def test_a_coordinator_goes_on_with_the_units_key_and_what_they_signed(sent: Stage) -> None:
    who = change(sent, "helen").who()
    assert read_names(sent.house, who)[sent.case_id] == "Wilfred Crane"
    with reading(sent.house.engine) as db:
        everybody = confirmed_keys(sent.house, db, sent.world.area.id)
    assert len(everybody) > 10
    # Her signatures of before count, and her pack opens; nothing is signed with the old key now.
    assert sent.opens("joe").startswith(b"%PDF")
    sent.confirm("una", by="tom")
    sent.keeper = "tom"
    sent.arrange(by="tom")
    sent.send(by="tom")
    sent.whole()


def test_the_passphrase_opens_the_new_keyring_and_the_session_goes_on(sent: Stage) -> None:
    ruth, before = sent.world.secrets("ruth"), begun(sent, "ruth")
    other = begun(sent, "ruth")
    after = change(sent, "ruth", before)
    assert after.session.ends_at == before.session.ends_at
    assert after.session.factor_at == before.session.factor_at
    with reading(sent.house.engine) as db:
        rows = {row.id: row.stage for row in sessions.of_person(db, ruth.person_id)}
    for ended in (before, other):
        assert rows[ended.session.id] is sessions.Stage.ENDED
    assert rows[after.session.id] is sessions.Stage.SIGNED_IN
    give_passphrase(sent.house, ruth.email, ruth.passphrase, Source("127.0.0.1"))
    with pytest.raises(NotRight):
        give_passphrase(sent.house, ruth.email, "another one altogether", Source("127.0.0.1"))


def test_the_line_and_the_letters(sent: Stage) -> None:
    was = key_of(sent, "ruth")
    change(sent, "ruth")
    (told,) = sent.lines("key.changed")
    assert (told["person"], told["former"]) == (sent.id("ruth"), was)
    assert told["fingerprint"] == key_of(sent, "ruth")
    with reading(sent.house.engine) as db:
        due = outbox.due(db, sent.world.clock.now(), 1000)
    letters = {notice.address for notice in due if notice.letter == "key_changed"}
    assert letters == {sent.world.person(name).email for name in ("ruth", "helen")}


def test_two_tabs_and_a_form_sent_again(sent: Stage) -> None:
    found, was, code = begun(sent, "ruth"), key_of(sent, "ruth"), sent.world.code("ruth")
    change_keys(sent.house, found, was, code)
    with pytest.raises(CodeRefused):
        change_keys(sent.house, found, was, code)
    # A request of the session of before, which was under way: its keyring is the old one.
    with pytest.raises((Changed, KeyAlarm)):
        change_keys(sent.house, found, was, sent.world.code("ruth"))
    with pytest.raises(KeyAlarm):
        rewrap_own_of_before(sent, found)
    assert len(sent.lines("key.changed")) == 1


def rewrap_own_of_before(stage: Stage, found: Recalled) -> None:
    with tending(stage.house) as db:
        db.execute(
            papers.headers.update()
            .where(papers.headers.c.reader_id == stage.id("ruth"))
            .values(fingerprint="ab" * 32)
        )
    rewrap_own(stage.house, found.who())


def test_nobody_without_a_confirmed_key_or_with_a_wrong_code(sent: Stage) -> None:
    una = begun(sent, "una")
    with pytest.raises(Unacceptable):
        change_keys(sent.house, una, own_fingerprint(una.who()), "000000")
    ruth, was = begun(sent, "ruth"), key_of(sent, "ruth")
    with pytest.raises(CodeRefused):
        change_keys(sent.house, ruth, was, "000000")
    with pytest.raises(Changed):
        change_keys(sent.house, ruth, "ab" * 32, sent.world.code("ruth"))
    assert key_of(sent, "ruth") == was


def test_rows_that_bring_the_former_key_back_are_an_alarm(sent: Stage) -> None:
    mine = sent.id("ruth")
    with reading(sent.house.engine) as db:
        old = {t.name: [dict(r) for r in db.execute(select(t)).mappings()] for t in TABLES}
    change(sent, "ruth")
    with tending(sent.house) as db:
        for table in TABLES:
            db.execute(table.delete().where(table.c.person_id == mine))
            db.execute(table.insert(), [r for r in old[table.name] if r["person_id"] == mine])
    ruth = sent.world.secrets("ruth")
    with pytest.raises(KeyAlarm):
        give_passphrase(sent.house, ruth.email, ruth.passphrase, Source("127.0.0.1"))
    with pytest.raises(KeyAlarm):
        sent.send()


def test_a_key_that_no_former_one_signed(sent: Stage) -> None:
    """Somebody with the database writes another key, and a former one that never ended so."""
    own = sent.world.secrets("ruth").keyring
    area_id, mine = sent.world.area.id, sent.id("ruth")
    change(sent, "ruth")
    false = rotate(own)
    now = fingerprint(false.recipient(), false.signing_public())
    body = statement(sent.world.person("ruth"), now, "00" * 16)
    for seed in (own.signing_seed, false.signing_seed):
        with tending(sent.house) as db:
            given = keys.confirmation_of(db, area_id, mine)
            assert given is not None
            keys.save_public_key(
                db,
                keys.PublicKey(
                    mine, area_id, false.recipient(), false.signing_public(), now,
                    given.confirmed_at,
                ),
            )  # fmt: skip
            keys.save_confirmation(
                db,
                keys.Confirmation(
                    mine, area_id, now, body,
                    signing.sign(seed, "portal/v1/own-key/changed", body), mine,
                    given.ledger_position, given.confirmed_at,
                ),
            )  # fmt: skip
        with pytest.raises(KeyAlarm):
            sent.send()


@pytest.mark.parametrize("column", ["recipient", "sign_public", "statement", "signature"])
def test_a_former_key_that_was_changed_in_the_database(sent: Stage, column: str) -> None:
    who = change(sent, "ruth").who()
    with tending(sent.house) as db:
        row = db.execute(select(former_keys.former_keys.c[column])).scalar_one()
        db.execute(former_keys.former_keys.update().values({column: row[:-1] + b"\x00"}))
    with pytest.raises(KeyAlarm):
        key_of(sent, "ruth")
    with pytest.raises((KeyAlarm, Spoilt, Refused)):
        opens_after(sent, who)


def opens_after(stage: Stage, who: Who) -> None:
    with tending(stage.house) as db:
        db.execute(
            papers.headers.update()
            .where(papers.headers.c.reader_id == stage.id("ruth"))
            .values(fingerprint=own_fingerprint(who))
        )
    opens(stage, who, "ruth")


def test_a_way_to_unlock_that_is_not_theirs_stops_it(sent: Stage) -> None:
    """Or its writer would be handed the new keyring."""
    was = key_of(sent, "ruth")
    other = sent.world.secrets("mark").keyring
    with tending(sent.house) as db:
        db.execute(
            keys.unlocks.update()
            .where(keys.unlocks.c.person_id == sent.id("ruth"))
            .values(recipient=other.recipient())
        )
    with pytest.raises(KeyAlarm):
        change(sent, "ruth")
    assert key_of(sent, "ruth") == was


def test_a_wrap_of_another_is_not_sealed_to_the_new_key(sent: Stage) -> None:
    who = change(sent, "ruth").who()
    with tending(sent.house) as db:
        version = db.execute(
            select(papers.headers.c.version_id).where(
                papers.headers.c.reader_id == sent.id("ruth")
            )
        ).scalars().first()  # fmt: skip
        other = papers.header_for(db, sent.world.area.id, VersionId(str(version)), sent.id("ruth"))
        assert other is not None
        db.execute(
            papers.headers.update()
            .where(
                papers.headers.c.reader_id == sent.id("ruth"),
                papers.headers.c.version_id == version,
            )
            .values(header=b"age-encryption.org/v1\n")
        )
    assert rewrap_own(sent.house, who) == 1
