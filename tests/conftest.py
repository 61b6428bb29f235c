"""What every test may ask for. Fixtures of one kind of test live beside those tests."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from application.reach import EVERY_CLINIC, bind
from tests.combinations import COMBINATIONS

pytest_plugins = [
    "tests.services.azure",
    "tests.services.clamd",
    "tests.services.gcs",
    "tests.services.kafka",
    "tests.services.nats",
    "tests.services.postgres",
    "tests.services.rabbitmq",
    "tests.services.redis",
    "tests.services.s3",
]

# What tests arrange and look at is anybody's. A request still begins with nothing, and so do other processes.
bind(EVERY_CLINIC)

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("fast", derandomize=True, deadline=None)
settings.register_profile(
    "proof",
    max_examples=5_000,
    stateful_step_count=100,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fast")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--over",
        choices=COMBINATIONS,
        default=COMBINATIONS[0],
        help="what the tests of the HTTP surface run over (%(default)s unless told)",
    )


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, the loop that the service runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real and hostile files, with their expected outcomes in its MANIFEST.json."""
    return _shared("corpus")


@pytest.fixture(scope="session")
def legacy() -> Path:
    """The folder of real MediKeep and DentalPin installations, each with what its import must find (MANIFEST.json)."""
    return _shared("legacy")


def _shared(name: str) -> Path:
    """A folder of test data that is too large, or not free enough, to be part of the repository."""
    folder = (ROOT / os.environ.get("CLINIC_MEDIA_SHARED", "../shared") / name).resolve()
    if not folder.is_dir():
        pytest.skip(f"the shared test data have no folder {name} here; CLINIC_MEDIA_SHARED says where they lie")
    return folder
