"""Known, unknown, invited and gone people cost the same work, on every way in without a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from portal.crypto import keyring, unlock
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.signing_in import unlocking
from tests.web.browsing import send, text_of, token
from tests.world import World, cast

WHO = ("ruth", "joe", "newcomer")
"""Somebody known, somebody who has left, and somebody invited."""


class Work:
    """What was done for one answer: the slow steps, and the statements, in their order."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.statements: list[str] = []


@contextmanager
def watched(world: World, patch: pytest.MonkeyPatch) -> Iterator[Callable[[], Work]]:
    """`begin()` gives what is done from then on."""
    now = Work()

    def counted(name: str, real):  # type: ignore[no-untyped-def]
        def run(*given, **named):  # type: ignore[no-untyped-def]
            now.steps.append(name)
            return real(*given, **named)

        return run

    steps = {
        "from_passphrase": unlock.from_passphrase,
        "from_recovery_code": unlock.from_recovery_code,
        "open_keyring": keyring.open_keyring,
    }
    for name, real in steps.items():
        patch.setattr(unlocking, name, counted(name, real))

    def listen(_conn, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        now.statements.append(" ".join(statement.split()))

    def begin() -> Work:
        nonlocal now
        now = Work()
        return now

    event.listen(world.house.engine, "before_cursor_execute", listen)
    yield begin
    event.remove(world.house.engine, "before_cursor_execute", listen)


def addresses() -> list[str]:
    return [*(cast()[name].email for name in WHO), "nobody@northmere.example", "no address"]


def work_of(
    world: World, patch: pytest.MonkeyPatch, path: str, **fields: str
) -> list[tuple[Work, str]]:
    """What each address costs at `path`, and what it is answered. Each has an address of its own
    to come from, so that no try counts against the next."""
    remove_person(world.house, world.who("helen"), cast()["joe"].person_id)
    found = []
    with watched(world, patch) as begin:
        for number, email in enumerate(addresses()):
            client = world.client()
            known = {"csrf_token": token(client, path), "email": email, **fields}
            here = {"REMOTE_ADDR": f"192.0.2.{number + 1}"}
            work = begin()
            found.append((work, text_of(client.post(path, data=known, environ_base=here))))
    return found


@pytest.mark.parametrize("right", [True, False])
def test_at_recovery(world: World, monkeypatch: pytest.MonkeyPatch, right: bool) -> None:
    """`right`: a code that is somebody else's; else one that nobody has."""
    other = cast()["carys"].recovery_code
    code = other if right else "-".join(["0" * 4] * 9)
    found = work_of(world, monkeypatch, "/recover", recovery_code=code)
    first, said = found[0]
    for work, answer in found:
        assert answer == said
        assert work.steps == first.steps
        assert work.statements == first.statements
    assert first.steps == (["from_recovery_code", "open_keyring"] if right else [])


def test_at_sign_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = work_of(world, monkeypatch, "/sign-in", passphrase="wrong wrong wrong wrong")
    first, said = found[0]
    for work, answer in found:
        assert answer == said
        assert work.steps == first.steps == ["from_passphrase", "open_keyring"]
        assert work.statements == first.statements


@pytest.mark.parametrize("path", ["/sign-in", "/recover"])
def test_while_they_must_wait(world: World, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Whoever is held back is told so before anything is compared, known or not."""
    code = cast()["carys"].recovery_code
    client = world.client()
    for _ in range(6):
        for email in addresses():
            send(client, path, email=email, passphrase="wrong wrong wrong", recovery_code=code)
    found = []
    with watched(world, monkeypatch) as begin:
        for email in addresses():
            fields = {"csrf_token": token(client, path), "email": email}
            work = begin()
            answer = client.post(
                path, data={**fields, "passphrase": "wrong wrong wrong", "recovery_code": code}
            )
            found.append((work.steps, work.statements, text_of(answer)))
    assert all(each == found[0] for each in found)
    assert found[0][0] == []
    assert "Too many tries" in found[0][2]
