"""How often somebody may try to sign in, so that guessing is slow and nobody is locked out.

Pure arithmetic on counters (`throttle_keys`); the caller keeps them in the database. Sources: NIST
SP 800-63B-4 section 3.2.2, OWASP ASVS V6.3.1, V6.3.5, V2.4.1.

The policy, per kind of bucket:

========  ========================================  =============================================
kind      counts failures of                        what it does
========  ========================================  =============================================
device    one browser its owner signed in with      5 free, then 30 s, doubling to 1 hour
          before (see known_device)                 100 in a row: the browser is forgotten
spoken    one account with the words that a         20 in 4 hours, then the words are nothing
          colleague spoke to its owner
source    one account from one address              5 free, then 30 s, doubling to 1 hour
account   one account from all unknown browsers     20 free, then 5 s, doubling to 1 minute
                                                    100 in a row: a fresh proof is asked for
codes     second factors of one account, of         5 free, then 30 s, doubling to 1 hour, until
          whoever has its passphrase                one was right
address   one address, any account; of IPv6 also    50 an hour, then nothing until the hour ends
          its /56, which one home holds
site      one IPv6 /48, any account                 200 an hour, then nothing until the hour ends
everyone  all unknown browsers                      100 in 10 minutes, then one try in 5 seconds,
                                                    and an alarm; one in 1 second for the first 3
                                                    tries of an address in an hour
========  ========================================  =============================================

- A **known browser is judged by its own bucket alone**. An outsider, from however many
  addresses, cannot make it wait, nor take it away.
- So is **whoever types the words that a colleague spoke to them** after ringing them back: an
  outsider has not heard them, so for four hours nobody's persistence keeps them out. The attempt is
  counted at the address and everyone besides, so that a success gives back no more than it took.
- A network from which its owner has signed in on a shared computer counts as such a browser
  (see known_place), so that whoever has only shared computers is judged by a counter of their own.
- An unknown browser meets the others. The waits an outsider can cause there for somebody
  else are short (a minute at most, from the account's bucket; five seconds from everyone's)
  unless they share an address. While a flood lasts, addresses that have failed compete for each
  turn, which first tries leave alone; one that has not (its /48 neither) gets its first tries
  between them. So stuffing goes on at six tries in five seconds at most, three from each address,
  and only somebody with a fresh address every second keeps those out who are new, and no others.
  After 100 failures in a row an unknown browser needs a fresh proof, as NIST demands: sign in on a
  known browser, use the recovery code, or be proofed again by the unit. The owner's next success
  clears it, and so does a colleague who has rung them (journeys/signing_in/let_try_again.py), which
  opens nothing and buys nobody more than the next hundred.
- Success clears the account's own buckets, only when passphrase *and* code were right. It never
  clears an address or everyone: an attempt whose passphrase was right gives back there what that
  very attempt was counted under, so an account of one's own buys no guesses at others.
- An attempt that must wait is refused before anything is compared and **is not counted**:
  hammering does not lengthen anybody's wait.
- Unknown accounts are counted like known ones, under keyed hashes: the rows hold no address of
  anyone, and the answers do not tell who exists; save within one network, once it has used up its
  tries, who is known in that very network.
- Counters are forgotten after a quiet time: 24 hours (source), 180 days (device, the life of its
  cookie), 365 days (account, codes), or when their window ends (the others). Of more than
  MOST_ACCOUNTS those with the fewest failures go first, whether or not anybody has the address:
  whoever invents addresses fills no disk, and is told nothing by what is forgotten.

How a caller uses it, with the rows locked: load `throttle_keys.keys_for`; if `wait` says so,
refuse; else store what `after_try` returns **before** the slow comparison, so that parallel
attempts count each other; on success store `after_success` of these and of those under
`throttle_keys.cleared_keys`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.identity.throttle_keys import Bucket, Kind

FIRST_TRIES = 3
"""How often an address may have failed within its hour and still count as one that has not."""

FIRST_WAIT = timedelta(seconds=1)
"""How long after any other try such an address has its turn while a flood lasts."""

CONSECUTIVE_LIMIT = 100
"""Failures in a row after which an account's unknown browsers, or a device, need a fresh proof."""

