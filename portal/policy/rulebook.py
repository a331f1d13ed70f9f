"""One table: action -> rule. An action without a row is refused.

A rule is a plain function of who acts, what the journey loaded, and the time. The judge has
already checked area, account and second factor before it asks a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from portal.domain.colleagues import OF_THE_AGENCY
from portal.domain.disclosures import DisclosureState
from portal.domain.facts import (
    Facts,
    InArea,
    OfCase,
    OfColleague,
    OfDisclosure,
    OfGrant,
    OfInvitee,
    OfMinutes,
    OfPerson,
    OfProofing,
    OfRequest,
    OfTrace,
)
from portal.domain.grants import Openness, openness
from portal.domain.papers import RequestStatus
from portal.domain.people import DECIDERS, RECORD_READERS, UNIT, Actor, Role
from portal.policy.actions import Action
from portal.policy.on_minutes import (
    approve_minutes,
    chair_of_slot,
    file_minutes,
    lock_attendance,
    record_attendance,
    send_minutes,
)
from portal.policy.restricted import Rule, holds, of_case
from portal.policy.second_person import confirm_trace, renew_person
from portal.policy.verdict import YES, Verdict, Why, no


def everyone(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Anybody signed in, about what is theirs."""
    return YES


def role_of(allowed: frozenset[Role]) -> Rule:
    """Anybody with one of these roles in the area (rule 14)."""

    def rule(actor: Actor, facts: Facts, now: datetime) -> Verdict:
        return YES if actor.has(allowed) else no(Why.NOT_YOUR_ROLE)

    return rule


unit = role_of(UNIT)
deciders = role_of(DECIDERS)
unit_on_case = of_case(unit)
deciders_on_case = of_case(deciders)
chair = role_of(frozenset({Role.CHAIR}))
contacts = role_of(frozenset({Role.CONTACT}))
spocs = role_of(frozenset({Role.SPOC}))
record_readers = role_of(RECORD_READERS)
operators = role_of(frozenset({Role.OPERATOR}))
sign_on_readers = role_of(UNIT | {Role.OPERATOR})
sign_on_keepers = role_of(DECIDERS | {Role.OPERATOR})


