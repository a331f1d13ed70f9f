"""The ledger: one append-only Merkle tree of deeds for each area, signed and provable.

``book`` writes and reads lines inside the caller's transaction, ``verify`` recomputes everything,
``receipt`` proves one line to somebody who has no portal.
"""
