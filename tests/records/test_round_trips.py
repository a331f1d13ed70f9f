"""What is saved is loaded again, whole and exact, on SQLite and on PostgreSQL alike.

Each row of ROWS names a value, its table, how it is saved and how it is found again. A test sees
to it that no table is forgotten.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from portal.domain.cases import Case
from portal.domain.disclosures import Disclosure
from portal.domain.extracts import Extract
from portal.domain.grants import Grant, Sending
from portal.domain.meetings import Attendance, AttendanceLock, Invitation, MeetingDay, Slot
from portal.domain.minutes import Duty, Minutes
from portal.domain.papers import Document, Header, ManifestRow, ReportRequest, Version
from portal.domain.people import Agency, Area, Person
from portal.records import (
    areas,
    arrangements,
    candidates,
    cards,
    cases,
    claims,
    colleagues,
    deputies,
    disclosures,
    extracts,
    factors,
    former_keys,
    generators,
    instructions,
    job_runs,
    joining_words,
    keys,
    meetings,
    minutes,
    originals,
    orphans,
    outbox,
    panels,
    papers,
    passkeys,
    people,
    providers,
    readings,
    restrictions,
    security_log,
    sendings,
    sessions,
    texts,
    uses,
)
from portal.records.database import writing
from portal.records.schema import Utc, first, metadata
from tests.records import saving
from tests.records.saving import (
    arranged,
    by_reader,
    chosen,
    of_request,
    of_uploader,
    one_code,
    register,
)
from tests.records.values import NOW, any_value, plain

ANY = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Row:
    """A value's type and table, how it is saved, and how it is found again by itself."""

    kind: type
    table: Table
    save: Callable[[Connection, Any], object]
    load: Callable[[Connection, Any], object] | None = None

    def find(self, db: Connection, value: Any) -> object:
        if self.load is not None:
            return self.load(db, value)
        keys_ = [column == getattr(value, column.name) for column in self.table.primary_key]
        return first(db, self.table, self.kind, *keys_)


