"""The same model, while keys change: the unit's, a person's, one that is lost, one of a leaver.

Checked at the end against everything that lies in the database and the keys folder, which opens
nothing, and with each person's secret, which opens what the model says and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, LargeBinary, String, text

from portal.cli.first_person import Given, joins_here
from portal.crypto.age.errors import AgeError
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.keys import Identity
from portal.crypto.keyring import Keyring
from portal.crypto.sealing import open_header
from portal.crypto.serverkeys import KeyKind
from portal.domain.grants import GrantState
from portal.domain.proofing import How
from portal.identity.invitation import LIFETIME, NotUsable
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.giving.grant_waiting import StillWaiting, grant_waiting
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import Who
from portal.journeys.joining.new_account import Linked
from portal.journeys.keys.change_unit_key import change_unit_key
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.keys.renew_person import renew_person
from portal.journeys.keys.rewrap_unit import rewrap_unit
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.policy.judge import Refused
from portal.records import outbox, papers, people, sendings
from portal.records.database import reading
from portal.records.schema import every, metadata
from tests.journeys.test_access_model import FORMS, Access
from tests.journeys.test_own_keys_changed import change
from tests.staging import Template

READERS = st.sampled_from(["joe", "ruth", "una"])
DECIDERS = st.sampled_from(["helen", "tom"])
NEW = "gravel violin mostly lantern oxbow harbour"


class KeyLives(Access):
    """`rings`: what each person has now; `dead`: what they had, and must open nothing by."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        self.rings: dict[str, Keyring] = {
            name: self.stage.world.secrets(name).keyring for name in ("joe", "ruth", "una")
        }
        self.dead: list[Keyring] = []
        self.gone: set[str] = set()
        self.lost: dict[str, datetime] = {}
        # So that whatever comes first, something was sent before it.
        self.send(by="helen", days=30, forms=FORMS, held=())

    # ---- what happens to keys ----

    @rule(by=DECIDERS)
    def unit_gets_a_new_key(self, by: str) -> None:
        stage = self.stage
        with reading(stage.house.engine) as db:
            was = unit_recipient(stage.house, db, stage.world.area.id).fingerprint
        code = stage.world.code(by)
        change_unit_key(stage.house, stage.world.who(by), was, code)

    @rule(by=DECIDERS, most=st.integers(1, 3))
    def some_of_it_is_sealed_anew(self, by: str, most: int) -> None:
        rewrap_unit(self.stage.house, self.stage.world.who(by), most=most, slices=1)

    @rule(name=READERS)
    def leave(self, name: str) -> None:
        if name in self.gone or name in self.lost:
            return
        remove_person(self.stage.house, self.stage.world.who("helen"), self.stage.id(name))
        self.gone.add(name)
        self.invited.discard(name)
        self.confirmed.discard(name)
        self.dead.append(self.rings.pop(name))
        for _, copies in self.sent:
            if name in copies and copies[name].living:
                copies[name].state = GrantState.TAKEN_BACK

    @rule(name=READERS)
    def lose_everything(self, name: str) -> None:
        """Proofed again by one, approved by another: they begin anew, with no key yet."""
        if name in self.gone or name in self.lost:
            return
        stage, person_id = self.stage, self.stage.id(name)
        code = stage.world.code("helen")
        proof_person(stage.house, stage.world.who("helen"), person_id, How.RANG, code)
        code = stage.world.code("tom")
        renew_person(stage.house, stage.world.who("tom"), person_id, code)
        self.lost[name] = self.now
        self.confirmed.discard(name)
        self.dead.append(self.rings.pop(name))
        for _, copies in self.sent:
            if name in copies and copies[name].state is GrantState.GRANTED:
                copies[name].state = GrantState.WAITING

    @rule(name=READERS)
    def join_again(self, name: str) -> None:
        if name not in self.lost:
            return
        stage, person_id = self.stage, self.stage.id(name)
        with reading(stage.house.engine) as db:
            due = outbox.due(db, stage.world.clock.now(), 1000)
            person = people.by_id(db, person_id)
        assert person is not None
        links = [
            notice.fields["path"]
            for notice in due
            if notice.letter == "invited_to_join" and notice.address == person.email
        ]
        folder = Path(self.folder.name)
        given = Given(NEW, folder / f"secret-{name}", folder / f"codes-{name}")

        def then(who: Who) -> None:
            self.rings[name] = who.keyring
            confirm_key(stage.house, stage.world.who("helen"), person_id, own_fingerprint(who))

        if self.now - self.lost[name] >= LIFETIME:
            with pytest.raises(NotUsable):
                joins_here(stage.house, Linked(person, links[-1]), given, then)
            return
        joins_here(stage.house, Linked(person, links[-1]), given, then)
        del self.lost[name]
        self.confirmed.add(name)

    @rule(name=READERS)
    def change_keys(self, name: str) -> None:
        """By themselves, once: the former keys stay in their keyring."""
        own = self.stage.world.secrets(name).keyring
        if name not in self.confirmed or self.rings[name] != own:
            return
        keyring = change(self.stage, name).keyring
        assert keyring is not None
        assert set(own.seeds) < set(keyring.seeds)
        self.rings[name] = keyring

    @rule(name=READERS, by=DECIDERS)
    def let_open(self, name: str, by: str) -> None:
        if name not in self.gone:
            super().let_open(name, by)
            return
        with pytest.raises((Refused, StillWaiting)):
            grant_waiting(self.stage.house, self.stage.world.who(by), self.stage.id(name))

    @rule(name=READERS, which=st.integers(0, 2), days=st.integers(1, 60))
    @precondition(lambda self: self.sent)
    def more_time(self, which: int, name: str, days: int) -> None:
        if name not in self.gone:
            super().more_time(which, name, days)

    @rule()
    def confirm(self) -> None:
        if "una" not in self.confirmed | self.gone | set(self.lost):
            self.stage.confirm("una")
            self.confirmed.add("una")

    # ---- what the first model did not know ----

    @invariant()
    def a_wrap_opens_for_its_reader_alone(self) -> None:
        """All of them at the end."""

    def _really_opens(self) -> None:
        """By each one's own keys, wrap by wrap; the journeys are the first model's."""
        stage = self.stage
        with reading(stage.house.engine) as db:
            headers = every(db, papers.headers, papers.Header)
            living = {
                (grant.version_id, grant.person_id)
                for sending_id, _ in self.sent
                for grant in sendings.grants_of_sending(db, stage.world.area.id, sending_id)
                if grant.state is GrantState.GRANTED
            }
            lying_about = set(_could_be_keys(db))
        papers_sent = {version_id for version_id, _ in living}
        for name, ring in self.rings.items():
            mine = {(version, stage.id(name)) for version in papers_sent} & living
            opened = {
                (h.version_id, h.reader_id)
                for h in headers
                if h.version_id in papers_sent and _opens(h.header, ring.identities())
            }
            assert opened == mine, name
        for ring in self.dead:
            assert not any(_opens(h.header, ring.identities()) for h in headers)
        server = stage.house.server_keys
        lying_about |= {key for kind in KeyKind for key in server.ever(kind)}
        for guess in lying_about:
            assert not any(_opens(h.header, [HybridIdentity(guess)]) for h in headers)


def _opens(header: bytes, identities: tuple[Identity, ...] | list[HybridIdentity]) -> bool:
    try:
        return bool(open_header(header, list(identities)))
    except AgeError:
        return False


def _could_be_keys(db: Connection) -> Iterator[bytes]:
    """Every 32 bytes in the database, raw or in hexadecimal."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary | String):
                for value in db.execute(text(f"SELECT DISTINCT {column.name} FROM {table.name}")):
                    found = value[0]
                    if isinstance(found, bytes) and len(found) == 32:
                        yield found
                    if isinstance(found, str) and len(found) == 64:
                        try:
                            yield bytes.fromhex(found)
                        except ValueError:
                            continue


@pytest.mark.timeout(900)
def test_who_can_open_what_while_keys_change(staged: Template) -> None:
    KeyLives.template = staged
    run_state_machine_as_test(
        KeyLives,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
