"""Identifiers, typed per noun, so that a case can't be handed in where a person is meant.

All are 26 lower-case base32 characters of 128 random bits (portal/chance.py). They carry no
meaning, so they may stand in addresses, logs and the ledger.
"""

from __future__ import annotations

from typing import NewType

AreaId = NewType("AreaId", str)
AgencyId = NewType("AgencyId", str)
PersonId = NewType("PersonId", str)
"""Somebody in one area. Another area knows the same person by another."""
AccountId = NewType("AccountId", str)
"""The account of a person: what they sign in and open with, once in an installation. It is the
`PersonId` that they had where they first joined."""
CaseId = NewType("CaseId", str)
MeetingDayId = NewType("MeetingDayId", str)
SlotId = NewType("SlotId", str)
InvitationId = NewType("InvitationId", str)
PanelId = NewType("PanelId", str)
RequestId = NewType("RequestId", str)
DocumentId = NewType("DocumentId", str)
VersionId = NewType("VersionId", str)
"""A version is one sealed payload: its file key belongs to it for ever."""
ManifestId = NewType("ManifestId", str)
SendingId = NewType("SendingId", str)
GrantId = NewType("GrantId", str)
DisclosureId = NewType("DisclosureId", str)
WordsId = NewType("WordsId", str)
"""Seven joining words that were given to one person."""
TraceId = NewType("TraceId", str)
"""One question whose copy something is, that a second person confirms."""
