"""Single sign-on by OpenID Connect: an agency's own provider says who somebody is, and how surely.

It gives no secret: nothing is decrypted by it, and no key is derived from what it says.
"""
