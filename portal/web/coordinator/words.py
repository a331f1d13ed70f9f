"""The words for closed lists on the unit's pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.domain.colleagues import Certified
from portal.domain.deeds import Deed
from portal.domain.grants import Openness, SendingKind
from portal.domain.listing import Fault
from portal.domain.meetings import Mode, SlotKind
from portal.domain.people import Account, Role, Service, Standing
from portal.domain.restricted import Concern
from portal.journeys.joining.panel_to_join import Seen
from portal.journeys.views.people import KeyState
from portal.journeys.views.ready import Ready
from portal.journeys.views.today import MinutesState

STANDING = {
    Standing.RESPONSIBLE_AUTHORITY: _l("Responsible authority (police, probation, prison)"),
    Standing.DUTY_TO_COOPERATE: _l("Has the duty to co-operate"),
    Standing.ASSOCIATE: _l("Associate: approved case by case"),
}

KEY_ENDED = {
    Deed.PERSON_LEFT: _l("they left"),
    Deed.ROLES_CHANGED: _l("they do something else"),
    Deed.DEPUTY_ENDED: _l("their time as deputy ended"),
    Deed.PERSON_RENEWED: _l("they lost all they sign in with and began anew"),
}
"""How somebody's hold on the unit's key ended."""

CONCERN = {
    Concern.COLLEAGUE: _l("It is about somebody who works with us"),
    Concern.FAMILY: _l("It is about the family of somebody who works with us"),
    Concern.TERRORISM: _l("It is a counter-terrorism case"),
}

SERVICE = {
    Service.POLICE: _l("Police"),
    Service.PROBATION: _l("Probation"),
    Service.PRISON: _l("Prison"),
    Service.YOUTH_CUSTODY: _l("Youth custody"),
    Service.YOUTH_JUSTICE: _l("Youth justice"),
    Service.SOCIAL_CARE: _l("Social care"),
    Service.HEALTH: _l("Health"),
    Service.HOUSING: _l("Housing"),
    Service.EDUCATION: _l("Education"),
    Service.HOME_OFFICE: _l("Home Office"),
    Service.OTHER: _l("Another service"),
}

ROLE = {
    Role.ATTENDEE: _l("Attends meetings"),
    Role.CONTACT: _l("Contact: answers report requests for the agency"),
    Role.SPOC: _l("Single point of contact: speaks for the agency, keeps its people"),
    Role.LAY_ADVISER: _l("Lay adviser: observes, without papers"),
    Role.CHAIR: _l("Chair"),
    Role.ADMINISTRATOR: _l("Administrator of the unit"),
    Role.DEPUTY: _l("Deputy co-ordinator"),
    Role.COORDINATOR: _l("Co-ordinator"),
    Role.AUDITOR: _l("Auditor: reads the record of who did what"),
    Role.OPERATOR: _l("Operator of the portal"),
}

MODE = {
    Mode.IN_PERSON: _l("In person"),
    Mode.REMOTE: _l("Remote"),
    Mode.BOTH: _l("In person and remote"),
}

SLOT_KIND = {
    SlotKind.INITIAL: _l("Initial meeting"),
    SlotKind.REVIEW: _l("Review"),
}

CATEGORY = {
    1: _l("Category 1: subject to notification requirements"),
    2: _l("Category 2: violent or other sexual"),
    3: _l("Category 3: other dangerous"),
    4: _l("Category 4: terrorist or terrorist risk"),
}

LEVEL = {
    2: _l("Level 2: multi-agency management"),
    3: _l("Level 3: enhanced multi-agency management"),
}

KEY = {
    KeyState.READY: (_l("Can open"), "govuk-tag--green"),
    KeyState.NOT_JOINED: (_l("Cannot open yet: not yet joined"), "govuk-tag--yellow"),
    KeyState.NOT_CONFIRMED: (_l("Cannot open yet: key not confirmed"), "govuk-tag--orange"),
    KeyState.LEFT: (_l("Has left"), "govuk-tag--grey"),
}
"""With the class of the light; the words stand in it, so colour says nothing alone."""

ACCOUNT = {
    Account.INVITED: _l("Invited, not yet joined"),
    Account.ENROLLED: _l("Joined"),
    Account.LEFT: _l("Has left"),
}

FAULT = {
    Fault.COLUMNS: _l("This line does not have six columns."),
    Fault.FORMULA: _l("A cell begins like a formula of a spreadsheet. Paste what it shows."),
    Fault.NAME: _l("The name is missing, too long, or holds signs that cannot be seen."),
    Fault.ADDRESS: _l("This is not an e-mail address."),
    Fault.MISTYPED_DOMAIN: _l("The domain looks mistyped: people of this agency have"),
    Fault.FOREIGN_DOMAIN: _l("Nobody of this agency has an address of this domain."),
    Fault.AGENCY: _l("No agency of this name is recorded. Add it first, or correct the name."),
    Fault.JOB: _l("The job is missing, too long, or holds signs that cannot be seen."),
    Fault.PHONE: _l("The telephone number is missing, is none, or was changed by a spreadsheet."),
    Fault.ROLES: _l("The roles are none that you can give by a list."),
    Fault.KNOWN: _l("Somebody has an account with this address already."),
    Fault.MAILBOX: _l("This is a team mailbox. It receives notices and never signs in."),
    Fault.TWICE: _l("This address stands in the list twice."),
}

CERTIFIED = {
    Certified.CURRENT: (_l("Said this quarter"), "govuk-tag--green"),
    Certified.DUE: (_l("Due"), "govuk-tag--yellow"),
    Certified.OVERDUE: (_l("Overdue"), "govuk-tag--red"),
}

TO_JOIN = {
    Seen.JOINED: (_l("Has joined: nothing is sent"), "govuk-tag--green"),
    Seen.LINK: (_l("A link is sent"), "govuk-tag--blue"),
    Seen.CHECK: (_l("Ask: nobody who joined has this domain"), "govuk-tag--yellow"),
    Seen.TWICE: (_l("Ask: this name has joined already"), "govuk-tag--yellow"),
    Seen.MISTYPED: (_l("Mistyped: nobody is sent a link"), "govuk-tag--red"),
}

READY = {
    Ready.READY: (_l("Ready"), "govuk-tag--green"),
    Ready.LEFT: (_l("Has left"), "govuk-tag--grey"),
    Ready.ASLEEP: (_l("Account closed: not used"), "govuk-tag--red"),
    Ready.NEVER: (_l("Never signed in"), "govuk-tag--red"),
    Ready.NOT_SINCE: (_l("Not since the invitation"), "govuk-tag--yellow"),
    Ready.FACTOR_MISSING: (_l("Second factor missing"), "govuk-tag--red"),
    Ready.NOT_CONFIRMED: (_l("Key not confirmed"), "govuk-tag--orange"),
}

MINUTES = {
    MinutesState.NOT_FILED: (_l("No minutes yet"), "govuk-tag--grey"),
    MinutesState.WITH_CHAIR: (_l("With the chair"), "govuk-tag--yellow"),
    MinutesState.APPROVED: (_l("Approved, not sent"), "govuk-tag--blue"),
    MinutesState.SENT: (_l("Minutes sent"), "govuk-tag--green"),
}

SENDING = {
    SendingKind.PACK: _l("Pack"),
    SendingKind.ANNEX: _l("Restricted annex"),
    SendingKind.ADDENDUM: _l("Addendum"),
    SendingKind.MINUTES: _l("Minutes"),
    SendingKind.DISCLOSURE: _l("Disclosure"),
}

OPENNESS = {
    Openness.OPEN: (_l("Can open"), "govuk-tag--green"),
    Openness.NOT_YET: (_l("Opens later"), "govuk-tag--blue"),
    Openness.ENDED: (_l("Ended"), "govuk-tag--grey"),
    Openness.TAKEN_BACK: (_l("Taken back"), "govuk-tag--red"),
    Openness.WAITING: (_l("Cannot open yet"), "govuk-tag--yellow"),
    Openness.UNREADABLE: (_l("Times cannot be read"), "govuk-tag--red"),
}
