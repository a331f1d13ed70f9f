"""The words a refused person reads, one for each reason the judge can give.

They decide whether the unit's telephone rings: each says what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.policy.verdict import Why

WORDS: Mapping[Why, object] = {
    Why.NOT_THERE: _l(
        "You are not on the list for this meeting, or there is nothing at this address."
    ),
    Why.NOT_YOUR_ROLE: _l("This is for other people in the unit to do. Nothing was changed."),
    Why.SIGN_IN_AGAIN: _l("Sign out, then sign in again to do this."),
    Why.READS_ONLY: _l(
        "You are signed in for reading only. To do this, sign out, and sign in on a computer that "
        "nobody else uses."
    ),
    Why.ACCOUNT_CLOSED: _l("This account is closed."),
    Why.NOT_YET: _l("You cannot read this yet. The page before says from when."),
    Why.ENDED: _l("The time to read this is over. Ask for more time if you still need it."),
    Why.TAKEN_BACK: _l("This was taken back by the unit."),
    Why.CANNOT_OPEN_YET: _l(
        "You cannot open this yet: a coordinator has still to confirm your key with you."
    ),
    Why.TIMES_UNREADABLE: _l("The times of this paper cannot be read, so it does not open."),
    Why.STATEMENT_FIRST: _l("Accept the confidentiality statement of this meeting first."),
    Why.READ_HERE_ONLY: _l("The sender lets you read this here, and not download it."),
    Why.WINDOW_CLOSED: _l("The time for this report is over."),
    Why.ALREADY_ANSWERED: _l("This report has been answered already."),
    Why.WRONG_SERVICE: _l("This form can be answered by a prison or youth custody only."),
    Why.OWN_REQUEST: _l(
        "You asked for this yourself, or it is for you. Another coordinator must decide it."
    ),
    Why.ALREADY_DECIDED: _l("This was decided already."),
    Why.NOT_LOCKED: _l("Lock the attendance first."),
    Why.ALREADY_LOCKED: _l("The attendance is locked. It can no longer be changed."),
    Why.NOT_FILED: _l("There are no minutes here yet."),
    Why.NOT_APPROVED: _l("The chair has not approved these minutes yet."),
    Why.ALREADY_APPROVED: _l("The chair has approved these minutes. They can no longer change."),
    Why.TOO_MANY: _l(
        "You asked many times for what is not yours to see or do, or is not there. "
        "It was written down. Wait ten minutes."
    ),
    Why.CONFIRM_OVER: _l("The time in which this could be confirmed is over. Ask again."),
    Why.NOT_ONESELF: _l("You cannot do this for yourself. Ask another coordinator."),
}

STATUS: Mapping[Why, int] = {Why.NOT_THERE: 404, Why.TOO_MANY: 429}
"""Every other reason is answered 403."""

_RING = frozenset(
    {Why.NOT_THERE, Why.ACCOUNT_CLOSED, Why.TAKEN_BACK, Why.TIMES_UNREADABLE, Why.WINDOW_CLOSED,
     Why.CANNOT_OPEN_YET}
)  # fmt: skip


def words_for(why: Why, telephone: str) -> str:
    """What happened, and whom to ring where ringing helps."""
    words = str(WORDS[why])
    if why in _RING and telephone:
        words += " " + gettext("Ring %(number)s.", number=telephone)
    return words
