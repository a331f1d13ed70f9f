"""The few words about itself that a file of ours carries."""

from __future__ import annotations

from html import escape
from typing import Final

from pikepdf import Dictionary, Name, Pdf, Stream, String

_UNIVERSAL: Final = (
    '<pdfuaid:part xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">1</pdfuaid:part>'
)

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
{more}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def universal(pdf: Pdf) -> bool:
    """Whether the file says that it is PDF/UA (ISO 14289-1, 5). What came in from elsewhere has
    lost what it said about itself, so that only a file of ours does."""
    said = pdf.Root.get("/Metadata")
    return isinstance(said, Stream) and b"pdfuaid:part" in said.read_bytes()


def entitle(pdf: Pdf, title: str, *, more: str = "", ua: bool = False) -> None:
    """Set the title readers show; `more` goes into the metadata, and that it is PDF/UA-1 where
    `ua`. No times, no program names."""
    text = _XMP.format(title=escape(title, quote=False), more=more + _UNIVERSAL * ua)
    body = text.encode("utf-8", "replace")
    pdf.Root.Metadata = Stream(pdf, body, Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(Dictionary(Title=String(title)))
