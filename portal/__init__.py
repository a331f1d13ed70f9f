"""The MAPPA portal: meeting papers sent to the people invited, and opened by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.settings import Settings
    from portal.wiring import Wiring


def create_app(with_: Settings | Wiring) -> Flask:
    """The application, from settings or from parts that were wired already.

    The database must be migrated and the keys made. Imports wait until it is called, so that
    `portal sealed` needs neither the web nor the database.
    """
    from portal.settings import Settings
    from portal.web.app import build
    from portal.wiring import wire

    return build(wire(with_) if isinstance(with_, Settings) else with_)
