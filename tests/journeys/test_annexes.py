"""A restricted annex is for its own readers; for everybody else it does not exist (rule 31)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.grants import GrantState, SendingKind
from portal.domain.packs import SIGNPOST_WORDS, Others
from portal.journeys.changed import Changed
from portal.journeys.deed import looking
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.held import held
from portal.journeys.opening.marked_copy import ACTION, clear_copy
from portal.journeys.packs.annexing import TITLE
from portal.journeys.packs.arrange_pack import Arrangement, arrange_pack
from portal.journeys.packs.preview_pack import preview_annex, preview_pack
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.views.pack import arrange_page, send_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import outbox, papers, sendings
from portal.records.database import reading
from tests.documents.making import texts
from tests.staging import INVITED, REASON, WAITING, Stage, Template, stage_from

pytestmark = pytest.mark.real("SQLite and folder")

HOLDERS = ("mark", "una")


def annexed(stage: Stage, others: Others = Others.NOTHING, *names: str) -> None:
    stage.arrange(["A", "F"], annexes={"update": (others, names or HOLDERS)})


def sent_of(stage: Stage, kind: SendingKind) -> list[str]:
    with reading(stage.house.engine) as db:
        found = sendings.sendings_of(db, stage.world.area.id, stage.slot_id)
    return [sending.id for sending in found if sending.kind is kind]


def readers_of(stage: Stage, sending_id: str) -> dict[str, GrantState]:
    with reading(stage.house.engine) as db:
        found = sendings.grants_of_sending(db, stage.world.area.id, sending_id)
    return {stage.name_of(grant.person_id): grant.state for grant in found}


def unmarked(stage: Stage, name: str, sending_id: str) -> bytes:
    """What this reader's own key opens, before the mark is put on."""
    who, grant = stage.world.who(name), stage.grant(name, sending_id)
    with looking(stage.house, who.actor, grant.id) as look:
        at = held(look.db, stage.world.area.id, grant.id, ACTION)
        return clear_copy(stage.house, look, who, at)


def test_it_goes_to_its_own_readers_and_to_nobody_else(stage: Stage) -> None:
    annexed(stage)
    stage.send()
    (annex,), (pack,) = sent_of(stage, SendingKind.ANNEX), sent_of(stage, SendingKind.PACK)
    assert readers_of(stage, annex) == {"mark": GrantState.GRANTED, "una": GrantState.WAITING}
    assert set(readers_of(stage, pack)) == set(INVITED)
    stage.accept("mark")
    said = " ".join(texts(stage.opens("mark", annex)))
    assert f"{TITLE} A" in said
    assert "Form update 1" in said
    assert "Form update" not in " ".join(texts(stage.opens("mark", pack)))
    stage.whole()


def test_its_pages_have_numbers_of_their_own(stage: Stage) -> None:
    annexed(stage)
    stage.send()
    pages = texts(unmarked(stage, "mark", sent_of(stage, SendingKind.ANNEX)[0]))
    tag = re.search(r"Restricted annex (A[0-9A-Z]{2})", pages[0])
    assert tag is not None
    assert [f"Page {tag[1]}.{n}" in page for n, page in enumerate(pages[1:], 1)] == [True, True]
    assert all("Page 1 of" not in page for page in pages)


def _seen(stage: Stage, name: str) -> tuple[bytes, list[str]]:
    """Everything that reaches one reader, with identifiers of the portal's own making taken out."""
    (pack,) = sent_of(stage, SendingKind.PACK)
    stage.accept(name)
    grant = stage.grant(name, pack)
    client = stage.world.client(name)
    pages = [
        client.get(path).get_data(as_text=True)
        for path in ("/", f"/papers/{grant.id}", f"/papers/{grant.id}/pass-on")
    ]
    with reading(stage.house.engine) as db:
        mails = [
            f"{notice.letter} {sorted(notice.fields.items())}"
            for notice in outbox.due(db, stage.world.clock.now(), 1000)
            if notice.address.startswith(f"{name}@") or notice.address.startswith(f"{name}.")
        ]
        header = papers.header_for(db, stage.world.area.id, grant.version_id, grant.person_id)
        row = papers.load_manifest(db, stage.world.area.id, grant.manifest_id)
        version = papers.load_version(db, stage.world.area.id, grant.version_id)
    assert header is not None
    assert row is not None
    assert version is not None
    assert len(mails) > 1
    sizes = [f"{len(header.header)} {len(row.body)} {version.clear_size} {version.pages}"]
    drawn = re.compile(r"[a-z2-7]{26}|[A-Za-z0-9_.-]{60,}")
    told = [drawn.sub("*", text) for text in (*pages, *sorted(mails), *sizes)]
    return unmarked(stage, name, pack), told


