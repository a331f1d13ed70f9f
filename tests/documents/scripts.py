"""Every script of Unicode, by the values of Script in its Scripts.txt, versions 14.0 to 17.0.

`WRITTEN`: those whose letters our fonts have, with how Unicode begins the names of their letters
and a name to draw. `UNWRITTEN`: the others, with the reason and their first letter.
"""

from __future__ import annotations

from typing import Final

# Letters of these scripts that fonts lack: of old texts, of scholars, of other languages' prayers.
RARE: Final = (
    (0x1B4C, 0x1B4C),  # Balinese, archaic
    (0x31BC, 0x31BF),  # Bopomofo of 1913
    (0xA8F2, 0xA8FE), (0x1CE9, 0x1CFA),  # Devanagari and Vedic signs
    (0x860, 0x86A),  # Syriac letters for Malayalam
    (0x1AFF0, 0x1B2FB),  # Kana, archaic, and tones of Minnan
    (0x1EE00, 0x1EEFF),  # Arabic letters of formulas
    (0x3400, 0x4DBF), (0x9FF0, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3347F),  # rare Han letters
)  # fmt: skip

WRITTEN: Final = {
    "Adlam": ("ADLAM", "𞤀𞤣𞤵𞤤"),
    "Arabic": ("ARABIC LETTER", "محمد ٹھاکر"),
    "Armenian": ("ARMENIAN", "Հայկ"),
    "Balinese": ("BALINESE", "ᬩᬮᬶ"),
    "Bengali": ("BENGALI", "রহিমা"),
    "Bopomofo": ("BOPOMOFO", "ㄅㄆㄇ"),
    "Braille": ("BRAILLE", "⠁⠝⠝"),
    "Canadian_Aboriginal": ("CANADIAN SYLLABICS", "ᐃᓄᒃ"),
    "Chakma": ("CHAKMA", "𑄌𑄋𑄴𑄟𑄳𑄦"),
    "Cham": ("CHAM", "ꨌꩌ"),
    "Cherokee": ("CHEROKEE", "ᏣᎳᎩ"),
    "Cyrillic": ("CYRILLIC", "Жук"),
    "Devanagari": ("DEVANAGARI", "देव"),
    "Ethiopic": ("ETHIOPIC", "አበበ"),
    "Georgian": ("GEORGIAN", "სოფო"),
    "Greek": ("GREEK", "Ελένη"),
    "Gujarati": ("GUJARATI", "પટેલ"),
    "Gurmukhi": ("GURMUKHI", "ਗੁਰਪ੍ਰੀਤ"),
    "Han": ("CJK", "王小明"),
    "Hangul": ("HANGUL", "김철수"),
    "Hanifi_Rohingya": ("HANIFI ROHINGYA", "𐴌𐴟𐴇"),
    "Hebrew": ("HEBREW", "שרה"),
    "Hiragana": ("HIRAGANA", "さくら"),
    "Javanese": ("JAVANESE", "ꦗꦮ"),
    "Kannada": ("KANNADA", "ಕೃಷ್ಣ"),
    "Katakana": ("KATAKANA", "サクラ"),
    "Khmer": ("KHMER", "សុខ"),
    "Lao": ("LAO", "ສົມ"),
    "Latin": ("LATIN", "Łukasz Nguyễn Ŵyn"),
    "Lisu": ("LISU", "ꓡꓲꓢꓳ"),
    "Malayalam": ("MALAYALAM", "കൃഷ്ണൻ"),
    "Meetei_Mayek": ("MEETEI MAYEK", "ꯃꯤꯇꯩ"),
    "Mongolian": ("MONGOLIAN", "ᠮᠣᠩᠭᠣᠯ"),
    "Myanmar": ("MYANMAR", "အောင်"),
    "Nko": ("NKO", "ߒߞߏ"),
    "Ogham": ("OGHAM", "ᚐᚁ"),
    "Ol_Chiki": ("OL CHIKI", "ᱥᱟᱱᱛᱟᱲ"),
    "Oriya": ("ORIYA", "ଓଡ଼ିଆ"),
    "Osage": ("OSAGE", "𐓏𐓘𐓻"),
    "Sinhala": ("SINHALA", "නිමල්"),
    "Syloti_Nagri": ("SYLOTI NAGRI", "ꠍꠤꠟꠐꠤ"),
    "Syriac": ("SYRIAC", "ܝܘܚܢܢ"),
    "Tai_Viet": ("TAI VIET", "ꪼꪕ"),
    "Tamil": ("TAMIL", "முருகன்"),
    "Telugu": ("TELUGU", "వెంకట"),
    "Thaana": ("THAANA", "ޝަހީދު"),
    "Thai": ("THAI", "สมชาย"),
    "Tibetan": ("TIBETAN", "བསྟན"),
    "Tifinagh": ("TIFINAGH", "ⴰⵎⵓⵔ"),
    "Vai": ("VAI", "ꕙꔤ"),
    "Yi": ("YI", "ꆈꌠ"),
}

