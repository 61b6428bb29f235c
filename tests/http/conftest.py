"""One installation for all tests of the HTTP surface; each test has clinics of its own.

It is over SQLite and a folder, or over what the option `--over` names (`tests.http.places`).
"""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.http.places import Places, over, places
from tests.http.service import Clinic, Service, serving, settings_for

_clinics = count(1)


@pytest.fixture(scope="session", autouse=True)
def over_what_was_chosen(request: pytest.FixtureRequest) -> Iterator[None]:
    with over(places_of(request, request.config.getoption("over"))):
        yield


def places_of(request: pytest.FixtureRequest, combination: str) -> Places:
    rows, _, content = combination.partition("+")
    return Places(
        postgres=request.getfixturevalue("postgres") if rows == "postgresql" else None,
        s3=request.getfixturevalue("s3") if content == "s3" else None,
        in_memory=content == "memory",
    )


@pytest.fixture(scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Service]:
    folder: Path = tmp_path_factory.mktemp("installation")
    async with serving(settings_for(folder)) as running:
        yield running


@pytest.fixture
def clinic(service: Service) -> Clinic:
    return Clinic(service, f"clinic-{next(_clinics)}")


@pytest.fixture
def another_clinic(service: Service) -> Clinic:
    return Clinic(service, f"clinic-{next(_clinics)}")


@pytest.fixture
async def ana(clinic: Clinic) -> str:
    """A patient of the clinic."""
    return await clinic.patient("ana")


@pytest.fixture
async def luis(clinic: Clinic) -> str:
    return await clinic.patient("luis", "Luis Peña")


@pytest.fixture
def kept_bytes() -> None:
    """For a test that looks at bytes from outside of their installation, or when it is opened again."""
    if places().in_memory:
        pytest.skip("what is in memory is seen by its own process alone, and gone with it")
