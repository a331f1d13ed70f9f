"""The words for a person's role, and the menu their roles give them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from portal.domain.people import DECIDERS, RECORD_READERS, UNIT, Area, Role
from portal.journeys.signing_in.recall import Recalled, idle_time

BEFORE = timedelta(seconds=30)
"""The page locks itself a little before the server does, so that what was typed still arrives."""


def me_context(found: Recalled, path: str, root: str = "") -> dict[str, Any]:
    """What the frame of a page says of the person who looks at it. `root` stands before the
    addresses of the area in which they act, where it is not the one that keeps their account."""
    return {
        "name": found.person.name,
        "role": role_words(found.roles, found.area) or found.agency.name,
        "area": found.area.name,
        "path": f"{root}{path}",
        "account": path.startswith("/account/"),
        "links": links(found.roles, path, root),
        "shared": not found.session.terms.locks,
        "reads_only": found.actor().reads_only,
        "lock_after": int((idle_time(found.session.terms) - BEFORE).total_seconds()),
    }


def role_words(roles: frozenset[Role], area: Area) -> str:
    """The most telling of the roles; empty for those who speak for their agency."""
    words = {
        Role.COORDINATOR: area.title,
        Role.DEPUTY: _("Deputy %(title)s", title=area.title),
        Role.ADMINISTRATOR: _("Administrator"),
        Role.CHAIR: _("Chair"),
        Role.AUDITOR: _("Auditor"),
        Role.OPERATOR: _("Operator"),
        Role.LAY_ADVISER: _("Lay adviser"),
    }
    return next((word for role, word in words.items() if role in roles), "")


def links(roles: frozenset[Role], path: str, root: str = "") -> list[dict[str, Any]]:
    """The menu: only what these roles can reach."""
    items: list[tuple[str, str]] = []
    if roles & UNIT:
        items += [
            (_("Today"), "/unit/"),
            (_("Cases"), "/unit/cases/"),
            (_("People"), "/unit/people/"),
        ]
    if roles & DECIDERS:
        items += [
            (_("Waiting for keys"), "/unit/waiting"),
            (_("Disclosures"), "/unit/disclosures/"),
        ]
    if Role.CONTACT in roles:
        items.append((_("Reports asked of us"), "/agency/"))
    if Role.SPOC in roles:
        items.append((_("Our people"), "/agency/people/"))
    items.append((_("To read"), "/"))
    if roles & RECORD_READERS:
        items.append((_("Record of who did what"), "/record/"))
    if Role.OPERATOR in roles:
        items.append((_("Operator"), "/operator/"))
    current = max(
        (href for _text, href in items if path == href or (href != "/" and path.startswith(href))),
        key=len,
        default="",
    )
    return [
        {
            "text": text,
            "href": href if href == "/" else f"{root}{href}",
            "current": href == current,
        }
        for text, href in items
    ]
