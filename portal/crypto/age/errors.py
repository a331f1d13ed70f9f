"""Why an age file did not open.

Each error names its failure class in the words of the published test vectors (C2SP CCTV), and the
exit code of `portal sealed open`: 2 not for you, 3 damaged or cut, 4 not an age file or refused.
"""

from __future__ import annotations

from typing import ClassVar


class AgeError(Exception):
    """Base of all of these.  The text is fit to be shown; it never quotes the file's content."""

    failure: ClassVar[str]
    exit_code: ClassVar[int]


class NotForYou(AgeError):
    """The header is well formed, and none of the identities at hand opens it."""

    failure = "no match"
    exit_code = 2


class Damaged(AgeError):
    """It was an age file, and is no longer the one that was sealed."""

    failure = "damaged"
    exit_code = 3


class DamagedHeader(Damaged):
    """A file key came out, and the header's MAC does not agree with it."""

    failure = "HMAC failure"


class CutHeader(Damaged):
    """The file begins as an age file, and ends before its header does."""

    failure = "header failure"


class DamagedPayload(Damaged):
    """A chunk is forged, missing, moved or doubled, or the end is missing.

    What was handed out before this error is authentic, and is the beginning of the clear text.
    """

    failure = "payload failure"


class NotAge(AgeError):
    """This is not an age file."""

    failure = "not an age file"
    exit_code = 4


class MalformedHeader(NotAge):
    """The header breaks the age v1 grammar.  The vectors count a missing payload nonce to it."""

    failure = "header failure"


class MalformedArmor(NotAge):
    """The text armour is not strict PEM, or text stands before or after it."""

    failure = "armor failure"


class Refused(AgeError):
    """A valid age file or key of a kind that the portal does not take."""

    failure = "refused"
    exit_code = 4


class BadKey(AgeError, ValueError):
    """This text, or these bytes, are no age recipient or identity."""

    failure = "bad key"
    exit_code = 1