LONGEST_WAIT = timedelta(hours=1)

REFUSALS = 60
"""Refusals of one signed-in person within ten minutes, each written down; then no more are."""

ALERTS = 5
"""Letters of one kind about attacks that an area's unit is sent within an hour."""

MOST_ACCOUNTS = 100_000
"""How many accounts' counters are kept: no more can be begun in most of a day (everyone)."""

SPOKEN_LASTS = timedelta(hours=4)
"""How long the words count that a colleague spoke to whom strangers keep out."""

SAMPLES = 8
"""Sample files that one address may send to "Check this computer" within ten minutes."""


@dataclass(frozen=True)
class _Growing:
    """Free failures, then a wait that doubles with each; forgotten after a quiet time."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    quiet: timedelta


@dataclass(frozen=True)
class _Windowed:
    """So many in a window from the first; beyond, `wait`, or until the window ends if None."""

    free: int
    window: timedelta
    wait: timedelta | None


_POLICY: dict[Kind, _Growing | _Windowed] = {
    Kind.DEVICE: _Growing(5, timedelta(seconds=30), LONGEST_WAIT, timedelta(days=180)),
    Kind.SPOKEN: _Windowed(20, SPOKEN_LASTS, None),
    Kind.SOURCE: _Growing(5, timedelta(seconds=30), LONGEST_WAIT, timedelta(hours=24)),
    Kind.ACCOUNT: _Growing(20, timedelta(seconds=5), timedelta(minutes=1), timedelta(days=365)),
    Kind.CODES: _Growing(5, timedelta(seconds=30), LONGEST_WAIT, timedelta(days=365)),
    Kind.ADDRESS: _Windowed(50, timedelta(hours=1), None),
    Kind.SITE: _Windowed(200, timedelta(hours=1), None),
    Kind.EVERYONE: _Windowed(100, timedelta(minutes=10), timedelta(seconds=5)),
    Kind.REFUSALS: _Windowed(REFUSALS, timedelta(minutes=10), None),
    Kind.SAMPLES: _Windowed(SAMPLES, timedelta(minutes=10), None),
    Kind.ALERTS: _Windowed(ALERTS, timedelta(hours=1), None),
}


def after_try(buckets: Iterable[Bucket], now: datetime) -> list[Bucket]:
    """Return the buckets of one attempt with it counted. A first try counts for everyone, but puts
    off nobody's turn."""
    kept = {Kind.EVERYONE} if _is_first(buckets := tuple(buckets), now) else set()
    return [after_failure(one, now, keeps_turn=one.kind in kept) for one in buckets]


def after_failure(bucket: Bucket, now: datetime, *, keeps_turn: bool = False) -> Bucket:
    """Return the bucket with one more attempt, and its new wait (the one it had: `keeps_turn`)."""
    policy = _POLICY[bucket.kind]
    fresh = _remembered(bucket, now)
    failures = fresh.failures + 1
    first_at = fresh.first_at or now
    return Bucket(
        bucket.key,
        failures,
        first_at,
        # Time that ran backwards must not make a counter look older than it is.
        max(now, fresh.last_at or now),
        fresh.blocked_until if keeps_turn else _blocked_until(policy, failures, first_at, now),
    )


def after_success(bucket: Bucket, now: datetime) -> Bucket:
    """Return the bucket after a whole sign-in: empty, where it is the account's own. Of address and
    everyone the one failure is given back that was counted for it when it began, and no more."""
    policy = _POLICY[bucket.kind]
    if isinstance(policy, _Growing):
        return Bucket(bucket.key)
    fresh = _remembered(bucket, now)
    if fresh.failures == 0:
        return fresh
    left = fresh.failures - 1
    return replace(
        fresh, failures=left, blocked_until=fresh.blocked_until if left >= policy.free else None
    )