ROWS = [
    Row(Area, areas.areas, areas.save, lambda db, v: areas.load(db, v.id)),
    Row(Agency, people.agencies, people.save_agency,
        lambda db, v: people.load_agency(db, v.area_id, v.id)),
    Row(Person, people.people, people.save, lambda db, v: people.load(db, v.area_id, v.id)),
    Row(originals.Original, originals.originals, originals.save, of_request),
    Row(candidates.Candidate, candidates.candidates, candidates.save, of_uploader),
    Row(Case, cases.cases, cases.save, lambda db, v: cases.load(db, v.area_id, v.id)),
    Row(claims.Claim, claims.claims, claims.save,
        lambda db, v: claims.of(db, v.area_id, v.request_id)),
    Row(colleagues.Cover, colleagues.covers, colleagues.save_cover,
        lambda db, v: colleagues.covers_of(db, v.area_id)[v.person_id]),
    Row(colleagues.Certification, colleagues.certifications, colleagues.save_certification,
        lambda db, v: colleagues.certified_of(db, v.area_id)[v.person_id]),
    Row(uses.Use, uses.uses, uses.save, lambda db, v: uses.of_area(db, v.area_id)[v.person_id]),
    Row(deputies.Term, deputies.deputy_terms, deputies.save,
        lambda db, v: deputies.of_person(db, v.area_id, v.person_id)),
    Row(panels.Panel, panels.panels, panels.save,
        lambda db, v: panels.load(db, v.area_id, v.id)),
    Row(panels.Seat, panels.panel_seats,
        lambda db, v: panels.seat(db, panels.Panel(v.panel_id, v.area_id, ""),
                                  {v.person_id: v.capacity}),
        lambda db, v: panels.Seat(v.panel_id, v.person_id, v.area_id,
                                  panels.seats_of(db, v.area_id, v.panel_id)[v.person_id])),
    Row(Disclosure, disclosures.disclosures, disclosures.save,
        lambda db, v: disclosures.load(db, v.area_id, v.id)),
    Row(generators.Generator, generators.generators, generators.save,
        lambda db, v: generators.load(db, v.person_id, v.id)),
    Row(passkeys.Passkey, passkeys.passkeys, passkeys.save,
        lambda db, v: passkeys.load(db, v.person_id, v.id)),
    Row(passkeys.SpentChallenge, passkeys.spent_challenges, passkeys.spend_challenge,
        lambda db, v: passkeys.spent(db, v.challenge_hash)),
    Row(cards.Card, cards.cards, lambda db, v: cards.save(db, v, []),
        lambda db, v: cards.load(db, v.person_id, v.id)),
    Row(cards.CardCode, cards.card_codes, cards.save_code,
        lambda db, v: cards.codes_of(db, [v.card_id])[v.card_id][0]),
    Row(factors.BackupCode, factors.backup_codes, one_code),
    Row(factors.ThrottleRow, factors.throttle, factors.save_bucket,
        lambda db, v: factors.buckets(db, [v.key])[v.key]),
    Row(factors.Device, factors.devices, factors.save_device,
        lambda db, v: factors.device_by(db, v.token_hash)),
    Row(job_runs.JobRun, job_runs.job_runs, job_runs.save),
    Row(keys.StoredKeyring, keys.keyrings, keys.save_keyring,
        lambda db, v: keys.keyring_of(db, v.person_id)),
    Row(keys.Unlock, keys.unlocks, keys.save_unlock,
        lambda db, v: keys.unlocks_of(db, v.person_id)[v.kind]),
    Row(keys.PublicKey, keys.public_keys, keys.save_public_key,
        lambda db, v: keys.public_key_of(db, v.area_id, v.person_id)),
    Row(former_keys.FormerKey, former_keys.former_keys, former_keys.save,
        lambda db, v: former_keys.of_person(db, v.area_id, v.person_id)[0]),
    Row(keys.Confirmation, keys.confirmations, keys.save_confirmation,
        lambda db, v: keys.confirmations_of_area(db, v.area_id)[v.person_id]),
    Row(instructions.SignedInstruction, instructions.instructions, instructions.save,
        lambda db, v: instructions.load(db, v.area_id, v.sending_id)),
    Row(joining_words.JoiningWords, joining_words.joining_words, joining_words.save,
        lambda db, v: joining_words.load(db, v.area_id, v.id)),
    Row(joining_words.WordWrap, joining_words.word_wraps, joining_words.save_wrap,
        lambda db, v: joining_words.wraps_of(db, v.area_id, v.words_id)[0]),
    Row(keys.UnitKeyRow, keys.unit_keys, keys.save_unit_key,
        lambda db, v: keys.unit_key_of(db, v.area_id)),
    Row(keys.UnitWrap, keys.unit_wraps, keys.save_unit_wrap,
        lambda db, v: keys.unit_wrap_of(db, v.area_id, v.person_id)),
    Row(restrictions.CaseKey, restrictions.restricted_cases, restrictions.save_key,
        lambda db, v: restrictions.key_of(db, v.area_id, v.case_id)),
    Row(restrictions.CaseHolder, restrictions.case_holders, restrictions.save_holder,
        lambda db, v: restrictions.holder_of(db, v.area_id, v.case_id, v.person_id)),
    Row(MeetingDay, meetings.meeting_days, meetings.save_day,
        lambda db, v: meetings.load_day(db, v.area_id, v.id)),
    Row(Slot, meetings.slots, meetings.save_slot,
        lambda db, v: meetings.load_slot(db, v.area_id, v.id)),
    Row(Invitation, meetings.invitations, meetings.save_invitation,
        lambda db, v: meetings.invitations_to(db, v.area_id, v.slot_id)[0]),
    Row(Attendance, meetings.attendance, register,
        lambda db, v: meetings.attendance_of(db, v.area_id, v.slot_id)[v.person_id]),
    Row(AttendanceLock, meetings.attendance_locks, meetings.lock_attendance,
        lambda db, v: meetings.attendance_lock_of(db, v.area_id, v.slot_id)),
    Row(Minutes, minutes.minutes, minutes.file,
        lambda db, v: minutes.load(db, v.area_id, v.slot_id)),
    Row(Duty, minutes.duties, minutes.save_duty,
        lambda db, v: minutes.duties_of(db, v.area_id, v.slot_id)[v.person_id]),
    Row(minutes.Acceptance, minutes.statements, minutes.accept_statement,
        lambda db, v: minutes.acceptances_of(db, v.area_id, v.person_id)[0]),
    Row(outbox.Notice, outbox.outbox, outbox.save),
    Row(Document, papers.documents, papers.save_document,
        lambda db, v: papers.load_document(db, v.area_id, v.id)),
    Row(Version, papers.versions, papers.save_version,
        lambda db, v: papers.load_version(db, v.area_id, v.id)),
    Row(ManifestRow, papers.manifests, papers.save_manifest,
        lambda db, v: papers.load_manifest(db, v.area_id, v.id)),
    Row(Header, papers.headers, papers.save_header, by_reader),
    Row(ReportRequest, papers.report_requests, papers.save_request,
        lambda db, v: papers.load_request(db, v.area_id, v.id)),
    Row(arrangements.PackItem, arrangements.pack_items, arranged),
    Row(arrangements.ChosenFor, arrangements.chosen_for, chosen),
    Row(arrangements.PackTimes, arrangements.pack_times, arrangements.save_times,
        lambda db, v: arrangements.times_of(db, v.area_id, v.slot_id)),
    Row(Sending, sendings.sendings, sendings.save_sending,
        lambda db, v: sendings.load_sending(db, v.area_id, v.id)),
    Row(sendings.LayoutPaper, sendings.layout_papers, lambda db, v: sendings.save_layout(db, [v]),
        lambda db, v: sendings.layout_of(db, v.area_id, v.layout_version_id)[0]),
    Row(Grant, sendings.grants, sendings.save_grant,
        lambda db, v: sendings.load_grant(db, v.area_id, v.id)),
    Row(sendings.Opening, sendings.openings, sendings.save_opening,
        lambda db, v: sendings.openings_of(db, v.area_id, v.sending_id)[0]),
    Row(Extract, extracts.extracts, extracts.save,
        lambda db, v: extracts.load(db, v.area_id, v.version_id)),
    Row(providers.ProviderRow, providers.providers, providers.save,
        lambda db, v: providers.of_agency(db, v.area_id, v.agency_id)),
    Row(providers.LinkRow, providers.provider_links, providers.save_link,
        lambda db, v: providers.link_by(db, v.agency_id, v.subject)),
    Row(providers.UsedSignOn, providers.sign_ons_used, providers.use),
    Row(readings.Reading, readings.readings, readings.save,
        lambda db, v: readings.newest(db, v.area_id, v.grant_id, v.person_id, v.session_id)),
    Row(readings.PageRead, readings.pages_read, readings.note_page,
        lambda db, v: readings.pages_of(db, v.area_id, v.reading_id)[0]),
    Row(sessions.Session, sessions.sessions, sessions.save,
        lambda db, v: sessions.load(db, v.id)),
    Row(sessions.JoiningLink, sessions.joining_links, sessions.save_link,
        lambda db, v: sessions.link_by(db, v.token_hash)),
    Row(texts.SealedText, texts.sealed_texts, texts.save),
    Row(texts.Draft, texts.drafts, texts.save_draft,
        lambda db, v: texts.draft_of(db, v.person_id, v.form)),
]  # fmt: skip

