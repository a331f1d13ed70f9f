"""Who has any second factor that could be used now: a proved generator, a card or a backup code,
or is tied to themselves at their agency's provider, where it is open."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select, union

from portal.domain.ids import AreaId, PersonId
from portal.domain.sign_on import ProviderState
from portal.records.cards import card_codes, cards
from portal.records.factors import backup_codes
from portal.records.generators import generators
from portal.records.providers import provider_links, providers


def among(db: Connection, area_id: AreaId, of: Collection[PersonId]) -> set[PersonId]:
    """Those of these people, in one query."""
    wanted = sorted(of)
    made = select(generators.c.person_id).where(
        generators.c.area_id == area_id,
        generators.c.person_id.in_(wanted),
        generators.c.proved_at.is_not(None),
    )
    written = select(backup_codes.c.person_id).where(
        backup_codes.c.area_id == area_id,
        backup_codes.c.person_id.in_(wanted),
        backup_codes.c.used_at.is_(None),
    )
    printed = (
        select(cards.c.person_id)
        .join(card_codes, card_codes.c.card_id == cards.c.id)
        .where(
            cards.c.area_id == area_id,
            cards.c.person_id.in_(wanted),
            cards.c.proved_at.is_not(None),
            card_codes.c.used_at.is_(None),
        )
    )
    tied = (
        select(provider_links.c.person_id)
        .join(providers, providers.c.agency_id == provider_links.c.agency_id)
        .where(
            provider_links.c.area_id == area_id,
            provider_links.c.person_id.in_(wanted),
            providers.c.state == ProviderState.OPEN,
        )
    )
    every = union(made, written, printed, tied)
    return {PersonId(found) for found in db.execute(every).scalars()}
