"""The counters ("buckets") that attempts are counted in, and the keys by which they are kept.

Each key is HMAC-SHA256 under the server's pepper, so the rows hold nobody's address. What the
counters do is said and decided in `throttle`.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.identity.networks import home_of, network_of, site_of


class Kind(StrEnum):
    """What a bucket counts; the first word of its key."""

    DEVICE = "device"
    SPOKEN = "spoken"
    SOURCE = "source"
    ACCOUNT = "account"
    CODES = "codes"
    ADDRESS = "address"
    SITE = "site"
    EVERYONE = "everyone"
    REFUSALS = "refusals"
    SAMPLES = "samples"
    ALERTS = "alerts"


AROUND = frozenset({Kind.ADDRESS, Kind.SITE, Kind.EVERYONE})
"""What counts attempts at anybody's account."""


@dataclass(frozen=True)
class Bucket:
    """One counter. Times are aware UTC; a bucket without failures has no times."""

    key: str
    failures: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    blocked_until: datetime | None = None

    @property
    def kind(self) -> Kind:
        return Kind(self.key.partition(":")[0])


def keys_for(
    pepper: bytes,
    email: str,
    address: str,
    device: str | None,
    *,
    purpose: str = "sign-in",
    spoken: str | None = None,
) -> list[str]:
    """Return the keys of the buckets that judge one attempt.

    `email` is what was typed, normalised (`email_address`), whether or not anybody has it.
    `address` is the connection's IP address. `device` is the cookie of a browser which
    `known_device.recognises` **for this very account**, and whose bucket is not spent
    (`needs_proof`); else None. `spoken` are words under which a bucket `holds`. Where nobody is
    named (`email` is empty) no account's counter is charged, or whoever shares an address could be
    kept out for long. `purpose` keeps counters of different doors apart. Keys are HMAC-SHA256
    under the server's pepper (32 bytes or more).
    """
    if device is not None:
        return [_key(pepper, Kind.DEVICE, purpose, email, device)]
    place = network_of(address)
    of_all = [_key(pepper, Kind.ADDRESS, purpose, place)]
    wider = ((Kind.ADDRESS, home_of(address)), (Kind.SITE, site_of(address)))
    of_all += [_key(pepper, kind, purpose, around) for kind, around in wider if around]
    of_all.append(_key(pepper, Kind.EVERYONE, purpose))
    if not email:
        return of_all
    if spoken is not None:
        return [spoken_key(pepper, email, spoken, purpose), *of_all]
    return own_keys(pepper, email, address, purpose) + of_all


def own_keys(pepper: bytes, email: str, address: str, purpose: str) -> list[str]:
    """Return the keys of one account's own buckets: of it from this address, and of it from all
    unknown browsers."""
    source = _key(pepper, Kind.SOURCE, purpose, email, network_of(address))
    return [source, account_key(pepper, email, purpose)]


def account_key(pepper: bytes, email: str, purpose: str) -> str:
    """Return the key of the bucket that counts failures of all unknown browsers in one name."""
    return _key(pepper, Kind.ACCOUNT, purpose, email)


def spoken_key(pepper: bytes, email: str, words: str, purpose: str) -> str:
    """Return the key of the bucket of words that were spoken to whoever has this address. Only
    letters count, in either case: words are heard, and written down by hand."""
    heard = "".join(each for each in words.casefold() if each.isalpha())
    return _key(pepper, Kind.SPOKEN, purpose, email, heard)


def refusals_key(pepper: bytes, area: str, person: str) -> str:
    """Return the key of the bucket that counts what one signed-in person was refused."""
    return _key(pepper, Kind.REFUSALS, area, person)


def alerts_key(pepper: bytes, area: str, about: str) -> str:
    """Return the key of the bucket that counts what an area was told about attacks of one kind."""
    return _key(pepper, Kind.ALERTS, area, about)


def samples_key(pepper: bytes, address: str) -> str:
    """Return the key of the bucket that counts the sample files of one address."""
    return _key(pepper, Kind.SAMPLES, network_of(address))


def cleared_keys(
    pepper: bytes, email: str, address: str, device: str | None, *, purpose: str = "sign-in"
) -> list[str]:
    """Return the further keys that a success clears: a known browser frees its owner's account.

    Together with `keys_for` of the same attempt these are all that `after_success` is for.
    """
    return [] if device is None else own_keys(pepper, email, address, purpose)


def _key(pepper: bytes, kind: Kind, *parts: str) -> str:
    if len(pepper) < 32:
        raise ValueError("the pepper is 32 bytes or more")
    digest = hmac.new(pepper, b"portal/v1/throttle", "sha256")
    for part in (kind.value, *parts):
        raw = part.encode("utf-8", "backslashreplace")
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return f"{kind.value}:{digest.hexdigest()}"
