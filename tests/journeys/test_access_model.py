"""Who can open what, against a model: sendings, taking back, more time, ends, keys, in any order.

The model knows nothing of wraps. After every step the rows must say what it says, the wraps must
be those of the people granted, each wrap must open for its reader and for nobody else, and the
judge must let in exactly those whom the model lets in.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.crypto.age.errors import NotForYou
from portal.crypto.sealing import open_header
from portal.domain.grants import GrantState, Openness, openness
from portal.domain.ids import SendingId
from portal.domain.papers import UNIT_READER
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import StillWaiting, grant_waiting
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, sendings
from portal.records.database import reading
from tests.staging import INVITED, WAITING, Stage, Template, stage_from

NAMES = st.sampled_from(["joe", "ruth", "una", "newcomer"])
DECIDERS = st.sampled_from(["helen", "tom"])
FORMS = ("A", "F", "update")


@dataclass
class Copy:
    """What the model knows of one person's copy of one sending."""

    state: GrantState
    closes_at: datetime

    @property
    def living(self) -> bool:
        return self.state in (GrantState.GRANTED, GrantState.WAITING)


class Access(RuleBasedStateMachine):
    """The portal and the model, side by side."""

    template: ClassVar[Template]

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.stage: Stage = stage_from(self.template, Path(self.folder.name))
        self.stage.accept(*(set(INVITED) - {"newcomer"}))
        self.confirmed = set(INVITED) - WAITING
        self.invited = set(INVITED)
        self.sent: list[tuple[SendingId, dict[str, Copy]]] = []

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            self.stage.whole()
            self._really_opens()
            self.stage.house.engine.dispose()
            self.folder.cleanup()

    @property
    def now(self) -> datetime:
        return self.stage.world.clock.now()

    @rule(
        by=DECIDERS,
        days=st.integers(1, 40),
        forms=st.permutations(FORMS).map(tuple),
        held=st.sampled_from([(), ("joe",), ("joe", "una")]),
    )
    @precondition(lambda self: len(self.sent) < 3)
    def send(self, by: str, days: int, forms: tuple[str, ...], held: tuple[str, ...]) -> None:
        closes_at = self.now + timedelta(days=days)
        kept_back = {name: [forms[0]] for name in held if name in self.invited}
        self.stage.arrange(forms, kept_back, closes_at, by)
        sent = self.stage.send(by)
        copies = {
            name: Copy(
                GrantState.GRANTED if name in self.confirmed else GrantState.WAITING, closes_at
            )
            for name in self.invited
        }
        assert set(sent.grants) == {self.stage.id(name) for name in copies}
        self.sent.append((sent.sending.id, copies))

    @rule(which=st.integers(0, 2), name=st.none() | NAMES, by=DECIDERS)
    @precondition(lambda self: self.sent)
    def take_back(self, which: int, name: str | None, by: str) -> None:
        sending_id, copies = self.sent[which % len(self.sent)]
        who = self.stage.world.who(by)
        person_id = None if name is None else self.stage.id(name)
        if name is not None and name not in copies:
            with pytest.raises(Refused):
                take_back(self.stage.house, who, sending_id, "", person_id)
            return
        take_back(self.stage.house, who, sending_id, "", person_id)
        for each, copy in copies.items():
            if name in (None, each) and copy.living:
                copy.state = GrantState.TAKEN_BACK

    @rule(which=st.integers(0, 2), name=NAMES, days=st.integers(1, 60))
    @precondition(lambda self: self.sent)
    def more_time(self, which: int, name: str, days: int) -> None:
        sending_id, copies = self.sent[which % len(self.sent)]
        copy = copies.get(name)
        if copy is None:
            return
        grant = self.stage.grant(name, sending_id)
        until = max(self.now, copy.closes_at) + timedelta(days=days)
        helen = self.stage.world.who("helen")
        if copy.state is GrantState.TAKEN_BACK or name not in self.invited:
            with pytest.raises((Refused, Unacceptable)):
                give_more_time(self.stage.house, helen, grant.id, until, "Asked for it.")
            return
        if until > self.now + timedelta(days=184):
            return
        give_more_time(self.stage.house, helen, grant.id, until, "Asked for it.")
        given = name in self.confirmed and copy.state is not GrantState.WAITING
        copy.state = GrantState.GRANTED if given else GrantState.WAITING
        copy.closes_at = until

    @rule(name=NAMES, by=DECIDERS)
    def let_open(self, name: str, by: str) -> None:
        waiting = [
            copies[name]
            for _, copies in self.sent
            if name in copies
            and copies[name].state is GrantState.WAITING
            and copies[name].closes_at > self.now
        ]
        who = self.stage.world.who(by)
        if name not in self.confirmed or not waiting:
            with pytest.raises(StillWaiting):
                grant_waiting(self.stage.house, who, self.stage.id(name))
            return
        assert len(grant_waiting(self.stage.house, who, self.stage.id(name))) == len(waiting)
        for copy in waiting:
            copy.state = GrantState.GRANTED

    @rule()
    @precondition(lambda self: "una" not in self.confirmed)
    def confirm(self) -> None:
        self.stage.confirm("una")
        self.confirmed.add("una")

    @rule(name=NAMES)
    def withdraw(self, name: str) -> None:
        if name not in self.invited:
            return
        withdraw_invitation(
            self.stage.house, self.stage.world.who("helen"), self.stage.slot_id, self.stage.id(name)
        )
        self.invited.discard(name)
        for _, copies in self.sent:
            if name in copies and copies[name].living:
                copies[name].state = GrantState.TAKEN_BACK

    @rule(hours=st.integers(1, 24 * 30))
    def time_passes(self, hours: int) -> None:
        self.stage.world.clock.advance(timedelta(hours=hours))

    @rule()
    def close_what_is_over(self) -> None:
        over = [c for _, copies in self.sent for c in copies.values() if c.living]
        over = [copy for copy in over if copy.closes_at <= self.now]
        assert expire_access(self.stage.house, self.stage.world.area.id) == len(over)
        for copy in over:
            copy.state = GrantState.EXPIRED

    @invariant()
    def rows_and_wraps_are_what_the_model_says(self) -> None:
        if not hasattr(self, "stage"):
            return
        area_id = self.stage.world.area.id
        granted: dict[str, set[str]] = {}
        with reading(self.stage.house.engine) as db:
            for sending_id, copies in self.sent:
                for grant in sendings.grants_of_sending(db, area_id, sending_id):
                    copy = copies[self.stage.name_of(grant.person_id)]
                    assert (grant.state, grant.closes_at) == (copy.state, copy.closes_at)
                    is_open = copy.state is GrantState.GRANTED and self.now < copy.closes_at
                    assert (openness(grant, self.now) is Openness.OPEN) == is_open
                    readers = granted.setdefault(grant.version_id, {UNIT_READER})
                    if copy.state is GrantState.GRANTED:
                        readers.add(grant.person_id)
            for version_id, readers in granted.items():
                assert papers.readers_of(db, area_id, version_id) == readers

    @invariant()
    def a_wrap_opens_for_its_reader_alone(self) -> None:
        if not getattr(self, "sent", None):
            return
        area_id = self.stage.world.area.id
        sending_id, _ = self.sent[-1]
        with reading(self.stage.house.engine) as db:
            for grant in sendings.grants_of_sending(db, area_id, sending_id):
                wrap = papers.header_for(db, area_id, grant.version_id, grant.person_id)
                if wrap is None:
                    continue
                name = self.stage.name_of(grant.person_id)
                for other in ("joe", "una", "dev"):
                    identities = self.stage.world.secrets(other).keyring.identities()
                    if other == name:
                        assert len(open_header(wrap.header, identities)) == 16
                    else:
                        with pytest.raises(NotForYou):
                            open_header(wrap.header, identities)

    def _really_opens(self) -> None:
        """The whole journey, for two readers of the last sending."""
        for sending_id, copies in self.sent[-1:]:
            for name in ("joe", "una"):
                copy = copies.get(name)
                if copy is None:
                    continue
                if copy.state is GrantState.GRANTED and self.now < copy.closes_at:
                    # Whoever is no longer on the list keeps nothing living, so this is theirs.
                    assert self.stage.opens(name, sending_id).startswith(b"%PDF")
                else:
                    with pytest.raises(Refused) as refused:
                        self.stage.opens(name, sending_id)
                    assert refused.value.why in (Why.TAKEN_BACK, Why.ENDED, Why.CANNOT_OPEN_YET)


@pytest.mark.timeout(600)
def test_who_can_open_what(staged: Template) -> None:
    Access.template = staged
    run_state_machine_as_test(
        Access,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
