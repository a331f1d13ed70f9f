"""The members of closed lists as a line of the record says them in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.domain.disclosures import DisclosureState
from portal.domain.grants import GrantState
from portal.domain.meetings import Presence
from portal.domain.minutes_form import SECTION_WORDS
from portal.domain.papers import Kind, RequestStatus
from portal.domain.people import Role
from portal.policy.actions import Action
from portal.web.refusals import WORDS as WHY_WORDS

WORDS: Mapping[str, Mapping[str, object]] = {
    "roles": {
        Role.COORDINATOR: _l("co-ordinator"),
        Role.DEPUTY: _l("deputy co-ordinator"),
        Role.ADMINISTRATOR: _l("administrator"),
        Role.CHAIR: _l("chair"),
        Role.ATTENDEE: _l("attendee"),
        Role.CONTACT: _l("contact"),
        Role.SPOC: _l("single point of contact"),
        Role.LAY_ADVISER: _l("lay adviser"),
        Role.AUDITOR: _l("auditor"),
        Role.OPERATOR: _l("operator"),
    },
    "changed": {
        "secure_way": _l("its secure way of receiving"),
        "spoc": _l("its single point of contact"),
        "deputy": _l("the deputy of its single point of contact"),
        "mailbox": _l("its team mailbox"),
        "phone": _l("its telephone number"),
    },
    "factor": {
        "code_app": _l("their code app"),
        "key_fob": _l("their key-fob"),
        "code_card": _l("their code card"),
        "passkey": _l("their passkey"),
        "recovery_code": _l("their recovery code"),
        "backup_code": _l("a backup code"),
        "backup_codes": _l("their backup codes"),
        "recovery": _l("their recovery code and a second factor"),
        "sso": _l("the single sign-on of their agency"),
    },
    "now": {
        "trial": _l("other settings, for trial"),
        "open": _l("open"),
        "closed": _l("closed"),
    },
    "change": {
        "added": _l("was added"),
        "replaced": _l("was replaced"),
        "removed": _l("was taken away"),
        "renewed": _l("was made anew"),
        "issued_met": _l("was issued, after meeting them"),
        "issued_rang": _l("was issued, after ringing them"),
    },
    "by": {
        "owner": _l("by themselves"),
        "recovery": _l("with their recovery code"),
    },
    "answer": {
        RequestStatus.RECEIVED: _l("received"),
        RequestStatus.NOTHING_KNOWN: _l("nothing known"),
        RequestStatus.NOTHING_NEW: _l("nothing new"),
        RequestStatus.AT_MEETING: _l("will say it at the meeting"),
        RequestStatus.DECLINED: _l("cannot share, with reason"),
    },
    "presence": {
        Presence.ATTENDED: _l("attended"),
        Presence.PART: _l("attended in part"),
        Presence.APOLOGIES: _l("sent apologies"),
        Presence.ABSENT: _l("absent"),
    },
    "wanted": {"True": _l("always"), "False": _l("only where the chair was asked")},
    "section": {section.value: words for section, words in SECTION_WORDS.items()},
    "kind": {
        Kind.PARTICULARS: _l("the particulars"),
        Kind.REPORT: _l("a report"),
        Kind.PACK: _l("the pack"),
        Kind.ANNEX: _l("a restricted annex"),
        Kind.ADDENDUM: _l("an addendum"),
        Kind.MINUTES: _l("the minutes"),
        Kind.MINUTES_COPY: _l("a copy of the minutes"),
        Kind.SUMMARY: _l("the executive summary"),
        Kind.EXTRACT: _l("an extract"),
        Kind.DISCLOSED: _l("a disclosed paper"),
        Kind.AUTHORITY: _l("the written authority"),
        Kind.ORIGINAL: _l("the original of a report"),
        Kind.REFUSAL: _l("the written refusal"),
    },
    "state": {
        GrantState.GRANTED: _l("they can read it now"),
        GrantState.WAITING: _l("it waits for their key"),
        DisclosureState.APPROVED: _l("approved"),
    },
    "code": {
        "empty": _l("it was empty"),
        "not_pdf": _l("it is not a PDF, a Word file or a picture"),
        "word_file": _l("it is a kind of text document that is not taken"),
        "office_file": _l("it is a file of another Office program"),
        "picture": _l("it is a kind of picture that is not taken"),
        "too_big": _l("it is too big"),
        "too_many_pages": _l("it has too many pages"),
        "no_pages": _l("it has no pages"),
        "page_size": _l("its pages are too large"),
        "damaged": _l("it is damaged"),
        "password": _l("it is locked with a password"),
        "wrong_password": _l("it is locked with another password than was typed"),
        "locked": _l("it is a Word file locked with a password"),
        "protected": _l("it opens for certain people or computers only"),
        "macros": _l("it holds macros"),
        "no_conversion": _l("Word files could not be taken here at that time"),
        "not_converted": _l("it could not be turned into pages"),
        "dynamic_form": _l("it is a form that changes itself"),
        "hostile": _l("it holds something that attacks programs"),
        "too_heavy": _l("it takes too much to read"),
        "took_too_long": _l("it took too long to check"),
        "not_checked": _l("it could not be checked"),
        "infected": _l("the virus scanner found something harmful in it"),
        "unscannable": _l("the virus scanner could not look through all of it"),
        "scanner_down": _l("the virus scanner did not answer"),
        "not_scanned": _l("there is no virus scanner, and papers are not taken without one"),
        "no_reference": _l("no reference of a copy stands in it"),
        "no_copy": _l("no copy of this area has the reference that stands in it"),
        "same_file": _l("it was the file that had been handed in already"),
        "wrong_date_of_birth": _l("the date of birth typed was not the individual's, five times"),
        "wrong_case": _l("the name or the date of birth was not that of the case"),
    },
    "action": {
        Action.OWN_ACCOUNT_READ: _l("looking at their account"),
        Action.OWN_WORDS_USE: _l("typing joining words"),
        Action.READER_PAPER_OPEN: _l("opening a paper"),
        Action.READER_GRANT_SEE: _l("looking at a paper"),
        Action.READER_STATEMENT_READ: _l("reading an invitation"),
        Action.READER_STATEMENT_ACCEPT: _l("accepting a statement"),
        Action.READER_DISCLOSURE_ASK: _l("asking to pass something on"),
        Action.READER_DISCLOSURE_SEE: _l("looking at a request to pass something on"),
        Action.AGENCY_REQUESTS_READ: _l("looking at requests for reports"),
        Action.AGENCY_REQUEST_READ: _l("reading a request for a report"),
        Action.AGENCY_REQUEST_CLAIM: _l("taking on a request for a report"),
        Action.AGENCY_REPORT_UPLOAD: _l("handing in a report"),
        Action.AGENCY_REPORT_ANSWER: _l("answering a request for a report"),
        Action.AGENCY_REPORT_READ: _l("reading a report"),
        Action.AGENCY_ORIGINAL_OPEN: _l("opening the original of their report"),
        Action.SPOC_PEOPLE_READ: _l("looking at an agency's people"),
        Action.SPOC_PEOPLE_CERTIFY: _l("saying who is still here"),
        Action.SPOC_PERSON_INVITE: _l("naming a colleague"),
        Action.SPOC_PERSON_REMOVE: _l("removing a colleague"),
        Action.SPOC_COVER_SET: _l("arranging cover"),
        Action.CHAIR_MINUTES_READ: _l("reading minutes as chair"),
        Action.CHAIR_MINUTES_APPROVE: _l("approving minutes"),
        Action.UNIT_EXTRACT_MARK: _l("opening a paper to make an extract"),
        Action.UNIT_EXTRACT_MAKE: _l("making an extract"),
        Action.DECIDE_EXTRACT_CHECK: _l("letting an extract be sent"),
        Action.DECIDE_PACK_SEND: _l("sending a pack"),
        Action.DECIDE_MINUTES_SEND: _l("sending minutes"),
        Action.DECIDE_WAITING_GRANT: _l("giving a copy to somebody who waited"),
        Action.DECIDE_WORDS_GIVE: _l("giving joining words"),
        Action.DECIDE_STANDING_WITHDRAW: _l("withdrawing an instruction for late reports"),
        Action.DECIDE_ACCESS_TAKE_BACK: _l("taking something back"),
        Action.DECIDE_ACCESS_EXTEND: _l("giving more time"),
        Action.DECIDE_ATTENDANCE_LOCK: _l("locking an attendance"),
        Action.DECIDE_DUTY_RECORD: _l("recording a duty to consider"),
        Action.DECIDE_SUMMARY_APPROVE: _l("approving a summary"),
        Action.DECIDE_CHAIRS_VIEW_WANT: _l("setting whether the chair is asked"),
        Action.DECIDE_HOLD_PLACE: _l("placing a legal hold"),
        Action.DECIDE_HOLD_LIFT: _l("lifting a legal hold"),
        Action.DECIDE_ORIGINAL_OPEN: _l("opening the original of a report"),
        Action.DECIDE_ORIGINALS_LIMIT: _l("setting how long originals are kept"),
        Action.DECIDE_DISCLOSURE_READ: _l("reading a disclosure request"),
        Action.DECIDE_DISCLOSURE_DECIDE: _l("deciding a disclosure request"),
        Action.RECORD_READ: _l("reading this record"),
        Action.RECORD_EXPORT: _l("exporting this record"),
        Action.DECIDE_TRACE_ASK: _l("asking whose copy something is"),
        Action.RECORD_TRACE_READ: _l("looking at a question whose copy something is"),
        Action.RECORD_TRACE_CONFIRM: _l("confirming a question whose copy something is"),
        Action.OPERATOR_STATE_READ: _l("looking at the installation"),
    },
    "why": {why.value: words for why, words in WHY_WORDS.items()},
}
"""Field of a line -> its value -> words."""


def word(name: str, value: str) -> str:
    """The word for one value; a value without one is said as it stands, its dashes as spaces."""
    known = WORDS.get(name, {}).get(value)
    return str(known) if known is not None else value.replace("_", " ").replace(":", " ")
