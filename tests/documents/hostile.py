"""Files that plant a marker in each place where a PDF can act, reach out, or hide something."""

from __future__ import annotations

import io
from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from tests.documents.making import TEXT, attached, new, page, saved, script


def scripts() -> bytes:
    pdf = new()
    one = pdf.pages[0].obj
    one.AA = Dictionary(O=script("page_open"), C=script("page_close"))
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Btn,
            T=String("b"),
            Rect=[10, 10, 60, 30],
            A=script("field"),
            AA=Dictionary(E=script("enter")),
        )
    )
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[10, 40, 60, 60],
        A=Dictionary(S=Name.GoTo, D=Array([one, Name.Fit]), Next=script("next")),
        PA=script("pa"),
    )
    one.Annots = Array([field, link])
    pdf.Root.OpenAction = script("open")
    pdf.Root.AA = Dictionary(WC=script("will_close"))
    names = Dictionary(Names=Array([String("a"), script("named")]))
    pdf.Root.Names = Dictionary(JavaScript=names)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), CO=Array([field]))
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("x", 0))
    pdf.Root.Outlines.First.A = script("outline")
    return saved(pdf)


def actions() -> bytes:
    pdf = new()
    every = [
        Dictionary(S=Name.Launch, F=String("cmd.exe /c MARK_launch")),
        Dictionary(S=Name.URI, URI=String("http://evil.invalid/MARK_uri")),
        Dictionary(S=Name.URI, URI=String("file:///etc/MARK_file")),
        Dictionary(S=Name.GoToR, F=String("//evil.invalid/MARK_remote.pdf"), D=String("x")),
        Dictionary(S=Name.GoToE, F=String("MARK_embedded.pdf"), D=String("x")),
        Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String("http://MARK_submit"))),
        Dictionary(S=Name.ImportData, F=String("MARK_import.fdf")),
        Dictionary(S=Name.Hide, T=String("MARK_hide")),
        Dictionary(S=Name.Named, N=Name("/MARK_named")),
        Dictionary(S=Name.Thread, F=String("MARK_thread.pdf"), D=0),
        Dictionary(S=Name.SetOCGState, State=Array([]), X=String("MARK_state")),
        Dictionary(S=Name.Trans, Trans=Dictionary(S=Name("/MARK_trans"))),
    ]
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[9, 9, 60, 60], A=a) for a in every]
    )
    pdf.pages[0].obj.AA = Dictionary(O=every[0])
    pdf.Root.OpenAction = every[0]
    pdf.Root.URI = Dictionary(Base=String("http://evil.invalid/MARK_base"))
    return saved(pdf)


def attachments() -> bytes:
    pdf = new()
    one = pdf.pages[0].obj
    names = Dictionary(Names=Array([String("a"), attached(pdf, "named")]))
    pdf.Root.Names = Dictionary(EmbeddedFiles=names)
    pdf.Root.AF = Array([attached(pdf, "catalogue")])
    pdf.Root.Collection = Dictionary(Type=Name.Collection, D=String("MARK_collection"))
    one.AF = Array([attached(pdf, "page")])
    assets = Dictionary(Names=Array([String("a"), attached(pdf, "rich")]))
    one.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.FileAttachment,
                Rect=[9, 9, 20, 20],
                FS=attached(pdf, "paperclip"),
                Contents=String("MARK_words"),
            ),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.RichMedia,
                Rect=[9, 9, 20, 20],
                RichMediaContent=Dictionary(Assets=assets),
            ),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Movie,
                Rect=[9, 9, 20, 20],
                Movie=Dictionary(F=String("MARK_film.avi")),
            ),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Sound,
                Rect=[9, 9, 20, 20],
                Sound=pdf.make_stream(b"MARK_noise"),
            ),
        ]
    )
    return saved(pdf)


def details() -> bytes:
    pdf = new()
    one = pdf.pages[0].obj
    xmp = {"Type": Name.Metadata, "Subtype": Name.XML}
    pdf.docinfo["/Author"] = "MARK_author"
    pdf.Root.Metadata = pdf.make_stream(b"<x>MARK_xmp</x>", **xmp)
    pdf.Root.PieceInfo = Dictionary(App=Dictionary(Private=String("MARK_piece")))
    pdf.Root.Threads = Array([Dictionary(I=Dictionary(Title=String("MARK_thread")))])
    pdf.Root.Anything = pdf.make_stream(b"MARK_anything")
    pdf.trailer.Extra = pdf.make_stream(b"MARK_trailer")
    one.Metadata = pdf.make_stream(b"<x>MARK_page_xmp</x>", **xmp)
    one.PieceInfo = Dictionary(App=Dictionary(Private=String("MARK_page_piece")))
    one.Thumb = pdf.make_stream(b"MARK_thumb")
    one.Private = Dictionary(A=Array([Dictionary(B=String("MARK_private"))]))
    form = pdf.make_stream(
        b"0 0 m",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 9, 9]),
        LastModified=String("MARK_when"),
        Metadata=pdf.make_stream(b"MARK_form_xmp", **xmp),
        PieceInfo=Dictionary(A=String("MARK_form_piece")),
        Secret=String("MARK_form_secret"),
    )
    one.Resources.XObject = Dictionary(X=form)
    one.Resources.Extra = Dictionary(A=String("MARK_resources"))
    return saved(pdf)


