"""The judge: default is no, and every persona's answer to every action is written down here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

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
from portal.domain.grants import Grant, GrantState
from portal.domain.ids import AgencyId, AreaId, GrantId, ManifestId, PersonId, SendingId, VersionId
from portal.domain.papers import RequestStatus
from portal.domain.people import Account, Actor, Role
from portal.policy.actions import BY_FACTOR, READING, Action
from portal.policy.judge import (
    FACTOR_LASTS,
    UNIT_FACTOR_LASTS,
    Refused,
    at_all,
    may,
    require,
    visible,
)
from portal.policy.rulebook import RULES, expected_facts
from portal.policy.verdict import Why

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
AREA = AreaId("area")
ME = PersonId("me")
MINE = AgencyId("mine")


def actor(*roles: Role) -> Actor:
    return Actor(ME, AREA, MINE, "Me", "Mine", frozenset(roles), NOW - timedelta(hours=1))


GRANT = Grant(
    GrantId("g"), AREA, SendingId("s"), VersionId("v"), ME, ManifestId("m"), 1, 1,
    NOW - timedelta(days=1), NOW + timedelta(days=1), GrantState.GRANTED, NOW,
)  # fmt: skip
FRIENDLY: dict[type, Facts] = {
    InArea: InArea(AREA),
    OfCase: OfCase(AREA, None),
    OfPerson: OfPerson(AREA, PersonId("other")),
    OfColleague: OfColleague(AREA, MINE, PersonId("other"), frozenset({Role.ATTENDEE})),
    OfRequest: OfRequest(AREA, MINE, True, RequestStatus.REQUESTED, NOW + timedelta(days=1)),
    OfInvitee: OfInvitee(AREA, frozenset({ME})),
    OfGrant: OfGrant(AREA, GRANT, True),
    OfMinutes: OfMinutes(AREA, frozenset(), True, False, False, None),
    OfDisclosure: OfDisclosure(
        AREA, PersonId("asker"), PersonId("receiver"), DisclosureState.ASKED, None
    ),
    OfTrace: OfTrace(AREA, PersonId("asker"), NOW + timedelta(minutes=1), False),
    OfProofing: OfProofing(
        AREA, PersonId("lost"), PersonId("asker"), NOW + timedelta(minutes=1), False
    ),
}
"""For each kind of facts, ones that stand in nobody's way but for the role."""

UNIT = {Role.COORDINATOR, Role.DEPUTY, Role.ADMINISTRATOR}
DECIDERS = {Role.COORDINATOR, Role.DEPUTY}
ALL = set(Role)

ROLES_THAT_MAY: dict[str, set[Role]] = {
    "own:": ALL,
    "sign_on:provider:read": UNIT | {Role.OPERATOR},
    "sign_on:": DECIDERS | {Role.OPERATOR},
    "unit:person:remove": DECIDERS,
    "unit:key:confirm": DECIDERS,
    "unit:": UNIT,
    "decide:minutes:send": set(),  # approval and lock are missing in the friendly facts
    "decide:roles:": {Role.COORDINATOR},
    "decide:deputy:": {Role.COORDINATOR},
    "decide:": DECIDERS,
    "chair:": set(),  # nobody chairs in the friendly facts
    "agency:": {Role.CONTACT},
    "spoc:": {Role.SPOC},
    "reader:disclosure:see": set(),  # somebody else asked in the friendly facts
    "reader:": ALL,
    "record:": DECIDERS | {Role.AUDITOR},
    "operator:": {Role.OPERATOR},
}


def allowed(action: Action) -> set[Role]:
    return next(v for k, v in ROLES_THAT_MAY.items() if action.value.startswith(k))


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_rule_14_every_role_and_every_action(action: Action, role: Role) -> None:
    facts = FRIENDLY[expected_facts(action)]
    assert bool(may(actor(role), action, facts, NOW)) == (role in allowed(action))


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_a_rule(action: Action) -> None:
    assert action in RULES


@pytest.mark.parametrize("action", list(Action))
def test_nobody_acts_in_another_area(action: Action) -> None:
    facts = replace(FRIENDLY[expected_facts(action)], area_id=AreaId("elsewhere"))
    verdict = may(actor(*Role), action, facts, NOW)
    assert verdict.why is Why.NOT_THERE


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("account", [Account.INVITED, Account.LEFT])
def test_rule_81_a_closed_account_may_nothing(action: Action, account: Account) -> None:
    who = replace(actor(*Role), account=account)
    assert may(who, action, FRIENDLY[expected_facts(action)], NOW).why is Why.ACCOUNT_CLOSED


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize(
    "at", [None, NOW + timedelta(seconds=1), NOW - UNIT_FACTOR_LASTS, NOW - timedelta(days=30)]
)
def test_rule_28_without_this_sessions_factor_nothing(action: Action, at: datetime | None) -> None:
    who = replace(actor(*Role), factor_at=at)
    assert may(who, action, FRIENDLY[expected_facts(action)], NOW).why is Why.SIGN_IN_AGAIN