WITHOUT_A_VALUE = {cases.names, orphans.orphans, security_log.security_log}
"""Tables whose rows are no values of their own: each has a test below."""

EACH = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.table.name)
REPLACING = [row for row in ROWS if row.kind in {
    factors.ThrottleRow, factors.Device, job_runs.JobRun, keys.StoredKeyring, uses.Use,
    keys.PublicKey, keys.Confirmation, keys.UnitWrap, Minutes, Duty, minutes.Acceptance, Header,
    arrangements.PackTimes, texts.SealedText, texts.Draft, claims.Claim, colleagues.Cover,
    colleagues.Certification, providers.ProviderRow, deputies.Term, panels.Panel, panels.Seat,
    restrictions.CaseHolder,
}]  # fmt: skip
ONCE = [row for row in ROWS if row.kind in {
    Area, Agency, Person, Case, Disclosure, MeetingDay, Slot, AttendanceLock, Document, Version,
    ManifestRow, ReportRequest, Sending, Grant, sendings.Opening, readings.Reading, Extract,
    sessions.Session, keys.UnitKeyRow, candidates.Candidate, originals.Original, outbox.Notice,
    providers.LinkRow, joining_words.JoiningWords, joining_words.WordWrap,
    instructions.SignedInstruction, former_keys.FormerKey, restrictions.CaseKey,
}]  # fmt: skip


