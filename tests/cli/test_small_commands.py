"""`portal keys`, `clock`, `jobs`, `migrate`, `otp`, and where an installation is."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import mintotp
import pytest

from portal.cli import SUBCOMMANDS
from portal.cli.installation import environment
from tests.cli.installed import Installed, run


def lines(at: Installed, deed: str) -> list[dict[str, object]]:
    exported = run("ledger", "export", "--data", at.data).output.splitlines()
    told = [json.loads(row["leaf"]) for row in map(json.loads, exported) if "leaf" in row]
    return [each for each in told if each["deed"] == deed]


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_command_says_what_it_is_for(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_keys_are_made_closed_and_once(tmp_path: Path) -> None:
    assert run("keys", "create", "--data", tmp_path).exit_code == 0
    keys = tmp_path / "keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    before = {path: path.read_bytes() for path in keys.iterdir()}
    again = run("keys", "create", "--data", tmp_path)
    assert again.exit_code == 1
    assert {path: path.read_bytes() for path in keys.iterdir()} == before


def test_keys_are_checked(tmp_path: Path) -> None:
    assert run("keys", "check", "--data", tmp_path).exit_code == 1
    run("keys", "create", "--data", tmp_path)
    result = run("keys", "check", "--data", tmp_path)
    assert result.exit_code == 0
    assert "fit for production" in result.output
    (tmp_path / "keys" / "field").chmod(0o640)
    assert run("keys", "check", "--data", tmp_path).exit_code == 1


def test_no_command_prints_a_key(tmp_path: Path) -> None:
    output = run("keys", "create", "--data", tmp_path).output
    output += run("keys", "check", "--data", tmp_path).output
    for path in (tmp_path / "keys").iterdir():
        assert path.read_text().splitlines()[1] not in output


def test_an_accepted_clock_leaves_its_line(installed: Installed) -> None:
    result = run("clock", "accept", "--yes", "--data", installed.data)
    assert result.exit_code == 0
    [told] = lines(installed, "clock.accepted")
    assert told["actor"] == "system"
    assert told["wall"] == told["at"]


def test_a_clock_that_is_not_confirmed_leaves_none(installed: Installed) -> None:
    result = run("clock", "accept", "--data", installed.data)
    assert result.exit_code == 1
    assert lines(installed, "clock.accepted") == []


def test_jobs_once(installed: Installed) -> None:
    assert run("jobs", "--once", "--data", installed.data).exit_code == 0
    assert len((installed.data / "mail" / "index.jsonl").read_text().splitlines()) >= 1


def test_jobs_that_fail_end_with_one(installed: Installed) -> None:
    run("jobs", "--once", "--data", installed.data)
    papers = installed.data / "papers"
    papers.rmdir()
    papers.write_text("not a folder")
    assert run("jobs", "--once", "--data", installed.data).exit_code == 1


def test_migrating_twice_is_fine(installed: Installed) -> None:
    assert run("migrate", "--data", installed.data).exit_code == 0
    assert run("ledger", "verify", "--data", installed.data).exit_code == 0


# ---- the demonstration's codes ----


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    personas = [
        {"name": "Helen Marsh", "email": "helen@northmere.example", "totp_secret": "A" * 32},
        {"name": "Joe Tarn", "email": "j.tarn@homes.example", "totp_secret": "B" * 32},
        {"name": "Joe Marsh", "email": "joe.marsh@police.example", "totp_secret": "C" * 32},
    ]
    (tmp_path / "demo.json").write_text(json.dumps({"base_url": "x", "personas": personas}))
    return tmp_path


@pytest.mark.parametrize(
    ("person", "secret"),
    [("helen", "A"), ("Helen Marsh", "A"), ("HELEN@northmere.example", "A"), ("tarn", "B"),
     ("j.tarn", "B"), ("joe.marsh", "C"), ("Joe Marsh", "C")],
)  # fmt: skip
def test_the_current_code_of_a_persona(demo: Path, person: str, secret: str) -> None:
    before = mintotp.totp(secret * 32)
    result = run("otp", "--data", demo, person)
    assert result.exit_code == 0
    assert result.stdout.strip() in (before, mintotp.totp(secret * 32))


@pytest.mark.parametrize("person", ["joe", "marsh", "nobody", ""])
def test_nobody_or_several_is_an_error(demo: Path, person: str) -> None:
    result = run("otp", "--data", demo, person)
    assert result.exit_code == 1
    assert "Choose from:" in result.output


def test_no_code_of_a_real_person(installed: Installed) -> None:
    result = run("otp", "--data", installed.data, "helen")
    assert result.exit_code == 1
    assert "There is no demonstration here" in result.output


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"personas": 3}', "\x00"])
def test_a_file_that_is_no_demonstration(tmp_path: Path, text: str) -> None:
    (tmp_path / "demo.json").write_text(text)
    assert run("otp", "--data", tmp_path, "helen").exit_code == 1


# ---- where an installation is ----


def test_the_environment_outweighs_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "portal.env").write_text(
        "# a comment\nPORTAL_BASE_URL=https://a.example\nPORTAL_MODE=production\nPATH=/evil\nx\n"
    )
    monkeypatch.setenv("PORTAL_BASE_URL", "https://b.example")
    monkeypatch.delenv("PORTAL_MODE", raising=False)
    found = environment(tmp_path)
    assert found["PORTAL_BASE_URL"] == "https://b.example"
    assert found["PORTAL_MODE"] == "production"
    assert "PATH" not in found


def test_a_setting_that_is_no_number_is_told(installed: Installed) -> None:
    result = run("ledger", "verify", "--data", installed.data, PORTAL_TRUSTED_PROXIES="many")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
