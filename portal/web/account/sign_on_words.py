"""What is said when a single sign-on comes to nothing: to the person, and to their agency's IT.

The words come from a closed list of reasons of our own: nothing that a provider or a browser sent
is ever repeated.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.identity.sign_on.client import Proof
from portal.identity.sign_on.provider import Check

PERSON: Mapping[str, object] = {
    "nobody": _l(
        "Your agency knows you, but no account here is tied to that sign-in. Sign in with your "
        "passphrase and a code, then tie them together under My account."
    ),
    "taken": _l("That sign-in of your agency is tied to another account already."),
    "address": _l(
        "Your agency says that your e-mail address is not the one that was invited. Ask whoever "
        "invited you to invite the address that your agency knows, or set up a code app."
    ),
    "invitation": _l(
        "Your invitation has run out, or was begun again elsewhere. Follow its link again, or ask "
        "whoever invited you for another."
    ),
    "elsewhere": _l(
        "This sign-in was begun in another browser or tab, or is too old. Begin again here."
    ),
    "over": _l("That took longer than ten minutes. Begin again."),
    "used": _l("This sign-in has been used already. Begin again."),
    "too_many": _l("Too many tries from here. Wait ten minutes."),
    "closed": _l("Your agency's sign-in is not open here now."),
    "answer_denied": _l("Your agency's sign-in was not finished, or was refused there."),
    "reach_busy": _l("Many people are signing in. Wait a moment, then begin again."),
    "weak": _l(
        "Your agency's sign-in did not confirm a second factor, or not lately enough. Sign out "
        "there, then begin again. If it stays so, your agency's IT has to change a setting."
    ),
    "reach": _l("Your agency's sign-in does not answer now."),
}
ANYTHING = _l("What came back from your agency's sign-in could not be relied on. Nobody signed in.")

IT: Mapping[str, object] = {
    "spoilt": _l("The settings kept here were changed from outside. Record them again."),
    "not_relied": _l("The provider's configuration lacks something. Open the page for trying it."),
    "reach_address": _l("An address in the provider's configuration cannot be used."),
    "reach_scheme": _l("An address in the provider's configuration does not begin https://"),
    "reach_silent": _l("The provider did not answer in time, or its certificate is not trusted."),
    "reach_status": _l("The provider answered with an error where its configuration should be."),
    "reach_not_json": _l("The provider's answer is not plain JSON."),
    "reach_redirect": _l("The provider sends on to another address. Record the last one."),
    "reach_too_large": _l("The provider's answer is larger than 256 KB."),
    "reach_private": _l("The provider's name stands for an address that is not public."),
    "reach_name": _l("The provider's name is not known."),
    "answer_issuer": _l("The answer names another issuer, or none where it should name one."),
    "answer_error": _l("The provider answered with an error."),
    "answer_code": _l("The provider did not take the code: is the redirect address right?"),
    "answer_secret": _l("The provider did not take the client ID and secret."),
    "weak_claim_missing": _l("The ID token lacks the claim that proves two factors."),
    "weak_claim_other": _l("The claim that proves two factors holds none of the values agreed."),
    "weak_time_missing": _l("The ID token lacks auth_time. In Entra add it as an optional claim."),
    "weak_too_old": _l("The sign-in at the provider was too long ago; max_age was not followed."),
    "token_missing": _l("There is no ID token: the application must allow the openid scope."),
    "token_algorithm": _l("The ID token is not signed with a public-key algorithm on the list."),
    "token_header": _l("The ID token's header lacks kid, or holds what it should not."),
    "token_key": _l("The ID token is signed with a key that the provider has not published."),
    "token_signature": _l("The ID token's signature is wrong."),
    "token_issuer": _l("The ID token is of another issuer."),
    "token_audience": _l("The ID token is for another client, or for more than one."),
    "token_nonce": _l("The ID token does not belong to this sign-in (nonce)."),
    "token_time": _l("The ID token's times are wrong: compare the provider's clock."),
    "token_expired": _l("The ID token has expired: compare the provider's clock."),
}
OTHER = _l("The provider's answer breaks the standard.")

CHECKS: Mapping[Check, tuple[object, object]] = {
    Check.REACHED: (_l("The provider answers"), _l("Nothing usable came from its address.")),
    Check.ISSUER: (
        _l("Its issuer is the one recorded"),
        _l("The issuer in its configuration differs, letter for letter, from the one above."),
    ),
    Check.ENDPOINTS: (
        _l("It names its addresses"),
        _l("authorization_endpoint, token_endpoint or jwks_uri is missing or not https."),
    ),
    Check.CODE: (
        _l("It offers the code flow"),
        _l('response_types_supported must contain "code".'),
    ),
    Check.PKCE: (
        _l("It takes PKCE"),
        _l('code_challenge_methods_supported must contain "S256".'),
    ),
    Check.SIGNATURE: (
        _l("It signs with a public key"),
        _l("id_token_signing_alg_values_supported must contain RS256, PS256 or ES256."),
    ),
    Check.SECRET: (
        _l("It takes a client secret"),
        _l(
            "token_endpoint_auth_methods_supported must contain client_secret_post or "
            "client_secret_basic."
        ),
    ),
    Check.ASSURANCE: (
        _l("It knows the proof of two factors"),
        _l("acr_values_supported contains none of the values agreed."),
    ),
    Check.KEYS: (
        _l("Its keys can be used"),
        _l("jwks_uri gives no key with a kid: RSA of 2048 bits or more, or EC."),
    ),
}

PROOFS: Mapping[Proof, object] = {
    Proof.ACR: _l("acr: one of these values (the standard way)"),
    Proof.AMR: _l("amr: it holds one of these values, such as mfa"),
    Proof.ENTRA: _l("acrs: an authentication context of Microsoft Entra, such as c1"),
}


def person_words(why: str) -> str:
    """What the person reads."""
    return str(gettext(str(PERSON.get(why) or PERSON.get(why.partition("_")[0]) or ANYTHING)))


def it_words(why: str) -> str:
    """What their agency's IT can do about it; empty where it is not theirs to do."""
    if why in PERSON:
        return ""
    return str(gettext(str(IT.get(why, OTHER))))
