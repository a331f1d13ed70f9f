"""Receipts in the published form, and everything that is none."""

from __future__ import annotations

import base64

import pytest

from portal.ledger import receipt, tree
from portal.ledger.errors import ReceiptRefused
from tests.ledger.writing import SIGNER, a_leaf

LEFT, RIGHT = a_leaf(0), a_leaf(1)
ROOT = tree.node_hash(tree.leaf_hash(LEFT), tree.leaf_hash(RIGHT))
SIGNED = SIGNER.sign(2, ROOT)
PATH = base64.b64encode(tree.leaf_hash(LEFT)).decode()
RECEIPT = f"c2sp.org/tlog-proof@v1\nindex 1\n{PATH}\n\n{SIGNED}"


def check(text: str) -> int:
    return receipt.check(text, RIGHT, SIGNER.known, SIGNER.origin)[0]


def test_a_receipt_has_the_published_form() -> None:
    assert receipt.write(1, [tree.leaf_hash(LEFT)], SIGNED) == RECEIPT
    assert check(RECEIPT) == 1


def test_a_ledger_of_one_line_needs_no_path() -> None:
    alone = receipt.write(0, [], SIGNER.sign(1, tree.leaf_hash(RIGHT)))
    assert alone.startswith("c2sp.org/tlog-proof@v1\nindex 0\n\nmappa.example")
    assert check(alone) == 0


def test_extra_data_is_passed_over() -> None:
    assert check(RECEIPT.replace("index", "extra bW9yZQ==\nindex")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "", "\n\n", RECEIPT[:-1], RECEIPT + "\n", RECEIPT.replace("@v1", "@v2"),
        RECEIPT.replace("index 1", "index 01"), RECEIPT.replace("index 1", "index 0"),
        RECEIPT.replace("index 1", "index 2"), RECEIPT.replace("index 1", "index -1"),
        RECEIPT.replace("index 1", "index ١"), RECEIPT.replace("index 1\n", ""),
        RECEIPT.replace("index 1", "index 1\nindex 1"), RECEIPT.replace(PATH, PATH[:-4]),
        RECEIPT.replace(PATH, f"{PATH}\n{PATH}"), RECEIPT.replace(f"{PATH}\n", ""),
        RECEIPT.replace(PATH, base64.b64encode(tree.leaf_hash(RIGHT)).decode()),
        RECEIPT.replace(PATH, "!" + PATH[1:]), RECEIPT.replace("index", "extra ***\nindex"),
        RECEIPT.replace("index", "extra bW9yZQ==\nextra bW9yZQ==\nindex"),
        RECEIPT.replace("\n2\n", "\n3\n"), RECEIPT.replace("north", "south"),
        RECEIPT.replace("\n", "\r\n"), RECEIPT.replace("\n\n", "\n", 1), SIGNED,
    ],
)  # fmt: skip
def test_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ReceiptRefused):
        check(wrong)
