"""Spending a second-factor code, once ever: of an app, a fob, a card, or a backup code.

The code is spent in a transaction of its own, before anything slow is prepared: of any number of
parallel tries one wins, and a code that was seen once is worth nothing again, whatever became of
the form it stood on.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from portal.crypto import backup_codes, card_codes
from portal.crypto.handwriting import BadCode, ungrouped
from portal.crypto.serverkeys import KeyKind
from portal.domain.deeds import Deed, line
from portal.domain.factors import FactorKind
from portal.domain.ids import AccountId, PersonId
from portal.domain.people import Actor
from portal.identity import oath, throttle, throttle_keys
from portal.identity.passkey import BadPasskey
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import House
from portal.journeys.own_account.own_factors import seed_of
from portal.journeys.signing_in.alerting import tell_of_codes
from portal.journeys.signing_in.counters import load, save
from portal.journeys.signing_in.touch import Given, Touch, spend_touch
from portal.notices.kinds import Kind
from portal.records import areas, cards, factors, generators, people


class CodeRefused(Exception):
    """The code does not count; `.words` say what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


WRONG = (
    "That code is not right. Type the one that your app or fob shows now, or the next one on "
    "your card."
)
NO_TOUCH = "That passkey does not count here. Touch it once more, or type a code."
SPENT = "That backup code has been used. Use another one."
CODE = "code"
SPENT_ON_CARD = "That code has been used. Type the next one on your card."


def spend(house: House, actor: Actor, given: Given) -> str:
    """Spend the code (or the touch) and return which factor it was: a FactorKind, or `backup_code`.

    Raises CodeRefused. Wrong codes of one person are counted; after five, each makes the next
    wait longer, up to an hour, until one was right: no quiet time gives tries back. So whoever
    guesses needs the passphrase typed anew for nearly every code, and each such half counts as a
    failure of the account, whose hundred in a row let in no unknown browser (attempting.py). Only
    somebody with the passphrase gets this far, so an outsider can't make anybody wait here.
    """
    key = count_try(house, actor.account_id)
    if isinstance(given, Touch):
        used = _spend_touch(house, actor.account_id, given)
    else:
        digits = oath.canonical(given)
        used = (
            _spend_on_paper(house, actor, given)
            if digits is None
            else _spend_made(house, actor.account_id, digits)
        )
    with tending(house) as db:
        factors.clear_bucket(db, key)
    return used


def count_try(house: House, whose: AccountId | PersonId, of: str = CODE) -> str:
    """Count this try before it is made, so that parallel ones see each other; returns the counter's
    key. `of` is what is tried; each has its own counter. Raises CodeRefused where it has to wait.
    """
    kind = throttle_keys.Kind.CODES if of == CODE else throttle_keys.Kind.SOURCE
    key = f"{kind.value}:{of}-{whose}"
    now = house.clock.now()
    with tending(house) as db:
        (bucket,) = load(db, [key])
        left = throttle.wait([bucket], now)
        counted = throttle.after_failure(bucket, now)
        if left is None:
            save(db, counted, now)
    if left is None and of == CODE and throttle.is_guessing(counted):
        tell_of_codes(house, AccountId(whose))
    if left is not None:
        raise CodeRefused(f"Too many wrong {of}s. Wait {in_words(left)}, then try again.")
    return key


def _spend_touch(house: House, account_id: AccountId, touch: Touch) -> str:
    try:
        return spend_touch(house, account_id, touch)
    except BadPasskey as bad:
        raise CodeRefused(NO_TOUCH) from bad


def _spend_made(house: House, account_id: AccountId, digits: str) -> str:
    """A code that an app or a fob has made."""
    refused = WRONG
    with tending(house) as db:
        for each in generators.of_person(db, account_id):
            if each.proved_at is None:
                continue
            make = oath.Make(each.digits, each.period, each.digest)
            try:
                step = oath.accept(
                    seed_of(house, each), make, digits, house.clock.now(), each.high_water
                )
            except oath.UsedCode as used:
                refused = _used(used.seconds_to_next)
                continue
            except oath.WrongCode:
                continue
            if generators.spend_step(db, each.id, step):
                return each.kind.value
            refused = _used(make.period)
    raise CodeRefused(refused)


def _used(seconds: int) -> str:
    if not seconds:
        return "That code has been used. Press your fob for another one."
    return f"That code has been used. Wait for the next one, {seconds} seconds."


def _spend_on_paper(house: House, actor: Actor, typed: str) -> str:
    try:
        letters = ungrouped(typed)
    except BadCode:
        raise CodeRefused(WRONG) from None
    if len(letters) == card_codes.LETTERS:
        return _spend_card_code(house, actor.account_id, letters)
    return _spend_backup_code(house, actor, letters)


def _spend_card_code(house: House, account_id: AccountId, typed: str) -> str:
    with tending(house) as db:
        mine = [card for card in cards.of_person(db, account_id) if card.proved_at is not None]
        codes = cards.codes_of(db, [card.id for card in mine])
    refused = WRONG
    for card in mine:
        number = number_on(house, card, codes[card.id], typed)
        if number is None:
            continue
        with tending(house) as db:
            # The card may have been taken away meanwhile: its codes went with it.
            if cards.spend(db, card.id, number, house.clock.now()):
                return FactorKind.CODE_CARD.value
        refused = SPENT_ON_CARD
    raise CodeRefused(refused)


def number_on(
    house: House, card: cards.Card, codes: list[cards.CardCode], typed: str
) -> int | None:
    """The number that this code has on the card, used or not; None where it has none."""
    peppers = house.server_keys.ever(KeyKind.PEPPER)
    try:
        found = card_codes.matches(typed, [code.code_hash for code in codes], card.salt, *peppers)
    except BadCode:
        return None
    return None if found is None else codes[found].number


def _spend_backup_code(house: House, actor: Actor, typed: str) -> str:
    with tending(house) as db:
        kept = factors.backup_codes_of(db, actor.account_id)
    if not kept:
        raise CodeRefused(WRONG)
    try:
        found = backup_codes.matches(
            typed,
            [code.code_hash for code in kept],
            kept[0].salt,
            *house.server_keys.ever(KeyKind.PEPPER),
        )
    except BadCode:
        raise CodeRefused(WRONG) from None
    if found is None:
        raise CodeRefused(WRONG)
    with unjudged(house, actor, Deed.BACKUP_CODE_USED) as deed:
        if not factors.spend_backup_code(deed.db, actor.account_id, kept[found].position, deed.now):
            raise CodeRefused(SPENT)
        left = sum(code.used_at is None for code in kept) - 1
        deed.note(line(Deed.BACKUP_CODE_USED, person=actor.person_id, left=left))
        person = people.load(deed.db, actor.area_id, actor.person_id)
        area = areas.load(deed.db, actor.area_id)
        if person is not None and area is not None:
            deed.tell(
                Kind.BACKUP_CODE_USED,
                person.email,
                area=area.name,
                path="/account/",
                phone=area.phone,
            )
    return "backup_code"


def in_words(left: timedelta) -> str:
    """A wait in plain words: seconds below two minutes, else minutes, rounded up."""
    seconds = max(1, ceil(left.total_seconds()))
    if seconds == 1:
        return "1 second"
    return f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
