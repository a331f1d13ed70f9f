"""`python -m portal`: the same as the `portal` command."""

from __future__ import annotations

from portal.cli import main

main()
