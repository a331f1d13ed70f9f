"""Bringing a database to the newest schema, telling whether it is there, and who may use it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from portal.ledger.tables import grants_ddl
from portal.records.tables import metadata
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


def let_use(engine: Engine, role: str) -> None:
    """On PostgreSQL: let `role` do what the portal does and no more. It reads and appends to the
    ledger, and owns no table, so it can neither change a line nor drop a trigger.

    Raises ValueError on another database, which has no roles.
    """
    if engine.dialect.name != "postgresql":
        raise ValueError("only PostgreSQL has roles")
    quote = engine.dialect.identifier_preparer.quote_identifier
    own = ", ".join(quote(name) for name in metadata.tables)
    with engine.begin() as db:
        db.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quote(role)}")
        db.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {own} TO {quote(role)}")
        db.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {quote(role)}")
        for statement in grants_ddl(role):
            db.exec_driver_sql(statement)


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the schema this program was written for."""
    heads = set(ScriptDirectory.from_config(config(engine)).get_heads())
    with engine.connect() as db:
        return set(MigrationContext.configure(db).get_current_heads()) == heads


def revision(engine: Engine) -> str:
    """The revision that the database's schema is at; empty where it has none."""
    with engine.connect() as db:
        return MigrationContext.configure(db).get_current_revision() or ""