def test_attack_a_hidden_annex_changes_nothing_for_whoever_does_not_get_it(
    staged: Template, tmp_path: Path
) -> None:
    """Two packs, one with a hidden annex beside it: its file, the reader's pages, their mails."""
    seen = []
    for folder, apart in (("with", True), ("without", False)):
        (tmp_path / folder).mkdir()
        stage = stage_from(staged, tmp_path / folder)
        if apart:
            annexed(stage, Others.NOTHING, "mark")
        else:
            stage.arrange(["A", "F"])
        stage.send()
        seen.append(_seen(stage, "joe"))
        stage.house.engine.dispose()
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] == seen[1][1]


def test_attack_what_was_sent_apart_does_not_show_in_later_numbers(stage: Stage) -> None:
    annexed(stage)
    first = stage.send()
    second = stage.send()
    assert first.sending.reference.endswith("-P1")
    assert second.sending.reference.endswith("-P2")
    stage.minutes_ready()
    assert stage.send_minutes().sending.reference.endswith("-M1")


def test_attack_the_annex_is_not_there_for_others(stage: Stage) -> None:
    annexed(stage)
    stage.send()
    stage.accept("joe", "mark")
    theirs = stage.grant("mark", sent_of(stage, SendingKind.ANNEX)[0])
    joe = stage.world.client("joe")
    for path in (f"/papers/{theirs.id}", f"/papers/{theirs.id}/pass-on"):
        there, nowhere = joe.get(path), joe.get(path.replace(theirs.id, "a" * 26))
        assert there.status_code == nowhere.status_code == 404
        assert there.data.replace(theirs.id.encode(), b"") == nowhere.data.replace(b"a" * 26, b"")
    with reading(stage.house.engine) as db:
        assert not sendings.holds(db, stage.world.area.id, stage.id("joe"), stage.papers["update"])
        assert sendings.holds(db, stage.world.area.id, stage.id("mark"), stage.papers["update"])


def test_a_signpost_says_that_there_is_more_and_no_page_moves(stage: Stage) -> None:
    annexed(stage, Others.SIGNPOST)
    sent = stage.send()
    joes = texts(unmarked(stage, "joe", sent.sending.id))
    marks = texts(unmarked(stage, "mark", sent.sending.id))
    assert SIGNPOST_WORDS in " ".join(joes)
    assert SIGNPOST_WORDS not in " ".join(marks)
    assert len(joes) == len(marks)
    assert joes[2:] == marks[2:]
    assert "update" not in " ".join(joes).lower()


def test_a_hidden_annex_beside_one_with_a_signpost_is_not_counted(stage: Stage) -> None:
    stage.arrange(["A"], annexes={"update": (Others.SIGNPOST, ["mark"]),
                                  "F": (Others.NOTHING, ["mark", "joe"])})  # fmt: skip
    sent = stage.send()
    said = " ".join(texts(unmarked(stage, "ruth", sent.sending.id)))
    assert said.count(SIGNPOST_WORDS) == 1
    assert len(sent_of(stage, SendingKind.ANNEX)) == 2


def test_the_page_names_each_annex_its_readers_and_who_is_left_out(stage: Stage) -> None:
    annexed(stage)
    helen = stage.world.client("helen")
    said = " ".join(
        re.sub(r"<[^>]+>", " ", helen.get(f"/unit/slots/{stage.slot_id}/pack/send").text).split()
    )
    assert "Restricted annex: Agency update" in said
    assert "Recorded as the choice of the chair: Others see nothing" in said
    named = said.partition("Restricted annex: Agency update")[2]
    readers, _, others = named.partition("Not to:")
    assert stage.world.person("mark").name in readers
    assert stage.world.person("joe").name in others.partition("Confirm it's you")[0]
    assert "); " in others
    assert ");." not in others
    assert re.search(r"\)\. ", others)


def test_the_record_says_who_chose_what_others_see(stage: Stage) -> None:
    annexed(stage, Others.SIGNPOST)
    stage.send()
    arranged, sent = stage.lines("pack.arranged")[-1], stage.lines("annex.sent")
    assert arranged["annexes"] == [f"{stage.papers['update']} signpost"]
    assert arranged["actor"] == stage.id("helen")
    assert [line["others"] for line in sent] == ["signpost"]
    assert sent[0]["granted"] == [stage.id("mark")]
    assert sent[0]["waiting"] == [stage.id("una")]


@pytest.mark.parametrize("change", ["others", "readers", "into the pack"])
def test_whatever_changes_about_an_annex_sends_nothing(stage: Stage, change: str) -> None:
    annexed(stage)
    digest = stage.digest()
    if change == "others":
        annexed(stage, Others.SIGNPOST)
    elif change == "readers":
        annexed(stage, Others.NOTHING, "mark", "joe")
    else:
        stage.arrange(["A", "F", "update"])
    with pytest.raises(Changed):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                  stage.world.code("helen"), REASON)  # fmt: skip
    assert stage.lines("pack.sent") == stage.lines("annex.sent") == []


