"""What the crypto tests share: other people's age tools, and keys to try things with."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.age.x25519 import X25519Identity
from tests.real.components import absent

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder of npm packages that set-up fetches."""
    folder = ROOT / "node_modules"
    if not (folder / "cctv-age").is_dir():
        pytest.skip(absent("CCTV vectors"))
    return folder


@pytest.fixture(scope="session")
def typage(node_modules: Path) -> list[str]:
    """The command that runs typage.mjs on the age-encryption package."""
    node = Path(sys.executable).parent / "node"
    entry = node_modules / "age-encryption" / "dist" / "index.js"
    if not node.exists() or not entry.exists():
        pytest.skip(absent("age-encryption (npm)"))
    return [os.fspath(node), os.fspath(Path(__file__).parent / "typage.mjs"), entry.as_uri()]


@pytest.fixture(scope="session")
def age_program() -> str:
    """The age program of the system."""
    found = shutil.which("age")
    if found is None:
        pytest.skip(absent("age program"))
    return found


@pytest.fixture(scope="session")
def hybrid() -> HybridIdentity:
    return HybridIdentity()


@pytest.fixture(scope="session")
def classic() -> X25519Identity:
    return X25519Identity()