@contextmanager
def passing(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing."""
    with writing(engine) as db:
        yield db


def test_no_table_is_forgotten() -> None:
    assert {row.table for row in ROWS} | WITHOUT_A_VALUE == set(metadata.sorted_tables)


@EACH
@ANY
@given(data=st.data())
def test_what_is_saved_is_loaded(untouched: Engine, row: Row, data: st.DataObject) -> None:
    value = data.draw(any_value(row.kind, row.table))
    if row.table is arrangements.pack_items:
        value = replace(value, tab=1)
    with passing(untouched) as db:
        row.save(db, value)
        assert row.find(db, value) == value


@pytest.mark.parametrize("row", REPLACING, ids=lambda row: row.table.name)
@ANY
@given(data=st.data())
def test_saving_again_replaces(untouched: Engine, row: Row, data: st.DataObject) -> None:
    strategy = any_value(row.kind, row.table)
    first_, second = data.draw(strategy), data.draw(strategy)
    held = {c.name: getattr(first_, c.name) for c in row.table.primary_key}
    second = replace(second, **held)
    if "area_id" in row.table.c:
        second = replace(second, area_id=first_.area_id)
    with passing(untouched) as db:
        row.save(db, first_)
        row.save(db, second)
        assert row.find(db, second) == second


@pytest.mark.parametrize("row", ONCE, ids=lambda row: row.table.name)
@settings(ANY, max_examples=3)
@given(data=st.data())
def test_what_is_saved_once_is_not_saved_over(
    untouched: Engine, row: Row, data: st.DataObject
) -> None:
    value = data.draw(any_value(row.kind, row.table))
    with passing(untouched) as db:
        row.save(db, value)
        with pytest.raises(IntegrityError):
            row.save(db, value)


@EACH
def test_a_time_without_a_zone_is_refused_and_another_zone_is_kept_as_utc(
    untouched: Engine, row: Row
) -> None:
    value = plain(row.kind, row.table)
    there = datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    for field in [c.name for c in row.table.c if isinstance(c.type, Utc)]:
        with passing(untouched) as db, pytest.raises(StatementError, match="without a zone"):
            row.save(db, replace(value, **{field: there.replace(tzinfo=None)}))
        with passing(untouched) as db:
            moved = replace(value, **{field: there})
            row.save(db, moved)
            found = getattr(row.find(db, moved), field)
            assert found == there
            assert found.utcoffset() == timedelta(0)


@EACH
def test_a_text_longer_than_its_column_is_not_cut(untouched: Engine, row: Row) -> None:
    """SQLite keeps it whole, PostgreSQL refuses it; neither cuts it."""
    for column in row.table.c:
        length = getattr(column.type, "length", None)
        if length is None or getattr(column.type, "kind", None) is not None:
            continue
        value = replace(plain(row.kind, row.table), **{column.name: "x" * (length + 1)})
        with passing(untouched) as db:
            try:
                row.save(db, value)
            except DBAPIError:
                assert untouched.dialect.name == "postgresql"
            else:
                assert row.find(db, value) == value
                assert untouched.dialect.name == "sqlite"


def test_a_member_that_no_list_knows_is_an_error_not_a_guess(untouched: Engine) -> None:
    row = next(row for row in ROWS if row.kind is Grant)
    grant = plain(row.kind, row.table)
    with passing(untouched) as db:
        sendings.save_grant(db, grant)
        db.exec_driver_sql("UPDATE grants SET state = 'everybody'")
        with pytest.raises(ValueError, match="everybody"):
            sendings.load_grant(db, grant.area_id, grant.id)


def test_the_index_of_names_is_replaced_whole(untouched: Engine) -> None:
    with passing(untouched) as db:
        assert cases.sealed_names(db, areas.AreaId("north")) is None
        cases.save_names(db, areas.AreaId("north"), b"old", NOW)
        cases.save_names(db, areas.AreaId("south"), b"other", NOW)
        cases.save_names(db, areas.AreaId("north"), b"new", NOW)
        assert cases.sealed_names(db, areas.AreaId("north")) == b"new"
        assert cases.sealed_names(db, areas.AreaId("south")) == b"other"


def test_orphans_are_noted_and_forgotten(untouched: Engine) -> None:
    with passing(untouched) as db:
        orphans.keep(db, ["a" * 64, "b" * 64], NOW)
        orphans.forget(db, ["a" * 64, "c" * 64])
        assert orphans.seen(db) == {"b" * 64: NOW}


def test_attempts_are_counted_by_hour_kind_and_source(untouched: Engine) -> None:
    with passing(untouched) as db:
        for minute in (0, 1, 59, 60):
            security_log.count(db, "session", "s", NOW + timedelta(minutes=minute))
        security_log.count(db, "code", "s", NOW)
        found = [(a.hour, a.kind, a.times) for a in security_log.since(db, NOW)]
        assert sorted(found) == [
            (NOW, "code", 1),
            (NOW, "session", 3),
            (NOW + timedelta(hours=1), "session", 1),
        ]
        assert security_log.sweep(db, NOW + timedelta(hours=1)) == 2


def test_every_save_is_tried() -> None:
    tried = inspect.getsource(inspect.getmodule(Row))  # type: ignore[arg-type]
    tried += inspect.getsource(saving)
    for module in (areas, candidates, cases, claims, colleagues,
                   disclosures, factors, job_runs, keys, meetings,
                   minutes, originals, orphans, outbox,
                   papers, people, security_log, sendings, sessions,
                   texts, uses, deputies, panels, restrictions):  # fmt: skip
        short = module.__name__.rpartition(".")[2]
        for name in vars(module):
            if name.startswith("save") and callable(getattr(module, name)):
                assert f"{short}.{name}" in tried, f"{short}.{name}"
