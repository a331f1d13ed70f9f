"""Begin to add a second factor: named, and with a fresh code of one that counts already.

What is begun here counts for nothing until it is proved (prove_factor.py), within ten minutes. It
may stand in place of another, which goes when the new one is proved: that is how a lost telephone
is replaced.
"""

from __future__ import annotations

from portal.domain.factors import FactorKind
from portal.domain.facts import InArea
from portal.identity import totp
from portal.journeys.deed import looking, tending
from portal.journeys.house import House
from portal.journeys.own_account.card_to_print import keep_to_print
from portal.journeys.own_account.own_factors import (
    LONGEST_NAME,
    factors_of,
    new_card,
    new_generator,
    require_room,
)
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import required
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cards, generators


def begin_factor(
    house: House,
    found: Recalled,
    kind: FactorKind,
    name_typed: str,
    code: str,
    replaces: str | None = None,
) -> str:
    """Returns what the new factor is known by. `replaces` is one of one's own.

    Raises Unacceptable (`name`, `kind`), CodeRefused, Refused.
    """
    who, person, action = found.who(), found.person, Action.OWN_FACTOR_ADD
    with looking(house, who.actor, subject=replaces or "") as look:
        look.require(action, InArea(person.area_id))
        mine = factors_of(house, look.db, person.account_id)
        if replaces is not None and replaces not in {each.id for each in mine}:
            raise Refused(action, Why.NOT_THERE)
    name = required("name", name_typed, "Give it a name that you will know it by.", LONGEST_NAME)
    require_room(mine, kind, replaces)
    spend(house, who.actor, code)
    if kind is FactorKind.CODE_CARD:
        codes, card, rows = new_card(house, person, person.id, name, replaces)
        with tending(house) as db:
            cards.drop_unproved(db, person.account_id)
            cards.save(db, card, rows)
            keep_to_print(house, db, person, who.keyring, card.id, codes)
        return card.id
    seed = totp.new_secret() if kind is FactorKind.CODE_APP else ""
    made = new_generator(house, person, kind, name, seed, replaces)
    with tending(house) as db:
        generators.drop_unproved(db, person.account_id)
        generators.save(db, made)
    return made.id
