"""Which lines each action may leave in the ledger. A deed that leaves another is a defect.

Actions that are not here only look: they leave no line.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.deeds import Deed
from portal.policy.actions import Action

LEAVES: Mapping[Action, frozenset[Deed]] = {
    action: frozenset(deeds)
    for action, deeds in {
        Action.OWN_SESSION_END: {Deed.SESSION_CLOSED},
        Action.OWN_PASSPHRASE_CHANGE: {Deed.PASSPHRASE_CHANGED},
        Action.OWN_CODES_RENEW: {Deed.FACTOR_CHANGED},
        Action.OWN_FACTOR_ADD: {Deed.FACTOR_CHANGED},
        Action.OWN_FACTOR_REMOVE: {Deed.FACTOR_CHANGED},
        Action.UNIT_NAMES_READ: {Deed.NAMES_READ},
        Action.UNIT_AGENCY_ADD: {Deed.AGENCY_ADDED},
        Action.UNIT_AGENCY_CHANGE: {Deed.AGENCY_CHANGED},
        Action.UNIT_PERSON_INVITE: {Deed.PERSON_INVITED},
        Action.UNIT_CARD_ISSUE: {Deed.FACTOR_CHANGED},
        Action.UNIT_PERSON_REMOVE: {Deed.PERSON_LEFT},
        Action.DECIDE_SESSION_END: {Deed.SESSION_CLOSED},
        Action.UNIT_PERSON_VOUCH: {Deed.PERSON_VOUCHED},
        Action.UNIT_KEY_CONFIRM: {Deed.KEY_CONFIRMED},
        Action.UNIT_CASE_OPEN: {Deed.CASE_OPENED},
        Action.UNIT_CASE_READ: {Deed.PARTICULARS_READ},
        Action.UNIT_MEETING_PLAN: {Deed.MEETING_DAY_PLANNED},
        Action.UNIT_REASONS_READ: {Deed.REASONS_READ},
        Action.UNIT_INVITATION_MAKE: {Deed.INVITATION_MADE, Deed.REPORT_ASKED},
        Action.UNIT_INVITATION_WITHDRAW: {Deed.INVITATION_WITHDRAWN},
        Action.UNIT_REPORT_ASK: {Deed.REPORT_ASKED},
        Action.UNIT_REPORT_READ: {Deed.REPORT_READ},
        Action.UNIT_PACK_ARRANGE: {Deed.PACK_ARRANGED},
        Action.UNIT_PACK_PREVIEW: {Deed.PACK_PREVIEWED},
        Action.UNIT_ATTENDANCE_RECORD: {Deed.ATTENDANCE_RECORDED},
        Action.UNIT_MINUTES_WRITE: {Deed.MINUTES_WRITTEN, Deed.MINUTES_FORM_READ},
        Action.UNIT_MINUTES_FILE: {
            Deed.MINUTES_FILED,
            Deed.MINUTES_SET,
            Deed.PARTICULARS_READ,
            Deed.FILE_REFUSED,
        },
        Action.UNIT_MINUTES_READ: {Deed.MINUTES_READ},
        Action.UNIT_SUMMARY_READ: {Deed.SUMMARY_READ},
        Action.UNIT_SUMMARY_WRITE: {Deed.SUMMARY_WRITTEN},
        Action.DECIDE_SUMMARY_APPROVE: {Deed.SUMMARY_APPROVED, Deed.PARTICULARS_READ},
        Action.UNIT_EXTRACT_MARK: {Deed.EXTRACT_BEGUN},
        Action.UNIT_EXTRACT_MAKE: {Deed.EXTRACT_MADE},
        Action.DECIDE_EXTRACT_CHECK: {Deed.EXTRACT_CHECKED},
        Action.UNIT_CERTIFICATE_MAKE: {Deed.CERTIFICATE_MADE},
        Action.DECIDE_CHAIRS_VIEW_WANT: {Deed.CHAIRS_VIEW_WANTED},
        Action.DECIDE_HOLD_PLACE: {Deed.HOLD_PLACED},
        Action.DECIDE_HOLD_LIFT: {Deed.HOLD_LIFTED},
        Action.DECIDE_PACK_SEND: {Deed.PACK_SENT, Deed.ANNEX_SENT, Deed.ADDENDUM_SENT},
        Action.DECIDE_WAITING_GRANT: {Deed.ACCESS_GRANTED},
        Action.DECIDE_ACCESS_TAKE_BACK: {Deed.ACCESS_TAKEN_BACK},
        Action.DECIDE_ACCESS_EXTEND: {Deed.ACCESS_EXTENDED},
        Action.DECIDE_ATTENDANCE_LOCK: {Deed.ATTENDANCE_LOCKED},
        Action.DECIDE_DUTY_RECORD: {Deed.DUTY_RECORDED},
        Action.DECIDE_MINUTES_SEND: {Deed.MINUTES_SENT},
        Action.DECIDE_ORIGINAL_OPEN: {Deed.ORIGINAL_OPENED},
        Action.DECIDE_ORIGINALS_LIMIT: {Deed.ORIGINALS_LIMITED},
        Action.DECIDE_DISCLOSURE_READ: {Deed.DISCLOSURE_READ},
        Action.DECIDE_DISCLOSURE_DECIDE: {Deed.DISCLOSURE_APPROVED, Deed.DISCLOSURE_REFUSED},
        Action.CHAIR_MINUTES_READ: {Deed.MINUTES_READ, Deed.MINUTES_COMPARED},
        Action.CHAIR_MINUTES_APPROVE: {Deed.MINUTES_APPROVED},
        Action.AGENCY_REQUEST_READ: {Deed.PARTICULARS_READ},
        Action.AGENCY_REQUEST_CLAIM: {Deed.REQUEST_CLAIMED},
        Action.AGENCY_REPORT_UPLOAD: {
            Deed.FILE_EXAMINED,
            Deed.FILE_REFUSED,
            Deed.REPORT_RECEIVED,
            Deed.REPORT_CORRECTED,
            Deed.ORIGINAL_KEPT,
        },
        Action.AGENCY_REPORT_ANSWER: {Deed.REPORT_ANSWERED},
        Action.AGENCY_REPORT_READ: {Deed.REPORT_READ},
        Action.AGENCY_ORIGINAL_OPEN: {Deed.ORIGINAL_OPENED},
        Action.SPOC_PEOPLE_CERTIFY: {Deed.PEOPLE_CERTIFIED, Deed.PERSON_LEFT},
        Action.SPOC_PERSON_INVITE: {Deed.PERSON_INVITED},
        Action.SPOC_PERSON_REMOVE: {Deed.PERSON_LEFT},
        Action.SPOC_COVER_SET: {Deed.COVER_SET, Deed.REQUEST_PASSED},
        Action.READER_STATEMENT_READ: {Deed.PARTICULARS_READ},
        Action.READER_STATEMENT_ACCEPT: {Deed.STATEMENT_ACCEPTED},
        Action.READER_PAPER_OPEN: {Deed.PAPER_OPENED},
        Action.READER_DISCLOSURE_ASK: {Deed.DISCLOSURE_ASKED},
        Action.READER_DISCLOSURE_SEE: {Deed.DISCLOSURE_READ},
        Action.RECORD_READ: {Deed.RECORD_READ},
        Action.RECORD_EXPORT: {Deed.RECORD_READ},
        Action.DECIDE_TRACE_ASK: {Deed.TRACE_ASKED, Deed.TRACE_IN_VAIN},
        Action.RECORD_TRACE_READ: {Deed.TRACE_READ},
        Action.RECORD_TRACE_CONFIRM: {Deed.TRACE_ANSWERED},
    }.items()
}
