"""Runs the migrations on the engine it is given (`portal.migrating`)."""

from __future__ import annotations

from alembic import context

from portal.ledger.tables import ledger_metadata
from portal.records.tables import metadata

engine = context.config.attributes["engine"]
with engine.connect().execution_options(portal_writes=True) as connection:
    context.configure(
        connection=connection,
        target_metadata=[metadata, ledger_metadata],
        render_as_batch=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()
