"""Bringing a database to the newest schema, telling whether it is there, and who may use it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, inspect

from portal.ledger.tables import grants_ddl
from portal.records.tables import metadata
from portal.settings import REPOSITORY

if TYPE_CHECKING:
    from alembic.config import Config

_NAMED: Final = re.compile(r'^(down_)?revision = (?:"(\w+)"|None)$', re.MULTILINE)


def config(engine: Engine) -> Config:
    """Alembic's configuration for this engine; migrations stand at the repository's top."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(_migrations()))
    found.attributes["engine"] = engine
    return found


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate up; already there is fine."""
    from alembic import command

    command.upgrade(config(engine), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate down: for tests, and for a step back on an empty database."""
    from alembic import command

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
    return _revisions(engine) == newest()


def revision(engine: Engine) -> str:
    """The revision that the database's schema is at; empty where it has none."""
    return next(iter(_revisions(engine)), "")


def newest() -> set[str]:
    """The revisions that no other one follows, read from the migrations as they are written:
    a server that starts asks for no more, and need not load what migrates."""
    made: set[str] = set()
    followed: set[str] = set()
    for file in (_migrations() / "versions").glob("*.py"):
        for before, name in _NAMED.findall(file.read_text("utf-8")):
            (followed if before else made).add(name)
    return made - followed


def _revisions(engine: Engine) -> set[str]:
    if not inspect(engine).has_table("alembic_version"):
        return set()
    with engine.connect() as db:
        return set(db.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


def _migrations() -> Path:
    inside = Path(__file__).resolve().parent / "migrations"
    return inside if inside.is_dir() else REPOSITORY / "migrations"
