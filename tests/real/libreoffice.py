"""The real LibreOffice, in the sandbox that the portal makes for it."""

from __future__ import annotations

import pytest

from portal.documents.state import conversion
from tests.real.components import absent


@pytest.fixture(scope="session")
def libreoffice() -> None:
    """Both are on this computer, and a sandbox can be made."""
    if not conversion().ready:
        pytest.skip(absent("LibreOffice in a sandbox"))
