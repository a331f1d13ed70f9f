"""Without one's phone: words to read to the unit, and the way in once they were typed there."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.vouch import come_in, spoken_words
from portal.web import current
from portal.web.account.passkeys import shared_field
from portal.web.account.sign_in import source
from portal.web.current import the_half_way
from portal.web.door import Door, half_way, local_path, page, parts
from portal.web.forms import PortalForm
from portal.web.leaving import go, rotate_token

door = Door("account_vouch", __name__, url_prefix="/sign-in/no-code")


class ComeInForm(PortalForm):
    """Whether this computer is one's own."""

    shared = shared_field()


@door.get("/", action=half_way)
def words() -> str:
    return _page(the_half_way(), ComeInForm(), said="")


@door.post("/", action=half_way)
def words_post() -> str | Response:
    half, form = the_half_way(), ComeInForm()
    try:
        done = come_in(parts().house, half, source(), shared=form.shared.data)
    except NotRight as wrong:
        return _page(half, form, said=wrong.words)
    if done is None:
        return _page(half, form, said=_("Nobody has typed these words yet."))
    rotate_token()
    answer = go(local_path(request.args.get("next")))
    current.give_cookie(answer, done.secret)
    return answer


def _page(half: Recalled, form: ComeInForm, said: str) -> str:
    return page(
        "account/no_code.html",
        form=form,
        words=spoken_words(parts().house, half.session),
        telephone=half.area.phone,
        said=said,
    )