@pytest.mark.parametrize("action", list(Action))
def test_rule_28_it_lasts_longer_for_the_unit_alone(action: Action) -> None:
    facts = FRIENDLY[expected_facts(action)]
    others = replace(actor(*(set(Role) - UNIT)), factor_at=NOW - FACTOR_LASTS)
    assert may(others, action, facts, NOW).why is Why.SIGN_IN_AGAIN
    unit = replace(actor(*Role), factor_at=NOW - UNIT_FACTOR_LASTS + timedelta(seconds=1))
    assert may(unit, action, facts, NOW).why is not Why.SIGN_IN_AGAIN


@pytest.mark.parametrize("action", sorted(set(Action) - READING))
def test_a_session_that_only_reads_changes_nothing(action: Action) -> None:
    who = replace(actor(*Role), reads_only=True)
    assert may(who, action, FRIENDLY[expected_facts(action)], NOW).why is Why.READS_ONLY


@pytest.mark.parametrize("action", sorted(READING))
def test_whoever_was_vouched_for_does_not_see_what_would_be_a_factor(action: Action) -> None:
    who = replace(actor(*Role), reads_only=True)
    facts = FRIENDLY[expected_facts(action)]
    assert may(who, action, facts, NOW).why is not Why.READS_ONLY
    barred = may(replace(who, vouched=True), action, facts, NOW).why is Why.READS_ONLY
    assert barred == (action in BY_FACTOR)


def test_reading_holds_nothing_that_gives_or_changes() -> None:
    kinds = {action.value.rpartition(":")[2] for action in READING}
    assert kinds == {"read", "see", "open", "accept", "end", "lock", "write_down"}


@pytest.mark.parametrize("action", list(Action))
def test_facts_of_another_kind_are_refused(action: Action) -> None:
    for kind, facts in FRIENDLY.items():
        if kind is not expected_facts(action):
            assert may(actor(*Role), action, facts, NOW).why is Why.NOT_THERE


def asked(**changed: object) -> OfRequest:
    return replace(FRIENDLY[OfRequest], **changed)  # type: ignore[type-var,arg-type,return-value]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (asked(agency_id=AgencyId("theirs")), Why.NOT_THERE),
        (asked(accepts=False), Why.WRONG_SERVICE),
        (asked(window_closes_at=NOW), Why.WINDOW_CLOSED),
        (asked(window_closes_at=NOW - timedelta(days=1)), Why.WINDOW_CLOSED),
    ],
)
def test_rules_18_to_20_who_may_answer_a_request(facts: OfRequest, why: Why) -> None:
    for action in (Action.AGENCY_REPORT_UPLOAD, Action.AGENCY_REPORT_ANSWER):
        assert may(actor(Role.CONTACT), action, facts, NOW).why is why


def test_rule_57_what_was_received_may_be_corrected_and_not_answered_away() -> None:
    facts, who = asked(status=RequestStatus.RECEIVED), actor(Role.CONTACT)
    assert may(who, Action.AGENCY_REPORT_ANSWER, facts, NOW).why is Why.ALREADY_ANSWERED
    assert may(who, Action.AGENCY_REPORT_UPLOAD, facts, NOW)


def test_another_agencys_report_does_not_exist() -> None:
    facts = asked(agency_id=AgencyId("theirs"))
    for action in (Action.AGENCY_REQUEST_READ, Action.AGENCY_REPORT_READ):
        assert may(actor(*Role), action, facts, NOW).why is Why.NOT_THERE


