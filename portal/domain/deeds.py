"""The closed list of ledger events, each with its exact fields.

A line holds identifiers and digests only: no name, reason, title or address. What an identifier
points to can be erased; the line stays, so erasure never breaks the tree. The record of who did
what reads these lines as sentences (templates/audit).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.people import Actor

Value = str | int | bool | None | list[str]


class Deed(StrEnum):
    """Past-tense names of what was done."""

    AREA_OPENED = "area.opened"
    UNIT_KEY_CHANGED = "unit_key.changed"
    UNIT_KEY_REWRAPPED = "unit_key.rewrapped"
    KIT_READ_BACK = "kit.read_back"
    KIT_DRILLED = "kit.drilled"
    UNIT_BROUGHT_BACK = "unit.brought_back"
    BACKUP_MADE = "backup.made"
    BACKUP_RESTORED = "backup.restored"
    AGENCY_ADDED = "agency.added"
    AGENCY_CHANGED = "agency.changed"
    AGENCY_SHARED = "agency.shared"
    AGENCY_LINKED = "agency.linked"
    PROVIDER_RECORDED = "provider.recorded"
    PROVIDER_CHANGED = "provider.changed"
    SERVER_KEY_CHANGED = "server_key.changed"
    RECORD_ACCEPTED = "record.accepted"
    CLOCK_ACCEPTED = "clock.accepted"
    PERSON_INVITED = "person.invited"
    PERSON_JOINED = "person.joined"
    PERSON_LEFT = "person.left"
    MEMBERSHIP_BEGUN = "membership.begun"
    ACCOUNT_MOVED = "account.moved"
    ROLES_CHANGED = "roles.changed"
    DEPUTY_NAMED = "deputy.named"
    DEPUTY_ENDED = "deputy.ended"
    PEOPLE_CERTIFIED = "people.certified"
    PEOPLE_ASKED_AFTER = "people.asked_after"
    COVER_SET = "cover.set"
    ACCOUNT_DORMANT = "account.dormant"
    ACCOUNT_WOKEN = "account.woken"
    TRIES_ALLOWED = "tries.allowed"
    DORMANCY_WARNED = "dormancy.warned"
    DORMANCY_LIMITED = "dormancy.limited"
    DORMANT_CAME = "dormant.came"
    KEY_REGISTERED = "key.registered"
    KEY_CONFIRMED = "key.confirmed"
    KEY_CHANGED = "key.changed"
    KEY_REWRAPPED = "key.rewrapped"
    KEY_ALARM = "key.alarm"
    WORDS_GIVEN = "words.given"
    WORDS_USED = "words.used"
    WORDS_ENDED = "words.ended"
    FACTOR_CHANGED = "factor.changed"
    BACKUP_CODE_USED = "backup_code.used"
    PASSPHRASE_CHANGED = "passphrase.changed"  # noqa: S105  # the name of a deed
    PERSON_VOUCHED = "person.vouched"
    PERSON_PROOFED = "person.proofed"
    PERSON_RENEWED = "person.renewed"
    SESSION_OPENED = "session.opened"
    SESSION_REOPENED = "session.reopened"
    SESSION_CLOSED = "session.closed"
    NAMES_READ = "names.read"
    PARTICULARS_READ = "particulars.read"
    REASONS_READ = "reasons.read"
    RECORD_READ = "record.read"
    CASE_OPENED = "case.opened"
    CASE_RESTRICTED = "case.restricted"
    HOLDERS_CHANGED = "holders.changed"
    MEETING_DAY_PLANNED = "meeting_day.planned"
    PANEL_SET = "panel.set"
    INVITATION_MADE = "invitation.made"
    INVITATION_REPEATED = "invitation.repeated"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    REPORT_ASKED = "report.asked"
    REQUEST_CLAIMED = "request.claimed"
    REQUEST_PASSED = "request.passed"
    REPORT_ANSWERED = "report.answered"
    REPORT_RECEIVED = "report.received"
    REPORT_CORRECTED = "report.corrected"
    REPORT_READ = "report.read"
    VERSIONS_COMPARED = "versions.compared"
    ORIGINAL_KEPT = "original.kept"
    ORIGINAL_OPENED = "original.opened"
    ORIGINAL_REMOVED = "original.removed"
    ORIGINALS_LIMITED = "originals.limited"
    UNSCANNED_CHOSEN = "unscanned.chosen"
    CATEGORY_4_CHOSEN = "category_4.chosen"
    FILE_REFUSED = "file.refused"
    FILE_EXAMINED = "file.examined"
    FILE_DROPPED = "file.dropped"
    FILE_WORDS_READ = "file.words_read"
    FILE_PAGE_SEEN = "file.page_seen"
    PACK_ARRANGED = "pack.arranged"
    PACK_PREVIEWED = "pack.previewed"
    PACK_SENT = "pack.sent"
    ANNEX_SENT = "annex.sent"
    ADDENDUM_SENT = "addendum.sent"
    STANDING_SIGNED = "standing.signed"
    STANDING_FOLLOWED = "standing.followed"
    STANDING_WITHDRAWN = "standing.withdrawn"
    ACCESS_GRANTED = "access.granted"
    ACCESS_TAKEN_BACK = "access.taken_back"
    ACCESS_EXTENDED = "access.extended"
    ACCESS_EXPIRED = "access.expired"
    STATEMENT_ACCEPTED = "statement.accepted"
    PAPER_OPENED = "paper.opened"
    COPY_TRACED = "copy.traced"
    TRACE_ASKED = "trace.asked"
    TRACE_IN_VAIN = "trace.in_vain"
    TRACE_READ = "trace.read"
    TRACE_ANSWERED = "trace.answered"
    ATTENDANCE_RECORDED = "attendance.recorded"
    ATTENDANCE_LOCKED = "attendance.locked"
    MINUTES_WRITTEN = "minutes.written"
    MINUTES_FORM_READ = "minutes.form_read"
    MINUTES_FILED = "minutes.filed"
    MINUTES_SET = "minutes.set"
    MINUTES_COMPARED = "minutes.compared"
    MINUTES_READ = "minutes.read"
    MINUTES_APPROVED = "minutes.approved"
    MINUTES_SENT = "minutes.sent"
    DUTY_RECORDED = "duty.recorded"
    SUMMARY_WRITTEN = "summary.written"
    SUMMARY_READ = "summary.read"
    SUMMARY_APPROVED = "summary.approved"
    EXTRACT_BEGUN = "extract.begun"
    EXTRACT_MADE = "extract.made"
    EXTRACT_CHECKED = "extract.checked"
    DISCLOSURE_ASKED = "disclosure.asked"
    DISCLOSURE_READ = "disclosure.read"
    DISCLOSURE_APPROVED = "disclosure.approved"
    DISCLOSURE_REFUSED = "disclosure.refused"
    CHAIRS_VIEW_WANTED = "chairs_view.wanted"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    SENDING_DISPOSED = "sending.disposed"
    CERTIFICATE_MADE = "certificate.made"
    DEED_REFUSED = "deed.refused"


FIELDS: Mapping[Deed, frozenset[str]] = {
    deed: frozenset(names.split())
    for deed, names in {
        Deed.AREA_OPENED: "unit_fingerprint kit_needed kit_held",
        Deed.UNIT_KEY_CHANGED: "former unit_fingerprint signature names members",
        Deed.UNIT_KEY_REWRAPPED: "case unit_fingerprint done left",
        Deed.KIT_READ_BACK: "unit_fingerprint kit kit_needed kit_held",
        Deed.KIT_DRILLED: "kit",
        Deed.UNIT_BROUGHT_BACK: "person kit",
        Deed.BACKUP_MADE: "backup lines files",
        Deed.BACKUP_RESTORED: "backup lines replayed missing",
        Deed.AGENCY_ADDED: "agency standing service reached",
        Deed.AGENCY_CHANGED: "agency changed reached",
        Deed.AGENCY_SHARED: "agency shared",
        Deed.AGENCY_LINKED: "agency standing service reached",
        Deed.PROVIDER_RECORDED: "agency settings",
        Deed.PROVIDER_CHANGED: "agency settings now",
        Deed.CLOCK_ACCEPTED: "wall",
        Deed.RECORD_ACCEPTED: "seen root",
        Deed.SERVER_KEY_CHANGED: "server_key key_version vkey",
        Deed.PERSON_INVITED: "person agency roles callback",
        Deed.PERSON_JOINED: "person",
        Deed.PERSON_LEFT: "person wraps_deleted",
        Deed.MEMBERSHIP_BEGUN: "person",
        Deed.ACCOUNT_MOVED: "person used_at",
        Deed.ROLES_CHANGED: "person agency was roles because callback",
        Deed.DEPUTY_NAMED: "person from_at until because",
        Deed.DEPUTY_ENDED: "person wraps_deleted",
        Deed.PEOPLE_CERTIFIED: "agency persons",
        Deed.PEOPLE_ASKED_AFTER: "agency persons",
        Deed.COVER_SET: "person covering until",
        Deed.ACCOUNT_DORMANT: "person since",
        Deed.ACCOUNT_WOKEN: "person check",
        Deed.TRIES_ALLOWED: "person",
        Deed.DORMANCY_WARNED: "person until",
        Deed.DORMANCY_LIMITED: "days",
        Deed.DORMANT_CAME: "person since",
        Deed.KEY_REGISTERED: "person fingerprint",
        Deed.KEY_CONFIRMED: "person fingerprint statement signature manifests",
        Deed.KEY_CHANGED: "person former fingerprint statement signature",
        Deed.KEY_REWRAPPED: "person fingerprint done left",
        Deed.KEY_ALARM: "person found expected",
        Deed.WORDS_GIVEN: "person words until statement signature grants manifests",
        Deed.WORDS_USED: "person words fingerprint statement signature",
        Deed.WORDS_ENDED: "person words",
        Deed.FACTOR_CHANGED: "person factor change",
        Deed.BACKUP_CODE_USED: "person left",
        Deed.PASSPHRASE_CHANGED: "person by",
        Deed.PERSON_VOUCHED: "person screen until",
        Deed.PERSON_PROOFED: "person how",
        Deed.PERSON_RENEWED: "person former proofed_by copies_waiting wraps_deleted",
        Deed.SESSION_OPENED: "person factor",
        Deed.SESSION_REOPENED: "person",
        Deed.SESSION_CLOSED: "person",
        Deed.NAMES_READ: "cases",
        Deed.PARTICULARS_READ: "case",
        Deed.REASONS_READ: "slot",
        Deed.RECORD_READ: "from_position",
        Deed.CASE_OPENED: "case lead_agency category level version manifest names",
        Deed.CASE_RESTRICTED: (
            "case lead_agency category level version manifest concern unit_fingerprint holders "
            "name signature"
        ),
        Deed.HOLDERS_CHANGED: "case former unit_fingerprint holders signature",
        Deed.MEETING_DAY_PLANNED: "meeting_day cases",
        Deed.PANEL_SET: "panel seats",
        Deed.INVITATION_MADE: "slot person agency capacity reason manifest",
        Deed.INVITATION_REPEATED: "slot person",
        Deed.INVITATION_WITHDRAWN: "slot person wraps_deleted",
        Deed.REPORT_ASKED: "request slot agency form due_on manifests",
        Deed.REQUEST_CLAIMED: "request before",
        Deed.REQUEST_PASSED: "request person before",
        Deed.REPORT_ANSWERED: "request answer reason",
        Deed.REPORT_RECEIVED: "request document version payload manifest late scan",
        Deed.REPORT_CORRECTED: (
            "request document version corrects payload manifest late scan reason"
        ),
        Deed.REPORT_READ: "version copy",
        Deed.VERSIONS_COMPARED: "version earlier copy",
        Deed.ORIGINAL_KEPT: "subject document version payload manifest sha256 size",
        Deed.ORIGINAL_OPENED: "subject version reason",
        Deed.ORIGINAL_REMOVED: "subject version",
        Deed.ORIGINALS_LIMITED: "days",
        Deed.UNSCANNED_CHOSEN: "taken",
        Deed.CATEGORY_4_CHOSEN: "handled",
        Deed.FILE_REFUSED: "subject code size",
        Deed.FILE_EXAMINED: "subject size pages scan",
        Deed.FILE_DROPPED: "subject",
        Deed.FILE_WORDS_READ: "subject sheet",
        Deed.FILE_PAGE_SEEN: "subject sheet",
        Deed.PACK_ARRANGED: "slot papers given annexes",
        Deed.PACK_PREVIEWED: "slot person copy",
        Deed.PACK_SENT: ("sending slot digest manifests granted waiting opens_at closes_at reason"),
        Deed.ANNEX_SENT: (
            "sending slot digest version others manifests granted waiting opens_at closes_at"
        ),
        Deed.ADDENDUM_SENT: (
            "sending slot digest version pack label manifests granted waiting opens_at closes_at "
            "reason"
        ),
        Deed.STANDING_SIGNED: "sending slot requests persons until statement signature",
        Deed.STANDING_FOLLOWED: "sending pack request statement",
        Deed.STANDING_WITHDRAWN: "sending",
        Deed.ACCESS_GRANTED: "grant person version manifest closes_at",
        Deed.ACCESS_TAKEN_BACK: "sending persons opened_by reason",
        Deed.ACCESS_EXTENDED: "grant person manifest closes_at reason",
        Deed.ACCESS_EXPIRED: "grant person",
        Deed.STATEMENT_ACCEPTED: "slot wording_version wording",
        Deed.PAPER_OPENED: "grant version purpose copy",
        Deed.COPY_TRACED: "copy position",
        Deed.TRACE_ASKED: "trace reason references file",
        Deed.TRACE_IN_VAIN: "code file",
        Deed.TRACE_READ: "trace",
        Deed.TRACE_ANSWERED: "trace person copies positions",
        Deed.ATTENDANCE_RECORDED: "slot register",
        Deed.ATTENDANCE_LOCKED: "slot register",
        Deed.MINUTES_WRITTEN: "slot section text",
        Deed.MINUTES_FORM_READ: "slot",
        Deed.MINUTES_FILED: "slot document version payload manifest scan findings",
        Deed.MINUTES_SET: "slot version written",
        Deed.MINUTES_COMPARED: "slot version earlier copy",
        Deed.MINUTES_READ: "slot version copy",
        Deed.MINUTES_APPROVED: "slot version",
        Deed.MINUTES_SENT: (
            "sending slot digest manifests granted waiting opens_at closes_at reason"
        ),
        Deed.DUTY_RECORDED: "slot person reason until",
        Deed.SUMMARY_WRITTEN: "slot text",
        Deed.SUMMARY_READ: "slot copy",
        Deed.SUMMARY_APPROVED: "slot version payload manifest text",
        Deed.EXTRACT_BEGUN: "version copy",
        Deed.EXTRACT_MADE: (
            "extract version source origin source_payload payload manifest pages marks removed"
        ),
        Deed.EXTRACT_CHECKED: "version",
        Deed.DISCLOSURE_ASKED: "request version receiver purpose",
        Deed.DISCLOSURE_READ: "request copy",
        Deed.DISCLOSURE_APPROVED: (
            "request version number authority reasons sending receiver manifests state"
        ),
        Deed.DISCLOSURE_REFUSED: "request reply reasons manifest",
        Deed.CHAIRS_VIEW_WANTED: "wanted",
        Deed.HOLD_PLACED: "case reason",
        Deed.HOLD_LIFTED: "case reason",
        Deed.SENDING_DISPOSED: "sending versions payloads wraps_deleted ended_at rule",
        Deed.CERTIFICATE_MADE: "sending certificate",
        Deed.DEED_REFUSED: "action subject why",
    }.items()
}


class WrongFields(Exception):
    """A line does not hold exactly the fields its deed declares: a defect, so nothing is done."""


@dataclass(frozen=True)
class Line:
    """One line for the ledger, checked when it is made."""

    deed: Deed
    fields: Mapping[str, Value]

    def __post_init__(self) -> None:
        if frozenset(self.fields) != FIELDS[self.deed]:
            raise WrongFields(f"{self.deed}: {sorted(self.fields)}")

    def leaf(self, actor: Actor, at: datetime) -> dict[str, Value]:
        """The whole leaf: who, where, when and what, ready for canonical JSON."""
        return {
            "v": 1,
            "area": actor.area_id,
            "actor": actor.person_id,
            "at": at.isoformat(timespec="microseconds"),
            "deed": self.deed.value,
            **self.fields,
        }


def line(deed: Deed, **fields: Value) -> Line:
    """Raises WrongFields unless `fields` are exactly those of the deed."""
    return Line(deed, fields)
