"""A written authority, and exactly what it gives."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import FIELDS, Deed
from portal.domain.disclosures import Disclosure, DisclosureState, LawfulBasis, Least
from portal.domain.grants import GrantState, SendingKind
from portal.domain.papers import UNIT_READER
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.disclosure.read_disclosure import read_disclosure
from portal.journeys.disclosure.read_own_disclosure import read_own_disclosure
from portal.journeys.giving.check_exactness import check_exactness
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import StillWaiting, grant_waiting
from portal.journeys.giving.take_back import take_back
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.meetings.read_invitation import read_invitation
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.reader_home import reader_home
from portal.journeys.views.reader_paper import reader_paper
from portal.ledger import verify
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, sendings
from portal.records.database import reading
from tests.disclosure.scene import (
    APPROVAL,
    CANARY,
    NEED,
    PURPOSE,
    Scene,
    days,
    grants_now,
    letters,
    lines,
)


@pytest.fixture
def approved(scene: Scene) -> Disclosure:
    """Carys asked for Joe; Helen approved for 14 days."""
    return scene.decide(scene.ask().id)


def words(pdf: bytes) -> str:
    found = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(found.split())


def opened(scene: Scene, name: str = "joe") -> bytes:
    paper = open_paper(scene.world.house, scene.world.who(name), scene.grant_of(name).id)
    return b"".join(paper.chunks())


def why_closed(scene: Scene, name: str = "joe") -> Why:
    with pytest.raises(Refused) as refused:
        opened(scene, name)
    return refused.value.why


def test_the_request_is_decided(scene: Scene, approved: Disclosure) -> None:
    assert approved.state is DisclosureState.APPROVED
    assert approved.decided_by == scene.world.person("helen").id
    assert (approved.basis, approved.least) == (LawfulBasis.CDA_115, Least.THIS_PAPER)
    assert (approved.number, approved.days) == ("DA/2026/001", 14)


def test_the_line_holds_exactly_its_fields(scene: Scene, approved: Disclosure) -> None:
    (told,) = lines(scene.world, Deed.DISCLOSURE_APPROVED)
    assert set(told) == FIELDS[Deed.DISCLOSURE_APPROVED] | {"v", "area", "actor", "at", "deed"}
    assert told["request"] == approved.id
    assert told["number"] == "DA/2026/001"
    assert told["sending"] == approved.sending_id
    assert told["receiver"] == scene.world.person("joe").id
    assert told["state"] == "granted"
    area_id = scene.world.area.id
    with reading(scene.world.house.engine) as db:
        assert approved.decision_version_id is not None
        authority = papers.load_version(db, area_id, approved.decision_version_id)
        given = papers.load_version(db, area_id, scene.grant_of("joe").version_id)
        assert authority is not None
        assert given is not None
        signed = [
            row.sha256
            for version in (given, authority)
            for row in papers.manifests_of(db, area_id, version.id)
        ]
    assert told["authority"] == authority.payload_sha256
    assert told["manifests"] == signed


def test_no_line_and_no_letter_holds_what_was_typed(scene: Scene, approved: Disclosure) -> None:
    everything = str(lines(scene.world, *Deed)) + str(letters(scene.world))
    for typed in (CANARY, PURPOSE, NEED, "tenants", "Daniel", "Marlow"):
        assert typed not in everything
    scene.world.house.engine.dispose()
    at_rest = b"".join(each.read_bytes() for each in scene.world.folder.glob("portal.db*"))
    assert CANARY.encode() not in at_rest
    assert all(CANARY.encode() not in body for body in scene.world.store._kept.values())


def test_both_are_told(scene: Scene, approved: Disclosure) -> None:
    told = {letter.letter: letter for letter in letters(scene.world)[-2:]}
    asker, receiver = told["disclosure_decided"], told["paper_disclosed"]
    assert asker.address == scene.world.person("carys").email
    assert asker.fields["path"] == f"/requests/{approved.id}"
    assert receiver.address == scene.world.person("joe").email
    assert receiver.fields["path"] == f"/papers/{scene.grant_of('joe').id}"
    assert receiver.fields["reference"] == "DA/2026/001"


def test_wraps_are_exact(scene: Scene, approved: Disclosure) -> None:
    world = scene.world
    joe, carys = world.person("joe").id, world.person("carys").id
    with reading(world.house.engine) as db:
        given = papers.readers_of(db, world.area.id, scene.grant_of("joe").version_id)
        assert approved.decision_version_id is not None
        authority = papers.readers_of(db, world.area.id, approved.decision_version_id)
        report = papers.readers_of(db, world.area.id, scene.report)
        verify.audit(db, world.area.id, world.area.ledger_vkey)
    assert given == {joe, UNIT_READER}
    assert authority == {carys, UNIT_READER}
    assert joe not in report
    assert check_exactness(world.house, world.area.id) == []


def test_rule_27_the_statement_comes_first(scene: Scene, approved: Disclosure) -> None:
    assert why_closed(scene) is Why.STATEMENT_FIRST
    scene.accept("joe")
    assert opened(scene)


def test_the_receiver_reads_that_paper_alone(scene: Scene, approved: Disclosure) -> None:
    scene.accept("joe")
    text = words(opened(scene))
    assert "DA/2026/001" in text
    assert "for Joe Tarn, Northmere Homes, only, until 18 May 2026" in text
    assert "It must not be copied." in text
    assert "Custody report" in text
    assert "Agency update" not in text
    assert CANARY not in text
    world = scene.world
    with reading(world.house.engine) as db:
        layout = sendings.layout_of(db, world.area.id, scene.grant_of("joe").version_id)
    assert [(paper.paper_version_id, paper.given) for paper in layout] == [(scene.report, True)]


def test_nothing_else_of_the_meeting_is_listed_or_opens(scene: Scene, approved: Disclosure) -> None:
    world, joe = scene.world, scene.world.who("joe")
    scene.accept("joe")
    home = reader_home(world.house, joe)
    assert [entry.subject for entry in (*home.entries, *home.over)] == grants_now(world, "joe")
    for other in (scene.grant.id, *grants_now(world, "adeyemi")):
        for look in (reader_paper, open_paper):
            with pytest.raises(Refused) as refused:
                look(world.house, joe, other)
            assert refused.value.why is Why.NOT_THERE
    with pytest.raises(Refused) as refused:
        read_invitation(world.house, joe, scene.slot_id)
    assert refused.value.why is Why.NOT_THERE
    with pytest.raises(Refused):
        read_own_disclosure(world.house, joe, approved.id)
    for as_unit in (True, False):
        with pytest.raises(Refused):
            read_decision(world.house, joe, approved.id, as_unit=as_unit)


def test_the_asker_gets_no_second_copy(scene: Scene, approved: Disclosure) -> None:
    assert grants_now(scene.world, "carys") == [scene.grant.id]
    with pytest.raises(Refused):
        reader_paper(scene.world.house, scene.world.who("carys"), scene.grant_of("joe").id)


def test_rule_74_it_ends(scene: Scene, approved: Disclosure) -> None:
    world = scene.world
    scene.accept("joe")
    world.clock.set(scene.grant_of("joe").closes_at - timedelta(microseconds=1))  # type: ignore[operator]
    assert opened(scene)
    world.clock.advance(timedelta(microseconds=1))
    assert why_closed(scene) is Why.ENDED
    assert expire_access(world.house, world.area.id) == 1
    with reading(world.house.engine) as db:
        wraps = papers.readers_of(db, world.area.id, scene.grant_of("joe").version_id)
    assert wraps == {UNIT_READER}
    assert why_closed(scene) is Why.ENDED


def test_it_runs_for_as_many_days_as_the_authority_says(scene: Scene) -> None:
    scene.decide(scene.ask().id, days(1))
    grant = scene.grant_of("joe")
    assert grant.opens_at is not None
    assert grant.closes_at == grant.opens_at + timedelta(days=1)


def test_more_time_takes_a_new_authority(scene: Scene, approved: Disclosure) -> None:
    world, grant = scene.world, scene.grant_of("joe")
    until = world.clock.now() + timedelta(days=60)
    with pytest.raises(Unacceptable):
        give_more_time(world.house, world.who("helen"), grant.id, until, "They ask for it")
    assert scene.grant_of("joe") == grant


def test_it_can_be_taken_back(scene: Scene, approved: Disclosure) -> None:
    scene.accept("joe")
    opened(scene)
    assert approved.sending_id is not None
    taken = take_back(scene.world.house, scene.world.who("tom"), approved.sending_id)
    assert taken.names == ("Joe Tarn",)
    assert len(taken.opened) == 1
    assert why_closed(scene) is Why.TAKEN_BACK


def test_the_sending_is_of_its_own_kind(scene: Scene, approved: Disclosure) -> None:
    assert approved.sending_id is not None
    with reading(scene.world.house.engine) as db:
        sending = sendings.load_sending(db, scene.world.area.id, approved.sending_id)
    assert sending is not None
    assert (sending.kind, sending.reference) == (SendingKind.DISCLOSURE, "DA/2026/001")


def test_rule_60_the_written_authority(scene: Scene, approved: Disclosure) -> None:
    world = scene.world
    for name, as_unit in (("carys", False), ("tom", True), ("helen", True)):
        found = read_decision(world.house, world.who(name), approved.id, as_unit=as_unit)
        text = words(found.pdf_clear)
        assert found.filename == "DA/2026/001.pdf"
        for said in (
            "Number DA/2026/001", "Joe Tarn", PURPOSE, "Crime and Disorder Act 1998, section 115",
            "until 18 May 2026", "It must not be copied or passed on.",
            "it is necessary and proportionate", "Helen Marsh", "MAPPA Co-ordinator",
        ):  # fmt: skip
            assert said in text
        assert APPROVAL.weighing.necessity not in text
        assert world.person(name).name in text


@pytest.mark.parametrize("name", ["priya", "sian", "dev", "alan", "adeyemi", "carys"])
def test_the_authority_is_not_for_others(scene: Scene, approved: Disclosure, name: str) -> None:
    world = scene.world
    with pytest.raises(Refused):
        read_decision(world.house, world.who(name), approved.id, as_unit=True)
    if name != "carys":
        with pytest.raises(Refused):
            read_decision(world.house, world.who(name), approved.id, as_unit=False)
    assert lines(world, Deed.DISCLOSURE_READ) == []


def test_before_the_decision_there_is_none_to_read(scene: Scene) -> None:
    asked = scene.ask()
    for name, as_unit in (("carys", False), ("tom", True)):
        with pytest.raises(Refused):
            read_decision(scene.world.house, scene.world.who(name), asked.id, as_unit=as_unit)


def test_rule_77_the_record_of_the_decision(scene: Scene, approved: Disclosure) -> None:
    world = scene.world
    found = read_disclosure(world.house, world.who("tom"), approved.id)
    assert found.weighed["necessity"] == APPROVAL.weighing.necessity
    assert found.weighed["consulted"] == APPROVAL.consulted
    assert found.decided_by == "Helen Marsh"
    assert found.grant == scene.grant_of("joe")
    assert len(lines(world, Deed.DISCLOSURE_READ)) == 1
    own = read_own_disclosure(world.house, world.who("carys"), approved.id)
    assert own.closes_at == scene.grant_of("joe").closes_at
    assert CANARY not in own.reply


def test_numbers_follow_each_other_within_a_year(scene: Scene) -> None:
    first = scene.decide(scene.ask().id)
    second = scene.decide(scene.ask(receiver="grace").id, by="tom")
    assert (first.number, second.number) == ("DA/2026/001", "DA/2026/002")


# ---- a receiver who cannot open yet ----


def test_a_receiver_without_a_confirmed_key_waits(scene: Scene) -> None:
    world = scene.world
    approved = scene.decide(scene.ask(receiver="una").id)
    grant = scene.grant_of("una")
    assert (grant.state, grant.closes_at) == (GrantState.WAITING, None)
    (told,) = lines(world, Deed.DISCLOSURE_APPROVED)
    assert told["state"] == "waiting"
    with reading(world.house.engine) as db:
        assert papers.readers_of(db, world.area.id, grant.version_id) == {UNIT_READER}
    assert "paper_disclosed" not in {letter.letter for letter in letters(world)}
    scene.accept("una")
    assert why_closed(scene, "una") is Why.CANNOT_OPEN_YET
    text = words(read_decision(world.house, world.who("tom"), approved.id, as_unit=True).pdf_clear)
    assert "for 14 days from when it can first be opened" in text


def test_their_days_begin_at_the_click(scene: Scene) -> None:
    world = scene.world
    scene.decide(scene.ask(receiver="una").id)
    scene.accept("una")
    with pytest.raises(StillWaiting):
        grant_waiting(world.house, world.who("tom"), world.person("una").id)
    world.clock.advance(timedelta(days=30))
    own = world.secrets("una").keyring
    mark = fingerprint(own.recipient(), own.signing_public())
    confirm_key(world.house, world.who("tom"), world.person("una").id, mark)
    assert why_closed(scene, "una") is Why.CANNOT_OPEN_YET
    world.clock.advance(timedelta(days=2))
    grant_waiting(world.house, world.who("tom"), world.person("una").id)
    grant = scene.grant_of("una")
    assert grant.closes_at == world.clock.now() + timedelta(days=14)
    assert "Custody report" in words(opened(scene, "una"))
    world.clock.advance(timedelta(days=14))
    assert why_closed(scene, "una") is Why.ENDED


def test_somebody_who_has_not_joined_waits_too(scene: Scene) -> None:
    scene.decide(scene.ask(receiver="newcomer").id)
    assert scene.grant_of("newcomer").state is GrantState.WAITING
