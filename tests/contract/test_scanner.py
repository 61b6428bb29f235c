"""What every scanner promises: never to call clean what was not looked into from the first byte to the last."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.scanning.clamd import ClamdScanner
from adapters.scanning.none import NoScanner
from application.ports.scanning import Scanner, Verdict
from tests.services.clamd import MALWARE, Clamd

pytestmark = pytest.mark.anyio

LOOKS: dict[str, Callable[[Clamd], Scanner]] = {
    "over TCP": lambda clamd: ClamdScanner(clamd.tcp, max_bytes=10**8),
    "over a Unix socket": lambda clamd: ClamdScanner(clamd.unix, max_bytes=10**8),
}


@pytest.fixture(params=["none", *(pytest.param(name, marks=pytest.mark.services) for name in LOOKS)])
def scanner(request: pytest.FixtureRequest) -> Scanner:
    if request.param == "none":
        return NoScanner()
    return LOOKS[request.param](request.getfixturevalue("clamd"))


async def test_it_can_be_asked_whether_it_is_there(scanner: Scanner) -> None:
    await scanner.check()


@pytest.mark.parametrize("at", [0, 65_530, 500_000], ids=["first", "across two pieces", "last"])
async def test_malware_is_never_clean_wherever_it_is(scanner: Scanner, at: int) -> None:
    data = bytes(at) + MALWARE
    verdict, name = await scanner.scan(data)
    assert verdict in (Verdict.INFECTED, Verdict.UNSCANNED)
    assert name == ("Clinic.Media.Test.UNOFFICIAL" if verdict is Verdict.INFECTED else None)


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000])
async def test_harmless_bytes_are_never_infected(scanner: Scanner, size: int) -> None:
    assert (await scanner.scan(bytes(size))).verdict in (Verdict.CLEAN, Verdict.UNSCANNED)


async def test_a_file_is_the_same_as_its_bytes(scanner: Scanner, tmp_path: Path) -> None:
    for data in (bytes(200_000), bytes(200_000) + MALWARE):
        (tmp_path / "file").write_bytes(data)
        assert await scanner.scan(tmp_path / "file") == await scanner.scan(data)


async def test_a_scan_leaves_nothing_behind_for_the_next(scanner: Scanner) -> None:
    found = [(await scanner.scan(data)).verdict for data in (b"a", MALWARE, b"a")]
    assert found[0] == found[2]
