"""Every story of accounts: its STEPS, who has CARDS in it, and the routes that it MEETS."""

from __future__ import annotations

from tests.browser.accounts import agency, joining, own, unit

STORIES = {"joining": joining, "own": own, "agency": agency, "unit": unit}
