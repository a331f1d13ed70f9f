"""Words that tell nothing by themselves, whoever and whatever a paper is about.

Articles, pronouns, prepositions, conjunctions, forms of the verbs that help others, titles. What
was taken out has them and so has every other sentence: a search for one finds every page, and what
it finds says nothing of the sentence that went. A word that says anything of a person, a place, a
time or a deed is not among them, however common.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
a an the this that these those such same other others another each every either neither both all any
some none no not nor own one ones
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
she her hers herself it its itself they them their theirs themselves who whom whose which what
whoever whatever someone somebody something anyone anybody anything everyone everybody everything
nobody nothing
at by for from in into of off on onto out over under to toward towards up upon with within without
about above across after against along among amongst around as before behind below beneath beside
besides between beyond despite during except inside near outside per since than through throughout
till until unlike via whereas while whilst
and but or so yet if then else because although though unless when whenever where wherever whether
why how however therefore thus hence also too very just only even still again already almost always
never ever often quite rather here there now more most much many few fewer less least several
am is are was were be been being isnt arent wasnt werent
have has had having havent hasnt hadnt do does did done doing dont doesnt didnt
can cannot cant could couldnt may might must shall should shouldnt will wont would wouldnt ought
ive im hes shes theyre theyve youre weve
mr mrs ms miss dr sir madam eg ie etc
"""
EVERYDAY: Final = frozenset(_WORDS.split())
"""As `wording.folded` writes them."""
