"""Somebody lost passphrase and recovery code: two coordinators let them begin anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from portal.cli.first_person import Given, joins_here
from portal.domain.grants import GrantState
from portal.domain.people import Account, Role
from portal.domain.proofing import APPROVE_WITHIN, How
from portal.journeys.deed import tending
from portal.journeys.giving.grant_waiting import StillWaiting, grant_waiting
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.giving.take_back import take_back
from portal.journeys.house import Who
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import Linked, NewPerson
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import KeyAlarm, confirmed_key, confirmed_keys
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.keys.renew_person import Renewed, renew_person
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import NotRight, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import factors_held, keys, outbox, papers, people, sessions
from portal.records.database import reading
from tests.staging import Stage
from tests.world import code_at

NEW = "gravel violin mostly lantern oxbow harbour"


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.send()
    stage.accept("ruth", "joe", "mark")
    return stage


def proof(stage: Stage, name: str, by: str = "helen", how: How = How.RANG) -> None:
    proof_person(stage.house, stage.world.who(by), stage.id(name), how, stage.world.code(by))


def approve(stage: Stage, name: str, by: str = "tom") -> Renewed:
    return renew_person(stage.house, stage.world.who(by), stage.id(name), stage.world.code(by))


def id_of(stage: Stage, name: str) -> str:
    return stage.world.secrets(name).person_id


def letters(stage: Stage, kind: str) -> set[str]:
    with reading(stage.house.engine) as db:
        due = outbox.due(db, stage.world.clock.now(), 1000)
    return {notice.address for notice in due if notice.letter == kind}


def join_again(stage: Stage, name: str, folder: Path, then: Callable[[Who], None]) -> None:
    """By the link in their letter, with a new passphrase and a new app; `then` while signed in."""
    with reading(stage.house.engine) as db:
        due = outbox.due(db, stage.world.clock.now(), 1000)
        person = people.by_id(db, stage.world.secrets(name).person_id)
    paths = [n.fields["path"] for n in due if n.letter == "invited_to_join"]
    assert person is not None
    given = Given(NEW, folder / "secret", folder / "codes")
    joins_here(stage.house, Linked(person, paths[-1]), given, then)


def test_two_coordinators_and_what_was_open_is_given_again(sent: Stage, tmp_path: Path) -> None:
    before = sent.grant("ruth")
    proof(sent, "ruth")
    assert sent.states()["ruth"] is GrantState.GRANTED
    assert approve(sent, "ruth").waiting == 1
    assert sent.states()["ruth"] is GrantState.WAITING
    sent.whole()
    with pytest.raises(StillWaiting):
        grant_waiting(sent.house, sent.world.who("helen"), sent.id("ruth"))

    def then(who: Who) -> None:
        fingerprint = own_fingerprint(who)
        with pytest.raises(StillWaiting):
            grant_waiting(sent.house, sent.world.who("helen"), sent.id("ruth"))
        confirm_key(sent.house, sent.world.who("helen"), sent.id("ruth"), fingerprint)
        granted = grant_waiting(sent.house, sent.world.who("tom"), sent.id("ruth"))
        assert [grant.id for grant in granted] == [before.id]
        assert granted[0].closes_at == before.closes_at
        copy = b"".join(open_paper(sent.house, who, before.id).chunks())
        assert copy.startswith(b"%PDF")

    join_again(sent, "ruth", tmp_path, then)
    sent.whole()
    # Her report was signed with the key that ended, and is read, bound and sent as before.
    sent.arrange()
    sent.send()
    sent.whole()


def test_the_old_keyring_is_dead(sent: Stage) -> None:
    ruth = sent.world.secrets("ruth")
    proof(sent, "ruth")
    approve(sent, "ruth")
    here = Source("127.0.0.1")
    with reading(sent.house.engine) as db:
        area_id = sent.world.area.id
        assert keys.keyring_of(db, ruth.person_id) is None
        assert keys.unlocks_of(db, ruth.person_id) == {}
        assert confirmed_key(sent.house, db, area_id, ruth.person_id) is None
        person = people.by_id(db, ruth.person_id)
        assert person is not None
        assert person.account is Account.INVITED
        assert factors_held.among(db, area_id, [ruth.person_id]) == set()
        headers = db.execute(select(papers.headers.c.reader_id)).scalars()
        assert ruth.person_id not in set(headers)
        assert all(s.stage is sessions.Stage.ENDED for s in sessions.of_person(db, ruth.person_id))
    with pytest.raises(NotRight):
        give_passphrase(sent.house, ruth.email, ruth.passphrase, here)


def test_rows_that_bring_the_old_key_back_are_an_alarm(sent: Stage) -> None:
    """Whoever has an older copy of the database puts keyring, key, confirmation and wraps back."""
    area_id = sent.world.area.id
    tables = (keys.keyrings, keys.unlocks, keys.public_keys, keys.confirmations, papers.headers)
    with reading(sent.house.engine) as db:
        old = {table.name: db.execute(select(table)).mappings().all() for table in tables}
    proof(sent, "ruth")
    approve(sent, "ruth")
    mine = sent.world.secrets("ruth").person_id
    with tending(sent.house) as db:
        for table in tables:
            owner = "reader_id" if table is papers.headers else "person_id"
            rows = [dict(row) for row in old[table.name] if row[owner] == mine]
            assert rows
            db.execute(insert(table), rows)
        people.set_account(db, area_id, sent.id("ruth"), Account.ENROLLED)
    with reading(sent.house.engine) as db, pytest.raises(KeyAlarm):
        confirmed_keys(sent.house, db, area_id)
    ruth = sent.world.secrets("ruth")
    with pytest.raises(KeyAlarm):
        give_passphrase(sent.house, ruth.email, ruth.passphrase, Source("127.0.0.1"))


def test_what_was_taken_back_is_not_given_again(sent: Stage) -> None:
    helen = sent.world.who("helen")
    sending = sent.grant("ruth").sending_id
    take_back(sent.house, helen, sending, "Not hers.", sent.id("ruth"))
    proof(sent, "ruth")
    assert approve(sent, "ruth").waiting == 0
    assert sent.states()["ruth"] is GrantState.TAKEN_BACK


def test_what_ran_out_meanwhile_is_not_given(sent: Stage, tmp_path: Path) -> None:
    proof(sent, "ruth")
    approve(sent, "ruth")
    sent.world.clock.advance(timedelta(days=6))

    def then(who: Who) -> None:
        confirm_key(sent.house, sent.world.who("helen"), sent.id("ruth"), own_fingerprint(who))

    join_again(sent, "ruth", tmp_path, then)
    sent.world.clock.advance(timedelta(days=60))
    with pytest.raises(StillWaiting):
        grant_waiting(sent.house, sent.world.who("helen"), sent.id("ruth"))


def helen_begins_anew(sent: Stage, folder: Path) -> Renewed:
    """Tom makes sure of her; a third of the unit, whom she invited before, approves."""
    (folder / "third").mkdir()
    helen, tom = sent.world.who("helen"), sent.world.who("tom")
    agency = sent.world.agency("probation").id
    roles = frozenset({Role.DEPUTY})
    new = NewPerson("Nia Frost", "nia@northmere.example", "Deputy", "01632 960 7", agency, roles)
    third = invite_person(sent.house, helen, new)
    held: list[Renewed] = []

    def approves(who: Who) -> None:
        confirm_key(sent.house, tom, who.actor.person_id, own_fingerprint(who))
        who = replace(who, actor=replace(who.actor, roles=roles))  # they count from here on
        proof_person(sent.house, tom, helen.actor.person_id, How.MET, sent.world.code("tom"))
        sent.world.clock.advance(timedelta(seconds=60))
        code = code_at((folder / "third" / "secret").read_text().strip(), sent.world.clock.now())
        held.append(renew_person(sent.house, who, helen.actor.person_id, code))

    given = Given(NEW, folder / "third" / "secret", folder / "third" / "codes")
    joins_here(sent.house, third, given, approves)
    return held[0]


def test_a_coordinator_can_begin_anew_and_what_they_signed_still_counts(
    sent: Stage, tmp_path: Path
) -> None:
    """Helen signed every confirmation and every sending so far."""
    (tmp_path / "again").mkdir()
    helen, tom = sent.world.who("helen"), sent.world.who("tom")
    assert helen_begins_anew(sent, tmp_path).held_unit_key
    assert sent.opens("joe").startswith(b"%PDF")
    with reading(sent.house.engine) as db:
        known = confirmed_keys(sent.house, db, sent.world.area.id)
    assert sent.id("joe") in known
    assert helen.actor.person_id not in known

    def then(who: Who) -> None:
        confirm_key(sent.house, tom, who.actor.person_id, own_fingerprint(who))
        with reading(sent.house.engine) as db:
            assert who.unit(db)
        assert sent.opens("joe").startswith(b"%PDF")

    join_again(sent, "helen", tmp_path / "again", then)
    sent.whole()


# ---- neither alone, and nobody else ----


def test_who_proofed_does_not_approve(sent: Stage) -> None:
    proof(sent, "ruth")
    with pytest.raises(Refused) as refused:
        approve(sent, "ruth", by="helen")
    assert refused.value.why is Why.NOT_ONESELF
    assert sent.states()["ruth"] is GrantState.GRANTED


@pytest.mark.parametrize("by", ["priya", "alan", "carys", "mark", "dev", "sian"])
def test_nobody_else_proofs_or_approves(sent: Stage, by: str) -> None:
    with pytest.raises(Refused):
        proof(sent, "ruth", by=by)
    proof(sent, "ruth")
    with pytest.raises(Refused):
        approve(sent, "ruth", by=by)
    assert sent.lines("person.renewed") == []


def test_nobody_does_it_for_themselves(sent: Stage) -> None:
    tom = sent.world.person("tom").id
    with pytest.raises(Refused):
        proof_person(sent.house, sent.world.who("tom"), tom, How.MET, sent.world.code("tom"))
    helen = sent.world.who("helen")
    proof_person(sent.house, helen, tom, How.MET, sent.world.code("helen"))
    with pytest.raises(Refused) as refused:
        renew_person(sent.house, sent.world.who("tom"), tom, sent.world.code("tom"))
    assert refused.value.why is Why.NOT_ONESELF


def test_nothing_is_approved_that_nobody_asked_for(sent: Stage) -> None:
    with pytest.raises(Refused) as refused:
        approve(sent, "ruth")
    assert refused.value.why is Why.NOT_THERE


def test_a_day_later_it_is_over(sent: Stage) -> None:
    proof(sent, "ruth")
    sent.world.clock.advance(APPROVE_WITHIN)
    with pytest.raises(Refused) as refused:
        approve(sent, "ruth")
    assert refused.value.why is Why.CONFIRM_OVER


def test_it_counts_once(sent: Stage) -> None:
    proof(sent, "ruth")
    approve(sent, "ruth")
    with pytest.raises(Refused):
        approve(sent, "ruth")
    assert len(sent.lines("person.renewed")) == 1


@pytest.mark.parametrize("name", ["una", "newcomer"])
def test_whose_key_was_never_confirmed(sent: Stage, name: str) -> None:
    if name == "newcomer":
        with pytest.raises(Refused):
            proof(sent, name)
        return
    proof(sent, name)
    assert approve(sent, name).waiting == 0
    sent.whole()


def test_a_wrong_or_used_code_changes_nothing(sent: Stage) -> None:
    helen = sent.world.who("helen")
    with pytest.raises(CodeRefused):
        proof_person(sent.house, helen, sent.id("ruth"), How.MET, "000000")
    code = sent.world.code("helen")
    proof_person(sent.house, helen, sent.id("ruth"), How.MET, code)
    with pytest.raises(CodeRefused):
        renew_person(sent.house, sent.world.who("tom"), sent.id("ruth"), "000000")
    with pytest.raises(CodeRefused):
        proof_person(sent.house, helen, sent.id("joe"), How.MET, code)
    assert sent.lines("person.renewed") == []


def test_a_number_that_was_slipped_in_is_not_rung(sent: Stage) -> None:
    with tending(sent.house) as db:
        db.execute(
            people.people.update()
            .where(people.people.c.id == sent.id("ruth"))
            .values(phone="01632 960 666")
        )
    with pytest.raises(KeyAlarm):
        proof(sent, "ruth")


def test_everybody_is_told(sent: Stage) -> None:
    proof(sent, "ruth")
    ruth, area = sent.world.person("ruth").email, sent.world.area.unit_email
    assert letters(sent, "renewal_asked") == {ruth, area}
    approve(sent, "ruth")
    both = {sent.world.person(name).email for name in ("helen", "tom")}
    assert letters(sent, "account_renewed") == {ruth, area} | both
    told = sent.lines("person.renewed")[0]
    assert told["proofed_by"] == id_of(sent, "helen")
    assert told["actor"] == id_of(sent, "tom")


def test_whoever_confirmed_the_former_key_is_told_that_another_confirmed_the_new_one(
    sent: Stage, tmp_path: Path
) -> None:
    """Helen had confirmed it. Confirming it anew herself, she need not be told."""
    proof(sent, "ruth")
    approve(sent, "ruth")
    told: list[set[str]] = []

    def then(who: Who) -> None:
        confirm_key(sent.house, sent.world.who("tom"), sent.id("ruth"), own_fingerprint(who))
        told.append(letters(sent, "key_replaced"))

    join_again(sent, "ruth", tmp_path, then)
    assert told == [{sent.world.person("helen").email}]
    proof(sent, "joe", by="tom")
    approve(sent, "joe", by="helen")
    assert letters(sent, "account_renewed") >= {sent.world.person("helen").email}
    assert letters(sent, "key_replaced") == told[0]
