"""What each deed is called where the record is narrowed to one."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.domain.deeds import Deed

NAMES: Mapping[Deed, object] = {
    Deed.AREA_OPENED: _l("Area opened"),
    Deed.KIT_READ_BACK: _l("Recovery kit read back"),
    Deed.AGENCY_ADDED: _l("Agency added"),
    Deed.CLOCK_ACCEPTED: _l("Clock accepted"),
    Deed.PERSON_INVITED: _l("Person invited to join"),
    Deed.PERSON_JOINED: _l("Person joined"),
    Deed.PERSON_LEFT: _l("Account closed"),
    Deed.KEY_REGISTERED: _l("Key made"),
    Deed.KEY_CONFIRMED: _l("Key confirmed"),
    Deed.KEY_ALARM: _l("Alarm about a key"),
    Deed.FACTOR_CHANGED: _l("Second factor changed"),
    Deed.BACKUP_CODE_USED: _l("Backup code used"),
    Deed.PASSPHRASE_CHANGED: _l("Passphrase changed"),
    Deed.SESSION_OPENED: _l("Signed in"),
    Deed.SESSION_CLOSED: _l("Signed out"),
    Deed.NAMES_READ: _l("List of names opened"),
    Deed.PARTICULARS_READ: _l("Who a case is about, read"),
    Deed.RECORD_READ: _l("This record read"),
    Deed.CASE_OPENED: _l("Case opened"),
    Deed.MEETING_DAY_PLANNED: _l("Meeting day planned"),
    Deed.INVITATION_MADE: _l("Person invited to a meeting"),
    Deed.INVITATION_WITHDRAWN: _l("Invitation withdrawn"),
    Deed.REPORT_ASKED: _l("Report asked for"),
    Deed.REPORT_ANSWERED: _l("Request for a report answered"),
    Deed.REPORT_RECEIVED: _l("Report received"),
    Deed.REPORT_READ: _l("Report read"),
    Deed.FILE_REFUSED: _l("File not taken"),
    Deed.FILE_EXAMINED: _l("File examined"),
    Deed.PACK_ARRANGED: _l("Pack arranged"),
    Deed.PACK_PREVIEWED: _l("Pack previewed"),
    Deed.PACK_SENT: _l("Pack sent"),
    Deed.ACCESS_GRANTED: _l("Copy given to somebody who waited"),
    Deed.ACCESS_TAKEN_BACK: _l("Copies taken back"),
    Deed.ACCESS_EXTENDED: _l("More time given"),
    Deed.ACCESS_EXPIRED: _l("Time to read over"),
    Deed.STATEMENT_ACCEPTED: _l("Confidentiality statement accepted"),
    Deed.PAPER_OPENED: _l("Paper opened"),
    Deed.COPY_TRACED: _l("Copy traced"),
    Deed.ATTENDANCE_RECORDED: _l("Attendance recorded"),
    Deed.ATTENDANCE_LOCKED: _l("Attendance locked"),
    Deed.MINUTES_FILED: _l("Minutes filed"),
    Deed.MINUTES_READ: _l("Minutes read"),
    Deed.MINUTES_APPROVED: _l("Minutes approved"),
    Deed.MINUTES_SENT: _l("Minutes sent"),
    Deed.DUTY_RECORDED: _l("Duty to consider recorded"),
    Deed.DISCLOSURE_ASKED: _l("Disclosure asked for"),
    Deed.DISCLOSURE_READ: _l("Disclosure request read"),
    Deed.DISCLOSURE_APPROVED: _l("Disclosure authorised"),
    Deed.DISCLOSURE_REFUSED: _l("Disclosure refused"),
    Deed.DEED_REFUSED: _l("Something refused"),
}
