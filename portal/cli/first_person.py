"""The first co-ordinator joins at `portal init`, on this terminal, as others do on a page.

The unit's key can be given only to somebody who has a key, and there is nobody yet: so the first
co-ordinator chooses a passphrase, sets a code app and writes codes down here, through the same
journeys as a joining link leads to, and is given the unit's key by the command that made it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from portal.clock import Clock
from portal.crypto.fingerprint import words
from portal.crypto.unit import UnitKey
from portal.domain.people import Agency, Area
from portal.identity import suggestion
from portal.identity.passphrase import WeakPassphrase
from portal.journeys.across.act_in import act_in
from portal.journeys.across.begin_membership import begin_membership
from portal.journeys.dormancy.require_awake import Dormant
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.joining.bootstrap_coordinator import (
    FirstCoordinator,
    bootstrap_coordinator,
    invite_first_coordinator,
)
from portal.journeys.joining.follow_link import begins_anew, follow_link, has_account
from portal.journeys.joining.join import codes_to_write_down, join, set_first_passphrase
from portal.journeys.joining.join_factor import code_app_to_set, set_code_app
from portal.journeys.joining.new_account import Linked
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.own_account.own_codes import ASKED_GROUP, Codes
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.sign_out import abandon, sign_out
from portal.journeys.signing_in.throttling import Source
from portal.policy.judge import Refused
from portal.records.database import reading

HERE = Source("127.0.0.1")
TRIES = 3
NOT_LET_IN = (
    "They were not let in, so nothing was given. The area is there: its custodians bring a "
    "co-ordinator in with portal kit bring-back."
)
BEGINS_ANEW = "has been let begin anew with an account, and does that first, by its link."


@dataclass(frozen=True)
class Given:
    """What a script hands in instead of answering: a passphrase (empty: ask), a file to write the
    code app's secret to, and a file to write the codes on paper to."""

    passphrase_clear: str = ""
    secret_file: Path | None = None
    codes_file: Path | None = None


def enrol(
    house: House, area: Area, host: Agency, unit: UnitKey, first: FirstCoordinator, given: Given
) -> None:
    """Let the first one join, confirm their own key, and give them the unit's key."""
    linked = invite_first_coordinator(house, area.id, first)
    comes_here(house, linked, given, lambda who: bootstrap_coordinator(house, who, unit))
    click.echo(f"{first.name} belongs to {area.name} ({host.name}).")


def comes_here(house: House, linked: Linked, given: Given, give: Callable[[Who], None]) -> None:
    """Somebody joins on this terminal, with the account they have or with a new one; `give` gives
    them the unit's key once they have."""
    with reading(house.engine) as db:
        known = has_account(db, linked.person)
        anew = known and begins_anew(db, linked.person)
    if anew:
        raise click.ClickException(f"{linked.person.name} {BEGINS_ANEW} {NOT_LET_IN}")
    come = accepts_here if known else joins_here
    come(house, linked, given, give)


def joins_here(house: House, linked: Linked, given: Given, give: Callable[[Who], None]) -> None:
    """The same for a newcomer."""
    name = linked.person.name
    half = _again(house, follow_link(house, linked.path.removeprefix("/join/")))
    click.echo(f"\n{name} now joins, as everybody else will.")
    half = _again(house, _passphrase(house, half, given))
    half = _again(house, _code_app(house, half, given))
    who = _whole(house, join(house, half, _codes(house, half, given), shared=False).secret)
    give(who)
    click.echo(f"\n{name} has joined. The words of their key:")
    click.echo("    " + " ".join(words(own_fingerprint(who))))
    sign_out(house, who)


def accepts_here(house: House, linked: Linked, given: Given, give: Callable[[Who], None]) -> None:
    """The same for somebody who has an account in another area: they sign in with it, and are
    signed out at the end whatever came of it.

    Raises ClickException where they do not get in.
    """
    person = linked.person
    click.echo(f"\n{person.name} has an account here, and signs in with it.")
    try:
        secret = _signs_in(house, person.email, given)
        who = _whole(house, secret)
        try:
            _belongs(house, secret, linked, give)
        finally:
            sign_out(house, who)
    except Dormant as asleep:
        raise click.ClickException(
            f"Their account was not used for too long: the unit that keeps it ({asleep.phone}) "
            f"opens it again. {NOT_LET_IN}"
        ) from None
    except KeyAlarm:
        raise click.ClickException(
            f"A key in the database is not the one on record: have that looked at. {NOT_LET_IN}"
        ) from None
    click.echo(f"\n{person.name} belongs to this area besides.")


