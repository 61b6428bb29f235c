"""What is loaded before the first request is answered: nothing that only other settings or other commands need."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment, invoke

_MIGRATING = {"alembic", "mako", "sqlalchemy.orm", "sqlalchemy.ext.asyncio"}
_CALLING = {"httpx", "rich", "pygments"}
_OTHER_DATABASES = {"asyncpg", "psycopg", "procrastinate"}
_OTHER_STORAGES = {"fsspec", "s3fs", "aiobotocore", "gcsfs", "adlfs"}
_BROKERS = {"nats", "redis", "aiokafka", "aio_pika"}
_CHILDREN_S = {"PIL", "numpy", "pydicom", "pillow_heif", "pypdfium2"}
_IMPORTING = {"adapters.legacy.medikeep.installation", "adapters.legacy.dentalpin.installation"}


_TWO_FORKS = """
import os
from entrypoints.http.exchange import exchange_of

for _ in range(2):
    if os.fork() == 0:
        print(exchange_of({"type": "http", "headers": []}).request_id, flush=True)
        os._exit(0)
    os.wait()
"""


def _told(folder: Path, program: str) -> set[str]:
    """The words that a process of its own writes."""
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment(folder), capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def _loaded(folder: Path, module: str) -> set[str]:
    return _told(folder, f"import {module}, sys; print(*sys.modules)")


@pytest.mark.parametrize(
    "needless",
    [_MIGRATING, _CALLING, _OTHER_DATABASES, _OTHER_STORAGES, _BROKERS, _CHILDREN_S, _IMPORTING, {"opentelemetry.sdk"}],
    ids=min,
)
def test_serving_loads_only_what_its_settings_ask_for(serving: set[str], needless: set[str]) -> None:
    assert not serving & needless


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a process that serves from SQLite and local disk."""
    folder = tmp_path_factory.mktemp("serving")
    assert invoke(folder, "migrate").exit_code == 0
    return _loaded(folder, "entrypoints.overseen")


def test_a_worker_loads_nothing_that_only_serving_needs(tmp_path: Path) -> None:
    assert not _loaded(tmp_path, "entrypoints.worker") & (_MIGRATING | _CALLING | {"litestar", "joserfc", "granian"})


def test_the_commands_are_told_without_loading_what_they_run_with(tmp_path: Path) -> None:
    assert not _loaded(tmp_path, "entrypoints.cli") & {"litestar", "sqlalchemy", "dependency_injector", "granian"}


def test_processes_that_were_forked_with_everything_loaded_give_requests_ids_of_their_own(tmp_path: Path) -> None:
    assert len(_told(tmp_path, _TWO_FORKS)) == 2
