"""A whole session begins in one place, which wants to know whether others use the computer."""

from __future__ import annotations

import ast

from tests.house.source import PORTAL, modules

GOES_ON = {
    "portal/journeys/signing_in/lock_screen.py",
    "portal/journeys/own_account/change_keys.py",
}
"""What goes on with the terms that a session had."""


def begun(tree: ast.AST) -> bool:
    """Whether a session that is signed in is begun here."""
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "begin"
        and any(getattr(each, "attr", "") == "SIGNED_IN" for each in node.args)
        for node in ast.walk(tree)
    )


def defaulted(tree: ast.AST) -> list[str]:
    """Functions that take `shared` and would go on without an answer."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for given, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if given.arg == "shared" and default is not None
    ]


def test_whole_sessions_begin_in_one_place() -> None:
    found = {path for path, tree in modules(PORTAL / "journeys") if begun(tree)}
    assert found == {*GOES_ON, "portal/journeys/signing_in/whole_session.py"}


def test_nobody_answers_for_the_person() -> None:
    found = {path: defaulted(tree) for path, tree in modules(PORTAL / "journeys")}
    assert {path for path, names in found.items() if names} == set()
