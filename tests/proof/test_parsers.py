"""G23, a part of it: our parsers with inputs that Hypothesis makes of examples, and with what was found before.

`python -m tests.proof.fuzz` looks further, guided by what an input reaches.
"""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proof.fuzz import Target
from tests.proof.parsers import PARSERS, SEEDS

pytestmark = pytest.mark.proof

EXAMPLES = 5_000 if settings.get_current_profile_name() == "proof" else 60

FOUND: dict[str, list[bytes]] = {
    "conditions": [b"*\n*\x1e, 01-Mar-26"],  # what Unicode calls a space is none in a header
}
"""What a parser once did not stand."""


def spoilt(target: str) -> st.SearchStrategy[bytes]:
    """Bytes from nowhere, or an example with some of it replaced."""
    seeds = st.sampled_from(SEEDS[target])
    return st.binary(max_size=200) | st.builds(_replaced, seeds, st.integers(0, 400), st.integers(0, 9), _SPLINTERS)


_SPLINTERS = st.binary(max_size=12) | st.sampled_from(
    [b"%00", b"\r\n", b'"', b"\\", b"=", b"&", b";", b",", b"-", b"9" * 20, b"\xff", b"\xe2\x80\xae", b"\xc2\xa0", b"*"]
)


def _replaced(example: bytes, at: int, length: int, other: bytes) -> bytes:
    at %= len(example) + 1
    return example[:at] + other + example[at + length :]


def test_every_parser_can_be_fuzzed_and_has_examples() -> None:
    assert set(get_args(Target)) == set(PARSERS) == set(SEEDS)


@pytest.mark.parametrize("target", PARSERS)
def test_examples_and_what_was_found_are_read(target: str) -> None:
    for data in [*SEEDS[target], *FOUND.get(target, ())]:
        PARSERS[target](data)


@pytest.mark.parametrize("target", PARSERS)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_whatever_is_sent_is_read_or_refused(target: str, data: st.DataObject) -> None:
    PARSERS[target](data.draw(spoilt(target)))
