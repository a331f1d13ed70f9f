"""Spending a second-factor code: from the code app or a backup code, once ever.

The code is spent in a transaction of its own, before anything slow is prepared: of any number of
parallel tries one wins, and a code that was seen once is worth nothing again, whatever became of
the form it stood on.
"""

from __future__ import annotations

from datetime import timedelta

from portal.crypto import backup_codes
from portal.crypto.fields import open_field
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId
from portal.domain.people import Actor
from portal.identity import throttle, totp
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import House
from portal.notices.kinds import Kind
from portal.records import areas, factors, people

TABLE, COLUMN = "code_apps", "secret"


class CodeRefused(Exception):
    """The code does not count; `.words` say what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


WRONG = "That code is not right. Check the time on your phone, and type the code it shows now."
SPENT = "That backup code has been used. Use another one."


def spend(house: House, actor: Actor, typed: str) -> str:
    """Spend the code and return which factor it was: `code_app` or `backup_code`.

    Raises CodeRefused. Wrong codes of one person are counted; after five, each makes the next
    wait longer, up to an hour. Only somebody with the passphrase gets this far, so an outsider
    can't make anybody wait here.
    """
    key = f"source:code-{actor.person_id}"
    _count(house, key)
    used = (
        _spend_app_code(house, actor.person_id, typed)
        if totp.canonical(typed) is not None
        else _spend_backup_code(house, actor, typed)
    )
    with tending(house) as db:
        factors.clear_bucket(db, key)
    return used


def _count(house: House, key: str) -> None:
    """Count this try before it is made, so that parallel ones see each other."""
    now = house.clock.now()
    with tending(house) as db:
        row = factors.buckets(db, [key]).get(key)
        bucket = (
            throttle.Bucket(key)
            if row is None
            else throttle.Bucket(
                row.key, row.failures, row.first_at, row.last_at, row.blocked_until
            )
        )
        left = throttle.wait([bucket], now)
        if left is None:
            counted = throttle.after_failure(bucket, now)
            factors.save_bucket(
                db,
                factors.ThrottleRow(
                    key,
                    counted.failures,
                    counted.first_at or now,
                    counted.last_at or now,
                    counted.blocked_until,
                ),
            )
    if left is not None:
        raise CodeRefused(f"Too many wrong codes. Wait {in_words(left)}, then try again.")


def _spend_app_code(house: House, person_id: PersonId, typed: str) -> str:
    with tending(house) as db:
        app = factors.code_app_of(db, person_id)
        if app is None:
            raise CodeRefused(WRONG)
        secret = open_field(
            house.server_keys.field_key, app.secret, TABLE, COLUMN, person_id
        ).decode()
        try:
            step = totp.accept(secret, typed, house.clock.now(), app.high_water).step
        except totp.UsedCode as used:
            raise CodeRefused(
                f"That code has been used. Wait for the next one, {used.seconds_to_next} seconds."
            ) from None
        except totp.WrongCode:
            raise CodeRefused(WRONG) from None
        if not factors.spend_step(db, person_id, step):
            raise CodeRefused("That code has been used. Wait for the next one, 30 seconds.")
    return "code_app"


def _spend_backup_code(house: House, actor: Actor, typed: str) -> str:
    with tending(house) as db:
        kept = factors.backup_codes_of(db, actor.person_id)
    if not kept:
        raise CodeRefused(WRONG)
    try:
        found = backup_codes.matches(
            typed, [code.code_hash for code in kept], kept[0].salt, house.server_keys.pepper()
        )
    except backup_codes.BadCode:
        raise CodeRefused(WRONG) from None
    if found is None:
        raise CodeRefused(WRONG)
    with unjudged(house, actor, Deed.BACKUP_CODE_USED) as deed:
        if not factors.spend_backup_code(deed.db, actor.person_id, kept[found].position, deed.now):
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
    seconds = max(1, int(left.total_seconds()) + 1)
    return f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
