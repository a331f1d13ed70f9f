"""An old Word file is known by its container, and by nothing else."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents import child
from portal.documents.boxed.verdict import RefusedError
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode
from tests.documents.gate import why
from tests.documents.words import (
    ole,
)


def test_an_old_word_file_is_known_by_its_structure() -> None:
    header, parts = child.run("ole", {}, [ole("WordDocument", storages=("ObjectPool",))], Limits())
    assert (header["kind"], header["findings"], parts) == ("doc", {}, [])


@pytest.mark.parametrize(
    ("clear", "code"),
    [
        (ole("Workbook"), RefusalCode.OFFICE_FILE),
        (ole(), RefusalCode.OFFICE_FILE),
        (ole(storages=("WordDocument",)), RefusalCode.OFFICE_FILE),
        (ole("WordDocument", storages=("Macros",)), RefusalCode.MACROS),
        (ole("WordDocument", "_VBA_PROJECT"), RefusalCode.MACROS),
        (ole("WordDocument", flags=0x8100), RefusalCode.LOCKED),
        (ole("WordDocument")[:900], RefusalCode.DAMAGED),
        (ole("WordDocument")[:8] + bytes(600), RefusalCode.DAMAGED),
        (ole("WordDocument").replace(b"\xec\xa5", b"MZ"), RefusalCode.DAMAGED),
    ],
)
def test_other_old_files_do_not_pass(clear: bytes, code: RefusalCode) -> None:
    assert why(clear, task="ole") is code


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_container_that_lies_ends(data: st.DataObject) -> None:
    from portal.documents.boxed import ole as looking

    made = bytearray(ole("WordDocument", "1Table", storages=("ObjectPool",)))
    for _ in range(data.draw(st.integers(1, 12))):
        made[data.draw(st.integers(24, 1600))] = data.draw(st.sampled_from([0, 1, 2, 3, 254, 255]))
    with contextlib.suppress(RefusedError, struct.error, IndexError):
        looking.task({}, [bytes(made)])
