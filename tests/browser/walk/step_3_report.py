"""Step 3: the prison hands in its report; what was planted in it is found and removed."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from urllib.parse import urlsplit

import pikepdf
import pypdfium2

from tests.browser.budgets import within
from tests.browser.making import ATTACHED, REMARK, file_of, report, with_what_must_go
from tests.browser.pages.agency import Contact
from tests.browser.walk.story import BORN, NAME, REFERENCE, Story


def the_prison_hands_in_its_report(story: Story) -> None:
    folake = story.people.at(Contact, "folake")
    clear = report("MAPPA F", NAME, BORN, ["Two adjudications. Asks to live in Wexbourne."])
    planted = file_of(story.folder, "mappa-f.pdf", with_what_must_go(clear))
    not_a_pdf = file_of(story.folder, "notes.pdf", b"just some words")
    folake.signs_in()
    folake.at.sees("Report you owe", REFERENCE)

    folake.goes_to_the_request(REFERENCE)
    folake.at.sees(NAME, "14 March 1985", "MAPPA F")
    story.paths["prison's request"] = urlsplit(folake.at.page.url).path
    folake.chooses_a_file(not_a_pdf)
    folake.at.sees("There is a problem")
    folake.chooses_another_file(planted)
    folake.at.sees("What we found, and what becomes of it", "program", "attach", "comment", NAME)
    folake.confirms_who_it_is_about(date(1985, 4, 14))
    folake.at.sees("There is a problem")
    folake.confirms_who_it_is_about(BORN)
    folake.at.sees("Report received", REFERENCE, "SHA-256")

    own = folake.reads_the_own_report()
    for gone in (ATTACHED, REMARK.encode(), b"JavaScript", b"planted"):
        assert gone not in own
    with pikepdf.open(BytesIO(own)) as pdf:
        assert "OpenAction" not in pdf.Root
        assert len(pdf.attachments) == 0
    document = pypdfium2.PdfDocument(own)
    assert "Wexbourne" in document[0].get_textpage().get_text_bounded()
    document.close()


def others_hand_in_theirs(story: Story) -> None:
    carys = story.people.at(Contact, "carys")
    update = report("Agency update", NAME, BORN, ["Nothing since March that was not known."])
    carys.signs_in("/agency/")
    with within("a report is handed in", carys):
        carys.hands_in(REFERENCE, file_of(story.folder, "update.pdf", update), BORN)
    mark = story.people.at(Contact, "mark")
    referral = report("MAPPA A", NAME, BORN, ["Release is planned within six months."])
    mark.signs_in("/agency/")
    mark.hands_in(REFERENCE, file_of(story.folder, "referral.pdf", referral), BORN)


def another_agency_gets_nothing(story: Story) -> None:
    carys = story.people.at(Contact, "carys")
    request = story.paths["prison's request"]
    for path in (request, f"{request}/upload", f"{request}/check", f"{request}/receipt"):
        assert carys.at.go(path) == 404, path
        carys.at.sees("You are not on the list for this meeting")
    carys.at.go("/agency/")
    carys.at.does_not_see("MAPPA F")
