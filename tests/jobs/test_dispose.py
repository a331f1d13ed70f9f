"""What was sent goes 30 days after its last access ended, with a line; a legal hold stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.disposal import KEPT_AFTER_END
from portal.domain.ids import SendingId
from portal.journeys.changed import Changed
from portal.journeys.deed import ClockDoubted
from portal.journeys.giving.certify_disposal import certify_disposal
from portal.journeys.giving.dispose import dispose
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.place_hold import hold_page, lift_hold, place_hold
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import papers
from portal.records.database import reading
from tests.documents.making import texts as pages_of
from tests.documents.test_still_universal import claims
from tests.staging import Stage
from tests.web.browsing import text_of
from tests.web.sending_pages import get, hidden, post

WHY = "A serious case review has begun and asks for every paper."


def sent(stage: Stage) -> SendingId:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=30))
    return stage.send().sending.id


def ended(stage: Stage, after: timedelta = KEPT_AFTER_END) -> None:
    """Every access has ended, and so much time has passed."""
    stage.world.clock.advance(timedelta(days=30))
    expire_access(stage.house, stage.world.area.id)
    stage.world.clock.advance(after)


def payloads(stage: Stage, sending_id: SendingId) -> set[str]:
    area = stage.world.area.id
    with reading(stage.house.engine) as db:
        version = papers.load_version(db, area, stage.grant("carys", sending_id).version_id)
    assert version is not None
    return {version.payload_sha256} & set(stage.house.store.names())


def disposed(stage: Stage) -> int:
    return dispose(stage.house, stage.world.area.id)


def test_it_goes_whole_and_only_then(stage: Stage) -> None:
    one = sent(stage)
    assert disposed(stage) == 0
    ended(stage, KEPT_AFTER_END - timedelta(seconds=1))
    assert disposed(stage) == 0
    assert payloads(stage, one)
    before = set(stage.house.store.names())
    stage.world.clock.advance(timedelta(seconds=1))
    assert disposed(stage) == 1
    assert not payloads(stage, one)
    version = stage.grant("carys", one).version_id
    with reading(stage.house.engine) as db:
        assert papers.readers_of(db, stage.world.area.id, version) == set()
        area = stage.world.area.id
        assert all(papers.readers_of(db, area, paper) for paper in stage.papers.values())
    (line,) = stage.lines("sending.disposed")
    assert line["sending"] == one
    assert set(line["payloads"]) == before - set(stage.house.store.names())
    assert disposed(stage) == 0
    stage.whole()


def test_one_reader_who_may_still_open_keeps_all_of_it(stage: Stage) -> None:
    one = sent(stage)
    take_back(stage.house, stage.world.who("helen"), one, "", stage.id("joe"))
    stage.world.clock.advance(timedelta(days=29))
    assert disposed(stage) == 0
    assert payloads(stage, one)


def test_a_hold_stops_it_until_it_is_lifted(stage: Stage) -> None:
    one = sent(stage)
    helen, house = stage.world.who("helen"), stage.house
    place_hold(house, helen, stage.case_id, WHY)
    with pytest.raises(Changed):
        place_hold(house, helen, stage.case_id, WHY)
    ended(stage)
    assert disposed(stage) == 0
    assert payloads(stage, one)
    helen = stage.world.who("helen")
    assert hold_page(house, helen, stage.case_id).placed_by == "Helen Marsh"
    lift_hold(house, helen, stage.case_id, "The review has ended and was published.")
    with pytest.raises(Changed):
        lift_hold(house, helen, stage.case_id, WHY)
    assert disposed(stage) == 1
    told = [stage.lines(deed)[0] for deed in ("hold.placed", "hold.lifted")]
    assert all(WHY not in str(line) for line in told)


@pytest.mark.parametrize("name", ["priya", "alan", "carys", "sian", "dev", "joe"])
def test_only_a_coordinator_or_deputy_holds(stage: Stage, name: str) -> None:
    who = stage.world.who(name)
    for act in (place_hold, lift_hold):
        with pytest.raises(Refused):
            act(stage.house, who, stage.case_id, WHY)
    if name == "priya":
        assert not hold_page(stage.house, who, stage.case_id).may_decide
        return
    with pytest.raises(Refused):
        hold_page(stage.house, who, stage.case_id)


@pytest.mark.parametrize("reason", ["", "   n/a   ", "x" * 1001])
def test_a_hold_has_a_reason(stage: Stage, reason: str) -> None:
    with pytest.raises(Unacceptable):
        place_hold(stage.house, stage.world.who("helen"), stage.case_id, reason)
    assert stage.lines("hold.placed") == []


def test_a_clock_in_doubt_disposes_of_nothing(stage: Stage) -> None:
    one = sent(stage)
    ended(stage)
    stage.world.clock.set(stage.world.clock.now() - timedelta(days=90))
    with pytest.raises(ClockDoubted):
        disposed(stage)
    assert payloads(stage, one)


def test_the_certificate_says_what_the_record_proves_and_what_it_does_not(stage: Stage) -> None:
    one = sent(stage)
    stage.accept("carys")
    stage.opens("carys")
    priya = stage.world.who("priya")
    with pytest.raises(Changed, match="not disposed of yet"):
        certify_disposal(stage.house, priya, one)
    ended(stage)
    with pytest.raises(Changed):
        certify_disposal(stage.house, stage.world.who("priya"), one)
    disposed(stage)
    pdf = certify_disposal(stage.house, stage.world.who("priya"), one)
    text = " ".join(" ".join(pages_of(pdf)).split())
    for words in (
        "Certificate of disposal", "NMR/26/0117", "30 days after the last reader", "Copy opened",
        "Times a copy was opened before", "downloaded or printed", "what backups still hold",
        "Time over; wrap deleted", "sealed bytes and last wrap deleted",
    ):  # fmt: skip
        assert words in text, words
    (line,) = stage.lines("sending.disposed")
    solid = "".join(text.split())
    assert all(str(each) in solid for each in line["payloads"])
    assert "Carys" not in text
    assert claims(pdf)
    assert len(stage.lines("certificate.made")) == 1
    for name in ("carys", "sian", "dev"):
        with pytest.raises(Refused):
            certify_disposal(stage.house, stage.world.who(name), one)
    with pytest.raises(Refused):
        certify_disposal(stage.house, stage.world.who("priya"), SendingId("a" * 26))


def test_the_pages(stage: Stage) -> None:
    one = sent(stage)
    helen = stage.world.client("helen")
    path = f"/unit/cases/{stage.case_id}/hold"
    assert path in get(helen, f"/unit/cases/{stage.case_id}")
    assert "Place the hold" in get(helen, path)
    assert "Write why, in 20 to 1,000 characters." in text_of(post(helen, path, reason="n/a"))
    assert post(helen, path, reason=WHY).status_code == 302
    body = get(helen, path)
    assert "Placed by Helen Marsh" in body
    assert 'action="/unit/cases/' in body
    assert post(helen, path, reason=WHY).status_code == 409
    ended(stage, timedelta(0))
    helen = stage.world.client("helen")
    sending = f"/unit/sendings/{one}"
    body = get(helen, sending)
    assert f"{sending}/certificate" not in body
    day = stage.world.clock.now() + timedelta(days=30)
    assert f"It is disposed of on {day:%-d %B %Y}, unless a legal hold" in text_of(
        helen.get(sending)
    )
    token = body.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    answer = helen.post(f"{sending}/certificate", data={"csrf_token": token})
    assert answer.status_code == 409
    assert "not disposed of yet" in text_of(answer)


def test_the_certificate_is_offered_when_it_can_be_had(stage: Stage) -> None:
    one = sent(stage)
    path = f"/unit/sendings/{one}"
    said = text_of(stage.world.client("helen").get(path))
    assert "disposed" not in said
    ended(stage)
    assert f"{path}/certificate" not in get(stage.world.client("helen"), path)
    disposed(stage)
    helen = stage.world.client("helen")
    body = get(helen, path)
    assert f'action="{path}/certificate"' in body
    answer = helen.post(f"{path}/certificate", data={"csrf_token": hidden(body, "csrf_token")})
    assert answer.mimetype == "application/pdf"
