from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices.fields import READERS, BadField
from portal.notices.kinds import FIELDS, Kind
from portal.notices.letters import NAMES_CHECK, Letter, Writer, check
from portal.notices.senders import MemorySender, message

TEXTS = Path(__file__).resolve().parents[2] / "templates" / "notices"
NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
TO = "ruth.okafor@kentmere.example"
FACTS = {
    "by": "spoc",
    "area": "Kentmere and Medlow",
    "reference": "KM-2026-0007",
    "date": "2026-05-28",
    "time": "10:00",
    "form": "F",
    "due": "2026-05-14",
    "opens": "2026-05-20T09:00",
    "until": "2026-05-28T17:30",
    "path": "/join/Ab-9_x",
    "phone": "01632 960 000",
}
PACK = {name: FACTS[name] for name in FIELDS[Kind.PACK_SENT]}


def facts(kind: Kind) -> dict[str, str]:
    return {name: FACTS[name] for name in FIELDS[kind]}


def written(writer: Writer, kind: Kind, **changed: str) -> Letter:
    return writer.letter(kind, TO, facts(kind) | changed, letter_id="n1", made_at=NOW)


def test_every_kind_has_a_text_and_every_text_a_kind() -> None:
    assert {file.stem for file in TEXTS.iterdir()} == {kind.value for kind in Kind}


@pytest.mark.parametrize("kind", Kind)
def test_every_letter_gives_its_facts_and_the_marking_and_at_most_one_link(
    writer: Writer, kind: Kind
) -> None:
    letter = written(writer, kind)
    assert letter.text.startswith("OFFICIAL-SENSITIVE\n")
    words = check(kind, facts(kind))
    for name, value in words.items():
        if name != "path":
            assert value in letter.subject + letter.text
    links = re.findall(r"https?://\S+", letter.text)
    # Invitations also name the page, the same for everybody, on which a computer is checked.
    check_page = ["https://mappa.kentmere.example/check"] if kind in NAMES_CHECK else []
    assert links == ([letter.link] if letter.link else []) + check_page
    assert letter.link in ("", "https://mappa.kentmere.example/join/Ab-9_x")
    assert "$" not in letter.subject + letter.text


def test_a_letter_reads_well(writer: Writer) -> None:
    letter = written(writer, Kind.REPORT_ASKED)
    assert letter.subject == "A report is asked of you by Thursday 14 May 2026"
    assert "What: MAPPA F: prison or youth custody report\n" in letter.text
    assert "Meeting: Thursday 28 May 2026, 10am\n" in letter.text
    assert letter.text.endswith("ring the MAPPA unit on 01632 960 000.\n")


@pytest.mark.parametrize("kind", Kind)
def test_a_missing_or_further_field_is_refused(writer: Writer, kind: Kind) -> None:
    for name in FIELDS[kind]:
        short = facts(kind)
        del short[name]
        with pytest.raises(BadField):
            writer.letter(kind, TO, short, letter_id="n1", made_at=NOW)
    for name in ("name", "individual", "offence", "reason", "address", "body", "attachment",
                 "marking", "link", *(set(FACTS) - FIELDS[kind])):  # fmt: skip
        with pytest.raises(BadField):
            written(writer, kind, **{name: "x"})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("reference", ["", "John Smith", "SMITH", "Smith1", "km-1", "KM 1", "KM-1\n", "KM--1", "-1",
                       "KM-1-", "1" * 41, "KM-1\u2028", "KM-１", "KM-1;rape"]),
        ("area", ["", "kentmere", "Kentmere\r\nBcc: x@example.org", "Kentmere\n", "Kentmere 2",
                  "Kentmere  Medlow", "http://x", "$phone", "K" * 61, "Kentmere.", "Kéntmere"]),
        ("phone", ["", "ring Ruth", "01632 960 000\n", "01632-960-000", "0", "+", "01632 960 000 x",
                   "٠١٦٣٢ ٩٦٠", "1" * 30]),
        ("date", ["", "28 May 2026", "2026-5-28", "2026-02-30", "20260528", "2026-05-28T10:00",
                  "2026-W22-4", "２０２６-05-28", "0000-01-01", "2026-05-28\n"]),
        ("time", ["", "10", "10am", "24:00", "10:60", "10:00:00", "10:00Z", "１0:00", "10:00\n"]),
        ("until", ["", "2026-05-28", "2026-05-28 10:00", "2026-05-28T10:00Z", "T10:00",
                   "2026-05-28T", "2026-05-28T10:00+01:00", "2026-05-28T10:00T10:00"]),
        ("path", ["", "x", "//evil.example/x", "https://evil.example", "/..", "/a/../b", "/a//b",
                  "/a b", "/a\n", "/a?name=John", "/a#x", "/a\\b", "/@evil.example", "/é", "/a%0d",
                  "/.env", "/" + "a" * 200]),
        ("by", ["", "Unit", "unit\n", "Ruth Okell", "somebody"]),
        ("form", ["", "f", "G", "MAPPA F", "F\n", "John Smith"]),
    ],
)  # fmt: skip
def test_what_a_field_must_not_hold_is_refused_and_not_repeated(
    name: str, values: list[str]
) -> None:
    for value in values:
        with pytest.raises(BadField) as why:
            READERS[name](value)
        assert len(value) < 4 or value not in str(why.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [("00:00", "midnight"), ("12:00", "midday"), ("12:05", "12:05pm"), ("00:30", "12:30am"),
     ("09:00", "9am"), ("23:59", "11:59pm")],
)  # fmt: skip
def test_times_in_words(value: str, words: str) -> None:
    assert READERS["time"](value) == words


