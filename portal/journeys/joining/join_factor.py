"""The second factor of whoever joins: a code app, a key-fob, or a printed card, proved by a code.

The card may be one that was handed over before, or one that is printed here and now. With whatever
is chosen come the recovery code and ten backup codes. Nothing here gives access to anything yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.recovery_code import new_recovery_code, parse_recovery_code
from portal.domain.factors import FactorKind
from portal.domain.people import Person
from portal.identity import oath, totp
from portal.identity.invitation import NotUsable
from portal.journeys.house import House
from portal.journeys.joining.steps import keyring_of, next_session, step
from portal.journeys.own_account.card_to_print import card_to_print, forget_printed, keep_to_print
from portal.journeys.own_account.own_codes import Codes, keep_to_show, new_backup_rows
from portal.journeys.own_account.own_factors import (
    new_card,
    new_generator,
    proved_by,
    seed_of,
    with_seed,
)
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import WRONG, CodeRefused, count_try, number_on
from portal.journeys.signing_in.unlocking import new_recovery_unlock, reseal
from portal.journeys.unacceptable import Unacceptable
from portal.records import cards, factors, generators
from portal.records.database import reading
from portal.records.generators import Generator

FIRST_NAMES = {
    FactorKind.CODE_APP: "My code app",
    FactorKind.KEY_FOB: "My key-fob",
    FactorKind.CODE_CARD: "My code card",
}
NO_SEED = (
    "That is no seed of a key-fob. It has 32 or more letters and digits, and came with the fob "
    "or from whoever gave it to you."
)

Keep = Callable[[Connection, Person], bool]


@dataclass(frozen=True)
class CodeApp:
    """What a code app is given: the secret in groups of four, and the address as a PNG."""

    grouped: str
    png: bytes


@dataclass(frozen=True)
class CardToSet:
    """The card whose code is asked for: `codes` to print, or none where it was handed over."""

    codes: tuple[str, ...]
    was_issued: bool


def first_code_app(house: House, person: Person) -> Generator:
    """A code app for the next step, with a new secret; not proved yet."""
    kind = FactorKind.CODE_APP
    return new_generator(house, person, kind, FIRST_NAMES[kind], totp.new_secret())


def code_app_to_set(house: House, half: Recalled) -> CodeApp:
    """What the person puts into their code app; the page is for them alone."""
    return shown(house, half, _app_of(house, half))


def shown(house: House, whose: Recalled, generator: Generator) -> CodeApp:
    """A code app's secret as it is typed and as it is scanned."""
    seed = seed_of(house, generator)
    address = totp.uri(seed, whose.person.email, f"MAPPA {whose.area.name}")
    return CodeApp(totp.grouped(seed), totp.qr_png(address))


def set_code_app(house: House, half: Recalled, typed: str) -> bytes:
    """A current code proves that the app is set; it is spent by that.

    Returns the secret of the next session. Raises CodeRefused, NotUsable.
    """
    app, now = _app_of(house, half), house.clock.now()
    try:
        made = oath.accept(seed_of(house, app), oath.APP, typed, now, oath.NEVER)
    except (oath.WrongCode, oath.UsedCode):
        raise CodeRefused(WRONG) from None
    proved = proved_by(app, oath.APP, made, now)
    return settle(house, half, lambda db, _person: generators.prove(db, proved))


def set_key_fob(
    house: House, half: Recalled, seed_typed: str, typed: str, *, pressed: bool
) -> bytes:
    """The fob's seed, proved by a code that it shows (`pressed`: after its button was pressed).

    Returns the secret of the next session. Raises Unacceptable (`seed`), CodeRefused, NotUsable.
    """
    proved = fob_of(
        house,
        new_generator(house, half.person, FactorKind.KEY_FOB, FIRST_NAMES[FactorKind.KEY_FOB], ""),
        seed_typed,
        typed,
        pressed=pressed,
    )

    def keep(db: Connection, _person: Person) -> bool:
        generators.save(db, proved)
        return True

    return settle(house, half, keep)


