"""The tree against RFC 6962's own words, its published roots, and every wrong proof."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import tree

MOST = 70

# The eight leaves and roots that implementations of RFC 6962 share as test vectors
# (certificate-transparency, cpp/merkletree/merkle_tree_test.cc).
PUBLISHED_LEAVES = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
PUBLISHED_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


class Stored:
    """The nodes of a tree that grew one leaf at a time."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.asked = 0
        for size, leaf in enumerate(leaves):
            for level, position, made in tree.new_nodes(size, tree.leaf_hash(leaf), self.get):
                assert (level, position) not in self.nodes
                self.nodes[level, position] = made

    def get(self, level: int, position: int) -> bytes:
        self.asked += 1
        return self.nodes[level, position]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962 2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def numbered(count: int) -> list[bytes]:
    return [f"line {number}".encode() for number in range(count)]


LEAVES = numbered(MOST)
STORED = Stored(LEAVES)
ROOTS = [naive_root(LEAVES[:size]) for size in range(MOST + 1)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    leaves = [bytes.fromhex(each) for each in PUBLISHED_LEAVES[:size]]
    assert tree.root(size, Stored(leaves).get).hex() == PUBLISHED_ROOTS[size]


def test_every_earlier_root_can_be_had_from_the_largest_tree() -> None:
    assert [tree.root(size, STORED.get) for size in range(MOST + 1)] == ROOTS


def test_a_leaf_never_passes_for_a_node() -> None:
    left, right = tree.leaf_hash(b"a"), tree.leaf_hash(b"b")
    assert tree.leaf_hash(left + right) != tree.node_hash(left, right)


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_inclusion_proof_is_the_naive_one_and_holds(size: int) -> None:
    for index in range(size):
        proof = tree.inclusion(index, size, STORED.get)
        assert proof == naive_path(index, LEAVES[:size])
        assert tree.verify_inclusion(tree.leaf_hash(LEAVES[index]), index, size, proof, ROOTS[size])


@pytest.mark.parametrize("new", range(1, MOST + 1))
def test_every_consistency_proof_is_the_naive_one_and_holds(new: int) -> None:
    for old in range(1, new + 1):
        proof = tree.consistency(old, new, STORED.get)
        assert proof == naive_proof(old, LEAVES[:new])
        assert tree.verify_consistency(old, new, ROOTS[old], ROOTS[new], proof)


@pytest.mark.parametrize("size", range(1, 18))
def test_an_inclusion_proof_holds_for_its_own_place_and_leaf_alone(size: int) -> None:
    for index in range(size):
        proof, leaf = tree.inclusion(index, size, STORED.get), tree.leaf_hash(LEAVES[index])
        for other in range(size):
            if other != index:
                assert not tree.verify_inclusion(leaf, other, size, proof, ROOTS[size])
                changed = tree.leaf_hash(LEAVES[other])
                assert not tree.verify_inclusion(changed, index, size, proof, ROOTS[size])
        assert not tree.verify_inclusion(leaf, index, size, [*proof, leaf], ROOTS[size])
        assert not tree.verify_inclusion(leaf, index, size, [leaf, *proof], ROOTS[size])
        for left_out in range(len(proof)):
            shorter = proof[:left_out] + proof[left_out + 1 :]
            assert not tree.verify_inclusion(leaf, index, size, shorter, ROOTS[size])


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (9, 4), (0, 0), (0, -1)])
def test_no_leaf_is_proven_outside_its_tree(index: int, size: int) -> None:
    assert not tree.verify_inclusion(tree.leaf_hash(b""), index, size, [], ROOTS[1])
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion_spans(index, size)


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (5, 4)])
def test_no_tree_extends_a_larger_one(old: int, new: int) -> None:
    assert not tree.verify_consistency(old, new, ROOTS[0], ROOTS[4], [])
    with pytest.raises(ValueError, match="does not extend"):
        tree.consistency_spans(old, new)


def test_a_tree_begins_with_itself_and_with_nothing_and_needs_no_proof() -> None:
    assert tree.verify_consistency(0, 5, ROOTS[0], ROOTS[5], [])
    assert tree.verify_consistency(5, 5, ROOTS[5], ROOTS[5], [])
    assert not tree.verify_consistency(0, 5, ROOTS[1], ROOTS[5], [])
    assert not tree.verify_consistency(5, 5, ROOTS[4], ROOTS[5], [])
    assert not tree.verify_consistency(5, 5, ROOTS[5], ROOTS[5], [ROOTS[5]])
    assert not tree.verify_consistency(0, 5, ROOTS[0], ROOTS[5], [ROOTS[5]])


@given(st.data())
def test_a_changed_consistency_proof_never_holds(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, MOST))
    old = data.draw(st.integers(1, new - 1))
    proof = tree.consistency(old, new, STORED.get)
    place = data.draw(st.integers(0, len(proof) - 1))
    flipped = data.draw(st.integers(0, 255))
    changed = bytearray(proof[place])
    changed[flipped // 8] ^= 1 << flipped % 8
    for wrong in (
        [*proof[:place], bytes(changed), *proof[place + 1 :]],
        [*proof[:place], *proof[place + 1 :]],
        [*proof[:place], ROOTS[3], *proof[place:]],
    ):
        assert not tree.verify_consistency(old, new, ROOTS[old], ROOTS[new], wrong)
    assert not tree.verify_consistency(old, new, ROOTS[new], ROOTS[old], proof)


@given(st.lists(st.binary(max_size=40), max_size=200), st.data())
def test_any_tree_is_the_naive_one(leaves: list[bytes], data: st.DataObject) -> None:
    stored = Stored(leaves)
    assert tree.root(len(leaves), stored.get) == naive_root(leaves)
    assert len(stored.nodes) <= max(0, 2 * len(leaves) - 1)
    if leaves:
        index = data.draw(st.integers(0, len(leaves) - 1))
        proof = tree.inclusion(index, len(leaves), stored.get)
        assert proof == naive_path(index, leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=80), st.data())
def test_one_changed_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:index], leaves[index] + b"x", *leaves[index + 1 :]]
    assert naive_root(changed) != tree.root(len(leaves), Stored(leaves).get)


@given(st.integers(1, 2**40), st.data())
def test_proofs_of_huge_trees_need_few_nodes(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert len(tree.inclusion_spans(index, size)) <= size.bit_length()
    assert len(tree.nodes_of(tree.inclusion_spans(index, size))) <= 2 * size.bit_length()
    assert len(tree.consistency_spans(index, size)) <= size.bit_length() + 1
    assert len(tree.nodes_of(tree.consistency_spans(index, size))) <= 2 * size.bit_length()
    assert len(tree.subtrees(0, size)) == size.bit_count()