def test_it_is_taken_back_by_itself(stage: Stage) -> None:
    annexed(stage)
    sent = stage.send()
    (annex,) = sent_of(stage, SendingKind.ANNEX)
    stage.accept("mark")
    take_back(stage.house, stage.world.who("helen"), annex)
    with pytest.raises(Refused) as refused:
        stage.opens("mark", annex)
    assert refused.value.why is Why.TAKEN_BACK
    assert stage.opens("mark", sent.sending.id).startswith(b"%PDF")
    stage.whole()


def test_a_withdrawn_invitation_ends_it_too(stage: Stage) -> None:
    annexed(stage)
    stage.send()
    withdraw_invitation(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("mark"))
    (annex,) = sent_of(stage, SendingKind.ANNEX)
    assert readers_of(stage, annex)["mark"] is GrantState.TAKEN_BACK
    stage.whole()


def saved(stage: Stage, annex: str) -> str:
    """What stands in the copy that Mark saves; nothing where he may read it here only."""
    try:
        return " ".join(texts(stage.opens("mark", annex)))
    except Refused as refused:
        if refused.why is not Why.READ_HERE_ONLY:
            raise
        return ""


def test_whether_it_may_be_saved_is_asked_of_each_by_itself(stage: Stage) -> None:
    each = (Others.NOTHING, ("mark",))
    stage.arrange(["F"], annexes={"update": each, "A": each})
    helen = stage.world.who("helen")
    sent = send_pack(stage.house, helen, stage.slot_id, stage.digest(), stage.world.code("helen"),
                     REASON, download_annexes=[stage.papers["A"]])  # fmt: skip
    stage.accept("mark")
    one, other = (saved(stage, annex) for annex in sent_of(stage, SendingKind.ANNEX))
    assert {bool(one), bool(other)} == {True, False}
    assert "Form A 1" in one + other
    assert stage.opens("mark", sent.sending.id).startswith(b"%PDF")


def test_none_may_be_saved_unless_it_is_named(stage: Stage) -> None:
    annexed(stage)
    helen = stage.world.who("helen")
    sent = send_pack(stage.house, helen, stage.slot_id, stage.digest(), stage.world.code("helen"),
                     REASON)  # fmt: skip
    stage.accept("mark")
    (annex,) = sent_of(stage, SendingKind.ANNEX)
    assert saved(stage, annex) == ""
    assert stage.opens("mark", sent.sending.id).startswith(b"%PDF")


def test_the_preview_is_what_the_person_would_get(stage: Stage) -> None:
    annexed(stage, Others.SIGNPOST)
    priya = stage.world.who("priya")
    update = stage.papers["update"]
    said = " ".join(
        texts(preview_annex(stage.house, priya, stage.slot_id, stage.id("mark"), update))
    )
    assert "Form update 1" in said
    assert "PREVIEW" in said
    assert SIGNPOST_WORDS in " ".join(
        texts(preview_pack(stage.house, priya, stage.slot_id, stage.id("joe")))
    )
    for name, version in (("joe", update), ("mark", stage.papers["A"]), ("mark", "a" * 26)):
        with pytest.raises(Refused) as refused:
            preview_annex(stage.house, priya, stage.slot_id, stage.id(name), version)
        assert refused.value.why is Why.NOT_THERE


def test_an_annex_for_nobody_is_not_sent(stage: Stage) -> None:
    stage.arrange(["A"], annexes={"update": (Others.NOTHING, ())})
    stage.send()
    assert sent_of(stage, SendingKind.ANNEX) == []


def test_somebody_who_gets_an_annex_alone_is_not_called_left_out(stage: Stage) -> None:
    stage.arrange(["A"], {"mark": ["A"]}, annexes={"update": (Others.NOTHING, ["mark"])})
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert page.proposal.left_out == ()
    assert len(page.proposal.recipients) == len(INVITED)


def test_rule_36_who_is_chosen_for_nothing_gets_nothing(stage: Stage) -> None:
    """A late invitee, and a paper that came in late: left out until somebody chooses."""
    now = stage.world.clock.now()
    arrange_pack(
        stage.house,
        stage.world.who("helen"),
        stage.slot_id,
        Arrangement(
            [stage.papers["A"]],
            {stage.id("mark"): frozenset(stage.papers.values())},
            now,
            now + timedelta(days=9),
        ),
    )
    page = arrange_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert page.newcomers == {stage.id(name) for name in set(INVITED) - {"mark"}}
    assert {line.title.partition(":")[0] for line in page.papers if line.new} == {
        "MAPPA F", "Agency update",
    }  # fmt: skip
    sent = stage.send()
    assert set(sent.grants) == {stage.id("mark")}
    assert WAITING.isdisjoint(stage.states())


def test_what_nobody_arranged_holds_nothing(stage: Stage) -> None:
    found = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert found.proposal.items == found.proposal.readers == ()
    assert not found.arranged
