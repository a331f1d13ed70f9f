"""A written authority and what it gives: prepared without a lock, written under it (rule 60).

Rules 64, 69 and 74 are checked in both, since anything may have changed between.

The paper, or an extract or the executive summary instead of it (rule 69), is bound alone, with the
authority's number and conditions on its cover, and sealed to the one receiver. Of any number of
decisions about a request, one is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.chance import new_id
from portal.domain.clocks import in_words, london
from portal.domain.deeds import Deed, line
from portal.domain.disclosures import (
    CONDITIONS,
    LAWFUL_BASIS_WORDS,
    Disclosure,
    DisclosureState,
    authority_number,
)
from portal.domain.extracts import BothWays
from portal.domain.grants import GrantState, SendingKind
from portal.domain.ids import DisclosureId, SendingId
from portal.domain.packs import Candidate, Item, Proposal, propose
from portal.domain.papers import TITLES, Document, Kind, Version
from portal.domain.weighing import Approval
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.digests import keep_text, salted
from portal.journeys.disclosure.deciding import (
    ACTION,
    REQUEST,
    WEIGHING,
    Deciding,
    chairs_view,
    check,
    deciding,
    encode,
    read_written,
    seal_decision,
    signed_by,
    tell_asker,
    under_lock,
)
from portal.journeys.giving.dispatch import dispatch
from portal.journeys.giving.sealing import Prepared, keep
from portal.journeys.giving.telling import tell_sent
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind, unit_behind
from portal.journeys.packs.layouts import Layout, open_items, seal_layouts
from portal.journeys.reports.candidate import forget_payloads
from portal.policy.judge import Refused
from portal.records import disclosures

COVER = "Paper disclosed under written authority"
COVER_OF_EXTRACT = "Extract of a paper, disclosed under written authority"


class NumberTaken(Exception):
    """Another authority of the area was given this number meanwhile: prepare it again."""


@dataclass(frozen=True)
class PreparedApproval:
    """Bound, sealed and put into the store; not a row is written."""

    request_id: DisclosureId
    digest: str
    approval: Approval
    number: str
    proposal: Proposal
    layouts: tuple[Layout, ...]
    authority: Prepared

    @property
    def payloads(self) -> list[str]:
        """What is in the store, by name."""
        made = [layout.prepared for layout in self.layouts] + [self.authority]
        return [prepared.version.payload_sha256 for prepared in made]


def prepare_approval(
    house: House, who: Who, request_id: DisclosureId, approval: Approval, digest: str
) -> PreparedApproval:
    """Everything slow. Raises Changed, NotWeighed, Refused, KeyAlarm, Spoilt or StorageError."""
    area_id = who.actor.area_id
    with looking(house, who.actor, request_id) as look:
        on = deciding(house, look.db, area_id, request_id)
        look.require(ACTION, on.wish.facts)
        if on.digest != digest:
            raise Changed
        check(approval, on)
        unit = open_unit_behind(house, look.db, who, request_id)
        year = london(look.now).year
        number = authority_number(year, disclosures.last_authority(look.db, area_id, year) + 1)
        proposal = _proposal(on, look.now, approval)
        clear = open_items(house, look.db, area_id, unit, proposal.items)
        asked = read_written(house, look.db, area_id, request_id, REQUEST, unit.key.openers())
    until = _until(on, proposal, approval)
    layouts = seal_layouts(
        house,
        who,
        on.at,
        unit.public,
        proposal,
        clear,
        kind=Kind.DISCLOSED,
        title=COVER_OF_EXTRACT if approval.gives_extract else COVER,
        reference=number,
        policy=SendingKind.DISCLOSURE.value,
        terms=_terms(on, until, number),
    )
    data = _authority(who, on, approval, number, until, asked.get("purpose", ""), look.now)
    return PreparedApproval(
        request_id,
        digest,
        approval,
        number,
        proposal,
        tuple(layouts),
        seal_decision(house, who, on, unit.public, "authority", data),
    )


def write_approval(house: House, who: Who, prepared: PreparedApproval) -> Disclosure:
    """All of it or nothing. Raises NumberTaken, Changed, or Refused once it is decided."""
    try:
        with doing(house, who.actor, ACTION, prepared.request_id) as deed:
            return _written(deed, prepared)
    except (Refused, Changed, NumberTaken, BothWays):
        # Raised before the commit: no row names these bytes, and none ever will.
        forget_payloads(house, prepared.payloads)
        raise


def _written(deed: Doing, prepared: PreparedApproval) -> Disclosure:
    on = under_lock(deed, prepared.request_id, prepared.digest)
    check(prepared.approval, on)
    year = london(deed.now).year
    last = disclosures.last_authority(deed.db, deed.area_id, year)
    if prepared.number != authority_number(year, last + 1):
        raise NumberTaken
    reasons = salted(encode(prepared.approval))
    unit = unit_behind(deed.house, deed.db, deed.area_id, prepared.request_id)
    keep_text(deed, prepared.request_id, WEIGHING, reasons, [unit.recipient])
    sending_id = SendingId(new_id())
    waits = on.receiver_key is None
    made = [layout.prepared for layout in prepared.layouts] + [prepared.authority]
    position = deed.note(
        line(
            Deed.DISCLOSURE_APPROVED,
            request=prepared.request_id,
            version=prepared.proposal.items[0].version_id,
            number=prepared.number,
            authority=prepared.authority.version.payload_sha256,
            reasons=reasons.digest,
            sending=sending_id,
            receiver=on.wish.receiver.id,
            manifests=[each.manifest.sha256 for each in made],
            state=(GrantState.WAITING if waits else GrantState.GRANTED).value,
        )
    )
    sent = dispatch(
        deed,
        on.at,
        prepared.layouts,
        prepared.proposal.items,
        sending_id=sending_id,
        kind=SendingKind.DISCLOSURE,
        reference=prepared.number,
        digest=prepared.digest,
        position=position,
        opens_at=prepared.proposal.opens_at,
        days=prepared.approval.days,
    )
    keep(deed, prepared.authority, position)
    decided = disclosures.decide(
        deed.db,
        deed.area_id,
        prepared.request_id,
        state=DisclosureState.APPROVED,
        decided_by=deed.actor.person_id,
        decided_at=deed.now,
        basis=prepared.approval.basis,
        least=prepared.approval.least,
        number=prepared.number,
        days=prepared.approval.days,
        sending_id=sending_id,
        decision_version_id=prepared.authority.version.id,
    )
    found = disclosures.load(deed.db, deed.area_id, prepared.request_id)
    if not decided or found is None:
        raise Changed
    tell_asker(deed, on)
    receiver = on.wish.receiver
    tell_sent(deed, on.at.area, sent.sending, on.at.slot, receiver, sent.grants[receiver.id])
    return found


def _given(on: Deciding, approval: Approval) -> tuple[Document, Version]:
    """What is given: the paper that was asked for, or an extract or the summary instead of it."""
    chosen = on.extracts.get(approval.extract) if approval.extract else None
    if approval.gives_extract and chosen is not None:
        _extract, version, document = chosen
        return document, version
    if approval.gives_summary and on.summary is not None:
        return on.summary
    return on.wish.document, on.wish.version


def _kind(approval: Approval) -> str:
    return "Extract of " if approval.gives_extract else ""


def _proposal(on: Deciding, now: datetime, approval: Approval) -> Proposal:
    wish = on.wish
    document, version = _given(on, approval)
    item = Item(1, version.id, document.form_code, document.owner_agency_id, version.pages)
    receiver = Candidate(
        wish.receiver.id,
        wish.receiver.name,
        wish.receiving_agency.name,
        None if on.receiver_key is None else on.receiver_key.fingerprint,
    )
    return propose([item], [receiver], {}, now, now + timedelta(days=approval.days))


def _until(on: Deciding, proposal: Proposal, approval: Approval) -> str:
    if on.receiver_key is None:
        days = f"{approval.days} day{'s' if approval.days > 1 else ''}"
        return f"for {days} from when it can first be opened"
    return f"until {in_words(proposal.closes_at)}"


def _terms(on: Deciding, until: str, number: str) -> tuple[str, ...]:
    to = f"{on.wish.receiver.name}, {on.wish.receiving_agency.name}"
    return (
        f"Written authority {number}, for {to}, only, {until}.",
        *CONDITIONS,
        f"If this copy has gone astray, ring the MAPPA unit at once on {on.at.area.phone}.",
    )


def _authority(
    who: Who,
    on: Deciding,
    approval: Approval,
    number: str,
    until: str,
    purpose: str,
    now: datetime,
) -> dict[str, object]:
    wish, day = on.wish, f"{london(now):%-d %B %Y}"
    document, _version = _given(on, approval)
    owner = on.at.agencies[document.owner_agency_id].name
    heard = f"{london(on.at.slot.starts_at):%-d %B %Y}"
    to = f"{wish.receiver.name}, {wish.receiving_agency.name}"
    text = (
        f"I authorise the disclosure of the paper named above to {to}, for the purpose above "
        f"only, {until}. It must not be copied or passed on. I am satisfied that it is necessary "
        "and proportionate, for the reasons recorded, and that nothing less would serve."
    )
    return {
        "title": "Written authority to disclose",
        "number": number,
        "reference": number,
        "date": day,
        "facts": [
            ["Case and meeting", f"{on.at.case.reference}, meeting of {heard}"],
            ["Paper", f"{_kind(approval)}{TITLES[document.form_code]}, from {owner}"],
            ["To", f"{wish.receiver.name}, {wish.receiver.job}, {wish.receiving_agency.name}"],
            ["Asked for by", f"{wish.asker.name}, {wish.asking_agency.name}"],
            ["Purpose", purpose],
            ["Lawful basis", LAWFUL_BASIS_WORDS[approval.basis]],
            *chairs_view(approval),
            ["Time", until[0].upper() + until[1:]],
            ["Authority", text],
        ],
        "terms": list(CONDITIONS),
        "signed": signed_by(who, on, day),
    }
