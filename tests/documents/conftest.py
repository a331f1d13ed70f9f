"""Without a folder of papers from outside there are no tests of them: nothing is skipped."""

from __future__ import annotations

from tests.documents.samples import FOLDER

collect_ignore = [] if (FOLDER / "papers").is_dir() else ["test_samples.py"]
