"""The closed list of notices, each with its exact fields.

MAPPA rule 16: a notice carries a reference and a link; it may also give the area, the date and
time of the meeting, what is asked and by when, and the unit's telephone number. Nothing here
can hold a person's name, an offence, an address, a reason or a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What is told. The text of each stands in templates/notices/<kind>.txt."""

    INVITED_TO_JOIN = "invited_to_join"
    INVITED_TO_MEETING = "invited_to_meeting"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    REPORT_ASKED = "report_asked"
    REPORT_RECEIVED = "report_received"
    REPORT_CORRECTED = "report_corrected"
    PACK_SENT = "pack_sent"
    PACK_SENT_TO_AGENCY = "pack_sent_to_agency"
    ADDENDUM_SENT = "addendum_sent"
    LATE_SENT = "late_sent"
    PACK_TAKEN_BACK = "pack_taken_back"
    MORE_TIME = "more_time"
    MINUTES_SENT = "minutes_sent"
    MINUTES_TAKEN_BACK = "minutes_taken_back"
    DISCLOSURE_ASKED = "disclosure_asked"
    DISCLOSURE_DECIDED = "disclosure_decided"
    PAPER_DISCLOSED = "paper_disclosed"
    KEY_WAITS = "key_waits"
    KEY_CONFIRMED = "key_confirmed"
    WORDS_USED = "words_used"
    KEY_REPLACED = "key_replaced"
    KEY_CHANGED = "key_changed"
    MEMBERSHIP_BEGUN = "membership_begun"
    ACCOUNT_MOVED = "account_moved"
    KEY_ALARM = "key_alarm"
    KIT_USED = "kit_used"
    UNIT_KEY_CHANGED = "unit_key_changed"
    HOLDERS_CHANGED = "holders_changed"
    RENEWAL_ASKED = "renewal_asked"
    ACCOUNT_RENEWED = "account_renewed"
    FACTOR_CHANGED = "factor_changed"
    PASSPHRASE_CHANGED = "passphrase_changed"  # noqa: S105 - the name of a letter
    BACKUP_CODE_USED = "backup_code_used"
    VOUCHED = "vouched"
    VOUCHED_ELSEWHERE = "vouched_elsewhere"
    CARD_ELSEWHERE = "card_elsewhere"
    EMAIL_CHANGED = "email_changed"
    ATTEMPTS_SEEN = "attempts_seen"
    CODES_TRIED = "codes_tried"
    ACCOUNT_TRIED = "account_tried"
    SIGN_INS_FLOODED = "sign_ins_flooded"
    SIGN_ONS_REFUSED = "sign_ons_refused"
    REFUSALS_SEEN = "refusals_seen"
    ROLES_CHANGED = "roles_changed"
    DEPUTY_NAMED = "deputy_named"
    DEPUTY_ENDED = "deputy_ended"
    ACCOUNT_CLOSES_SOON = "account_closes_soon"
    ACCOUNT_DORMANT = "account_dormant"
    ACCOUNT_WOKEN = "account_woken"
    TRIES_ALLOWED = "tries_allowed"
    DORMANT_CAME = "dormant_came"
    STILL_HERE_ASKED = "still_here_asked"
    STILL_HERE_REMINDED = "still_here_reminded"


FIELDS: Mapping[Kind, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        Kind.INVITED_TO_JOIN: "area until path phone",
        Kind.INVITED_TO_MEETING: "area reference date time path phone",
        Kind.INVITATION_WITHDRAWN: "area reference date phone",
        Kind.REPORT_ASKED: "area reference date time form due path phone",
        Kind.REPORT_RECEIVED: "area reference form path",
        Kind.REPORT_CORRECTED: "area reference form path",
        Kind.PACK_SENT: "area reference date time opens until path phone",
        Kind.PACK_SENT_TO_AGENCY: "area reference date time phone",
        Kind.ADDENDUM_SENT: "area reference date time path phone",
        Kind.LATE_SENT: "area reference path",
        Kind.PACK_TAKEN_BACK: "area reference phone",
        Kind.MORE_TIME: "area reference until path phone",
        Kind.MINUTES_SENT: "area reference date until path phone",
        Kind.MINUTES_TAKEN_BACK: "area reference phone",
        Kind.DISCLOSURE_ASKED: "area reference path",
        Kind.DISCLOSURE_DECIDED: "area reference path phone",
        Kind.PAPER_DISCLOSED: "area reference until path phone",
        Kind.KEY_WAITS: "area path",
        Kind.KEY_CONFIRMED: "area path phone",
        Kind.WORDS_USED: "area path",
        Kind.KEY_REPLACED: "area path phone",
        Kind.KEY_CHANGED: "area path phone",
        Kind.MEMBERSHIP_BEGUN: "area path phone",
        Kind.ACCOUNT_MOVED: "area path phone",
        Kind.KEY_ALARM: "area path",
        Kind.KIT_USED: "area path",
        Kind.UNIT_KEY_CHANGED: "area path phone",
        Kind.HOLDERS_CHANGED: "area reference path phone",
        Kind.RENEWAL_ASKED: "area path phone",
        Kind.ACCOUNT_RENEWED: "area path phone",
        Kind.FACTOR_CHANGED: "area path phone",
        Kind.PASSPHRASE_CHANGED: "area path phone",
        Kind.BACKUP_CODE_USED: "area path phone",
        Kind.VOUCHED: "area by until path phone",
        Kind.VOUCHED_ELSEWHERE: "area path",
        Kind.CARD_ELSEWHERE: "area path",
        Kind.EMAIL_CHANGED: "area phone",
        Kind.ATTEMPTS_SEEN: "area path phone",
        Kind.CODES_TRIED: "area path phone",
        Kind.ACCOUNT_TRIED: "area path",
        Kind.SIGN_INS_FLOODED: "area path",
        Kind.SIGN_ONS_REFUSED: "area path",
        Kind.REFUSALS_SEEN: "area path",
        Kind.ROLES_CHANGED: "area path phone",
        Kind.DEPUTY_NAMED: "area until path phone",
        Kind.DEPUTY_ENDED: "area path phone",
        Kind.ACCOUNT_CLOSES_SOON: "area date path phone",
        Kind.ACCOUNT_DORMANT: "area path",
        Kind.ACCOUNT_WOKEN: "area path phone",
        Kind.TRIES_ALLOWED: "area path phone",
        Kind.DORMANT_CAME: "area path",
        Kind.STILL_HERE_ASKED: "area date path phone",
        Kind.STILL_HERE_REMINDED: "area date path phone",
    }.items()
}
"""Exactly these fields, no more and no fewer. What each may hold: `fields.READERS`."""