def catalogue_as_property() -> bytes:
    """The way back: page resources that refer to the catalogue with all it holds."""
    pdf = Pdf.open(io.BytesIO(scripts()))
    one = pdf.pages[0].obj
    pdf.Root.Secret = String("MARK_secret")
    one.Resources.Properties = Dictionary(MC0=pdf.Root)
    one.Resources.ColorSpace = Dictionary(C0=Array([Name.Separation, Name.X, pdf.Root, pdf.Root]))
    one.Resources.ExtGState = Dictionary(G0=Dictionary(Font=Array([pdf.Root, 9]), SMask=pdf.Root))
    one.Group = pdf.Root
    return saved(pdf)


def outside() -> bytes:
    pdf = new()
    one = pdf.pages[0].obj
    url = Dictionary(Type=Name.Filespec, FS=Name.URL, F=String("http://evil.invalid/MARK_url"))
    image = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": 1,
        "Height": 1,
        "ColorSpace": Name.DeviceGray,
        "BitsPerComponent": 8,
    }
    form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9])}
    one.Resources.XObject = Dictionary(
        I0=pdf.make_stream(b"x", **image, F=url),
        I1=pdf.make_stream(
            b"x",
            **image,
            Alternates=Array([Dictionary(Image=pdf.make_stream(b"MARK_alternate", **image))]),
        ),
        I2=pdf.make_stream(
            b"x", **image, OPI=Dictionary({"/1.3": Dictionary(F=String("MARK_opi"))})
        ),
        F0=pdf.make_stream(b"0 0 m", **form, Ref=Dictionary(F=String("MARK_ref"), Page=0)),
        F1=pdf.make_stream(b"0 0 m", **form, Subtype2=Name.PS, PS=pdf.make_stream(b"MARK_ps2")),
        P0=pdf.make_stream(
            b"(MARK_ps) print",
            Type=Name.XObject,
            Subtype=Name.PS,
            Level1=pdf.make_stream(b"MARK_level1"),
        ),
    )
    one.Contents = Array([one.Contents, pdf.make_stream(b"(MARK_inside)", F=url)])
    return saved(pdf)


def form_program() -> bytes:
    pdf = new()
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("a"),
            V=String("Answer"),
            Rect=[10, 10, 60, 30],
            DA=String("/Helv 9 Tf"),
        )
    )
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]),
        XFA=pdf.make_stream(b"<script>MARK_xfa</script>"),
        DR=Dictionary(
            Font=Dictionary(
                Helv=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            )
        ),
    )
    return saved(pdf)


def older_version() -> bytes:
    first = saved(new(b"BT /F1 9 Tf (MARK_older) Tj ET"), compress_streams=False)
    start = first.rindex(b"startxref")
    before = int(first[start:].split()[1])
    pdf = Pdf.open(io.BytesIO(first))
    number = pdf.pages[0].obj.Contents.objgen[0]
    size = int(pdf.trailer.Size)
    root = pdf.Root.objgen[0]
    place = len(first)
    body = b"%d 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n" % (number, len(TEXT), TEXT)
    return (
        first
        + body
        + (
            b"xref\n%d 1\n%010d 00000 n \ntrailer\n"
            b"<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n"
            b"%%%%EOF\n" % (number, place, size, root, before, place + len(body))
        )
    )


def tags_with_more() -> bytes:
    pdf = new(b"/P <</MCID 0>> BDC " + TEXT + b" EMC")
    one = pdf.pages[0].obj
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    heading = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.H1,
            P=root,
            Pg=one,
            K=0,
            AF=Array([attached(pdf, "tag")]),
            A=Dictionary(O=Name.Layout, JS=String("MARK_attribute")),
            Private=String("MARK_element"),
        )
    )
    root.K = heading
    root.ParentTree = Dictionary(Nums=Array([0, Array([heading])]))
    root.ClassMap = Dictionary(C=Dictionary(O=String("MARK_class")))
    one.StructParents = 0
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return saved(pdf)


def page_of_pages() -> bytes:
    """Keys inherited from above, and more that are not."""
    pdf = new()
    tree = pdf.Root.Pages
    tree.Secret = String("MARK_branch")
    tree.AA = Dictionary(O=script("branch"))
    second = pdf.make_indirect(page(pdf))
    second.Parent = tree
    second.B = Array([pdf.make_indirect(Dictionary(R=String("MARK_bead")))])
    tree.Kids.append(second)
    tree.Count = 2
    return saved(pdf)


PLANTED: dict[str, Callable[[], bytes]] = {
    "scripts": scripts,
    "actions": actions,
    "attachments": attachments,
    "details": details,
    "catalogue_as_property": catalogue_as_property,
    "outside": outside,
    "form_program": form_program,
    "older_version": older_version,
    "tags_with_more": tags_with_more,
    "page_of_pages": page_of_pages,
}
