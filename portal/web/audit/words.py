"""The fillers of the record's sentences: what a line's fields say, in words.

An identifier becomes the name or reference it points to, where that is still there; what is gone
is called erased. Nothing sealed is ever asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

import flask_babel

from portal.domain.deeds import Deed
from portal.domain.grants import Sending
from portal.domain.meetings import CAPACITY_WORDS, Capacity, Slot
from portal.domain.packs import Others
from portal.domain.papers import TITLES, UNIT_READER, Document
from portal.domain.people import SYSTEM
from portal.ledger.leaf import Value
from portal.records.pointed import Pointed
from portal.web.audit import closed_lists
from portal.web.audit.sentences import SENTENCES
from portal.web.look import uk_date, uk_datetime

_PAGES = re.compile(r"[0-9]{1,5}[a-z]{1,3}(?: to [0-9]{1,5}[a-z]{1,3})?")


def _(text: str, **values: object) -> str:
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, number: int) -> str:
    """As gettext's own, which it is found by."""
    return str(flask_babel.ngettext(one, many, number))


def sentence_of(deed: Deed, fields: Mapping[str, Value], pointed: Pointed) -> str:
    """The line as a sentence. Raises KeyError where it lacks what its sentence tells."""
    text = str(SENTENCES[deed]) % Words(fields, pointed)
    return text[:1].upper() + text[1:]


