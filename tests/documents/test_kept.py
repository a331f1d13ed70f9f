"""What a reader could see before intake is seen after it, and what was hidden stays hidden."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from portal.documents.findings import FindingKind
from portal.documents.intake import Accepted, examine
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import TEXT, font, new, opened, pictures, plain, saved, texts


def counts(accepted: Accepted) -> dict[FindingKind, int]:
    return {finding.kind: finding.count for finding in accepted.findings}


def appearance(pdf: Pdf, words: str) -> Dictionary:
    made = pdf.make_stream(
        f"BT /F1 9 Tf 2 4 Td ({words}) Tj ET".encode(),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 90, 20]),
        Resources=Dictionary(Font=Dictionary(F1=font())),
    )
    return Dictionary(N=made)


def remark(pdf: Pdf, kind: Name, words: str, **more: object) -> Dictionary:
    made = Dictionary(
        Type=Name.Annot, Subtype=kind, Rect=[100, 300, 190, 320], AP=appearance(pdf, words), F=4
    )
    for key, value in more.items():
        made[f"/{key}"] = value
    return made


def test_comments_become_part_of_the_page() -> None:
    pdf = new()
    pdf.pages[0].obj.Annots = Array(
        [
            remark(pdf, Name.FreeText, "Typed note"),
            remark(pdf, Name.Highlight, "Marked words", Contents=String("said in a popup")),
        ]
    )
    accepted = examine(saved(pdf))
    assert "Typed note" in texts(accepted.pdf_clear)[0]
    assert "Marked words" in texts(accepted.pdf_clear)[0]
    assert counts(accepted)[FindingKind.COMMENTS] == 2
    assert counts(accepted)[FindingKind.COMMENT_WORDS] == 1
    after = opened(accepted.pdf_clear)
    assert "/Annots" not in after.pages[0].obj


def test_hidden_comments_stay_hidden() -> None:
    pdf = new()
    pdf.pages[0].obj.Annots = Array([remark(pdf, Name.FreeText, "Unseen", F=2)])
    assert "Unseen" not in texts(examine(saved(pdf)).pdf_clear)[0]


def test_a_field_shows_its_answer_even_where_readers_were_to_draw_it() -> None:
    pdf = new()
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("a"),
            V=String("My answer"),
            Rect=[100, 300, 290, 320],
            DA=String("/Helv 9 Tf 0 g"),
            F=4,
        )
    )
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]), NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=font()))
    )
    accepted = examine(saved(pdf))
    assert "My answer" in texts(accepted.pdf_clear)[0]
    assert counts(accepted)[FindingKind.FORM_FIELDS] == 1


def layered(state: Dictionary, usage: Dictionary | None = None) -> Pdf:
    pdf = new(TEXT + b" /OC /L0 BDC BT /F1 30 Tf 72 400 Td (Layer words) Tj ET EMC")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Draft for A. Person")))
    if usage is not None:
        layer.Usage = usage
    pdf.pages[0].obj.Resources.Properties = Dictionary(L0=layer)
    state = Dictionary(dict(state.items()))
    for key in ("/OFF", "/ON"):
        if key in state:
            state[key] = Array([layer])
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=state)
    return pdf


@pytest.mark.parametrize(
    ("state", "hidden"),
    [
        (Dictionary(OFF=Array([])), 1),
        (Dictionary(BaseState=Name.OFF), 1),
        (Dictionary(BaseState=Name.OFF, ON=Array([])), 0),
        (Dictionary(), 0),
    ],
)
def test_layers_look_as_before(state: Dictionary, hidden: int) -> None:
    before = saved(layered(state))
    accepted = examine(before)
    assert pictures(accepted.pdf_clear) == pictures(before)
    assert counts(accepted).get(FindingKind.HIDDEN_LAYERS, 0) == hidden
    assert b"Person" not in accepted.pdf_clear


def test_a_layer_hidden_by_its_own_usage_stays_hidden() -> None:
    usage = Dictionary(View=Dictionary(ViewState=Name.OFF))
    before = saved(layered(Dictionary(), usage))
    after = examine(before).pdf_clear
    assert pictures(after) == pictures(before)


def test_a_comment_on_a_hidden_layer_is_not_burned_in() -> None:
    pdf = layered(Dictionary(OFF=Array([])))
    layer = pdf.Root.OCProperties.OCGs[0]
    group = Dictionary(Type=Name.OCMD, OCGs=Array([layer]))
    pdf.pages[0].obj.Annots = Array(
        [
            remark(pdf, Name.FreeText, "Unseen one", OC=layer),
            remark(pdf, Name.FreeText, "Unseen two", OC=group),
        ]
    )
    assert "Unseen" not in texts(examine(saved(pdf)).pdf_clear)[0]


@pytest.mark.parametrize("how", ["array", "number", "action", "string", "name"])
def test_links_inside_the_file_still_lead_there(how: str) -> None:
    pdf = new(TEXT, TEXT, TEXT)
    third = pdf.pages[2].obj
    place = Array([third, Name.XYZ, 10, 20, None])
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[10, 10, 60, 30])
    if how == "array":
        link.Dest = place
    elif how == "number":
        link.Dest = Array([2, Name.XYZ, 10, 20, None])
    elif how == "action":
        link.A = Dictionary(S=Name.GoTo, D=place)
    elif how == "string":
        link.Dest = String("there")
        names = Array([String("there"), Dictionary(D=place)])
        pdf.Root.Names = Dictionary(Dests=pdf.make_indirect(Dictionary(Names=names)))
    else:
        link.Dest = Name.there
        pdf.Root.Dests = Dictionary(there=place)
    pdf.pages[0].obj.Annots = Array([link])
    after = opened(examine(saved(pdf)).pdf_clear)
    kept = after.pages[0].obj.Annots[0]
    assert kept.Dest[0].objgen == after.pages[2].obj.objgen
    assert [int(n) for n in list(kept.Dest)[2:4]] == [10, 20]
    assert "/A" not in kept


@pytest.mark.parametrize(
    "target",
    [
        Array([99, Name.Fit]),
        Array([]),
        Array([Dictionary(Type=Name.Page), Name.Fit]),
        String("nowhere"),
        7,
        Name.Nowhere,
    ],
)
def test_links_that_lead_nowhere_go(target: object) -> None:
    pdf = new()
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[1, 1, 9, 9], Dest=target)]
    )
    after = opened(examine(saved(pdf)).pdf_clear)
    assert "/Annots" not in after.pages[0].obj


def test_tags_are_kept() -> None:
    pdf = new(b"/H1 <</MCID 0>> BDC " + TEXT + b" EMC")
    one = pdf.pages[0].obj
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    heading = pdf.make_indirect(Dictionary(S=Name.H1, P=root, Pg=one, K=0, Alt=String("Said")))
    root.K = Array([heading])
    root.ParentTree = Dictionary(Nums=Array([0, Array([heading])]))
    one.StructParents = 0
    pdf.Root.StructTreeRoot = root
    accepted = examine(saved(pdf))
    after = opened(accepted.pdf_clear)
    kept = after.Root.StructTreeRoot.K[0]
    assert str(kept.Alt) == "Said"
    assert kept.Pg.objgen == after.pages[0].obj.objgen
    assert FindingKind.NO_TAGS not in counts(accepted)


def test_tags_that_loop_are_cut_and_broken_ones_dropped() -> None:
    pdf = new()
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    first = pdf.make_indirect(Dictionary(S=Name.Sect))
    second = pdf.make_indirect(Dictionary(S=Name.Sect, K=Array([first])))
    first.K = Array([second])
    root.K = first
    pdf.Root.StructTreeRoot = root
    accepted = examine(saved(pdf))
    assert counts(accepted)[FindingKind.TAGS_LOST] == 1
    root.ParentTree = Dictionary(Nums=Array([]))
    after = opened(examine(saved(pdf)).pdf_clear)
    assert len(after.Root.StructTreeRoot.K[0].K[0].K) == 0


def test_text_outside_the_edges_and_invisible_text_are_told() -> None:
    outside = b"BT /F1 9 Tf 700 100 Td (Outside) Tj ET"
    turned = b"q 0 1 -1 0 0 0 cm BT /F1 9 Tf 1 0 0 1 100 100 Tm (Turned away) Tj ET Q"
    unseen = b"BT 3 Tr /F1 9 Tf 72 72 Td (Unseen) Tj ET"
    found = counts(examine(plain(outside, turned, unseen, TEXT)))
    assert found[FindingKind.OFF_PAGE_TEXT] == 2
    assert found[FindingKind.INVISIBLE_TEXT] == 1
    honest = counts(examine(plain(TEXT, b"q 2 0 0 2 0 0 cm " + TEXT.replace(b"700", b"300"))))
    assert not {FindingKind.OFF_PAGE_TEXT, FindingKind.INVISIBLE_TEXT} & set(honest)


def test_cropped_away_text_is_told() -> None:
    found = counts(examine(plain(TEXT, CropBox=Array([0, 0, 595, 400]))))
    assert found[FindingKind.OFF_PAGE_TEXT] == 1


def test_a_file_locked_against_changes_is_opened() -> None:
    locked = saved(new(), encryption=pikepdf.Encryption(owner="owner", user="", R=6))
    accepted = examine(locked)
    assert counts(accepted)[FindingKind.LOCK_REMOVED] == 1
    assert not opened(accepted.pdf_clear).is_encrypted
    assert "Plain words" in texts(accepted.pdf_clear)[0]


@pytest.mark.parametrize("strength", [3, 4, 6])
def test_a_file_with_a_password_is_refused(strength: int) -> None:
    how = pikepdf.Encryption(
        owner="o", user="u", R=strength, aes=strength > 3, metadata=strength > 3
    )
    with pytest.raises(RefusedPaper) as refused:
        examine(saved(new(), encryption=how))
    assert refused.value.code is RefusalCode.PASSWORD


def test_forms_that_only_adobe_can_draw_are_refused() -> None:
    says_so = new()
    says_so.Root.NeedsRendering = True
    bare = new()
    bare.Root.AcroForm = Dictionary(Fields=Array([]), XFA=bare.make_stream(b"<xdp/>"))
    for pdf in (says_so, bare):
        with pytest.raises(RefusedPaper) as refused:
            examine(saved(pdf))
        assert refused.value.code is RefusalCode.DYNAMIC_FORM


def test_inherited_boxes_and_turns_reach_the_page() -> None:
    pdf = new()
    one = pdf.pages[0].obj
    del one["/MediaBox"]
    resources = one.Resources
    del one["/Resources"]
    pdf.Root.Pages.MediaBox = Array([0, 0, 300, 400])
    pdf.Root.Pages.Rotate = 450
    pdf.Root.Pages.Resources = resources
    before = saved(pdf)
    after = examine(before).pdf_clear
    assert pictures(after) == pictures(before)
    turned = opened(after)
    assert int(turned.pages[0].obj.Rotate) == 90


def test_a_repaired_file_says_so() -> None:
    whole = saved(new(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    broken = whole.replace(b"startxref", b"startxxxx")
    accepted = examine(broken)
    assert counts(accepted)[FindingKind.REPAIRED] == 1
    assert "Plain words" in texts(accepted.pdf_clear)[0]


def test_bookmarks_of_the_file_are_not_taken_over() -> None:
    pdf = new()
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Old", 0))
    assert "/Outlines" not in Pdf.open(io.BytesIO(examine(saved(pdf)).pdf_clear)).Root
