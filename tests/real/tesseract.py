"""The real tesseract, in the sandbox that the portal makes for it."""

from __future__ import annotations

import pytest

from portal.documents.state import recognition
from tests.real.components import absent


@pytest.fixture(scope="session")
def tesseract() -> None:
    """Both are on this computer, English is there, and a sandbox can be made."""
    if not recognition().ready:
        pytest.skip(absent("tesseract in a sandbox"))
