"""Keys and sealing.  The only room that imports `cryptography`, beside the ledger's signature.

Everything wrapped is the standard age v1 format (`portal.crypto.age`); everything derived is
HKDF-SHA256 under a `portal/v1/...` label; nothing here is a format of our own that the ordinary
age program could not open.
"""
