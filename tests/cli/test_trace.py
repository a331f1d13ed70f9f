"""A copy that turned up somewhere names whose it was, whatever it went through."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pypdf
import pypdfium2
import pytest

from portal.documents.refusal import RefusedPaper
from portal.documents.trace import references_in
from portal.domain.deeds import Deed
from portal.journeys.copies.trace_copy import trace_copy
from portal.journeys.packs.preview_pack import preview_pack
from portal.ledger import search
from portal.records.database import reading
from tests.cli.installed import Installed, run
from tests.documents.making import numbered, plain
from tests.staging import Stage


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send()
    stage.accept("ruth", "joe")
    return stage


def by_qpdf(copy: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        pdf.save(out, linearize=True, recompress_flate=True)
    return out.getvalue()


def without_metadata(copy: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        del pdf.Root.Metadata, pdf.trailer.ID
        pdf.save(out)
    return out.getvalue()


def one_page_by_pypdf(copy: bytes) -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_page(pypdf.PdfReader(io.BytesIO(copy)).pages[3])
    writer.write(out)
    return out.getvalue()


def by_pdfium(copy: bytes) -> bytes:
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.import_pages(pypdfium2.PdfDocument(copy), [1])
    document.save(out)
    return out.getvalue()


def printed(copy: bytes) -> bytes:
    program = shutil.which("pdftocairo")
    if program is None:
        return by_pdfium(copy)
    return subprocess.run([program, "-pdf", "-", "-"], input=copy, capture_output=True).stdout


@pytest.mark.parametrize(
    "saved_by",
    [bytes, by_qpdf, without_metadata, one_page_by_pypdf, by_pdfium, printed],
)
def test_a_copy_names_its_reader(sent: Stage, saved_by: object) -> None:
    sent.opens("joe")
    copy = sent.opens("ruth")
    before = len(sent.lines())
    assert callable(saved_by)
    (told,) = trace_copy(sent.house, references_in(saved_by(copy)))
    assert (told.name, told.deed) == ("Ruth Okell", Deed.PAPER_OPENED)
    assert told.of == f"copy {sent.grant('ruth').copy_number} of 8 of NMR/26/0117-P1"
    assert told.proven
    line = sent.lines()[told.position]
    assert (line["actor"], line["copy"]) == (sent.id("ruth"), told.reference)
    assert [each["deed"] for each in sent.lines()[before:]] == ["copy.traced"]
    assert sent.lines()[-1]["position"] == told.position
    sent.whole()


def test_each_opening_is_a_copy_of_its_own(sent: Stage) -> None:
    first, second = sent.opens("ruth"), sent.opens("ruth")
    one, two = (trace_copy(sent.house, references_in(copy))[0] for copy in (first, second))
    assert one.position < two.position
    assert one.reference != two.reference


def test_a_preview_names_whoever_looked(sent: Stage) -> None:
    made = preview_pack(sent.house, sent.world.who("helen"), sent.slot_id, sent.id("joe"))
    (told,) = trace_copy(sent.house, references_in(made))
    assert (told.name, told.deed, told.of) == ("Helen Marsh", Deed.PACK_PREVIEWED, "NMR/26/0117")


def test_pages_of_several_copies_name_them_all(sent: Stage) -> None:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    for name in ("ruth", "joe"):
        writer.add_page(pypdf.PdfReader(io.BytesIO(sent.opens(name))).pages[2])
    writer.write(out)
    told = trace_copy(sent.house, references_in(out.getvalue()))
    assert [each.name for each in told] == ["Ruth Okell", "Joe Tarn"]


def test_a_reference_that_no_copy_has_is_not_told_and_leaves_no_line(sent: Stage) -> None:
    sent.opens("ruth")
    before = sent.lines()
    assert trace_copy(sent.house, ["0000-0000-0000", "", '","x":"', "%"]) == []
    assert trace_copy(sent.house, []) == []
    assert sent.lines() == before


def test_a_changed_line_is_told_as_not_proven(sent: Stage) -> None:
    """Whoever can write the database can lead to another person, but not past the tree."""
    found = references_in(sent.opens("ruth"))
    with sent.house.engine.connect() as db:
        db.exec_driver_sql("DROP TRIGGER IF EXISTS ledger_entries_no_update")
        for (name,) in db.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            db.exec_driver_sql(f'DROP TRIGGER "{name}"')
        db.exec_driver_sql(
            "UPDATE ledger_entries SET leaf = CAST(replace(CAST(leaf AS TEXT), ?, ?) AS BLOB)"
            " WHERE deed = 'paper.opened'",
            (sent.id("ruth"), sent.id("joe")),
        )
        db.commit()
    (told,) = trace_copy(sent.house, found)
    assert not told.proven


@pytest.mark.parametrize("pdf", [b"", b"no pdf", b"%PDF-1.7\n", bytes(2000)])
def test_what_is_no_pdf_is_refused(pdf: bytes) -> None:
    with pytest.raises(RefusedPaper):
        references_in(pdf)


def test_a_paper_without_a_mark_has_no_reference() -> None:
    assert references_in(numbered(2)) == ()


def test_nothing_but_what_may_be_a_reference_comes_out() -> None:
    words = b"BT /F1 12 Tf 72 700 Td (SECRET NAME AAAA-BBBB-CCCC and 7k3m-q9xd-2fva) Tj ET"
    assert references_in(plain(words)) == ("AAAA-BBBB-CCCC", "CCCC-BBBB-AAAA")


def test_a_file_full_of_references_is_still_one_look(sent: Stage) -> None:
    copy = references_in(sent.opens("ruth"))
    lines = [
        b"BT /F1 5 Tf 20 %d Td (%s) Tj ET"
        % (n, b" ".join(b"%04d-%04d-%04d" % (n, k, k) for k in range(9)))
        for n in range(20, 800, 4)
    ]
    found = references_in(plain(b"\n".join(lines)))
    assert len(found) > 500
    assert len(trace_copy(sent.house, [*found, *copy])) == 1


# ---- the command ----


def test_the_command_needs_a_file_or_a_reference(installed: Installed) -> None:
    assert run("trace", "--data", installed.data).exit_code == 2
    file = installed.data / "portal.env"
    both = run("trace", file, "--reference", "0000-1111-2222", "--data", installed.data)
    assert both.exit_code == 2


def test_the_command_tells_nobody_where_there_is_nobody(
    installed: Installed, tmp_path: Path
) -> None:
    before = run("ledger", "export", "--data", installed.data).output
    leak = tmp_path / "leak.pdf"
    for content, words in (
        (b"no pdf", "cannot be read as a PDF"),
        (numbered(1), "no reference"),
        (plain(b"BT /F1 9 Tf 9 9 Td (AAAA-BBBB-CCCC) Tj ET"), "No copy that was opened here"),
    ):
        leak.write_bytes(content)
        result = run("trace", leak, "--data", installed.data)
        assert result.exit_code == 1
        assert words in result.output
    typed = run("trace", "--reference", "ref 0000-1111-2222", "--data", installed.data)
    assert (typed.exit_code, "No copy" in typed.output) == (1, True)
    assert run("ledger", "export", "--data", installed.data).output == before


def test_the_command_names_the_reader_and_nothing_of_the_paper(
    sent: Stage, made: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leak = tmp_path / "leak.pdf"
    leak.write_bytes(sent.opens("ruth"))
    # An installation of its own, but wired to the house in which the copy was opened.
    monkeypatch.setattr("portal.wiring.wire", lambda _: SimpleNamespace(house=sent.house))
    result = run("trace", leak, "--data", made.data)
    assert result.exit_code == 0, result.output
    assert "Ruth Okell" in result.output
    assert "NMR/26/0117-P1" in result.output
    assert "stands under a signed checkpoint" in result.output
    for words in ("Wilfred", "Crane", "Form", "Sheet"):
        assert words not in result.output


def test_lines_of_other_deeds_are_not_looked_at(sent: Stage) -> None:
    with reading(sent.house.engine) as db:
        area_id = sent.world.area.id
        assert list(search.of_deeds(db, area_id, [], lambda _: True)) == []
        found = list(search.of_deeds(db, area_id, ["pack.sent"], lambda _: True))
        assert [entry.deed for entry in found] == ["pack.sent"]
        assert list(search.of_deeds(db, "another", ["pack.sent"], lambda _: True)) == []
