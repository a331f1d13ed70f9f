"""The closed list of actions, `scope:resource:verb`. A read action never guards a write."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """Everything that can be asked of the judge."""

    # one's own account
    OWN_ACCOUNT_READ = "own:account:read"
    OWN_PRACTICE_READ = "own:practice:read"
    OWN_SESSION_END = "own:session:end"
    OWN_SESSION_LOCK = "own:session:lock"
    OWN_PASSPHRASE_CHANGE = "own:passphrase:change"
    OWN_CODES_RENEW = "own:codes:renew"
    OWN_CODES_WRITE_DOWN = "own:codes:write_down"
    OWN_KEYS_CHANGE = "own:keys:change"
    OWN_FACTOR_ADD = "own:factor:add"
    OWN_FACTOR_REMOVE = "own:factor:remove"
    OWN_SIGN_ON_CHANGE = "own:sign_on:change"
    OWN_WORDS_USE = "own:words:use"
    OWN_MEMBERSHIP_BEGIN = "own:membership:begin"
    # single sign-on is kept by those who decide and by the operator
    SIGN_ON_READ = "sign_on:provider:read"
    SIGN_ON_RECORD = "sign_on:provider:record"
    # the unit prepares
    UNIT_BOARD_READ = "unit:board:read"
    UNIT_NAMES_READ = "unit:names:read"
    UNIT_PEOPLE_READ = "unit:people:read"
    UNIT_AGENCY_ADD = "unit:agency:add"
    UNIT_AGENCY_CHANGE = "unit:agency:change"
    UNIT_PERSON_INVITE = "unit:person:invite"
    UNIT_CARD_ISSUE = "unit:card:issue"
    UNIT_PERSON_REMOVE = "unit:person:remove"
    UNIT_PERSON_VOUCH = "unit:person:vouch"
    UNIT_KEY_CONFIRM = "unit:key:confirm"
    UNIT_CASE_OPEN = "unit:case:open"
    UNIT_CASE_READ = "unit:case:read"
    DECIDE_CASE_RESTRICT = "decide:case:restrict"
    DECIDE_HOLDERS_CHANGE = "decide:holders:change"
    UNIT_MEETING_PLAN = "unit:meeting:plan"
    UNIT_MEETING_READ = "unit:meeting:read"
    UNIT_PANEL_SET = "unit:panel:set"
    UNIT_REASONS_READ = "unit:reasons:read"
    UNIT_INVITATION_MAKE = "unit:invitation:make"
    UNIT_INVITATION_REPEAT = "unit:invitation:repeat"
    UNIT_INVITATION_WITHDRAW = "unit:invitation:withdraw"
    UNIT_REPORT_ASK = "unit:report:ask"
    UNIT_REPORT_READ = "unit:report:read"
    UNIT_PACK_READ = "unit:pack:read"
    UNIT_PACK_ARRANGE = "unit:pack:arrange"
    UNIT_PACK_PREVIEW = "unit:pack:preview"
    UNIT_ATTENDANCE_READ = "unit:attendance:read"
    UNIT_ATTENDANCE_RECORD = "unit:attendance:record"
    UNIT_MINUTES_WRITE = "unit:minutes:write"
    UNIT_MINUTES_FILE = "unit:minutes:file"
    UNIT_MINUTES_READ = "unit:minutes:read"
    UNIT_SUMMARY_READ = "unit:summary:read"
    UNIT_SUMMARY_WRITE = "unit:summary:write"
    UNIT_EXTRACT_MARK = "unit:extract:mark"
    UNIT_EXTRACT_MAKE = "unit:extract:make"
    UNIT_CERTIFICATE_MAKE = "unit:certificate:make"
    # coordinators and deputies decide
    DECIDE_SESSION_END = "decide:session:end"
    DECIDE_PERSON_WAKE = "decide:person:wake"
    DECIDE_TRIES_ALLOW = "decide:tries:allow"
    DECIDE_UNIT_KEY_CHANGE = "decide:unit_key:change"
    DECIDE_ROLES_CHANGE = "decide:roles:change"
    DECIDE_DEPUTY_NAME = "decide:deputy:name"
    DECIDE_DEPUTY_END = "decide:deputy:end"
    DECIDE_PERSON_PROOF = "decide:person:proof"
    DECIDE_PERSON_RENEW = "decide:person:renew"
    DECIDE_PACK_SEND = "decide:pack:send"
    DECIDE_STANDING_WITHDRAW = "decide:standing:withdraw"
    DECIDE_WAITING_GRANT = "decide:waiting:grant"
    DECIDE_WORDS_GIVE = "decide:words:give"
    DECIDE_ACCESS_TAKE_BACK = "decide:access:take_back"
    DECIDE_ACCESS_EXTEND = "decide:access:extend"
    DECIDE_ATTENDANCE_LOCK = "decide:attendance:lock"
    DECIDE_DUTY_RECORD = "decide:duty:record"
    DECIDE_MINUTES_SEND = "decide:minutes:send"
    DECIDE_SUMMARY_APPROVE = "decide:summary:approve"
    DECIDE_EXTRACT_CHECK = "decide:extract:check"
    DECIDE_CHAIRS_VIEW_WANT = "decide:chairs_view:want"
    DECIDE_HOLD_PLACE = "decide:hold:place"
    DECIDE_HOLD_LIFT = "decide:hold:lift"
    DECIDE_ORIGINAL_OPEN = "decide:original:open"
    DECIDE_ORIGINALS_LIMIT = "decide:originals:limit"
    DECIDE_CATEGORY_4_CHOOSE = "decide:category_4:choose"
    DECIDE_UNSCANNED_CHOOSE = "decide:unscanned:choose"
    DECIDE_DORMANCY_LIMIT = "decide:dormancy:limit"
    DECIDE_TRACE_ASK = "decide:trace:ask"
    DECIDE_DISCLOSURE_READ = "decide:disclosure:read"
    DECIDE_DISCLOSURE_DECIDE = "decide:disclosure:decide"
    # the chair
    CHAIR_MINUTES_READ = "chair:minutes:read"
    CHAIR_MINUTES_APPROVE = "chair:minutes:approve"
    # agencies
    AGENCY_REQUESTS_READ = "agency:requests:read"
    AGENCY_REQUEST_READ = "agency:request:read"
    AGENCY_REQUEST_CLAIM = "agency:request:claim"
    AGENCY_REPORT_UPLOAD = "agency:report:upload"
    AGENCY_REPORT_ANSWER = "agency:report:answer"
    AGENCY_REPORT_READ = "agency:report:read"
    AGENCY_ORIGINAL_OPEN = "agency:original:open"
    # an agency's single point of contact, about its own people
    SPOC_PEOPLE_READ = "spoc:people:read"
    SPOC_PEOPLE_CERTIFY = "spoc:people:certify"
    SPOC_PERSON_INVITE = "spoc:person:invite"
    SPOC_LINK_RESEND = "spoc:link:resend"
    SPOC_PERSON_REMOVE = "spoc:person:remove"
    SPOC_PERSON_WAKE = "spoc:person:wake"
    SPOC_TRIES_ALLOW = "spoc:tries:allow"
    SPOC_PERSON_VOUCH = "spoc:person:vouch"
    SPOC_CARD_ISSUE = "spoc:card:issue"
    SPOC_COVER_SET = "spoc:cover:set"
    # readers
    READER_HOME_READ = "reader:home:read"
    READER_STATEMENT_READ = "reader:statement:read"
    READER_STATEMENT_ACCEPT = "reader:statement:accept"
    READER_GRANT_SEE = "reader:grant:see"
    READER_PAPER_OPEN = "reader:paper:open"
    READER_DISCLOSURE_ASK = "reader:disclosure:ask"
    READER_DISCLOSURE_SEE = "reader:disclosure:see"
    # those who watch
    RECORD_READ = "record:ledger:read"
    RECORD_EXPORT = "record:ledger:export"
    RECORD_TRACE_READ = "record:trace:read"
    RECORD_TRACE_CONFIRM = "record:trace:confirm"
    OPERATOR_STATE_READ = "operator:state:read"


READING = frozenset(
    {
        Action.OWN_ACCOUNT_READ,
        Action.OWN_CODES_WRITE_DOWN,
        Action.OWN_PRACTICE_READ,
        Action.OWN_SESSION_END,
        Action.OWN_SESSION_LOCK,
        Action.READER_HOME_READ,
        Action.READER_STATEMENT_READ,
        Action.READER_STATEMENT_ACCEPT,
        Action.READER_GRANT_SEE,
        Action.READER_PAPER_OPEN,
        Action.READER_DISCLOSURE_SEE,
    }
)
"""All that a session which only reads can do: one's own papers, and leaving."""

BY_FACTOR = frozenset({Action.OWN_CODES_WRITE_DOWN})
"""What of that is not for a session without a second factor: what it would show is one."""
