"""An agency's contact in the browser: list, request, upload, check, receipt, other answers."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.papers import RequestStatus
from portal.records import papers
from portal.records.database import reading
from tests.agency.conftest import Asking
from tests.browsing import post, token, words_of
from tests.documents import hostile
from tests.documents.making import numbered, texts
from tests.documents.test_still_universal import claims
from tests.journeys.planning import NAME


@dataclass
class Contact:
    """A browser signed in as the prison's contact, at the request."""

    asking: Asking
    client: FlaskClient

    @property
    def at(self) -> str:
        return f"/agency/requests/{self.asking.f}"

    def upload(self, clear: bytes, name: str = "report.pdf") -> TestResponse:
        return post(self.client, f"{self.at}/upload", {"file": (io.BytesIO(clear), name)})

    def check(self, day: str, month: str, year: str, reason: str = "") -> TestResponse:
        shown = self.client.get(f"{self.at}/check").get_data(as_text=True)
        candidate = re.search(r'name="candidate"[^>]*value="([^"]+)"', shown)
        assert candidate is not None
        fields = {"candidate": candidate[1], "born": [day, month, year], "reason": reason}
        return post(self.client, f"{self.at}/check", fields)


@pytest.fixture
def contact(asking: Asking) -> Contact:
    return Contact(asking, asking.world.client("adeyemi"))


def status(asking: Asking) -> RequestStatus:
    with reading(asking.world.house.engine) as db:
        found = papers.load_request(db, asking.world.area.id, asking.f)
    assert found is not None
    return found.status


def test_from_the_list_to_the_receipt(contact: Contact) -> None:
    listed = words_of(contact.client.get("/agency/"))
    assert "NM/2026/014" in listed
    assert NAME not in listed
    shown = contact.client.get(contact.at)
    assert NAME in words_of(shown)
    assert "OFFICIAL-SENSITIVE" in words_of(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    sent = contact.upload(hostile.scripts())
    assert (sent.status_code, sent.headers["Location"]) == (302, f"{contact.at}/check")
    check = words_of(contact.client.get(f"{contact.at}/check"))
    assert "What we found, and what becomes of it" in check
    assert "removed." in check
    assert NAME in check
    done = contact.check("29", "2", "1984")
    assert done.headers["Location"] == f"{contact.at}/receipt"
    receipt = words_of(contact.client.get(f"{contact.at}/receipt"))
    assert "Report received" in receipt
    assert "until the meeting begins" in receipt
    assert status(contact.asking) is RequestStatus.RECEIVED
    text = contact.client.get(f"{contact.at}/receipt.txt")
    assert text.headers["Content-Type"].startswith("text/plain")
    assert "c2sp.org/tlog-proof@v1" in text.get_data(as_text=True)
    kept = contact.client.get(f"{contact.at}/receipt.pdf")
    assert "attachment" in kept.headers["Content-Disposition"]
    assert claims(kept.data)
    printed = " ".join("".join(texts(kept.data)).split())
    assert "NM/2026/014" in printed
    assert "OFFICIAL-SENSITIVE" in printed
    assert NAME not in printed
    again = post(contact.client, f"{contact.at}/report")
    assert again.data.startswith(b"%PDF-")
    assert "attachment" in again.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("clear", "words"),
    [
        (b"{\\rtf1 word}", "Save as PDF"),
        (b"", "Choose a file."),
        (b"%PDF-1.7 cut", "damaged"),
        (b"<svg onload=alert(1)>", "not a PDF"),
    ],
)
def test_a_refused_file_is_answered_with_what_to_do(
    contact: Contact, clear: bytes, words: str
) -> None:
    answer = contact.upload(clear, "" if not clear else "<script>.pdf")
    assert answer.status_code == 200
    assert words in words_of(answer)
    assert "There is a problem" in words_of(answer)
    assert b"<script>.pdf" not in answer.data


def test_an_upload_without_a_token_or_with_two_files_is_not_examined(contact: Contact) -> None:
    bare = contact.client.post(
        f"{contact.at}/upload", data={"file": (io.BytesIO(numbered(1)), "a.pdf")}
    )
    assert bare.status_code == 400
    two = [(io.BytesIO(numbered(1)), "a.pdf"), (io.BytesIO(numbered(1)), "b.pdf")]
    post(contact.client, f"{contact.at}/upload", {"file": two})
    assert contact.asking.waiting() is None


def test_a_wrong_date_is_told_at_the_field_and_kept(contact: Contact) -> None:
    contact.upload(numbered(1))
    answer = contact.check("28", "2", "1984")
    assert answer.status_code == 200
    assert "That is not the date of birth of this case's individual." in words_of(answer)
    assert 'value="28"' in answer.get_data(as_text=True)