# People write their names in these, and the Noto project draws them, but no package of the same
# maker and of one kind with the others was to be had when this was written.
NO_PACKAGE: Final = {
    "Bamum": 0xA6A0, "Bassa_Vah": 0x16AD0, "Batak": 0x1BC0, "Buginese": 0x1A00, "Buhid": 0x1740,
    "Gunjala_Gondi": 0x11D60, "Hanunoo": 0x1720, "Kayah_Li": 0xA90A, "Lepcha": 0x1C00,
    "Limbu": 0x1900, "Mandaic": 0x840, "Masaram_Gondi": 0x11D00, "Mende_Kikakui": 0x1E800,
    "Miao": 0x16F00, "Mro": 0x16A40, "New_Tai_Lue": 0x1980, "Newa": 0x11400,
    "Nyiakeng_Puachue_Hmong": 0x1E100, "Osmanya": 0x10480, "Pahawh_Hmong": 0x16B00,
    "Rejang": 0xA930, "Samaritan": 0x800, "Saurashtra": 0xA882, "Sora_Sompeng": 0x110D0,
    "Sundanese": 0x1B83, "Tagalog": 0x1700, "Tagbanwa": 0x1760, "Tai_Le": 0x1950,
    "Tai_Tham": 0x1A20, "Tangsa": 0x16A70, "Toto": 0x1E290, "Wancho": 0x1E2C0,
    "Warang_Citi": 0x118A0, "Yezidi": 0x10E80,
}  # fmt: skip
# Written today by a few thousand people each who also write another script that is here; not
# looked for.
ANOTHER_TOO: Final = {
    "Beria_Erfe": 0x16EA0, "Dogra": 0x11800, "Garay": 0x10D50, "Gurung_Khema": 0x16100,
    "Kirat_Rai": 0x16D43, "Makasar": 0x11EE0, "Medefaidrin": 0x16E40, "Nag_Mundari": 0x1E4D0,
    "Nushu": 0x1B170, "Ol_Onal": 0x1E5D0, "Pau_Cin_Hau": 0x16AC0, "Sunuwar": 0x11BC0,
    "Tai_Yo": 0x1E6C0, "Takri": 0x11680, "Todhri": 0x105C0, "Tolong_Siki": 0x11DB0,
    "Tulu_Tigalari": 0x11380, "Vithkuqi": 0x10570,
}  # fmt: skip
# Of the past, of prayer books and scholars, of secretaries and signers: no register of names.
NO_NAMES: Final = {
    "Ahom": 0x11700, "Anatolian_Hieroglyphs": 0x14400, "Avestan": 0x10B00, "Bhaiksuki": 0x11C00,
    "Brahmi": 0x11005, "Carian": 0x102A0, "Caucasian_Albanian": 0x10530, "Chorasmian": 0x10FB0,
    "Coptic": 0x2C80, "Cuneiform": 0x12000, "Cypriot": 0x10800, "Cypro_Minoan": 0x12F90,
    "Deseret": 0x10400, "Dives_Akuru": 0x11900, "Duployan": 0x1BC00,
    "Egyptian_Hieroglyphs": 0x13000, "Elbasan": 0x10500, "Elymaic": 0x10FE0,
    "Glagolitic": 0x2C00, "Gothic": 0x10330, "Grantha": 0x11305, "Hatran": 0x108E0,
    "Imperial_Aramaic": 0x10840, "Inscriptional_Pahlavi": 0x10B60,
    "Inscriptional_Parthian": 0x10B40, "Kaithi": 0x11083, "Kawi": 0x11F02, "Kharoshthi": 0x10A10,
    "Khitan_Small_Script": 0x18B00, "Khojki": 0x11200, "Khudawadi": 0x112B0, "Linear_A": 0x10600,
    "Linear_B": 0x10000, "Lycian": 0x10280, "Lydian": 0x10920, "Mahajani": 0x11150,
    "Manichaean": 0x10AC0, "Marchen": 0x11C72, "Meroitic_Cursive": 0x109A0,
    "Meroitic_Hieroglyphs": 0x10980, "Modi": 0x11600, "Multani": 0x11280, "Nabataean": 0x10880,
    "Nandinagari": 0x119A0, "Old_Hungarian": 0x10C80, "Old_Italic": 0x1032D,
    "Old_North_Arabian": 0x10A80, "Old_Permic": 0x10350, "Old_Persian": 0x103A0,
    "Old_Sogdian": 0x10F00, "Old_South_Arabian": 0x10A60, "Old_Turkic": 0x10C00,
    "Old_Uyghur": 0x10F70, "Palmyrene": 0x10860, "Phags_Pa": 0xA840, "Phoenician": 0x10900,
    "Psalter_Pahlavi": 0x10B80, "Runic": 0x16A0, "Sharada": 0x11183, "Shavian": 0x10450,
    "Siddham": 0x11580, "Sidetic": 0x10940, "SignWriting": 0x1D800, "Sogdian": 0x10F30,
    "Soyombo": 0x11A5C, "Tangut": 0x17000, "Tirhuta": 0x11480, "Ugaritic": 0x10380,
    "Zanabazar_Square": 0x11A00,
}  # fmt: skip
UNWRITTEN: Final = NO_PACKAGE | ANOTHER_TOO | NO_NAMES
