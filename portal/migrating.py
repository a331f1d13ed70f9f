"""Bringing a database to the newest schema, and telling whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from portal.settings import REPOSITORY


def config(engine: Engine) -> Config:
    """Alembic's configuration for this engine; migrations stand at the repository's top."""
    inside = Path(__file__).resolve().parent / "migrations"
    found = Config()
    found.set_main_option(
        "script_location", str(inside if inside.is_dir() else REPOSITORY / "migrations")
    )
    found.attributes["engine"] = engine
    return found


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate up; already there is fine."""
    command.upgrade(config(engine), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate down: for tests, and for a step back on an empty database."""
    command.downgrade(config(engine), revision)


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the schema this program was written for."""
    heads = set(ScriptDirectory.from_config(config(engine)).get_heads())
    with engine.connect() as db:
        return set(MigrationContext.configure(db).get_current_heads()) == heads