def never_of_oneself(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """A key is confirmed by somebody else who spoke to its owner; nobody removes themselves."""
    assert isinstance(facts, OfPerson)
    if not actor.has(DECIDERS):
        return no(Why.NOT_YOUR_ROLE)
    return no(Why.NOT_ONESELF) if facts.person_id == actor.person_id else YES


def coordinator_for_another(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """A co-ordinator, about somebody else: no deputy makes another co-ordinator, and whoever gives
    and takes roles always stays one (rule 14)."""
    assert isinstance(facts, OfPerson)
    if Role.COORDINATOR not in actor.roles:
        return no(Why.NOT_YOUR_ROLE)
    return no(Why.NOT_ONESELF) if facts.person_id == actor.person_id else YES


def unit_for_another(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Anybody of the unit, about somebody else."""
    assert isinstance(facts, OfPerson)
    if not actor.has(UNIT):
        return no(Why.NOT_YOUR_ROLE)
    return no(Why.NOT_ONESELF) if facts.person_id == actor.person_id else YES


def own_colleague(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """A single point of contact, about somebody else of their own agency who has no other role than
    the agency's own; another agency's people do not exist for them."""
    assert isinstance(facts, OfColleague)
    if Role.SPOC not in actor.roles or facts.agency_id != actor.agency_id:
        return no(Why.NOT_THERE)
    if facts.person_id == actor.person_id:
        return no(Why.NOT_ONESELF)
    return YES if facts.roles <= OF_THE_AGENCY else no(Why.NOT_YOUR_ROLE)


def own_agency(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """A contact, about a request made to their own agency; another's does not exist for them."""
    assert isinstance(facts, OfRequest)
    if Role.CONTACT not in actor.roles or facts.agency_id != actor.agency_id:
        return no(Why.NOT_THERE)
    return YES


def own_agency_while_open(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """The agency's own report, while its window is open."""
    assert isinstance(facts, OfRequest)
    if not (verdict := own_agency(actor, facts, now)):
        return verdict
    return YES if now < facts.window_closes_at else no(Why.WINDOW_CLOSED)


def hand_in(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """A report, or a corrected one (rule 57): asked, open, and by the right service (rule 20)."""
    assert isinstance(facts, OfRequest)
    if not (verdict := own_agency_while_open(actor, facts, now)):
        return verdict
    return YES if facts.accepts else no(Why.WRONG_SERVICE)


def answer(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Answering without a report: as above, and no report was received yet."""
    assert isinstance(facts, OfRequest)
    if not (verdict := hand_in(actor, facts, now)):
        return verdict
    if facts.status is RequestStatus.RECEIVED:
        return no(Why.ALREADY_ANSWERED)
    return YES


def invitee(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Those on the list of this slot; for others it does not exist (rule 2)."""
    assert isinstance(facts, OfInvitee)
    return YES if actor.person_id in facts.invited else no(Why.NOT_THERE)


def own_grant(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """The reader whose grant it is may see that it exists, and why it does not open."""
    assert isinstance(facts, OfGrant)
    return YES if facts.grant.person_id == actor.person_id else no(Why.NOT_THERE)


_CLOSED = {
    Openness.NOT_YET: Why.NOT_YET,
    Openness.ENDED: Why.ENDED,
    Openness.TAKEN_BACK: Why.TAKEN_BACK,
    Openness.WAITING: Why.CANNOT_OPEN_YET,
    Openness.UNREADABLE: Why.TIMES_UNREADABLE,
}


def open_paper(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Own grant, open now, statement accepted in its current wording (rules 27, 30)."""
    assert isinstance(facts, OfGrant)
    if not (verdict := own_grant(actor, facts, now)):
        return verdict
    state = openness(facts.grant, now)
    if state is not Openness.OPEN:
        return no(_CLOSED[state])
    return YES if facts.statement_accepted else no(Why.STATEMENT_FIRST)


def see_own_disclosure(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Whoever asked may see what became of it."""
    assert isinstance(facts, OfDisclosure)
    return YES if facts.asked_by == actor.person_id else no(Why.NOT_THERE)


def decide_disclosure(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Rules 60 and 62: a coordinator, never on their own request nor for themselves, once."""
    assert isinstance(facts, OfDisclosure)
    if not actor.has(DECIDERS):
        return no(Why.NOT_YOUR_ROLE)
    if not holds(actor, facts):
        return no(Why.NOT_THERE)
    if actor.person_id in (facts.asked_by, facts.receiver_id):
        return no(Why.OWN_REQUEST)
    return YES if facts.state is DisclosureState.ASKED else no(Why.ALREADY_DECIDED)


RULES: Mapping[Action, Rule] = {
    Action.OWN_ACCOUNT_READ: everyone,
    Action.OWN_PRACTICE_READ: everyone,
    Action.OWN_SESSION_END: everyone,
    Action.OWN_SESSION_LOCK: everyone,
    Action.OWN_PASSPHRASE_CHANGE: everyone,
    Action.OWN_CODES_RENEW: everyone,
    Action.OWN_CODES_WRITE_DOWN: everyone,
    Action.OWN_KEYS_CHANGE: everyone,
    Action.OWN_FACTOR_ADD: everyone,
    Action.OWN_FACTOR_REMOVE: everyone,
    Action.OWN_SIGN_ON_CHANGE: everyone,
    Action.OWN_WORDS_USE: everyone,
    Action.OWN_MEMBERSHIP_BEGIN: everyone,
    Action.UNIT_BOARD_READ: unit,
    Action.UNIT_NAMES_READ: unit,
    Action.UNIT_PEOPLE_READ: unit,
    Action.UNIT_AGENCY_ADD: unit,
    Action.UNIT_AGENCY_CHANGE: unit,
    Action.SIGN_ON_READ: sign_on_readers,
    Action.SIGN_ON_RECORD: sign_on_keepers,
    Action.UNIT_PERSON_INVITE: unit,
    Action.UNIT_CARD_ISSUE: unit_for_another,
    Action.UNIT_PERSON_REMOVE: never_of_oneself,
    Action.DECIDE_SESSION_END: never_of_oneself,
    Action.DECIDE_UNIT_KEY_CHANGE: deciders,
    Action.DECIDE_ROLES_CHANGE: coordinator_for_another,
    Action.DECIDE_DEPUTY_NAME: coordinator_for_another,
    Action.DECIDE_DEPUTY_END: coordinator_for_another,
    Action.UNIT_PERSON_VOUCH: unit_for_another,
    Action.DECIDE_PERSON_WAKE: never_of_oneself,
    Action.DECIDE_TRIES_ALLOW: never_of_oneself,
    Action.UNIT_KEY_CONFIRM: never_of_oneself,
    Action.UNIT_CASE_OPEN: unit,
    Action.UNIT_CASE_READ: unit_on_case,
    Action.DECIDE_CASE_RESTRICT: deciders,
    Action.DECIDE_HOLDERS_CHANGE: deciders_on_case,
    Action.UNIT_MEETING_PLAN: unit,
    Action.UNIT_PANEL_SET: unit,
    Action.UNIT_MEETING_READ: unit_on_case,
    Action.UNIT_REASONS_READ: unit_on_case,
    Action.UNIT_INVITATION_MAKE: unit_on_case,
    Action.UNIT_INVITATION_REPEAT: unit_on_case,
    Action.UNIT_INVITATION_WITHDRAW: unit_on_case,
    Action.UNIT_REPORT_ASK: unit_on_case,
    Action.UNIT_REPORT_READ: unit_on_case,
    Action.UNIT_PACK_READ: unit_on_case,
    Action.UNIT_PACK_ARRANGE: unit_on_case,
    Action.UNIT_PACK_PREVIEW: unit_on_case,
    Action.UNIT_ATTENDANCE_READ: unit_on_case,
    Action.UNIT_ATTENDANCE_RECORD: record_attendance,
    Action.UNIT_MINUTES_WRITE: file_minutes,
    Action.UNIT_MINUTES_FILE: file_minutes,
    Action.UNIT_MINUTES_READ: unit_on_case,
    Action.UNIT_SUMMARY_READ: unit_on_case,
    Action.UNIT_SUMMARY_WRITE: unit_on_case,
    Action.UNIT_EXTRACT_MARK: unit_on_case,
    Action.UNIT_EXTRACT_MAKE: unit_on_case,
    Action.UNIT_CERTIFICATE_MAKE: unit_on_case,
    Action.DECIDE_PERSON_PROOF: never_of_oneself,
    Action.DECIDE_PERSON_RENEW: renew_person,
    Action.DECIDE_PACK_SEND: deciders_on_case,
    Action.DECIDE_STANDING_WITHDRAW: deciders_on_case,
    Action.DECIDE_WAITING_GRANT: deciders,
    Action.DECIDE_WORDS_GIVE: never_of_oneself,
    Action.DECIDE_ACCESS_TAKE_BACK: deciders_on_case,
    Action.DECIDE_ACCESS_EXTEND: deciders_on_case,
    Action.DECIDE_ATTENDANCE_LOCK: lock_attendance,
    Action.DECIDE_DUTY_RECORD: deciders_on_case,
    Action.DECIDE_MINUTES_SEND: send_minutes,
    Action.DECIDE_SUMMARY_APPROVE: deciders_on_case,
    Action.DECIDE_EXTRACT_CHECK: deciders_on_case,
    Action.DECIDE_CHAIRS_VIEW_WANT: deciders,
    Action.DECIDE_HOLD_PLACE: deciders_on_case,
    Action.DECIDE_HOLD_LIFT: deciders_on_case,
    Action.DECIDE_ORIGINAL_OPEN: deciders_on_case,
    Action.DECIDE_ORIGINALS_LIMIT: deciders,
    Action.DECIDE_CATEGORY_4_CHOOSE: deciders,
    Action.DECIDE_UNSCANNED_CHOOSE: deciders,
    Action.DECIDE_DORMANCY_LIMIT: deciders,
    Action.DECIDE_TRACE_ASK: deciders,
    Action.DECIDE_DISCLOSURE_READ: deciders_on_case,
    Action.DECIDE_DISCLOSURE_DECIDE: decide_disclosure,
    Action.CHAIR_MINUTES_READ: chair_of_slot,
    Action.CHAIR_MINUTES_APPROVE: approve_minutes,
    Action.AGENCY_REQUESTS_READ: contacts,
    Action.AGENCY_REQUEST_READ: own_agency,
    Action.AGENCY_REQUEST_CLAIM: own_agency_while_open,
    Action.AGENCY_REPORT_UPLOAD: hand_in,
    Action.AGENCY_REPORT_ANSWER: answer,
    Action.AGENCY_REPORT_READ: own_agency_while_open,
    Action.AGENCY_ORIGINAL_OPEN: own_agency,
    Action.SPOC_PEOPLE_READ: spocs,
    Action.SPOC_PEOPLE_CERTIFY: spocs,
    Action.SPOC_PERSON_INVITE: spocs,
    Action.SPOC_LINK_RESEND: own_colleague,
    Action.SPOC_PERSON_REMOVE: own_colleague,
    Action.SPOC_PERSON_WAKE: own_colleague,
    Action.SPOC_TRIES_ALLOW: own_colleague,
    Action.SPOC_PERSON_VOUCH: own_colleague,
    Action.SPOC_CARD_ISSUE: own_colleague,
    Action.SPOC_COVER_SET: own_colleague,
    Action.READER_HOME_READ: everyone,
    Action.READER_STATEMENT_READ: invitee,
    Action.READER_STATEMENT_ACCEPT: invitee,
    Action.READER_GRANT_SEE: own_grant,
    Action.READER_PAPER_OPEN: open_paper,
    Action.READER_DISCLOSURE_ASK: open_paper,
    Action.READER_DISCLOSURE_SEE: see_own_disclosure,
    Action.RECORD_READ: record_readers,
    Action.RECORD_EXPORT: record_readers,
    Action.RECORD_TRACE_READ: record_readers,
    Action.RECORD_TRACE_CONFIRM: confirm_trace,
    Action.OPERATOR_STATE_READ: operators,
}

EXPECTS: Mapping[Rule, type] = {
    unit_on_case: OfCase,
    deciders_on_case: OfCase,
    never_of_oneself: OfPerson,
    coordinator_for_another: OfPerson,
    unit_for_another: OfPerson,
    own_colleague: OfColleague,
    own_agency: OfRequest,
    own_agency_while_open: OfRequest,
    hand_in: OfRequest,
    answer: OfRequest,
    invitee: OfInvitee,
    own_grant: OfGrant,
    open_paper: OfGrant,
    chair_of_slot: OfMinutes,
    approve_minutes: OfMinutes,
    file_minutes: OfMinutes,
    record_attendance: OfMinutes,
    lock_attendance: OfMinutes,
    send_minutes: OfMinutes,
    see_own_disclosure: OfDisclosure,
    decide_disclosure: OfDisclosure,
    confirm_trace: OfTrace,
    renew_person: OfProofing,
}
"""The facts a rule needs; every other rule takes InArea. Handing in the wrong kind is refused."""


NEEDS: Mapping[Rule, frozenset[Role]] = {
    unit: UNIT,
    unit_on_case: UNIT,
    deciders: DECIDERS,
    deciders_on_case: DECIDERS,
    chair: frozenset({Role.CHAIR}),
    contacts: frozenset({Role.CONTACT}),
    spocs: frozenset({Role.SPOC}),
    own_colleague: frozenset({Role.SPOC}),
    record_readers: RECORD_READERS,
    operators: frozenset({Role.OPERATOR}),
    never_of_oneself: DECIDERS,
    coordinator_for_another: frozenset({Role.COORDINATOR}),
    unit_for_another: UNIT,
    file_minutes: UNIT,
    record_attendance: UNIT,
    lock_attendance: DECIDERS | {Role.CHAIR},
    send_minutes: DECIDERS,
    decide_disclosure: DECIDERS,
    confirm_trace: RECORD_READERS,
    renew_person: DECIDERS,
}
"""The roles without any of which a rule says "not your role" whatever it is asked about."""

HIDES: Mapping[Rule, frozenset[Role]] = {
    own_agency: frozenset({Role.CONTACT}),
    own_agency_while_open: frozenset({Role.CONTACT}),
    hand_in: frozenset({Role.CONTACT}),
    answer: frozenset({Role.CONTACT}),
    chair_of_slot: frozenset({Role.CHAIR}),
    approve_minutes: frozenset({Role.CHAIR}),
}
"""The roles without any of which a rule says that nothing is there, whatever it is asked about."""


def needed_roles(action: Action) -> frozenset[Role] | None:
    """The roles of which the action needs one, before anything is looked at; None for any."""
    return NEEDS.get(RULES[action])


def lacking(action: Action, why: Why) -> frozenset[Role]:
    """The roles of which one may be what was missing, where the answer was `why`."""
    told = {Why.NOT_YOUR_ROLE: NEEDS, Why.NOT_THERE: HIDES}.get(why, {})
    return told.get(RULES[action], frozenset())


def expected_facts(action: Action) -> type:
    """The kind of facts the action's rule needs."""
    return EXPECTS.get(RULES[action], InArea)
