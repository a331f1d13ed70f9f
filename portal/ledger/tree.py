"""The Merkle tree of RFC 6962 section 2, as plain functions over stored hashes.

Only complete subtrees are kept: node ``(level, position)`` is the root over the leaves
``[position << level, (position + 1) << level)`` and never changes once written.  An append writes
two nodes on average; every root and proof, of the tree as it stands or as it stood at any earlier
size, is folded from at most a few dozen of them.  Functions that need stored hashes take
``get(level, position) -> bytes`` of 32 bytes; nothing here reads or writes anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

Coordinate: TypeAlias = tuple[int, int]
Span: TypeAlias = tuple[int, int]
Get: TypeAlias = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash one leaf (RFC 6962 2.1: a zero byte before it, so that no node passes for a leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (RFC 6962 2.1: a one byte before them)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtrees(first: int, end: int) -> list[Coordinate]:
    """Return the complete subtrees, from left to right, that cover the leaves [first, end).

    ``first`` must be where a subtree of the tree begins: 0, or a multiple of the largest power of
    two below ``end - first``, as all spans of RFC 6962 proofs are.
    """
    found: list[Coordinate] = []
    while first < end:
        level = (end - first).bit_length() - 1
        found.append((level, first >> level))
        first += 1 << level
    return found


def span_hash(span: Span, get: Get) -> bytes:
    """Return the Merkle tree hash over the leaves [first, end) of ``span``."""
    whole = subtrees(*span)
    if not whole:
        return EMPTY_ROOT
    folded = get(*whole.pop())
    for coordinate in reversed(whole):
        folded = node_hash(get(*coordinate), folded)
    return folded


def root(size: int, get: Get) -> bytes:
    """Return the root of the tree of the first ``size`` leaves."""
    return span_hash((0, size), get)


def new_nodes(size: int, leaf: bytes, get: Get) -> list[tuple[int, int, bytes]]:
    """Return the nodes ``(level, position, hash)`` that one more leaf hash completes.

    ``size`` is the number of leaves before it.  The nodes it asks for are among
    ``subtrees(0, size)``.
    """
    level, position, completed = 0, size, leaf
    made = [(level, position, completed)]
    while position % 2:
        completed = node_hash(get(level, position - 1), completed)
        level, position = level + 1, position // 2
        made.append((level, position, completed))
    return made


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return what an inclusion proof hashes, the leaf's sibling first (RFC 6962 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    first, end, beside = 0, size, []
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((first, middle))
            first = middle
    return beside[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return what a consistency proof hashes (RFC 6962 2.1.2); none from 0, or to the same."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not extend one of {old}")
    if old in (0, new):
        return []
    first, end, beside = 0, new, []
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((first, middle))
            first = middle
    if first:
        # The verifier knows the old root, and so this subtree only when it is that whole tree.
        beside.append((first, end))
    return beside[::-1]


def inclusion(index: int, size: int, get: Get) -> list[bytes]:
    """Return the proof that leaf ``index`` stands in the tree of ``size`` leaves."""
    return [span_hash(span, get) for span in inclusion_spans(index, size)]


def consistency(old: int, new: int, get: Get) -> list[bytes]:
    """Return the proof that the tree of ``new`` leaves begins with that of ``old``."""
    return [span_hash(span, get) for span in consistency_spans(old, new)]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], claimed: bytes
) -> bool:
    """Tell whether ``proof`` shows leaf hash ``leaf`` at ``index`` under root ``claimed``.

    RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    step, last, folded = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if step % 2 or step == last:
            folded = node_hash(sibling, folded)
            step, last = _skip(step, last)
        else:
            folded = node_hash(folded, sibling)
        step, last = step >> 1, last >> 1
    return last == 0 and folded == claimed


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether ``proof`` shows that the tree of ``new`` leaves begins with that of ``old``.

    RFC 9162 section 2.1.4.2; a tree of no leaves begins every tree.
    """
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        expected = EMPTY_ROOT if old == 0 else new_root
        return not proof and old_root == expected
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    step, last = old - 1, new - 1
    while step % 2:
        step, last = step >> 1, last >> 1
    was = becomes = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if step % 2 or step == last:
            was, becomes = node_hash(sibling, was), node_hash(sibling, becomes)
            step, last = _skip(step, last)
        else:
            becomes = node_hash(becomes, sibling)
        step, last = step >> 1, last >> 1
    return last == 0 and was == old_root and becomes == new_root


def nodes_of(spans: Iterable[Span]) -> set[Coordinate]:
    """Return every stored node that the hashes of ``spans`` are folded from."""
    return {coordinate for span in spans for coordinate in subtrees(*span)}


def _split(count: int) -> int:
    """The largest power of two below ``count`` (RFC 6962 2.1), for ``count`` of two or more."""
    return 1 << ((count - 1).bit_length() - 1)


def _skip(step: int, last: int) -> tuple[int, int]:
    while step and step % 2 == 0:
        step, last = step >> 1, last >> 1
    return step, last
