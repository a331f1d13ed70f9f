"""Every line of the record as a sentence: one for each deed, filled from what the line names.

The words in brackets are fillers (portal/web/audit/words.py). A sentence holds names of people and
agencies, references and times; never a reason, a title somebody typed, or an individual's name,
for none of that is in the record.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.domain.deeds import Deed

SENTENCES: Mapping[Deed, object] = {
    Deed.AREA_OPENED: _l(
        "The area was opened. %(kit_needed)s of the %(kit_held)s custodians of the recovery kit "
        "together can recover its papers."
    ),
    Deed.UNIT_KEY_CHANGED: _l(
        "%(who)s gave the unit a new key, and sealed it to %(members)s of its members. What is "
        "sealed from now on does not open with the former one."
    ),
    Deed.UNIT_KEY_REWRAPPED: _l(
        "%(who)s sealed %(done)s papers and texts to the unit's new key. %(left)s were left to do."
    ),
    Deed.KIT_READ_BACK: _l(
        "A recovery kit was read back by its custodians, and it works: any %(kit_needed)s of "
        "%(kit_held)s together."
    ),
    Deed.KIT_DRILLED: _l("The custodians of the recovery kit tried it together, and it opened."),
    Deed.UNIT_BROUGHT_BACK: _l(
        "The custodians of the recovery kit brought %(person)s in as a co-ordinator."
    ),
    Deed.BACKUP_MADE: _l(
        "A backup was made. It holds %(lines)s lines of this record and %(files)s sealed papers."
    ),
    Deed.BACKUP_RESTORED: _l(
        "Everything was put back from a backup with %(lines)s lines of this record, and "
        "%(replayed)s later ones. %(missing)s lines that are known to have followed are missing."
    ),
    Deed.AGENCY_ADDED: _l("%(who)s added the agency %(agency)s."),
    Deed.AGENCY_CHANGED: _l("%(who)s changed how %(agency)s is reached: %(changed)s."),
    Deed.AGENCY_SHARED: _l("%(who)s recorded of %(agency)s: %(shared)s."),
    Deed.AGENCY_LINKED: _l("%(who)s linked the agency %(agency)s, which another area entered."),
    Deed.PROVIDER_RECORDED: _l("%(who)s recorded the single sign-on of %(agency)s, for trial."),
    Deed.PROVIDER_CHANGED: _l("%(who)s changed the single sign-on of %(agency)s: %(now)s."),
    Deed.SERVER_KEY_CHANGED: _l(
        "An operator replaced a key of the server's own, which opens no document: "
        "%(server_key)s, now at version %(key_version)s."
    ),
    Deed.RECORD_ACCEPTED: _l(
        "An operator went on with a record that lost lines: the server had seen %(seen)s of them."
    ),
    Deed.CLOCK_ACCEPTED: _l("An operator accepted the clock as it stood at %(wall)s."),
    Deed.PERSON_INVITED: _l("%(who)s invited %(person)s of %(agency)s to join, as %(roles)s."),
    Deed.PERSON_JOINED: _l("%(person)s joined."),
    Deed.PERSON_LEFT: _l(
        "%(who)s closed the account of %(person)s. Every copy they could open ended: "
        "%(wraps_deleted)s in all."
    ),
    Deed.MEMBERSHIP_BEGUN: _l(
        "%(person)s accepted the invitation of another area, and uses the same account there."
    ),
    Deed.ACCOUNT_MOVED: _l(
        "The account of %(person)s is kept by this area from now on. It was last used on "
        "%(used_at)s."
    ),
    Deed.ROLES_CHANGED: _l(
        "%(who)s changed what %(person)s of %(agency)s does: %(roles)s, before that %(was)s; "
        "%(because)s."
    ),
    Deed.DEPUTY_NAMED: _l(
        "%(who)s named %(person)s to act as deputy from %(from_at)s until %(until)s; %(because)s."
    ),
    Deed.DEPUTY_ENDED: _l(
        "%(person)s acts as deputy no more. Copies of the unit's key taken back: %(wraps_deleted)s."
    ),
    Deed.PEOPLE_CERTIFIED: _l("%(who)s said that of %(agency)s %(persons)s are still here."),
    Deed.PEOPLE_ASKED_AFTER: _l(
        "The single points of contact of %(agency)s were asked whether %(persons)s are still here."
    ),
    Deed.COVER_SET: _l("%(who)s arranged that %(covering)s covers for %(person)s until %(until)s."),
    Deed.ACCOUNT_DORMANT: _l("The account of %(person)s closed: it was not used since %(since)s."),
    Deed.ACCOUNT_WOKEN: _l("%(who)s opened the account of %(person)s again, %(check)s."),
    Deed.TRIES_ALLOWED: _l(
        "%(who)s let %(person)s, whom too many failed tries kept out, try to sign in again."
    ),
    Deed.DORMANCY_WARNED: _l(
        "%(person)s was told that their account closes if it is not used until %(until)s."
    ),
    Deed.DORMANCY_LIMITED: _l("%(who)s set that an account closes after %(days)s unused days."),
    Deed.DORMANT_CAME: _l(
        "%(person)s came with the right passphrase and code, and was not signed in: their account "
        "was not used since %(since)s."
    ),
    Deed.KEY_REGISTERED: _l("A key was made for %(person)s. It receives nothing until confirmed."),
    Deed.KEY_CONFIRMED: _l("%(who)s confirmed the key of %(person)s."),
    Deed.KEY_CHANGED: _l(
        "%(person)s changed their keys. The former ones signed the new ones, which stay confirmed."
    ),
    Deed.KEY_REWRAPPED: _l(
        "Copies of %(person)s that were sealed to their new key: %(done)s. Left to do: %(left)s."
    ),
    Deed.KEY_ALARM: _l(
        "Alarm: the key kept for %(person)s is not the one that was confirmed. Nothing was sealed "
        "to it."
    ),
    Deed.WORDS_GIVEN: _l("%(who)s gave %(person)s joining words, until %(until)s."),
    Deed.WORDS_USED: _l(
        "%(person)s used the joining words that were spoken to them. Their key counts as confirmed."
    ),
    Deed.WORDS_ENDED: _l("The joining words of %(person)s ended. Nobody can use them."),
    Deed.FACTOR_CHANGED: _l(
        "%(who)s changed how %(person)s confirms who they are: %(factor)s %(change)s."
    ),
    Deed.BACKUP_CODE_USED: _l("%(person)s used a backup code. They have %(left)s left."),
    Deed.PASSPHRASE_CHANGED: _l("The passphrase of %(person)s was changed, %(by)s."),
    Deed.PERSON_VOUCHED: _l("%(who)s vouched for %(person)s, who may read until %(until)s."),
    Deed.PERSON_PROOFED: _l(
        "%(who)s made sure of %(person)s again, who can no longer sign in, and asked that they "
        "begin anew."
    ),
    Deed.PERSON_RENEWED: _l(
        "%(who)s approved that %(person)s begins anew. Their old key opens nothing any more; "
        "%(copies_waiting)s copies wait for a new one."
    ),
    Deed.SESSION_OPENED: _l("%(person)s signed in, with %(factor)s."),
    Deed.SESSION_REOPENED: _l("%(person)s unlocked their screen."),
    Deed.SESSION_CLOSED: _l("%(signed_out)s."),
    Deed.NAMES_READ: _l("%(who)s opened the list of names of %(cases)s."),
    Deed.PARTICULARS_READ: _l("%(who)s read who case %(case)s is about."),
    Deed.REASONS_READ: _l("%(who)s read the reasons that were given for %(meeting)s."),
    Deed.RECORD_READ: _l("%(who)s read this record, from line %(from_position)s."),
    Deed.CASE_OPENED: _l(
        "%(who)s opened case %(case)s: category %(category)s, level %(level)s, led by "
        "%(lead_agency)s."
    ),
    Deed.CASE_RESTRICTED: _l(
        "%(who)s opened case %(case)s as restricted: category %(category)s, level %(level)s, led "
        "by %(lead_agency)s. It is held by %(holders)s."
    ),
    Deed.HOLDERS_CHANGED: _l("%(who)s set who holds restricted case %(case)s: %(holders)s."),
    Deed.MEETING_DAY_PLANNED: _l("%(who)s planned %(meeting_day)s with %(cases)s."),
    Deed.PANEL_SET: _l("%(who)s set who sits on a standing panel: %(seats)s."),
    Deed.INVITATION_MADE: _l(
        "%(who)s invited %(person)s of %(agency)s to %(meeting)s (%(capacity)s)."
    ),
    Deed.INVITATION_REPEATED: _l("%(who)s sent %(person)s the invitation to %(meeting)s again."),
    Deed.INVITATION_WITHDRAWN: _l(
        "%(who)s withdrew the invitation of %(person)s to %(meeting)s. Copies they could open that "
        "ended: %(wraps_deleted)s."
    ),
    Deed.REPORT_ASKED: _l(
        "%(who)s asked %(agency)s for a report (%(form)s) by %(due_on)s, for %(meeting)s."
    ),
    Deed.REQUEST_CLAIMED: _l(
        "%(who)s took on the report asked of %(agency)s for %(meeting)s%(before)s."
    ),
    Deed.REQUEST_PASSED: _l(
        "The report asked of %(agency)s for %(meeting)s passed to %(person)s%(before)s."
    ),
    Deed.REPORT_ANSWERED: _l("%(who)s answered for %(agency)s about %(meeting)s: %(answer)s."),
    Deed.REPORT_RECEIVED: _l("%(who)s handed in the report of %(agency)s for %(meeting)s%(late)s."),
    Deed.REPORT_CORRECTED: _l(
        "%(who)s handed in a corrected version of the report of %(agency)s for "
        "%(meeting)s%(late)s. The earlier version was kept."
    ),
    Deed.VERSIONS_COMPARED: _l(
        "%(who)s read what changed in %(paper)s since an earlier version (copy %(copy)s)."
    ),
    Deed.REPORT_READ: _l("%(who)s read %(paper)s."),
    Deed.ORIGINAL_KEPT: _l("The file that %(who)s gave for %(meeting)s was kept as it was."),
    Deed.ORIGINAL_OPENED: _l("%(who)s opened the original of a file given for %(meeting)s."),
    Deed.ORIGINAL_REMOVED: _l(
        "The original of a file given for %(meeting)s was removed: its time is over."
    ),
    Deed.ORIGINALS_LIMITED: _l("%(who)s set how long originals are kept: %(days)s days."),
    Deed.CATEGORY_4_CHOSEN: _l("%(who)s set whether Category 4 cases are handled: %(handled)s."),
    Deed.UNSCANNED_CHOSEN: _l(
        "%(who)s set what becomes of files where there is no virus scanner: %(taken)s."
    ),
    Deed.FILE_REFUSED: _l("A file that %(who)s gave for %(meeting)s was not taken: %(code)s."),
    Deed.FILE_EXAMINED: _l("A file that %(who)s gave for %(meeting)s was examined: %(pages)s."),
    Deed.FILE_DROPPED: _l("%(who)s did not hand in a file that was examined for %(meeting)s."),
    Deed.FILE_WORDS_READ: _l(
        "%(who)s read the words that were recognised on page %(sheet)s of a file for %(meeting)s."
    ),
    Deed.FILE_PAGE_SEEN: _l(
        "%(who)s looked at page %(sheet)s of the file that they chose for %(meeting)s."
    ),
    Deed.PACK_ARRANGED: _l("%(who)s arranged the pack for %(meeting)s: %(papers)s%(annexes)s."),
    Deed.PACK_PREVIEWED: _l(
        "%(who)s looked at the pack for %(meeting)s as %(person)s would get it (copy %(copy)s)."
    ),
    Deed.PACK_SENT: _l("%(who)s sent pack %(sending)s to %(readers)s."),
    Deed.ANNEX_SENT: _l("%(who)s sent restricted annex %(sending)s to %(readers)s; %(others)s."),
    Deed.ADDENDUM_SENT: _l("%(who)s sent addendum %(sending)s (pages %(label)s) to %(readers)s."),
    Deed.STANDING_SIGNED: _l(
        "%(who)s signed, with pack %(sending)s, that reports which come late go to %(persons)s, "
        "until %(until)s."
    ),
    Deed.STANDING_FOLLOWED: _l(
        "Addendum %(sending)s went out as the instruction of its pack says, with nobody looking."
    ),
    Deed.STANDING_WITHDRAWN: _l(
        "%(who)s withdrew the instruction for late reports of %(sending)s."
    ),
    Deed.ACCESS_GRANTED: _l("%(who)s gave %(person)s %(sending)s, which had waited for their key."),
    Deed.ACCESS_TAKEN_BACK: _l("%(who)s took back %(sending)s from %(persons)s; %(opened_by)s."),
    Deed.ACCESS_EXTENDED: _l(
        "%(who)s gave %(person)s more time to read %(sending)s, until %(closes_at)s."
    ),
    Deed.ACCESS_EXPIRED: _l(
        "The time of %(person)s to read %(sending)s was over, and their copy ended."
    ),
    Deed.STATEMENT_ACCEPTED: _l(
        "%(who)s accepted the confidentiality statement for %(meeting)s (wording "
        "%(wording_version)s)."
    ),
    Deed.PAPER_OPENED: _l("%(who)s opened %(sending)s (copy %(copy)s)."),
    Deed.COPY_TRACED: _l(
        "An operator asked whose copy %(copy)s is, and was told: see line %(position)s."
    ),
    Deed.TRACE_ASKED: _l(
        "%(who)s asked whose copy something is that turned up. A second person must confirm."
    ),
    Deed.TRACE_IN_VAIN: _l("%(who)s wanted to know whose copy something is, in vain: %(code)s."),
    Deed.TRACE_READ: _l("%(who)s read why it was asked whose copy something is."),
    Deed.TRACE_ANSWERED: _l(
        "%(who)s confirmed what %(person)s had asked, and both were told whose copy it is: "
        "%(copies)s."
    ),
    Deed.ATTENDANCE_RECORDED: _l("%(who)s recorded who attended %(meeting)s: %(register)s."),
    Deed.ATTENDANCE_LOCKED: _l("%(who)s locked the attendance of %(meeting)s: %(register)s."),
    Deed.MINUTES_WRITTEN: _l("%(who)s wrote in the minutes of %(meeting)s: %(section)s."),
    Deed.MINUTES_FORM_READ: _l("%(who)s read what is written for the minutes of %(meeting)s."),
    Deed.MINUTES_FILED: _l("%(who)s filed the minutes of %(meeting)s."),
    Deed.MINUTES_SET: _l("The minutes that %(who)s filed of %(meeting)s were set from the form."),
    Deed.MINUTES_COMPARED: _l(
        "%(who)s read what changed between two drafts of the minutes of %(meeting)s (copy "
        "%(copy)s)."
    ),
    Deed.MINUTES_READ: _l("%(who)s read the minutes of %(meeting)s (copy %(copy)s)."),
    Deed.MINUTES_APPROVED: _l("%(who)s approved the minutes of %(meeting)s, as chair."),
    Deed.MINUTES_SENT: _l("%(who)s sent minutes %(sending)s to %(readers)s."),
    Deed.DUTY_RECORDED: _l(
        "%(who)s recorded that %(person)s needs to see the minutes of %(meeting)s (duty to "
        "consider), until %(until)s."
    ),
    Deed.SUMMARY_WRITTEN: _l("%(who)s wrote in the executive summary of %(meeting)s."),
    Deed.SUMMARY_READ: _l("%(who)s read the executive summary of %(meeting)s."),
    Deed.SUMMARY_APPROVED: _l("%(who)s approved the executive summary of %(meeting)s."),
    Deed.EXTRACT_BEGUN: _l("%(who)s opened %(paper)s to make an extract (copy %(copy)s)."),
    Deed.EXTRACT_MADE: _l(
        "%(who)s made an extract, %(paper)s: %(pages)s, places taken out: %(marks)s."
    ),
    Deed.EXTRACT_CHECKED: _l("%(who)s looked through %(paper)s and let it be sent."),
    Deed.DISCLOSURE_ASKED: _l("%(who)s asked to pass %(paper)s on to %(receiver)s."),
    Deed.DISCLOSURE_READ: _l("%(who)s read the request to pass on %(paper)s."),
    Deed.DISCLOSURE_APPROVED: _l(
        "%(who)s authorised %(paper)s to be passed on to %(receiver)s, by authority %(number)s; "
        "%(state)s."
    ),
    Deed.DISCLOSURE_REFUSED: _l("%(who)s refused the request to pass on %(paper)s."),
    Deed.CHAIRS_VIEW_WANTED: _l(
        "%(who)s set whether the chair's view is recorded at each disclosure: %(wanted)s."
    ),
    Deed.HOLD_PLACED: _l("%(who)s placed a legal hold on case %(case)s."),
    Deed.HOLD_LIFTED: _l("%(who)s lifted the legal hold on case %(case)s."),
    Deed.SENDING_DISPOSED: _l(
        "%(sending)s was disposed of, 30 days after the last access to it had ended. The last "
        "keys to it that were deleted: %(wraps_deleted)s."
    ),
    Deed.CERTIFICATE_MADE: _l("%(who)s made a certificate that %(sending)s is disposed of."),
    Deed.DEED_REFUSED: _l("%(who)s was refused: %(action)s. %(why)s"),
}