def fob_of(
    house: House, waiting: Generator, seed_typed: str, typed: str, *, pressed: bool
) -> Generator:
    """The fob, proved. Raises Unacceptable (`seed`), CodeRefused."""
    now = house.clock.now()
    try:
        seed = oath.read_seed(seed_typed)
    except oath.BadSeed:
        raise Unacceptable("seed", NO_SEED) from None
    try:
        make, made = oath.find_make(seed, typed, now, pressed=pressed)
    except oath.WrongCode:
        raise CodeRefused(
            "That code does not go with that seed. Compare the seed with your paper, and type "
            "the code that the fob shows now."
        ) from None
    return proved_by(with_seed(house, waiting, seed), make, made, now)


def make_card(house: House, half: Recalled) -> None:
    """A card to print now, for whoever has neither phone nor fob. A newer one replaces it.

    Raises NotUsable.
    """
    keyring = keyring_of(half)
    kind = FactorKind.CODE_CARD
    codes, card, rows = new_card(house, half.person, half.person.id, FIRST_NAMES[kind])
    with step(house, half) as (db, person):
        cards.drop_unproved(db, person.account_id)
        cards.save(db, card, rows)
        keep_to_print(house, db, person, keyring, card.id, codes)


def card_to_set(house: House, half: Recalled) -> CardToSet | None:
    """The card whose code is asked for; None where there is none yet. Raises NotUsable."""
    keyring = keyring_of(half)
    with reading(house.engine) as db:
        found = cards.of_person(db, half.person.account_id)
    for card in reversed(found):
        if card.proved_at is None:
            return CardToSet(card_to_print(house, half.person, keyring, card.id), False)
    return CardToSet((), True) if found else None


def set_card(house: House, half: Recalled, typed: str) -> bytes:
    """A code of the card proves that it is at hand; it is spent by that.

    Returns the secret of the next session. Raises CodeRefused, NotUsable.
    """
    now = house.clock.now()
    tries = count_try(house, half.person.account_id)
    with reading(house.engine) as db:
        found = cards.of_person(db, half.person.account_id)
        codes = cards.codes_of(db, [card.id for card in found])
    for card in found:
        number = number_on(house, card, codes[card.id], typed)
        if number is not None:
            chosen, of = card, number
            break
    else:
        raise CodeRefused(WRONG)

    def keep(db: Connection, person: Person) -> bool:
        if chosen.proved_at is None:
            cards.prove(db, chosen.id, now)
        forget_printed(db, person, chosen.id)
        factors.clear_bucket(db, tries)
        return cards.spend(db, chosen.id, of, now)

    return settle(house, half, keep)


def settle(house: House, half: Recalled, keep: Keep, *, sign_on: bytes | None = None) -> bytes:
    """Keep the factor, forget those not chosen, and make the codes on paper. `sign_on` as in
    recall.begin.

    Returns the secret of the next session. Raises CodeRefused, NotUsable, and what `keep` raises.
    """
    keyring = keyring_of(half)
    recovery = new_recovery_code()
    unlock = new_recovery_unlock(house, half.person, parse_recovery_code(recovery))
    backup, rows = new_backup_rows(house, half.person)
    with step(house, half) as (db, person):
        if not keep(db, person):
            raise CodeRefused(WRONG)
        generators.drop_unproved(db, person.account_id)
        cards.drop_unproved(db, person.account_id)
        reseal(db, person, keyring, unlock)
        factors.save_backup_codes(db, person.account_id, rows)
        keep_to_show(house, db, person, keyring, Codes(recovery, backup))
        return next_session(house, db, half, keyring, factor=True, sign_on=sign_on)


def _app_of(house: House, half: Recalled) -> Generator:
    with reading(house.engine) as db:
        found = generators.of_person(db, half.person.account_id)
    for each in found:
        if each.proved_at is None and each.kind is FactorKind.CODE_APP:
            return each
    raise NotUsable("no code app")
