"""What the tests in a browser share: a served Northmere, and people at browsers in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.northmere import Town, northmere
from tests.browser.people import People
from tests.browser.visitor import USUAL, Axe, Looks, Visitor
from tests.real.browser import OpenPage


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of Northmere, the same for every worker of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    return northmere(shared / "northmere")


@pytest.fixture
def town(played: Path, tmp_path: Path) -> Iterator[Town]:
    """A copy of Northmere, served."""
    served = Town(played, tmp_path / "town")
    yield served
    served.stop()


@pytest.fixture
def people(town: Town, open_page: OpenPage, axe: Axe) -> Iterator[Callable[..., People]]:
    """`people(javascript=False)`: everybody in Northmere, each at a browser of their own; with
    `kind=AtTheKeyboard`, without a mouse.

    At the end the test fails if something was wrong with how a page looks.
    """
    looks: list[Looks] = []

    def gather(*, javascript: bool = True, kind: type[Visitor] = Visitor) -> People:
        twin = None if javascript else open_page(own_scripts=False)
        looks.append(Looks(axe, twin))
        return People(
            town, lambda: open_page(javascript=javascript, viewport=dict(USUAL)), looks[-1], kind
        )

    yield gather
    assert [complaint for look in looks for complaint in look.complaints] == []