def granted(**changed: object) -> OfGrant:
    return OfGrant(AREA, replace(GRANT, **changed), True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (granted(person_id=PersonId("other")), Why.NOT_THERE),
        (granted(opens_at=NOW + timedelta(seconds=1)), Why.NOT_YET),
        (granted(closes_at=NOW), Why.ENDED),
        (granted(state=GrantState.EXPIRED), Why.ENDED),
        (granted(state=GrantState.TAKEN_BACK), Why.TAKEN_BACK),
        (granted(state=GrantState.WAITING), Why.CANNOT_OPEN_YET),
        (granted(closes_at=None), Why.TIMES_UNREADABLE),
        (OfGrant(AREA, GRANT, False), Why.STATEMENT_FIRST),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_rules_27_30_what_keeps_a_paper_shut(facts: OfGrant, why: Why, role: Role) -> None:
    assert may(actor(role), Action.READER_PAPER_OPEN, facts, NOW).why is why


def test_rule_2_those_not_on_the_list_see_nothing() -> None:
    facts = OfInvitee(AREA, frozenset({PersonId("other")}))
    assert may(actor(*Role), Action.READER_STATEMENT_ACCEPT, facts, NOW).why is Why.NOT_THERE


def test_nobody_confirms_their_own_key_or_removes_themselves() -> None:
    facts = OfPerson(AREA, ME)
    for action in (Action.UNIT_KEY_CONFIRM, Action.UNIT_PERSON_REMOVE):
        assert may(actor(*Role), action, facts, NOW).why is Why.NOT_ONESELF


def minutes(**changed: object) -> OfMinutes:
    ready = OfMinutes(AREA, frozenset({ME}), True, True, True, None)
    return replace(ready, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (minutes(filed=False, approved=False), Why.NOT_FILED),
        (minutes(attendance_locked=False), Why.NOT_LOCKED),
        (minutes(approved=False), Why.NOT_APPROVED),
        (minutes(), None),
    ],
)
def test_rules_42_51_what_minutes_need_before_they_go(facts: OfMinutes, why: Why | None) -> None:
    assert may(actor(Role.COORDINATOR), Action.DECIDE_MINUTES_SEND, facts, NOW).why is why


def test_rule_51_only_this_slots_chair_approves_and_only_once() -> None:
    approve = Action.CHAIR_MINUTES_APPROVE
    waiting = minutes(approved=False)
    assert may(actor(), approve, waiting, NOW)
    assert may(actor(), approve, minutes(), NOW).why is Why.ALREADY_APPROVED
    assert may(actor(), approve, minutes(filed=False), NOW).why is Why.NOT_FILED
    other = replace(waiting, chairs=frozenset({PersonId("other")}))
    assert may(actor(*Role), approve, other, NOW).why is Why.NOT_THERE


def test_rule_42_a_locked_register_is_locked() -> None:
    for action in (Action.UNIT_ATTENDANCE_RECORD, Action.DECIDE_ATTENDANCE_LOCK):
        assert may(actor(*Role), action, minutes(), NOW).why is Why.ALREADY_LOCKED
    assert may(actor(), Action.DECIDE_ATTENDANCE_LOCK, minutes(attendance_locked=False), NOW)
    approved = minutes()
    assert may(actor(*Role), Action.UNIT_MINUTES_FILE, approved, NOW).why is Why.ALREADY_APPROVED


@pytest.mark.parametrize("role", sorted(DECIDERS))
@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (OfDisclosure(AREA, ME, PersonId("r"), DisclosureState.ASKED, None), Why.OWN_REQUEST),
        (OfDisclosure(AREA, PersonId("q"), ME, DisclosureState.ASKED, None), Why.OWN_REQUEST),
        (
            OfDisclosure(AREA, PersonId("q"), PersonId("r"), DisclosureState.APPROVED, None),
            Why.ALREADY_DECIDED,
        ),
        (
            OfDisclosure(AREA, PersonId("q"), PersonId("r"), DisclosureState.REFUSED, None),
            Why.ALREADY_DECIDED,
        ),
    ],
)
def test_rule_62_never_ones_own_request(role: Role, facts: OfDisclosure, why: Why) -> None:
    assert may(actor(role), Action.DECIDE_DISCLOSURE_DECIDE, facts, NOW).why is why


def test_require_raises_with_the_reason() -> None:
    with pytest.raises(Refused) as refused:
        require(actor(), Action.UNIT_CASE_OPEN, InArea(AREA), NOW)
    assert refused.value.why is Why.NOT_YOUR_ROLE


def test_visible_filters_by_the_same_rule() -> None:
    mine, theirs = granted(), granted(person_id=PersonId("other"))
    found = visible(actor(), Action.READER_GRANT_SEE, [mine, theirs], lambda g: g, NOW)
    assert found == [mine]


def test_a_deputy_for_a_time_is_none_from_the_moment_it_ends() -> None:
    until = NOW + timedelta(minutes=1)
    deputy = replace(actor(Role.DEPUTY, Role.ATTENDEE), deputy_until=until)
    facts = FRIENDLY[OfPerson]
    for at, may_do in ((NOW, True), (until - timedelta(microseconds=1), True), (until, False)):
        assert bool(may(deputy, Action.DECIDE_SESSION_END, facts, at)) is may_do
        assert bool(at_all(deputy, Action.DECIDE_SESSION_END, at)) is may_do
    assert deputy.at(until).roles == {Role.ATTENDEE}
    assert actor(Role.DEPUTY).at(until + timedelta(days=999)).roles == {Role.DEPUTY}
