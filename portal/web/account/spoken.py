"""Where somebody whom strangers keep out types the four words that a colleague spoke to them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField

from portal.journeys.signing_in.throttling import Source
from portal.web import current
from portal.web.forms import PortalForm

LONGEST = 100


class SpokenForm(PortalForm):
    """`spoken`: the words, or nothing, as for nearly everybody."""

    spoken = StringField(
        _l("The four words"),
        widget=GovTextInput(),
        description=_l("They count for four hours, with your own e-mail address."),
    )

    def source(self) -> Source:
        """Where this request comes from, with the words that were typed."""
        spoken = (self.spoken.data or "")[:LONGEST]
        return Source(current.address(), current.device_token(), spoken)