@given(st.sampled_from(sorted(READERS)), st.text(max_size=50))
def test_no_field_lets_a_line_break_or_a_strange_letter_through(name: str, value: str) -> None:
    try:
        words = READERS[name](value)
    except BadField:
        return
    assert words.isascii()
    assert words.isprintable()


@pytest.mark.parametrize(
    "to",
    ["", "x", "a@b", "a@example.org\n", "a@example.org\r\nBcc: b@example.org", "a b@example.org",
     "a@example.org,b@example.org", "<a@example.org>", "Ruth <a@example.org>", "é@example.org",
     "a@exämple.org", "-a@example.org", "a@" + "b" * 300 + ".org"],
)  # fmt: skip
def test_no_letter_goes_to_anything_but_one_plain_address(writer: Writer, to: str) -> None:
    with pytest.raises(BadField):
        writer.letter(Kind.PACK_SENT, to, PACK, letter_id="n1", made_at=NOW)


@pytest.mark.parametrize("letter_id", ["", "a b", "../x", "a\n", "a>b", "x" * 65, "é"])
def test_an_id_fits_a_header_and_a_file_name(writer: Writer, letter_id: str) -> None:
    with pytest.raises(BadField):
        writer.letter(Kind.PACK_SENT, TO, PACK, letter_id=letter_id, made_at=NOW)


def test_a_letter_cannot_be_made_by_hand_with_a_break_in_it(writer: Writer) -> None:
    letter = written(writer, Kind.PACK_SENT)
    for subject in ("x\ny", "x\ry", "", "x" * 121, "é"):
        with pytest.raises(BadField):
            replace(letter, subject=subject)
    for text in ("", "x\ry", "x\x00", "é", "x" * 4001):
        with pytest.raises(BadField):
            replace(letter, text=text)
    with pytest.raises(BadField):
        replace(letter, made_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "base",
    ["", "mappa.example", "http://mappa.example", "ftp://mappa.example", "https://", "https://a/b",
     "https://u:p@mappa.example", "https://mappa.example?x", "https://mappa.example#x",
     "https://mappa.example\n", "https://ma ppa.example", "javascript:alert(1)", "//mappa.example",
     "http://localhost.evil.example", "http://127.0.0.1.evil.example"],
)  # fmt: skip
def test_links_need_a_configured_https_origin(base: str) -> None:
    with pytest.raises(ValueError, match=r"https|Invalid"):
        Writer(base, TEXTS)


@pytest.mark.parametrize(
    "base", ["https://mappa.example/", "https://mappa.example:8443", "http://localhost:5000",
             "http://127.0.0.1:5000"],
)  # fmt: skip
def test_this_machine_may_do_without_tls(base: str) -> None:
    letter = written(Writer(base, TEXTS), Kind.PACK_SENT)
    assert letter.link == base.rstrip("/") + "/join/Ab-9_x"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("Subject: ", "", 1),
        lambda text: text.replace("\n\n", "\n", 1),
        lambda text: text.replace("$reference", "KM"),
        lambda text: text + "$individual",
        lambda text: text + "${",
        lambda text: text + "costs $ 5",
        lambda text: text.replace("$marking", "", 1),
    ],
)
def test_a_text_that_drifts_from_its_facts_is_refused_at_the_start(
    tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    for file in TEXTS.iterdir():
        (tmp_path / file.name).write_text(file.read_text())
    Writer("https://mappa.example", tmp_path)
    spoilt = tmp_path / "pack_sent.txt"
    spoilt.write_text(spoil(spoilt.read_text()))
    with pytest.raises(ValueError, match=r"pack_sent\.txt"):
        Writer("https://mappa.example", tmp_path)


@pytest.mark.parametrize("kind", Kind)
def test_as_a_mail_it_is_one_plain_text_part(writer: Writer, kind: Kind) -> None:
    letter = written(writer, kind)
    raw = message(letter, "portal@kentmere.example").as_bytes(policy=policy.SMTP)
    mail = message_from_bytes(raw, policy=policy.default)
    assert not mail.is_multipart()
    assert mail.get_content_type() == "text/plain"
    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
         "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip
    assert mail["To"] == TO
    assert mail["Subject"] == letter.subject
    assert mail["Message-ID"] == "<n1@kentmere.example>"
    assert mail["Date"] == "Fri, 01 May 2026 09:00:00 +0000"
    assert mail.get_content().replace("\r\n", "\n") == letter.text
    assert max(map(len, raw.split(b"\r\n"))) <= 120
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None


@pytest.mark.parametrize("sender", ["", "portal", "a@example.org\nBcc: b@example.org"])
def test_the_sender_is_an_address_too(writer: Writer, sender: str) -> None:
    with pytest.raises(ValueError, match="sender"):
        message(written(writer, Kind.PACK_SENT), sender)


def test_memory_keeps_each_letter_once_in_order(writer: Writer) -> None:
    sender = MemorySender()
    first = written(writer, Kind.PACK_SENT)
    second = replace(first, id="n2")
    for letter in (first, second, first):
        sender.send(letter)
    assert sender.letters == [first, second]
