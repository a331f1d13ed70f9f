"""Papers marked above OFFICIAL-SENSITIVE do not belong here: no part of the portal is for them."""

from __future__ import annotations

from portal.documents import child
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper


def require_not_above(pdf_clear: bytes, limits: Limits) -> None:
    """Raise RefusedPaper where the rebuilt paper bears a marking above OFFICIAL-SENSITIVE.

    A paper whose words cannot be read for it is as it was: the marking is then for people to see.
    """
    try:
        told, _ = child.run("markings", {}, [pdf_clear], limits)
    except RefusedPaper:
        return
    if told.get("above") is True:
        raise RefusedPaper(RefusalCode.ABOVE_MARKING)
