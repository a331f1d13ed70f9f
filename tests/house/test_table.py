"""The table of real components tells the truth, and is strict where everything is required."""

from __future__ import annotations

import pytest

from tests.real.components import ABSENT, COMPONENTS, absent
from tests.real.table import PROPERTY, Table, components_of


def report(
    outcome: str = "passed", when: str = "call", component: str = "", reason: str = ""
) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid="x",
        location=("x", 0, "x"),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]
        longrepr=("x", 0, f"Skipped: {reason}") if reason else None,
        when=when,  # type: ignore[arg-type]
        user_properties=[(PROPERTY, component)] if component else [],
    )


@pytest.fixture
def table(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Table:
    monkeypatch.setenv("PORTAL_REQUIRE_ALL", "1")
    return Table(pytestconfig)


def everything_ran(table: Table) -> None:
    for name in COMPONENTS:
        table.pytest_runtest_logreport(report(component=name))


def test_a_component_nobody_asked_for_is_a_fault(table: Table) -> None:
    assert len(table.faults()) == len(COMPONENTS)


def test_no_fault_when_all_ran(table: Table) -> None:
    everything_ran(table)
    assert table.faults() == []


def test_any_skip_is_a_fault(table: Table) -> None:
    everything_ran(table)
    table.pytest_runtest_logreport(report("skipped", "setup", reason="no reason"))
    assert table.faults() == ["1 tests were skipped"]


def test_a_component_that_was_only_set_up_did_not_run(table: Table) -> None:
    table.pytest_runtest_logreport(report(when="setup", component="Chromium"))
    assert table.state("Chromium") == "unasked"


def test_one_failure_outweighs_many_passes(table: Table) -> None:
    everything_ran(table)
    table.pytest_runtest_logreport(report("failed", component="Chromium"))
    assert table.state("Chromium") == "failed"


def test_a_component_is_known_by_the_reason_of_a_skip(table: Table) -> None:
    skipped = report("skipped", "setup", reason=absent("PostgreSQL"))
    assert components_of(skipped) == {"PostgreSQL"}
    table.pytest_runtest_logreport(skipped)
    assert table.state("PostgreSQL") == "absent"


def test_every_reason_says_how_to_get_the_component() -> None:
    for name, way in COMPONENTS.items():
        assert absent(name) == f"{ABSENT}{name}. Get it: {way}"


def test_where_nothing_is_required_nothing_is_a_fault(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORTAL_REQUIRE_ALL", raising=False)
    assert Table(pytestconfig).faults() == []
