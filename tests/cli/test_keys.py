"""`portal keys rotate` and `retire`: at the terminal, and under a server that is running."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.crypto import serverkeys
from portal.crypto.serverkeys import KeyKind
from tests.cli.installed import Installed, process, run
from tests.cli.test_serve import ask, free_port, wait_for

KINDS = [kind.value for kind in KeyKind]


def newest(at: Installed, kind: str) -> int:
    return max(serverkeys.load(at.data / "keys", production=False).of(KeyKind(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_replaced_and_none_is_printed(installed: Installed, kind: str) -> None:
    done = run("keys", "rotate", kind, "--data", installed.data)
    assert done.exit_code == 0, done.output
    assert f"The {kind} key is at version 2" in done.output
    assert newest(installed, kind) == 2
    for path in (installed.data / "keys").iterdir():
        assert path.read_text().splitlines()[1] not in done.output
    assert run("keys", "check", "--data", installed.data).exit_code == 0
    verified = run("ledger", "verify", "--data", installed.data)
    assert verified.exit_code == 0, verified.output


def test_the_ledgers_new_verifier_key_is_told_and_proves_the_record(installed: Installed) -> None:
    told = run("keys", "rotate", "ledger", "--data", installed.data).output
    vkey = next(line.split(": ")[1] for line in told.splitlines() if line.startswith("  North"))
    was = run("ledger", "verify", "--data", installed.data, "--key", vkey)
    assert was.exit_code == 1, "what the former signed needs the former"
    run("clock", "accept", "--yes", "--data", installed.data)
    whole = run("ledger", "verify", "--data", installed.data)
    assert whole.exit_code == 0
    assert vkey in whole.output


def test_nothing_is_retired_that_somebody_needs(installed: Installed) -> None:
    run("keys", "rotate", "pepper", "--data", installed.data)
    refused = run("keys", "retire", "pepper", "--data", installed.data)
    assert refused.exit_code == 1
    assert "1 passphrases or joining words" in refused.output
    assert (installed.data / "keys" / "pepper-1").exists()
    assert run("keys", "retire", "session", "--data", installed.data).output.startswith("There is")


@pytest.mark.parametrize("words", [("rotate",), ("rotate", "epoch"), ("retire", "field")])
def test_another_kind_is_refused(installed: Installed, words: tuple[str, ...]) -> None:
    assert run("keys", *words, "--data", installed.data).exit_code == 2


def test_without_keys_nothing_is_made(installed: Installed) -> None:
    for path in (installed.data / "keys").iterdir():
        path.unlink()
    assert run("keys", "rotate", "field", "--data", installed.data).exit_code == 1
    assert list((installed.data / "keys").iterdir()) == []


def test_a_running_server_follows(installed: Installed, tmp_path: Path) -> None:
    port = free_port()
    server = process(["serve", "--data", installed.data, "--port", str(port)])
    try:
        wait_for(port)
        for kind in KINDS:
            assert run("keys", "rotate", kind, "--data", installed.data).exit_code == 0
            assert ask(port, "/sign-in")[0] == 200
        assert run("ledger", "verify", "--data", installed.data).exit_code == 0
    finally:
        server.terminate()
        server.communicate(timeout=30)
