"""Nobody holds a paper whole and cut down from one meeting, by whatever way it comes (rule 37)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.domain.extracts import BothWays
from portal.domain.grants import GrantState, SendingKind
from portal.domain.meetings import Presence
from portal.domain.packs import Others
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.take_back import take_back
from portal.journeys.packs.proposing_addendum import Choice
from portal.journeys.packs.send_addendum import send_addendum
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.views.addendum import send_addendum_page
from portal.journeys.views.minutes import minutes_send_page
from portal.journeys.views.pack import send_page
from portal.records import sendings
from portal.records.database import reading
from tests.cutting import cut, minutes_of
from tests.staging import REASON, Stage

pytestmark = pytest.mark.real("SQLite and folder")


def packs_sent(stage: Stage) -> int:
    return len(stage.lines("pack.sent"))


def addendum(stage: Stage, *names: str) -> Choice:
    return Choice(stage.papers["update"], 1, frozenset(stage.id(name) for name in names))


def send_late(stage: Stage, choice: Choice) -> None:
    helen = stage.world.who("helen")
    digest = send_addendum_page(stage.house, helen, stage.slot_id, choice).digest
    send_addendum(stage.house, helen, stage.slot_id, choice, digest, stage.world.code("helen"),
                  REASON)  # fmt: skip


def test_a_second_pack_with_another_form_waits_for_the_first_to_be_taken_back(
    stage: Stage,
) -> None:
    extract = cut(stage, "update")
    stage.arrange()
    first = stage.send()
    stage.arrange(extracts={"joe": {"update": extract}})
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert page.both_ways == (stage.world.person("joe").name,)
    with pytest.raises(BothWays) as refused:
        stage.send()
    assert refused.value.person_id == stage.id("joe")
    assert packs_sent(stage) == 1
    take_back(stage.house, stage.world.who("helen"), first.sending.id, "", stage.id("joe"))
    assert send_page(stage.house, stage.world.who("helen"), stage.slot_id).both_ways == ()
    stage.send()
    stage.whole()


def test_two_extracts_of_one_paper_are_two_forms(stage: Stage) -> None:
    first, second = cut(stage, "update"), cut(stage, "update", "2")
    stage.arrange(extracts={"joe": {"update": first}})
    stage.send()
    stage.arrange(extracts={"joe": {"update": second}})
    with pytest.raises(BothWays):
        stage.send()
    stage.arrange(extracts={"joe": {"update": first}})
    stage.send()


def test_whoever_waits_for_a_key_counts_as_holding_it(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange()
    stage.send()
    stage.arrange(extracts={"una": {"update": extract}})
    with pytest.raises(BothWays):
        stage.send()
    assert packs_sent(stage) == 1


def test_no_code_is_spent_on_what_cannot_be_sent(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange()
    stage.send()
    stage.arrange(extracts={"joe": {"update": extract}})
    helen, code = stage.world.who("helen"), stage.world.code("helen")
    with pytest.raises(BothWays):
        send_pack(stage.house, helen, stage.slot_id, stage.digest(), code, REASON)
    stage.arrange()
    send_pack(stage.house, helen, stage.slot_id, stage.digest(), code, REASON)
    with pytest.raises(CodeRefused):
        send_pack(stage.house, helen, stage.slot_id, stage.digest(), code, REASON)


def test_an_annex_does_not_bring_the_whole_of_what_a_pack_gave_in_part(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    stage.send()
    stage.arrange(["A", "F"], annexes={"update": (Others.NOTHING, ["joe", "mark"])})
    with pytest.raises(BothWays) as refused:
        stage.send()
    assert refused.value.person_id == stage.id("joe")
    assert packs_sent(stage) == 1
    assert stage.lines("annex.sent") == []


def test_attack_a_row_that_chooses_the_whole_beside_the_extract(stage: Stage) -> None:
    """Somebody with the database adds what the page would have refused."""
    extract = cut(stage, "update")
    stage.arrange(["A", "update"], extracts={"joe": {"update": extract}},
                  annexes={"F": (Others.NOTHING, ["joe"])})  # fmt: skip
    with stage.house.engine.begin() as db:
        db.execute(
            text("INSERT INTO chosen_for (area_id, slot_id, version_id, person_id) "
                 "VALUES (:a, :s, :v, :p)"),
            {"a": stage.world.area.id, "s": stage.slot_id, "v": stage.papers["update"],
             "p": stage.id("joe")},
        )  # fmt: skip
    with pytest.raises(BothWays):
        stage.send()
    assert packs_sent(stage) == 0


def test_an_addendum_does_not_bring_the_whole_of_what_is_held_in_part(stage: Stage) -> None:
    """The update went to Joe as an extract; the pack of now does not have it, so it is late."""
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    stage.send()
    stage.arrange(["A", "F"])
    stage.send()
    choice = addendum(stage, "joe")
    page = send_addendum_page(stage.house, stage.world.who("helen"), stage.slot_id, choice)
    assert page.both_ways == (stage.world.person("joe").name,)
    with pytest.raises(BothWays):
        send_late(stage, choice)
    assert stage.lines("addendum.sent") == []


def test_a_pack_does_not_bring_an_extract_of_what_an_addendum_gave_whole(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(["A", "F"])
    stage.send()
    send_late(stage, addendum(stage, "joe"))
    stage.arrange(extracts={"joe": {"update": extract}})
    with pytest.raises(BothWays):
        stage.send()
    assert packs_sent(stage) == 1


def test_attack_minutes_twice_by_a_sending_that_is_called_otherwise(stage: Stage) -> None:
    """A row calls the minutes that Joe holds a disclosure, so the page offers them again."""
    stage.minutes_ready(joe=Presence.PART)
    whole, extract = minutes_of(stage), cut(stage, minutes_of(stage))
    stage.send_minutes(parts={"joe": whole})
    with stage.house.engine.begin() as db:
        db.execute(text("UPDATE sendings SET kind = :k"), {"k": SendingKind.DISCLOSURE.value})
    page = minutes_send_page(
        stage.house, stage.world.who("helen"), stage.slot_id, {stage.id("joe"): extract}
    )
    assert page.both_ways == (stage.world.person("joe").name,)
    with pytest.raises(BothWays):
        stage.send_minutes(parts={"joe": extract})
    assert len(stage.lines("minutes.sent")) == 1


def test_more_time_does_not_bring_back_the_other_form(stage: Stage) -> None:
    now = stage.world.clock.now()
    extract = cut(stage, "update")
    stage.arrange(closes_at=now + timedelta(days=2))
    first = stage.send()
    stage.world.clock.advance(timedelta(days=3))
    expire_access(stage.house, stage.world.area.id)
    stage.arrange(extracts={"joe": {"update": extract}})
    stage.send()
    helen, until = stage.world.who("helen"), stage.world.clock.now() + timedelta(days=9)
    for name, state in (("joe", GrantState.EXPIRED), ("mark", GrantState.GRANTED)):
        grant = first.grants[stage.id(name)]
        if state is GrantState.EXPIRED:
            with pytest.raises(BothWays):
                give_more_time(stage.house, helen, grant.id, until, "Still reads.")
        else:
            give_more_time(stage.house, helen, grant.id, until, "Still reads.")
        with reading(stage.house.engine) as db:
            found = sendings.load_grant(db, stage.world.area.id, grant.id)
        assert found is not None
        assert found.state is state
    stage.whole()
