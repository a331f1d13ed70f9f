"""Letters sent through a mail server, over verified TLS only.

RFC 5321 reply codes decide what happens next: 4yz means later, 5yz about the receiver or the
letter means never. Anything wrong with the server, its certificate or the password means later:
the letter itself is good, and the outbox gives up in its own time.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email import policy

from portal.notices.letters import Letter, is_address
from portal.notices.senders import SendLater, SendNever, message

_PERMANENT = range(500, 600)


class SmtpSender:
    """Sends by submission with STARTTLS (RFC 3207, RFC 6409), signing in when a name is given.

    `context` must verify certificates and host names; without one the system's authorities are
    trusted. A server that offers no TLS, or one nobody vouches for, gets no password and no
    letter. `timeout` is seconds for each step.
    """

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        username: str | None = None,
        password: str | None = None,
        context: ssl.SSLContext | None = None,
        timeout: float = 20.0,
    ) -> None:
        if (username is None) != (password is None):
            raise ValueError("a mail server's username and password come together")
        # smtplib verifies nothing unless it is given a context that does.
        if not is_address(sender):
            raise ValueError("the sender's address is not one")
        self._context = context or ssl.create_default_context()
        if self._context.verify_mode is not ssl.CERT_REQUIRED or not self._context.check_hostname:
            raise ValueError("a mail server's certificate must be verified")
        self._host = host
        self._port = port
        self._sender = sender
        self._login = None if username is None or password is None else (username, password)
        self._timeout = timeout

    def send(self, letter: Letter) -> None:
        """Hand the letter over on a connection of its own, or raise."""
        mail = message(letter, self._sender)
        server = self._connect()
        try:
            self._prepare(server)
            _hand_over(server, self._sender, letter.to, mail.as_bytes(policy=policy.SMTP))
        finally:
            # Once the letter was taken, a farewell that fails must not make it be sent again.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            return smtplib.SMTP(
                self._host,
                self._port,
                # Else the name of this machine would be looked up and told.
                local_hostname=self._sender.partition("@")[2],
                timeout=self._timeout,
            )
        except (smtplib.SMTPException, OSError) as trouble:
            raise SendLater(f"the mail server cannot be reached ({_name(trouble)})") from None

    def _prepare(self, server: smtplib.SMTP) -> None:
        try:
            server.starttls(context=self._context)
            if self._login is not None:
                server.login(*self._login)
        except smtplib.SMTPNotSupportedError:
            raise SendLater("the mail server offers no TLS or no sign-in over it") from None
        except ssl.SSLError as trouble:
            raise SendLater(f"the mail server's certificate: {_name(trouble)}") from None
        except smtplib.SMTPAuthenticationError as trouble:
            raise SendLater(f"the mail server refused the password ({trouble.smtp_code})") from None
        except (smtplib.SMTPException, OSError) as trouble:
            raise SendLater(f"the mail server broke off before TLS ({_name(trouble)})") from None


def _hand_over(server: smtplib.SMTP, sender: str, to: str, raw: bytes) -> None:
    try:
        server.sendmail(sender, [to], raw)
    except smtplib.SMTPRecipientsRefused as refused:
        code, _ = refused.recipients[to]
        raise _by_code("the receiver", code) from None
    except smtplib.SMTPSenderRefused as refused:
        raise SendLater(f"the mail server refused the sender ({refused.smtp_code})") from None
    except smtplib.SMTPDataError as refused:
        raise _by_code("the letter", refused.smtp_code) from None
    except (smtplib.SMTPException, OSError) as trouble:
        raise SendLater(f"the mail server broke off ({_name(trouble)})") from None


def _by_code(what: str, code: int) -> SendLater | SendNever:
    reason = f"the mail server refused {what} ({code})"
    return SendNever(reason) if code in _PERMANENT else SendLater(reason)


def _name(trouble: Exception) -> str:
    # Only the kind: the server's own words may repeat the receiver's address.
    return type(trouble).__name__