def test_after_five_wrong_dates_it_begins_anew(contact: Contact) -> None:
    contact.upload(numbered(1))
    for _ in range(4):
        contact.check("28", "2", "1984")
    answer = contact.check("28", "2", "1984")
    assert answer.headers["Location"] == f"{contact.at}/upload"
    assert "The file has been removed" in words_of(contact.client.get(f"{contact.at}/upload"))


@pytest.mark.parametrize(
    "born", [["", "", ""], ["31", "2", "1984"], ["29"], ["1", "2", "3", "4"], ["x", "y", "z"]]
)
def test_no_date_at_all_is_an_error_and_no_try(contact: Contact, born: list[str]) -> None:
    contact.upload(numbered(1))
    left = contact.asking.waiting()
    assert left is not None
    answer = post(contact.client, f"{contact.at}/check", {"candidate": left.id, "born": born})
    assert answer.status_code == 200
    said = words_of(answer)
    assert "There is a problem" in said
    assert "Not a valid date value" not in said
    assert ("There is no such day. Write it like 27 3 2026." in said) is any(born)
    after = contact.asking.waiting()
    assert after is not None
    assert after.tries == 0


def test_the_check_of_nothing_leads_back(contact: Contact) -> None:
    answer = contact.client.get(f"{contact.at}/check")
    assert (answer.status_code, answer.headers["Location"]) == (302, contact.at)


@pytest.mark.parametrize("answer", ["nothing_known", "nothing_new", "at_meeting"])
def test_another_answer_takes_two_clicks(contact: Contact, answer: str) -> None:
    shown = contact.client.get(contact.at).get_data(as_text=True)
    assert f'name="answer" value="{answer}"' in shown
    done = post(contact.client, f"{contact.at}/answer", {"answer": answer})
    assert done.status_code == 302
    assert status(contact.asking).value == answer


def test_not_sharing_asks_for_a_reason_and_keeps_the_choice(contact: Contact) -> None:
    page = contact.client.get(f"{contact.at}/answer?answer=declined").get_data(as_text=True)
    assert re.search(r'value="declined"[^>]*checked', page)
    bare = post(contact.client, f"{contact.at}/answer", {"answer": "declined", "reason": " "})
    assert bare.status_code == 200
    assert "Say why your agency cannot share this." in words_of(bare)
    done = post(contact.client, f"{contact.at}/answer", {"answer": "declined", "reason": "Why."})
    assert done.status_code == 302
    assert status(contact.asking) is RequestStatus.DECLINED


@pytest.mark.parametrize("answer", ["received", "requested", "", "drop table"])
def test_no_other_answer_is_taken(contact: Contact, answer: str) -> None:
    done = post(contact.client, f"{contact.at}/answer", {"answer": answer, "reason": "Because."})
    assert done.status_code == 200
    assert status(contact.asking) is RequestStatus.REQUESTED


@pytest.mark.parametrize("name", ["carys", "ruth", "helen", "sian", "mark"])
def test_to_others_none_of_it_exists(asking: Asking, name: str) -> None:
    client = asking.world.client(name)
    for path in ("", "/upload", "/check", "/answer", "/receipt", "/receipt.txt", "/receipt.pdf"):
        there = client.get(f"/agency/requests/{asking.f}{path}")
        nothing = client.get(f"/agency/requests/{'a' * 26}{path}")
        assert there.status_code == nothing.status_code == 404
        assert words_of(there) == words_of(nothing)


def test_an_outsider_is_sent_to_sign_in_whatever_there_is(asking: Asking) -> None:
    client = asking.world.client()
    for path in ("", "/upload", "/check", "/receipt"):
        for request in (asking.f, "a" * 26):
            answer = client.get(f"/agency/requests/{request}{path}")
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/sign-in?next=")


def test_without_a_confirmed_key_the_page_says_whom_to_ring(asking: Asking) -> None:
    from portal.journeys.deed import tending
    from portal.records import keys

    world = asking.world
    with tending(world.house) as db:
        found = keys.confirmations_of_area(db, world.area.id)
        db.execute(
            keys.confirmations.delete().where(
                keys.confirmations.c.person_id == world.secrets("adeyemi").person_id
            )
        )
    assert world.secrets("adeyemi").person_id in found
    client = world.client("adeyemi")
    shown = words_of(client.get(f"/agency/requests/{asking.f}/upload"))
    assert "a coordinator has still to confirm your key with you. Ring 01632 960 000." in shown
    answer = client.post(
        f"/agency/requests/{asking.f}/upload",
        data={"csrf_token": token(client), "file": (io.BytesIO(numbered(1)), "a.pdf")},
    )
    assert answer.status_code == 403
    assert asking.waiting() is None