class Words(Mapping[str, str]):
    """The fillers of one line, looked up by name: `"%(who)s ..." % Words(fields, pointed)`.

    Raises KeyError for a filler that nothing is known about: a sentence that asks for it is wrong.
    """

    def __init__(self, fields: Mapping[str, Value], pointed: Pointed) -> None:
        self._fields = fields
        self._to = pointed

    def __getitem__(self, name: str) -> str:
        own = getattr(self, f"_say_{name}", None)
        if own is not None:
            return str(own())
        value = self._fields[name]
        if name in closed_lists.WORDS:
            return closed_lists.word(name, str(value))
        return "" if value is None else str(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    # ---- people and agencies ----

    def _person(self, value: object) -> str:
        if value == SYSTEM:
            return _("The portal")
        if value == UNIT_READER:
            return _("the co-ordination unit")
        found = self._to.people.get(str(value))
        return found.name if found else _("somebody whose account was erased")

    def _say_who(self) -> str:
        return self._person(self._fields["actor"])

    def _say_person(self) -> str:
        return self._person(self._fields["person"])

    def _say_signed_out(self) -> str:
        by, person = self._fields["actor"], self._person(self._fields["person"])
        if by == self._fields["person"]:
            return _("%(person)s signed out", person=person)
        if by == SYSTEM:
            return _("%(person)s was signed out", person=person)
        return _("%(who)s signed %(person)s out", who=self._person(by), person=person)

    def _say_before(self) -> str:
        before = self._fields["before"]
        return _(", which %(person)s had", person=self._person(before)) if before else ""

    def _say_covering(self) -> str:
        return self._person(self._fields["covering"])

    def _say_receiver(self) -> str:
        found = self._to.people.get(str(self._fields["receiver"]))
        agency = self._to.agencies.get(found.agency_id) if found else None
        name = self._person(self._fields["receiver"])
        return _("%(name)s of %(agency)s", name=name, agency=agency.name) if agency else name

    def _say_persons(self) -> str:
        return self._all(self._texts("persons"))

    def _say_holders(self) -> str:
        return self._all(self._texts("holders"))

    def _say_seats(self) -> str:
        return self._all([seat.partition(" ")[0] for seat in self._texts("seats")])

    def _say_opened_by(self) -> str:
        opened = self._texts("opened_by")
        if not opened:
            return _("nobody had opened it")
        return _("%(people)s had opened it", people=self._all(opened))

    def _all(self, ids: list[str]) -> str:
        if len(ids) > 4:
            return ngettext("%(num)d person", "%(num)d people", len(ids))
        names = [self._person(one) for one in ids]
        if len(names) < 2:
            return names[0] if names else _("nobody")
        return _("%(some)s and %(last)s", some=", ".join(names[:-1]), last=names[-1])

    def _say_readers(self) -> str:
        given, waiting = len(self._texts("granted")), len(self._texts("waiting"))
        people = ngettext("%(num)d person", "%(num)d people", given + waiting)
        if not waiting:
            return people
        return f"{people}; " + ngettext(
            "%(num)d waits for a key", "%(num)d wait for a key", waiting
        )

    def _agency(self, value: object) -> str:
        found = self._to.agencies.get(str(value))
        return found.name if found else _("an agency that was erased")

    def _say_agency(self) -> str:
        if "agency" in self._fields:
            return self._agency(self._fields["agency"])
        asked = self._to.requests.get(str(self._fields.get("request")))
        return self._agency(asked.agency_id if asked else None)

    def _say_changed(self) -> str:
        return ", ".join(closed_lists.word("changed", one) for one in self._texts("changed"))

    def _say_lead_agency(self) -> str:
        return self._agency(self._fields["lead_agency"])

    def _say_roles(self) -> str:
        return ", ".join(closed_lists.word("roles", role) for role in self._texts("roles"))

    def _say_was(self) -> str:
        return ", ".join(closed_lists.word("roles", role) for role in self._texts("was"))

    # ---- cases, meetings, papers ----

    def _slot(self) -> Slot | None:
        to, fields = self._to, self._fields
        for name in ("slot", "subject"):
            if (slot := to.slots.get(str(fields.get(name)))) is not None:
                return slot
        for name in ("request", "subject"):
            asked = to.requests.get(str(fields.get(name)))
            wished = to.disclosures.get(str(fields.get(name)))
            if asked is not None or wished is not None:
                return to.slots.get(asked.slot_id if asked else wished.slot_id if wished else "")
        sent = self._sent()
        return to.slots.get(sent.slot_id) if sent else None

    def _say_meeting(self) -> str:
        slot = self._slot()
        case = self._to.cases.get(slot.case_id) if slot else None
        if slot is None or case is None:
            return _("a meeting that was erased")
        return _(
            "the meeting of %(case)s on %(day)s", case=case.reference, day=uk_date(slot.starts_at)
        )

    def _say_meeting_day(self) -> str:
        found = self._to.days.get(str(self._fields["meeting_day"]))
        return (
            _("a meeting day on %(day)s", day=uk_date(found.starts_at))
            if found
            else _("a meeting day that was erased")
        )

    def _say_case(self) -> str:
        found = self._to.cases.get(str(self._fields["case"]))
        return found.reference if found else _("(erased)")

    def _say_cases(self) -> str:
        value = self._fields["cases"]
        if isinstance(value, int):
            return ngettext("%(num)d case", "%(num)d cases", value)
        known = [self._to.cases.get(one) for one in self._texts("cases")]
        return ", ".join(case.reference if case else _("(erased)") for case in known)

    def _sent(self) -> Sending | None:
        found = self._to.sendings.get(str(self._fields.get("sending")))
        grant = self._to.grants.get(str(self._fields.get("grant")))
        return found or (self._to.sendings.get(grant.sending_id) if grant else None)

    def _say_sending(self) -> str:
        found = self._sent()
        return found.reference if found else _("something that was erased")

    def _say_paper(self) -> str:
        wished = self._to.disclosures.get(str(self._fields.get("request")))
        version = self._to.versions.get(
            str(self._fields.get("version") or (wished.version_id if wished else ""))
        )
        paper = self._to.documents.get(version.document_id) if version else None
        if paper is None:
            return _("a paper that was erased")
        case = self._to.cases.get(paper.case_id)
        return _(
            "%(paper)s of case %(case)s",
            paper=self._title(paper),
            case=case.reference if case else _("(erased)"),
        )

    def _title(self, paper: Document) -> str:
        owner = self._to.agencies.get(paper.owner_agency_id)
        title = TITLES.get(paper.form_code) or closed_lists.word("kind", paper.kind.value)
        return _("%(title)s from %(agency)s", title=title, agency=owner.name) if owner else title

    # ---- numbers, days and closed lists ----

    def _say_copies(self) -> str:
        return ", ".join(self._texts("copies")) or _("none")

    def _say_papers(self) -> str:
        return ngettext("%(num)d paper", "%(num)d papers", len(self._texts("papers")))

    def _say_annexes(self) -> str:
        apart = len(self._texts("annexes"))
        words = ngettext(
            ", of which %(num)d is a restricted annex",
            ", of which %(num)d are restricted annexes",
            apart,
        )
        return words if apart else ""

    def _say_label(self) -> str:
        found = str(self._fields["label"])
        return found if _PAGES.fullmatch(found) else _("(erased)")

    def _say_shared(self) -> str:
        if self._fields["shared"]:
            return _("it serves several areas, and others may link it")
        return _("no further area may link it")

    def _say_others(self) -> str:
        shown = self._fields["others"] == Others.SIGNPOST.value
        return _("others see a signpost") if shown else _("others see nothing of it")

    def _say_pages(self) -> str:
        return ngettext("%(num)d page", "%(num)d pages", self._number("pages"))

    def _say_from_position(self) -> str:
        return str(self._number("from_position"))

    def _say_register(self) -> str:
        marks = [entry.partition(" ")[2] for entry in self._texts("register")]
        counted = {mark: marks.count(mark) for mark in dict.fromkeys(marks)}
        return ", ".join(
            f"{number} {closed_lists.word('presence', mark)}" for mark, number in counted.items()
        ) or _("nobody")

    def _say_capacity(self) -> str:
        try:
            return CAPACITY_WORDS[Capacity(str(self._fields["capacity"]))].lower()
        except ValueError:
            return str(self._fields["capacity"])

    def _say_form(self) -> str:
        return TITLES.get(str(self._fields["form"]), str(self._fields["form"]))

    def _say_late(self) -> str:
        return _(", late") if self._fields["late"] else ""

    def _say_due_on(self) -> str:
        return uk_date(date.fromisoformat(str(self._fields["due_on"])))

    def _say_closes_at(self) -> str:
        return self._moment("closes_at")

    def _say_until(self) -> str:
        return self._moment("until")

    def _say_from_at(self) -> str:
        return self._moment("from_at")

    def _say_since(self) -> str:
        return self._moment("since")

    def _say_used_at(self) -> str:
        return self._moment("used_at")

    def _say_wall(self) -> str:
        return self._moment("wall")

    def _moment(self, name: str) -> str:
        return uk_datetime(datetime.fromisoformat(str(self._fields[name])))

    def _number(self, name: str) -> int:
        value = self._fields[name]
        return value if isinstance(value, int) else 0

    def _texts(self, name: str) -> list[str]:
        value = self._fields[name]
        return [str(one) for one in value] if isinstance(value, list | tuple) else []
