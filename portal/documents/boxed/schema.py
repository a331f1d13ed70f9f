"""What a page may be made of: every key that is kept, and what is expected beneath it.

From ISO 32000-1: page objects (7.7.3.3), resources (7.8.3), graphics state (8.4.5), colour
spaces (8.6), patterns and shadings (8.7), images and forms (8.9, 8.10), optional content (8.11),
fonts (9), functions (7.10). A key that is not here does not pass; neither does anything that can
act (12.6), reach outside (7.11), or describe its author (14.3).
"""

from __future__ import annotations

from typing import Final

PLAIN: Final = "plain"  # numbers, names, strings, and arrays of them
MAP: Final = "map:"  # a dictionary whose keys are names the page chose

_STREAM = "Length Filter"


def _kind(plain: str, **others: str) -> dict[str, str]:
    known = {f"/{key}": PLAIN for key in plain.split()}
    return known | {f"/{key}": kind for key, kind in others.items()}


# fmt: off
SCHEMA: Final[dict[str, dict[str, str]]] = {
    "Page": _kind(
        "Type Rotate UserUnit MediaBox CropBox StructParents Tabs",
        Resources="Resources", Contents="Data", Group="Group",
    ),
    "Data": _kind(_STREAM, DecodeParms="Decoding"),
    "Decoding": _kind(
        "Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows"
        " EndOfBlock BlackIs1 DamagedRowsBeforeError ColorTransform",
        JBIG2Globals="Data",
    ),
    "Resources": _kind(
        "ProcSet",
        ExtGState="map:State", ColorSpace="map:Colour", Pattern="map:Pattern",
        Shading="map:Pattern", XObject="map:Drawing", Font="map:Font", Properties="map:Property",
    ),
    "Group": _kind("Type S I K", CS="Colour"),
    "State": _kind(
        "Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK",
        Font="Font", SMask="Mask", BG="Colour", BG2="Colour", UCR="Colour", UCR2="Colour",
        TR="Colour", TR2="Colour",
    ),
    "Mask": _kind("Type S BC", G="Drawing", TR="Colour"),
    "Drawing": _kind(
        f"{_STREAM} Type Subtype FormType BBox Matrix StructParent StructParents Name Width Height"
        " BitsPerComponent Intent ImageMask Decode Interpolate SMaskInData Matte",
        DecodeParms="Decoding", Resources="Resources", Group="Group", OC="Property",
        ColorSpace="Colour", Mask="Drawing", SMask="Drawing",
    ),
    "Colour": _kind(
        f"{_STREAM} WhitePoint BlackPoint Gamma Matrix Range N FunctionType Domain C0 C1 Bounds"
        " Encode Decode Size BitsPerSample Order Components Solidities PrintingOrder Subtype",
        DecodeParms="Decoding", Functions="Colour", Alternate="Colour", ColorSpace="Colour",
        Colorants="map:Colour", Process="Colour", MixingHints="Colour", DotGain="map:Colour",
    ),
    "Pattern": _kind(
        f"{_STREAM} Type PatternType PaintType TilingType BBox XStep YStep Matrix ShadingType"
        " Background AntiAlias Domain Coords Extend BitsPerCoordinate BitsPerComponent BitsPerFlag"
        " Decode VerticesPerRow",
        DecodeParms="Decoding", Resources="Resources", Shading="Pattern", ExtGState="State",
        ColorSpace="Colour", Function="Colour",
    ),
    "Font": _kind(
        f"{_STREAM} Type Subtype BaseFont FirstChar LastChar Widths DW W DW2 W2 Name FontBBox"
        " FontMatrix FontName FontFamily FontStretch FontWeight Flags ItalicAngle Ascent Descent"
        " Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth CharSet Lang"
        " Length1 Length2 Length3 BaseEncoding Differences CMapName WMode Registry Ordering"
        " Supplement",
        DecodeParms="Decoding", FontDescriptor="Font", Encoding="Font", ToUnicode="Font",
        DescendantFonts="Font", CIDSystemInfo="Font", CIDToGIDMap="Font", CIDSet="Font",
        FontFile="Font", FontFile2="Font", FontFile3="Font", UseCMap="Font",
        CharProcs="map:Data", Resources="Resources",
    ),
    # Optional content, and the attributes of marked content.
    "Property": _kind(
        "Type Name Intent P MCID ActualText Alt E Lang Subtype Attached BBox",
        OCGs="Property", VE="Property",
    ),
    "Link": _kind(
        "Type Subtype Rect Border F StructParent Contents QuadPoints C", BS="Border"
    ),
    "Border": _kind("Type W S D"),
    "Element": _kind("Type S P K Pg Alt ActualText E Lang ID T", A="Attribute"),
    "Attribute": _kind(
        "O Placement WritingMode BackgroundColor BorderColor BorderStyle BorderThickness Padding"
        " Color SpaceBefore SpaceAfter StartIndent EndIndent TextIndent TextAlign BBox Width Height"
        " BlockAlign InlineAlign TBorderStyle TPadding BaselineShift LineHeight"
        " TextDecorationColor TextDecorationThickness TextDecorationType RubyAlign RubyPosition"
        " GlyphOrientationVertical ColumnCount ColumnGap ColumnWidths ListNumbering Role Checked"
        " Desc RowSpan ColSpan Headers Scope Summary",
    ),
}
# fmt: on

# The names that stand above the objects a page chose names for; what each object must be.
NAMED: Final = {
    "/XObject": "stream",
    "/Font": "dictionary",
    "/ExtGState": "dictionary",
    "/Properties": "dictionary",
    "/Pattern": "either",
    "/Shading": "either",
    "/ColorSpace": "colour",
    "/CharProcs": "stream",
}
