"""Time and identity."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest

from adapters.system import SystemClock, Uuid7
from application.ports.system import Clock, NewId
from tests.installations import TickingClock

new_id: NewId = Uuid7()


@pytest.fixture(params=[SystemClock, TickingClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Callable[[], Clock] = request.param
    return made()


def test_a_clock_tells_the_time_in_utc_and_never_goes_back(clock: Clock) -> None:
    times = [clock() for _ in range(100)]
    assert times == sorted(times)
    assert {at.tzinfo for at in times} == {UTC}


def test_the_system_s_clock_is_that_of_the_machine() -> None:
    assert abs(SystemClock()() - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_id_is_a_uuid_of_version_7_in_canonical_form_with_the_time_in_it() -> None:
    for _ in range(1000):
        id = new_id()
        uuid = UUID(id)
        assert (uuid.version, uuid.variant, str(uuid)) == (7, RFC_4122, id)
    assert abs((UUID(new_id()).int >> 80) / 1000 - datetime.now(UTC).timestamp()) < 5


def test_later_ids_sort_after_earlier_ones_even_in_the_same_millisecond() -> None:
    ids = [new_id() for _ in range(50_000)]
    assert ids == sorted(set(ids))


def test_ids_made_in_many_threads_at_once_differ_and_each_thread_s_are_in_order() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: [new_id() for _ in range(5_000)], range(8)))
    assert all(ids == sorted(ids) for ids in made)
    assert len({id for ids in made for id in ids}) == 40_000
