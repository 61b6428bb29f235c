"""One installation for all tests of the HTTP surface (SQLite, local disk); each test has clinics of its own."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from tests.http.service import Clinic, Service, serving, settings_for

_clinics = count(1)


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
