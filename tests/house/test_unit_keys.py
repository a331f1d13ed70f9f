"""Whatever belongs to a case is sealed to the unit's key of that case.

The area's own key is asked for by those alone who are listed here, with what they want of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tests.house.source import modules

AREA_ONLY = frozenset({"unit_recipient", "open_unit_of", "unit_key_of", "unit_wrap_of"})

MAY: Mapping[str, str] = {
    "journeys/copies/questions.py": "whose copy something is, asked about no one case",
    "journeys/digests.py": "compares a text's readers with the keys, to say which it is for",
    "journeys/house.py": "the member's own copy",
    "journeys/joining/bootstrap_coordinator.py": "the first member of a unit is given its key",
    "journeys/keys/change_unit_key.py": "the key itself is changed",
    "journeys/keys/confirm_key.py": "a new member is given it",
    "journeys/keys/renew_kit.py": "a new recovery kit for it",
    "journeys/keys/rewrap_unit.py": "what is sealed to a former one is sealed anew",
    "journeys/keys/unit_of.py": "the rule itself",
    "journeys/keys/unit_recipient.py": "where it is compared with the ledger",
    "journeys/meetings/open_case.py": "a case that is not restricted, and the index of names",
    "journeys/meetings/read_names.py": "the area's index of names",
    "journeys/own_account/change_keys.py": "a member's own copy follows their new key",
    "journeys/roles/change_roles.py": "a new member is given it",
    "journeys/running/back_up.py": "which kit a backup is for",
    "journeys/running/drill_kit.py": "the kit is tried",
    "journeys/running/put_back.py": "which key came back",
    "journeys/views/holders.py": "which kit is the newest",
    "journeys/views/leaving.py": "whether it was changed since somebody left",
    "journeys/views/unit_key.py": "its page",
}


def callers() -> Iterator[str]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else None
                name = called.id if isinstance(called, ast.Name) else name
                if name in AREA_ONLY:
                    yield path.removeprefix("portal/")


def test_the_areas_key_is_asked_for_by_nobody_else() -> None:
    assert set(callers()) - set(MAY) == set()


def test_nobody_is_listed_who_does_not() -> None:
    assert set(MAY) - set(callers()) == set()
