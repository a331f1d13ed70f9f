"""The table at the end of a run: what became of each real component.

A test says what it runs against with `@pytest.mark.real("Chromium")`. It travels in the report's
user properties, so the table is whole under pytest-xdist too. With PORTAL_REQUIRE_ALL=1 a component
that did not run, or any skipped test at all, turns the run red.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.real.components import ABSENT, COMPONENTS

PROPERTY = "real component"
WORDS = {"failed": "FAILED", "passed": "ran", "absent": "absent", "unasked": "not run"}


def outcome_of(report: pytest.TestReport) -> str | None:
    """What one report says of its components: passed, failed, absent, or nothing yet."""
    if report.failed:
        return "failed"
    if report.skipped:
        return "absent"
    return "passed" if report.when == "call" else None


def skip_reason(report: pytest.TestReport) -> str:
    """Why a test was skipped; empty if it was not."""
    if not report.skipped or not isinstance(report.longrepr, tuple):
        return ""
    return report.longrepr[2].removeprefix("Skipped: ")


def components_of(report: pytest.TestReport) -> set[str]:
    """The components a test is marked with, or that the reason of its skip names."""
    named = {str(value) for key, value in report.user_properties if key == PROPERTY}
    reason = skip_reason(report)
    if reason.startswith(ABSENT):
        named |= {name for name in COMPONENTS if reason.startswith(ABSENT + name)}
    return named


class Table:
    """Gathers reports and says at the end what became of each component."""

    def __init__(self, config: pytest.Config) -> None:
        self._outcomes = {name: Counter[str]() for name in COMPONENTS}
        self._skipped = 0
        self._all_asked = config.args_source is pytest.Config.ArgsSource.TESTPATHS
        self._required = os.environ.get("PORTAL_REQUIRE_ALL") == "1"

    def state(self, name: str) -> str:
        """One word of WORDS: failed if any test of it failed, passed if any ran."""
        outcomes = self._outcomes[name]
        for state in ("failed", "passed", "absent"):
            if outcomes[state]:
                return state
        return "unasked"

    def faults(self) -> list[str]:
        """Why the run must be red where everything is required; empty otherwise."""
        if not self._required:
            return []
        found = [
            f"{name}: {WORDS[self.state(name)]}"
            for name in COMPONENTS
            if self.state(name) in ("absent", "unasked")
        ]
        if self._skipped:
            found.append(f"{self._skipped} tests were skipped")
        return found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a report, from this process or from a worker."""
        self._skipped += report.skipped and not hasattr(report, "wasxfail")
        outcome = outcome_of(report)
        if outcome is not None:
            for name in components_of(report):
                self._outcomes[name][outcome] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a green run red where something required did not run."""
        if session.exitstatus == pytest.ExitCode.OK and self.faults():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table: every component of a whole run, those asked for of a part."""
        shown = [name for name in COMPONENTS if self._all_asked or self._outcomes[name]]
        if shown:
            terminalreporter.section("real components")
        for name in shown:
            state = self.state(name)
            count = self._outcomes[name].total()
            detail = f"{count} tests" if state in ("passed", "failed") else COMPONENTS[name]
            terminalreporter.write_line(f"{name:<24} {WORDS[state]:<8} {detail}")
        for fault in self.faults():
            terminalreporter.write_line(f"required, but {fault}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the table in the process that prints, not in the workers."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table(config), "real-components")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send each test's components along with its reports; refuse a name that is not in the list."""
    for item in items:
        for mark in item.iter_markers("real"):
            (name,) = mark.args
            if name not in COMPONENTS:
                raise pytest.UsageError(f"{item.nodeid}: no real component is called {name!r}")
            item.user_properties.append((PROPERTY, name))
