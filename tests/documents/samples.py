"""Where papers and hostile files from outside are, if there are any."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(
    os.environ.get("PORTAL_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)
