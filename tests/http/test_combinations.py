"""A client cannot tell which database and which storage the service is over: all it does is answered alike.

`pytest tests/http --over postgresql+s3` runs all other tests of the HTTP surface over a combination.
"""

from itertools import count
from pathlib import Path

import pytest

from tests.combinations import COMBINATIONS
from tests.http.conftest import places_of
from tests.http.journey import RULES, Told, journey
from tests.http.places import over
from tests.http.service import settings_for

pytestmark = [pytest.mark.anyio, pytest.mark.services]


async def told(request: pytest.FixtureRequest, combination: str, folder: Path) -> Told:
    with over(places_of(request, combination)), pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.http.service._numbers", count(1))  # the same pictures each time
        return await journey(settings_for(folder / "home", retention=RULES), folder / "old")


@pytest.fixture(scope="module")
async def expected(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> Told:
    return await told(request, COMBINATIONS[0], tmp_path_factory.mktemp("expected"))


def test_all_goes_well_on_one_machine(expected: Told) -> None:
    assert expected["verify"] == (0, {}, [])
    assert expected["purged"][0] > 0
    assert {status for status, _, _ in expected.values() if status >= 500} == set()


@pytest.mark.parametrize("combination", COMBINATIONS[1:])
async def test_it_is_answered_alike_over(
    request: pytest.FixtureRequest, tmp_path: Path, expected: Told, combination: str
) -> None:
    found = await told(request, combination, tmp_path)
    assert [*found] == [*expected]
    assert {name: answer for name, answer in found.items() if answer != expected[name]} == {}
