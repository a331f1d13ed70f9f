"""Every journey asks the judge; what nobody asks the judge about is on a list, with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from portal.domain.deeds import Deed
from portal.journeys.leaves import LEAVES
from portal.policy.actions import Action
from portal.policy.rulebook import RULES
from portal.policy.verdict import Why
from portal.web.app import doors
from portal.web.door import DOORS, Open
from portal.web.refusals import WORDS
from tests.house.source import PORTAL, imports, modules

JOURNEYS = PORTAL / "journeys"

ASKED_ELSEWHERE: Mapping[str, str] = {
    "opening/find_in_paper.py": "pages_shown.place_of asks, for each page",
    "opening/handing_over.py": "asks the whole question that it is handed, again and again",
}
"""Files that look or do, and whose asking stands in the function they call first."""

UNJUDGED: Mapping[str, str] = {
    "journeys/running/accept_clock.py": "an operator's command on the server",
    "journeys/running/accept_record.py": "an operator's command on the server",
    "journeys/joining/bootstrap_coordinator.py": "the set-up's command",
    "journeys/deed.py": "the refusal itself, which nobody may prevent",
    "journeys/keys/alarm.py": "an alarm about a key, which nobody may prevent",
    "journeys/dormancy/require_awake.py": "whoever may not sign in is not signed in",
    "journeys/dormancy/tell_dormant.py": "a timer that only tells",
    "journeys/agencies/ask_after_people.py": "a timer that only tells",
    "journeys/giving/dispose.py": "a timer that only deletes what nobody may open any more",
    "journeys/giving/expire_access.py": "a timer that only takes access away",
    "journeys/keys/end_words.py": "a timer that only ends what is past its end",
    "journeys/roles/end_deputy.py": "a timer that only takes away",
    "journeys/running/init_area.py": "the set-up's command, before there is anybody",
    "journeys/joining/join.py": "somebody with a joining link has no account yet",
    "journeys/signing_in/left_there.py": "an agency's provider, which only takes access away",
    "journeys/signing_in/lock_screen.py": "whoever unlocks their screen is not signed in",
    "journeys/signing_in/recover.py": "whoever forgot their passphrase is not signed in",
    "journeys/reports/remove_originals.py": "a timer that only takes away",
    "journeys/signing_in/second_factor.py": "a backup code is spent by whoever confirms",
    "journeys/signing_in/sign_in.py": "whoever signs in is not signed in yet",
    "journeys/copies/trace_copy.py": "an operator's command on the server",
    "journeys/keys/renew_kit.py": "an operator's command, with the unit's key at the terminal",
    "journeys/keys/bring_unit_back.py": "the custodians of the kit, at the server's terminal",
    "journeys/running/drill_kit.py": "an operator's command, with the custodians of the kit",
    "journeys/running/back_up.py": "an operator's command on the server",
    "journeys/running/rotate_server_key.py": "an operator's command on the server",
    "journeys/running/put_back.py": "an operator's command, with the custodians of the kit",
}
TENDED: Mapping[str, str] = {
    "journeys/own_account/add_passkey.py": "a passkey that counts for nothing until it is tried",
    "journeys/own_account/passkey_ceremony.py": "challenges and counts are spent first",
    "journeys/signing_in/sign_in_with_passkey.py": "a session that is replaced at once",
    "jobs/timers.py": "when a timer last ran",
    "journeys/own_account/begin_factor.py": "counts for nothing until it is proved",
    "journeys/signing_in/count_sample.py": "a stranger's sample is counted, and not kept",
    "journeys/signing_in/come_back.py": "answers of providers are used up, and bad ones counted",
    "journeys/count_attempt.py": "what an outsider tried",
    "journeys/deed.py": "how often somebody was refused beyond the limit",
    "journeys/joining/follow_link.py": "a session that can do nothing but join",
    "journeys/joining/joined_before.py": "a link that the record refuses is used up by that",
    "journeys/own_account/issue_card.py": "codes that are on paper now are shown no more",
    "journeys/joining/steps.py": "the same session, at its next step",
    "journeys/keep_draft.py": "drafts, sealed to their writer",
    "journeys/signing_in/left_there.py": "a provider's word is used up, and bad ones counted",
    "journeys/signing_in/lock_screen.py": "a session without its keyring gives nobody anything",
    "journeys/own_account/own_codes.py": "codes shown once are shown no more",
    "journeys/opening/pages_shown.py": "which pages were shown, beside the line of the opening",
    "journeys/signing_in/recall.py": "when a session was last seen",
    "journeys/signing_in/recover.py": "a session that can do nothing but recover",
    "journeys/signing_in/second_factor.py": "codes spent, tries counted before anything else",
    "journeys/running/send_notices.py": "what became of a notice",
    "journeys/signing_in/alerting.py": "letters about what looks like an attack",
    "journeys/signing_in/attempting.py": "the same passphrase derived anew",
    "journeys/signing_in/sign_in.py": "a session after the passphrase, and the browser's token",
    "journeys/signing_in/sign_out.py": "a session that never became whole has no line",
    "journeys/reports/right_person.py": "a wrong date of birth is counted",
    "journeys/running/sweep.py": "what nobody needs any more",
    "journeys/running/rotate_server_key.py": "the same fields, sealed under the newest key",
    "journeys/signing_in/throttling.py": "counters of attempts",
    "journeys/agencies/try_provider.py": "a trial by an agency's IT, which signs nobody in",
}
"""Who commits what is no deed. None of it gives anybody access to a paper."""


def called(tree: ast.AST) -> set[str]:
    """The names of what is called, by themselves or after a dot."""
    return {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


def named(kind: str, folder: str) -> Iterator[tuple[str, str]]:
    """Each `Kind.MEMBER` in the modules of a folder: the path and the member."""
    for path, tree in modules(PORTAL / folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == kind:
                yield path, node.attr


def test_every_journey_asks_the_judge() -> None:
    silent = set()
    for path, tree in modules(JOURNEYS):
        name = path.removeprefix("portal/journeys/")
        if name == "deed.py" or not called(tree) & {"looking", "doing"}:
            continue
        if not called(tree) & {"require", "visible"}:
            silent.add(name)
    assert silent == set(ASKED_ELSEWHERE)


def test_whoever_does_without_the_judge_is_on_the_list() -> None:
    found = {path for path, tree in modules() if "unjudged" in called(tree)}
    assert found == {f"portal/{path}" for path in UNJUDGED}
    tending = {path for path, tree in modules() if "tending" in called(tree)}
    assert tending == {f"portal/{path}" for path in TENDED}


def test_nothing_that_anybody_signed_in_may_do_goes_unjudged() -> None:
    """A file on the list of the unjudged says which lines it leaves; no action leaves them."""
    judged = {deed for deeds in LEAVES.values() for deed in deeds}
    both = {Deed.SESSION_CLOSED, Deed.KEY_CONFIRMED, Deed.FACTOR_CHANGED, Deed.PASSPHRASE_CHANGED}
    both |= {Deed.AGENCY_ADDED, Deed.PERSON_INVITED, Deed.WORDS_ENDED, Deed.DEPUTY_ENDED}
    both.add(Deed.HOLDERS_CHANGED)
    for path, tree in modules(JOURNEYS):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "unjudged":
                left = {Deed[a.attr] for a in node.args if isinstance(a, ast.Attribute)
                        and getattr(a.value, "id", "") == "Deed"}  # fmt: skip
                assert left & judged <= both, path


def test_every_deed_is_left_by_some_journey() -> None:
    left = {
        member
        for path, member in named("Deed", "journeys")
        if not path.endswith(("leaves.py", "deed.py"))
    }
    left.add(Deed.DEED_REFUSED.name)
    assert left == {deed.name for deed in Deed}


def test_every_action_has_its_rule_and_is_asked_by_some_journey() -> None:
    assert set(RULES) == set(Action)
    asked = {member for path, member in named("Action", "journeys") if "leaves" not in path}
    at_doors = {member for _path, member in named("Action", "web")}
    assert asked | at_doors == {action.name for action in Action}
    unasked = {action.name for action in Action} - asked
    assert unasked == set(), "declared at a door, and asked by no journey"


def test_every_action_stands_at_some_door() -> None:
    doors()
    declared = {action for action in DOORS.values() if isinstance(action, Action)}
    assert {a for a in Action if a not in declared} <= {Action.UNIT_REPORT_READ}


def test_every_open_door_says_why() -> None:
    doors()
    for endpoint, declared in DOORS.items():
        assert not isinstance(declared, Open) or len(declared.why) > 10, endpoint


def test_every_reason_of_the_judge_has_its_words() -> None:
    assert set(WORDS) == set(Why)


def test_only_crypto_says_that_something_is_sealed() -> None:
    for path, tree in modules():
        if path.startswith("portal/crypto/") or path == "portal/domain/sealed.py":
            continue
        assert "sealed_by_crypto" not in called(tree), path
        assert "portal.domain.sealed.sealed_by_crypto" not in imports(tree), path


def test_doors_reach_no_database() -> None:
    """A door calls journeys; of the rooms below it knows words and types alone."""
    allowed = {
        "portal.records.sessions.Stage", "portal.records.sessions.Terms",
        "portal.records.pointed.Pointed",
        "sqlalchemy.exc.OperationalError", "portal.storage.store.StorageError",
        "portal.records.readings.Shown",
    }  # fmt: skip
    for path, tree in modules(PORTAL / "web"):
        low = {
            name
            for name in imports(tree)
            if name.startswith(("portal.records", "portal.storage", "sqlalchemy"))
        }
        assert low <= allowed, path
        assert "commit" not in called(tree), path
