"""A coordinator says whether this area takes files where there is no virus scanner.

The newest line of the ledger is the choice; nobody with the database alone can change it. A scanner
that is there and does not answer takes no file, whatever was chosen.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.documents.scan import NoScanner, Scanner
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AreaId
from portal.domain.papers import Scan
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line
from portal.ledger import search
from portal.policy.actions import Action

ACTION = Action.DECIDE_UNSCANNED_CHOOSE
NOT_TAKEN = (
    "This file was not scanned for viruses, and the MAPPA unit has chosen meanwhile to take none "
    "like that. Nothing was handed in. Ring the unit."
)


def takes_unscanned(house: House, db: Connection, area_id: AreaId) -> bool:
    """Whether files are taken as not scanned; they are, until somebody says otherwise. A choice
    that cannot be proven takes none."""
    newest = search.newest_about(db, area_id, Deed.UNSCANNED_CHOSEN.value, {})
    if newest is None:
        return True
    told = proven_line(house, db, area_id, newest.position)
    return told is not None and told["taken"] is True


def scanner_of(house: House, db: Connection, area_id: AreaId) -> Scanner:
    """What looks through the files of this area: the scanner, or the area's choice without one."""
    if house.scanner.scans:
        return house.scanner
    return NoScanner(blocks=not takes_unscanned(house, db, area_id))


def takes_files(house: House, db: Connection, area_id: AreaId) -> bool:
    """Whether any file is taken now, scanned or not."""
    return house.scanner.scans or takes_unscanned(house, db, area_id)


def require_taken(deed: Doing, scan: Scan) -> None:
    """In the deed that takes a file which was looked through earlier. Raises Changed where the area
    has chosen since that files like that are not taken."""
    if scan is Scan.NOT_SCANNED and not takes_unscanned(deed.house, deed.db, deed.area_id):
        raise Changed(NOT_TAKEN)


def read_unscanned_choice(house: House, who: Who) -> bool:
    """Whether they are taken, for the page. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        return takes_unscanned(house, look.db, who.actor.area_id)


def choose_unscanned(house: House, who: Who, *, taken: bool) -> None:
    """Raises Refused."""
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        deed.note(line(Deed.UNSCANNED_CHOSEN, taken=taken))
