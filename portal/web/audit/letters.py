"""The door of letters that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.journeys.views.letters import undelivered
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts

door = Door("letters", __name__, url_prefix="/unit/letters")

NAMES: Mapping[Kind, object] = {
    Kind.INVITED_TO_JOIN: _l("Invitation to join"),
    Kind.INVITED_TO_MEETING: _l("Invitation to a meeting"),
    Kind.INVITATION_WITHDRAWN: _l("Invitation withdrawn"),
    Kind.REPORT_ASKED: _l("A report is asked for"),
    Kind.REPORT_RECEIVED: _l("A report has come"),
    Kind.REPORT_CORRECTED: _l("A report was corrected"),
    Kind.PACK_SENT: _l("A pack to read"),
    Kind.PACK_SENT_TO_AGENCY: _l("A pack was sent to people of the agency"),
    Kind.ADDENDUM_SENT: _l("An addition to a pack"),
    Kind.LATE_SENT: _l("A late report has gone out"),
    Kind.PACK_TAKEN_BACK: _l("A pack was taken back"),
    Kind.MORE_TIME: _l("More time to read"),
    Kind.MINUTES_SENT: _l("Minutes to read"),
    Kind.MINUTES_TAKEN_BACK: _l("Minutes were taken back"),
    Kind.DISCLOSURE_ASKED: _l("A disclosure is asked for"),
    Kind.DISCLOSURE_DECIDED: _l("A disclosure was decided"),
    Kind.PAPER_DISCLOSED: _l("A paper was disclosed"),
    Kind.KEY_WAITS: _l("A key waits to be confirmed"),
    Kind.KEY_CONFIRMED: _l("A key was confirmed"),
    Kind.WORDS_USED: _l("Joining words were used"),
    Kind.KEY_REPLACED: _l("A key was replaced"),
    Kind.KEY_CHANGED: _l("A key was changed"),
    Kind.MEMBERSHIP_BEGUN: _l("Somebody joined another area"),
    Kind.ACCOUNT_MOVED: _l("An account is kept by another area"),
    Kind.KEY_ALARM: _l("Alarm about a key"),
    Kind.RENEWAL_ASKED: _l("Somebody is to begin anew"),
    Kind.ACCOUNT_RENEWED: _l("Somebody begins anew"),
    Kind.KIT_USED: _l("The recovery kit was used"),
    Kind.UNIT_KEY_CHANGED: _l("The unit's key was changed"),
    Kind.HOLDERS_CHANGED: _l("Who holds a case was set"),
    Kind.FACTOR_CHANGED: _l("A second factor was changed"),
    Kind.PASSPHRASE_CHANGED: _l("A passphrase was changed"),
    Kind.BACKUP_CODE_USED: _l("A backup code was used"),
    Kind.VOUCHED: _l("Somebody was let in without a code"),
    Kind.VOUCHED_ELSEWHERE: _l("Another unit let somebody of yours in without a code"),
    Kind.CARD_ELSEWHERE: _l("Another unit issued a code card to somebody of yours"),
    Kind.EMAIL_CHANGED: _l("An address was changed"),
    Kind.ATTEMPTS_SEEN: _l("Somebody tried to sign in"),
    Kind.CODES_TRIED: _l("Wrong codes after a right passphrase"),
    Kind.ACCOUNT_TRIED: _l("Somebody tried to sign in as one of the area"),
    Kind.SIGN_INS_FLOODED: _l("Many sign-ins failed"),
    Kind.SIGN_ONS_REFUSED: _l("Single sign-on was refused many times"),
    Kind.REFUSALS_SEEN: _l("Somebody was refused many times"),
    Kind.ROLES_CHANGED: _l("What somebody may do changed"),
    Kind.DEPUTY_NAMED: _l("A deputy was named for a time"),
    Kind.DEPUTY_ENDED: _l("A deputy's time ended"),
    Kind.ACCOUNT_CLOSES_SOON: _l("An account is about to close"),
    Kind.ACCOUNT_DORMANT: _l("An account closed for not being used"),
    Kind.ACCOUNT_WOKEN: _l("An account was opened again"),
    Kind.TRIES_ALLOWED: _l("Somebody may try to sign in again"),
    Kind.DORMANT_CAME: _l("Somebody came whose account is closed"),
    Kind.STILL_HERE_ASKED: _l("An agency was asked who is still here"),
    Kind.STILL_HERE_REMINDED: _l("An agency was reminded to say who is still here"),
}


@door.get("/", action=Action.UNIT_BOARD_READ)
def not_arrived() -> str:
    return page(
        "audit/letters.html",
        back=url_for("unit.today"),
        things=undelivered(parts().house, me()),
        names={kind.value: str(name) for kind, name in NAMES.items()},
    )
