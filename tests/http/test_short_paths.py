"""Paths longer than any of ours."""

import tracemalloc
from urllib.parse import urlsplit

import pytest

from entrypoints.http.short_paths import LONGEST
from tests.http.service import Service, problem_of

pytestmark = pytest.mark.anyio

_LONG = 20_000
_TIMES = 100


async def test_there_is_nothing_under_a_path_that_is_too_long(service: Service) -> None:
    answer = await service.client.get(f"/api/v1/media/patients/{'a' * LONGEST}/photos")
    problem_of(answer, 404, "not_found")


async def test_long_paths_are_not_remembered(service: Service) -> None:
    await _ask(service, 0)
    tracemalloc.start()
    try:
        for number in range(1, _TIMES + 1):
            await _ask(service, number)
        urlsplit.cache_clear()  # type: ignore[attr-defined]  # what the client remembers of them
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < _LONG * _TIMES / 2


async def _ask(service: Service, number: int) -> None:
    answer = await service.client.get(f"/api/v1/media/patients/{number:a>{_LONG}}/photos")
    assert answer.status_code in (401, 404)
