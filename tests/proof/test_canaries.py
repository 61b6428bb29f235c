"""Canaries of personal data are heard nowhere; see canaries."""

import pytest

from tests.proof.canaries import measure
from tests.proof.canary import Heard, say, sung

pytestmark = pytest.mark.proof


def test_no_canary_is_heard() -> None:
    assert measure(every=10).wrong == []


@pytest.mark.parametrize("hidden", ["x {} y", "title enF4Y2FuYXJ5IG5hbWU=", "t eHpxeGNhbmFyeSBu", "eHh6cXhjYW5hcnkgbg"])
def test_a_canary_is_heard_also_in_base64(hidden: str) -> None:
    assert sung(hidden.format(say("name")).encode())


def test_where_one_is_heard_is_told() -> None:
    heard = Heard()
    heard.look("log", f"uploaded {say('file')}.jpg".encode())
    assert heard.wrong == ["log : zqxcanary file.jpg"]