def _signs_in(house: House, email: str, given: Given) -> bytes:
    """The secret of their session. What is typed here may be mistyped and is asked for again."""
    half = _half_way(house, email, given)
    for _ in range(TRIES):
        typed = str(click.prompt("An unused code"))
        try:
            return give_code(house, _again(house, half), typed, HERE, shared=False).secret
        except CodeRefused as refused:
            click.echo(refused.words)
        except NotRight:
            break
    abandon(house, _again(house, half))
    raise click.ClickException(NOT_LET_IN)


def _half_way(house: House, email: str, given: Given) -> bytes:
    for _ in range(1 if given.passphrase_clear else TRIES):
        typed_clear = given.passphrase_clear or str(click.prompt("Passphrase", hide_input=True))
        try:
            return give_passphrase(house, email, typed_clear, HERE)
        except NotRight as wrong:
            click.echo(wrong.words)
    raise click.ClickException(NOT_LET_IN)


def _belongs(house: House, secret: bytes, linked: Linked, give: Callable[[Who], None]) -> None:
    try:
        begin_membership(house, _again(house, secret), linked.path.removeprefix("/join/"))
    except Refused:
        raise click.ClickException(NOT_LET_IN) from None
    acting = act_in(house, _again(house, secret), linked.person.area_id)
    if acting is None:
        raise click.ClickException("This account can't be used in another area. Nothing was given.")
    give(acting.who())


def _passphrase(house: House, half: Recalled, given: Given) -> bytes:
    if given.passphrase_clear:
        return set_first_passphrase(house, half, given.passphrase_clear)
    click.echo(f"\nA passphrase: 15 characters or more. For example: {suggestion.suggest()}")
    while True:
        typed_clear = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
        try:
            return set_first_passphrase(house, half, str(typed_clear))
        except WeakPassphrase as weak:
            click.echo(weak.words)


def _code_app(house: House, half: Recalled, given: Given) -> bytes:
    grouped = code_app_to_set(house, half).grouped
    if given.secret_file is not None:
        _write(given.secret_file, grouped.replace(" ", "") + "\n")
        return set_code_app(house, half, _code_now(grouped.replace(" ", ""), house.clock))
    click.echo("\nAdd this to the code app on your phone (as a key to be typed):")
    click.echo(f"    {grouped}")
    while True:
        try:
            return set_code_app(house, half, str(click.prompt("Code that the app shows now")))
        except CodeRefused as refused:
            click.echo(refused.words)


def _codes(house: House, half: Recalled, given: Given) -> str:
    """Show the codes on paper; returns the group of the recovery code that was typed back."""
    codes = codes_to_write_down(house, half)
    group = codes.recovery.split("-")[ASKED_GROUP - 1]
    if given.codes_file is not None:
        _write(given.codes_file, _on_paper(codes))
        return group
    click.echo("\n" + _on_paper(codes))
    while True:
        typed = str(click.prompt(f"Type group {ASKED_GROUP} of the recovery code back"))
        if typed.strip().upper() == group:
            click.clear()
            return typed
        click.echo("That is not the group we asked for. Look at what you wrote down.")


def _on_paper(codes: Codes) -> str:
    lines = ["Recovery code: replaces a forgotten passphrase.", f"    {codes.recovery}", ""]
    lines += ["Backup codes: one use each, when the phone is not at hand."]
    return "\n".join([*lines, *(f"    {code}" for code in codes.backup), ""])


def _code_now(secret: str, clock: Clock) -> str:
    import pyotp

    return pyotp.TOTP(secret).at(clock.now())


def _again(house: House, secret: bytes) -> Recalled:
    found = recall(house, secret)
    if not isinstance(found, Recalled):
        raise click.ClickException("This took too long. Empty the folder and begin again.")
    return found


def _whole(house: House, secret: bytes) -> Who:
    return _again(house, secret).who()


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text)
