"""The papers of the demonstration, typeset as an agency's own PDF would look. All invented."""

from __future__ import annotations

from datetime import date

from portal.documents.typeset import typeset


def _paper(title: str, facts: list[tuple[str, str]], paragraphs: list[str]) -> bytes:
    return typeset(
        "notice",
        {"title": title, "facts": [list(fact) for fact in facts], "paragraphs": paragraphs},
    )


def referral(name: str, born: date, reference: str) -> bytes:
    """A MAPPA A, much shortened."""
    return _paper(
        "MAPPA A: referral to Level 2 or 3",
        [
            ("Individual", name),
            ("Date of birth", f"{born:%-d %B %Y}"),
            ("Reference", reference),
            ("Lead agency", "Probation Service, Northmere"),
        ],
        [
            (
                "Reason for referral: release is planned within six months, contact is requested "
                "with a former partner's family, and the risk cannot be managed by one agency."
            ),
            (
                "What is asked of the meeting: a shared view of imminence, an accommodation plan "
                "outside the exclusion zone, and a decision on disclosure to the leisure centre."
            ),
            (
                "Risk in the referrer's view: high to a known adult, medium to the public, low to "
                "staff. Alcohol and sudden loss of accommodation would raise it."
            ),
        ],
    )


def mappa_f(name: str, born: date, written: date) -> bytes:
    """A MAPPA F from the prison."""
    return _paper(
        "MAPPA F: prison report to the meeting",
        [
            ("Establishment", "HMP Elmsworth"),
            ("Individual", name),
            ("Date of birth", f"{born:%-d %B %Y}"),
            ("Prison number", "Z0000ZZ"),
            ("Written", f"{written:%-d %B %Y}"),
            ("Author", "Folake Adeyemi, prison offender manager"),
        ],
        [
            (
                "Behaviour: two proven adjudications in six months, one for an assault on another "
                "prisoner, one for an unauthorised telephone used to call one number 46 times. "
                "Enhanced status was removed. No assaults on staff."
            ),
            (
                "Public protection measures: no contact with Person A or her child. One letter "
                "addressed through a relative was blocked. Three approved numbers, monitored."
            ),
            "Interventions: completed 8 of 21 sessions, then withdrew. Alcohol support accepted.",
            (
                "Release plan: asks to live in Wexbourne. Suggested: approved premises, exclusion "
                "zone, no contact, electronic monitoring."
            ),
            (
                "Individual's view: says reports are exaggerated, and is willing to see probation "
                "weekly. Dyslexic: explanations should be given aloud."
            ),
            "Recommendation: referral for approved premises; review of the telephone list.",
        ],
    )


def update(agency: str, name: str, paragraphs: list[str]) -> bytes:
    """An agency's written update."""
    return _paper(
        "Agency update",
        [("Agency", agency), ("Individual", name)],
        paragraphs,
    )


def minutes(reference: str, held: date) -> bytes:
    """A MAPPA C, much shortened."""
    return _paper(
        "MAPPA C: minutes",
        [
            ("Reference", reference),
            ("Held", f"{held:%-d %B %Y}"),
            ("Chair", "Alan Reid, Superintendent"),
            ("Level and category", "Level 2, category 2"),
        ],
        [
            "The confidentiality statement was read and agreed by all present.",
            "Risk: high to a known adult. Imminent on release without approved premises.",
            (
                "Risk management plan. Supervision: weekly. Monitoring and control: exclusion zone "
                "and electronic monitoring. Interventions: alcohol support. Victim safety: victim "
                "liaison to visit before release."
            ),
            (
                "Disclosure was considered: to the manager of the leisure centre, by police and "
                "probation together, before release."
            ),
            "The individual will be told of the plan by the prison offender manager.",
            (
                "Action 4, Northmere Housing: confirm that no tenancy is offered inside the "
                "exclusion zone."
            ),
            "Next review in sixteen weeks.",
        ],
    )
