"""One list by time of what waits for somebody in every area they belong to.

Each area is looked at as itself, by its own person: nothing of one is known in another.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.ids import AreaId
from portal.domain.people import Role
from portal.journeys.across.act_in import everywhere
from portal.journeys.house import House
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.views.reader_home import Entry, Home, in_order, reader_home


@dataclass(frozen=True)
class HomeIn:
    """What waits in one area. `at_home`: it keeps the account. `key_waits`: roles of theirs do not
    count before somebody confirms their key."""

    area_id: AreaId
    area: str
    at_home: bool
    roles: frozenset[Role]
    home: Home
    key_waits: bool


@dataclass(frozen=True)
class Placed:
    """An entry, and which area it is in."""

    entry: Entry
    of: HomeIn


@dataclass(frozen=True)
class OneHome:
    """`areas`: the one that keeps the account first. `entries` and `over` as in `Home`."""

    areas: tuple[HomeIn, ...]
    entries: tuple[Placed, ...]
    over: tuple[Placed, ...]


def one_home(house: House, found: Recalled) -> OneHome:
    """For the person where their account is kept. Raises Refused."""
    areas = tuple(_in(house, each) for each in everywhere(house, found))
    entries = [Placed(entry, each) for each in areas for entry in each.home.entries]
    over = [Placed(entry, each) for each in areas for entry in each.home.over]
    return OneHome(
        areas,
        tuple(sorted(entries, key=lambda each: in_order(each.entry))),
        tuple(sorted(over, key=lambda each: each.entry.at, reverse=True)),
    )


def _in(house: House, found: Recalled) -> HomeIn:
    home = reader_home(house, found.who())
    at_home, key_waits = found.person.at_home, bool(found.waiting)
    return HomeIn(found.area.id, found.area.name, at_home, found.roles, home, key_waits)