def wait(buckets: Iterable[Bucket], now: datetime) -> timedelta | None:
    """Return how long an attempt must wait, at most one hour, or None if it may be made now.

    Where a fresh proof is needed (`needs_proof`) the answer is one hour, however long ago the
    failures were, so that a caller who does not ask cannot let the attempt through.
    """
    buckets = tuple(buckets)
    # Spoken words judge alone; the others are only counted.
    buckets = tuple(each for each in buckets if each.kind is Kind.SPOKEN) or buckets
    if needs_proof(buckets, now):
        return LONGEST_WAIT
    first = _is_first(buckets, now)
    ends = [
        _first_turn(bucket) if first and bucket.kind is Kind.EVERYONE else bucket.blocked_until
        for bucket in (_remembered(bucket, now) for bucket in buckets)
    ]
    waits = [end - now for end in ends if end is not None and end > now]
    # Time that ran backwards must not turn a wait into a lock.
    return min(max(waits), LONGEST_WAIT) if waits else None


def _is_first(buckets: Iterable[Bucket], now: datetime) -> bool:
    """Whether these are the first tries of an address, and its site, within its hour."""
    around = [one for one in buckets if one.kind in (Kind.ADDRESS, Kind.SITE)]
    tried = [_remembered(one, now).failures for one in around]
    return bool(tried) and max(tried) < FIRST_TRIES


def _first_turn(everyone: Bucket) -> datetime | None:
    """When a first try has its turn, if the brake is on."""
    full = everyone.failures >= _POLICY[Kind.EVERYONE].free
    return everyone.last_at + FIRST_WAIT if full and everyone.last_at else None


def needs_proof(buckets: Iterable[Bucket], now: datetime) -> bool:
    """Say whether 100 failures in a row demand a fresh proof.

    A device: it is no longer known. An account: its unknown browsers use a known one or ring.
    """
    return any(
        bucket.kind in (Kind.DEVICE, Kind.ACCOUNT)
        and _remembered(bucket, now).failures >= CONSECUTIVE_LIMIT
        for bucket in buckets
    )


def holds(bucket: Bucket, now: datetime) -> bool:
    """Say whether these words were spoken (a bucket is begun by speaking them), and count still."""
    return 0 < _remembered(bucket, now).failures < _POLICY[Kind.SPOKEN].free


def is_alarming(after: Bucket) -> bool:
    """Say whether the failure that led to this bucket should raise an alarm.

    For an address and for everyone, when the free failures run out (stuffing); for spoken words,
    when they are nothing any more (whoever tries has heard them); for an account, and
    for a browser of its owner's, when its waits begin and at the limit: its owner gets a notice of
    suspicious attempts (somebody may sit at their locked screen).
    """
    policy = _POLICY[after.kind]
    if isinstance(policy, _Windowed):
        return after.failures == policy.free
    own = after.kind in (Kind.ACCOUNT, Kind.DEVICE)
    return own and after.failures in (policy.free + 1, CONSECUTIVE_LIMIT)


def is_guessing(after: Bucket) -> bool:
    """Say whether wrong codes of one person have come to where they must wait (and at the limit):
    whoever types them has the passphrase already."""
    policy = _POLICY[after.kind]
    return after.failures in (policy.free + 1, CONSECUTIVE_LIMIT)


def forgotten_since(kind: Kind, now: datetime) -> datetime:
    """Return when a bucket of this kind was last touched at the latest, if a sweep may delete its
    row because it would be forgotten anyway."""
    policy = _POLICY[kind]
    return now - (policy.quiet if isinstance(policy, _Growing) else policy.window)


def _remembered(bucket: Bucket, now: datetime) -> Bucket:
    """The bucket, or an empty one if its quiet time or window is over."""
    if bucket.first_at is None or bucket.last_at is None:
        return Bucket(bucket.key)
    policy = _POLICY[bucket.kind]
    if isinstance(policy, _Growing):
        over = now - bucket.last_at >= policy.quiet
    else:
        over = now - bucket.first_at >= policy.window
    return Bucket(bucket.key) if over else bucket


def _blocked_until(
    policy: _Growing | _Windowed, failures: int, first_at: datetime, now: datetime
) -> datetime | None:
    beyond = failures - policy.free
    if isinstance(policy, _Windowed):
        # The windowful itself is allowed; the one that fills it closes the door behind it.
        if beyond < 0:
            return None
        return first_at + policy.window if policy.wait is None else now + policy.wait
    if beyond <= 0:
        return None
    doublings = min(beyond - 1, 12)
    return now + min(policy.first_wait * (1 << doublings), policy.longest_wait)
