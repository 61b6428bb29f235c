"""The helper processes: what happens when one is lost, slow, hungry or left behind."""

import os
import platform
import select
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import anyio
import psutil
import pytest

from adapters.imaging.inspector import PillowInspector
from adapters.imaging.process import Deadline
from application.ports.inspecting import Inspected
from domain.errors import Unavailable, Unreadable
from tests import made_files

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PHOTO = made_files.turned("JPEG", 6)
SLOW = made_files.png(9500, 9500)  # sound, and under the limit; about half a second of work
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def inspector() -> AsyncIterator[PillowInspector]:
    inspector = PillowInspector(workers=1)
    yield inspector
    await inspector.close()


async def _inspected(inspector: PillowInspector, data: bytes = PHOTO) -> Inspected:
    return await inspector.inspect(data, filename="a", now=NOW)


OTHERS: set[psutil.Process] = set()
"""Processes that are not this test's: other tests may have helpers of their own."""


@pytest.fixture(autouse=True)
def _others() -> None:
    OTHERS.clear()
    OTHERS.update(psutil.Process().children())


def _helpers() -> list[psutil.Process]:
    ours = set(psutil.Process().children()) - OTHERS
    return [child for child in ours if "adapters.imaging" in " ".join(child.cmdline())]


def _told_of(helper: psutil.Process, name: str) -> str:
    lines = Path(f"/proc/{helper.pid}/status").read_text().splitlines()
    return {line.partition(":")[0]: line.partition(":")[2].strip() for line in lines}[name]


async def _while_busy(inspector: PillowInspector, act: Callable[[psutil.Process], object]) -> Inspected:
    """The answer about a slow file, after `act` was done to the helper that has begun to decode it."""
    await _inspected(inspector)
    found: list[Inspected | Exception] = []

    async def ask() -> None:
        try:
            found.append(await _inspected(inspector, SLOW))
        except (Unreadable, Unavailable) as error:
            found.append(error)

    async with anyio.create_task_group() as group:
        (helper,) = _helpers()
        before = sum(helper.cpu_times()[:2])
        group.start_soon(ask)
        while sum(helper.cpu_times()[:2]) < before + 0.1:  # noqa: ASYNC110 - another process, it tells nobody
            await anyio.sleep(0.01)
        act(helper)
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


async def test_helpers_start_with_the_first_file_and_stay(inspector: PillowInspector) -> None:
    assert _helpers() == []

    await _inspected(inspector)
    first = _helpers()
    await _inspected(inspector)

    assert len(first) == 1
    assert _helpers() == first


async def test_no_more_helpers_work_at_once_than_allowed() -> None:
    inspector = PillowInspector(workers=2)
    try:
        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(_inspected, inspector)
        assert len(_helpers()) == 2
    finally:
        await inspector.close()


async def test_closing_leaves_no_process_behind() -> None:
    inspector = PillowInspector(workers=1)
    await _inspected(inspector)

    await inspector.close()

    assert _helpers() == []
    with pytest.raises(Unavailable):
        await _inspected(inspector)


async def test_closing_ends_the_call_under_way(inspector: PillowInspector) -> None:
    await _inspected(inspector)
    ended: list[str] = []

    async def ask() -> None:
        with pytest.raises(Unavailable):
            await _inspected(inspector, SLOW)
        ended.append("under way")

    async with anyio.create_task_group() as group:
        group.start_soon(ask)
        await anyio.sleep(0.1)
        await inspector.close()

    assert ended == ["under way"]


async def test_a_helper_that_was_killed_costs_nothing_but_time(inspector: PillowInspector) -> None:
    found = await _while_busy(inspector, lambda helper: helper.kill())

    assert found.derivatives is not None
    assert found.fault is None


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_helper_that_died_between_files_is_replaced(inspector: PillowInspector, death: signal.Signals) -> None:
    await _inspected(inspector)
    (helper,) = _helpers()
    helper.send_signal(death)
    time.sleep(0.1)  # noqa: ASYNC251 - nothing else is to happen meanwhile

    assert (await _inspected(inspector)).derivatives is not None
    assert _helpers() != [helper]


@pytest.mark.parametrize("crash", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
async def test_a_file_that_crashes_its_decoder_is_refused_and_the_next_one_served(
    inspector: PillowInspector, crash: signal.Signals
) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        await _while_busy(inspector, lambda helper: helper.send_signal(crash))

    assert (await _inspected(inspector)).derivatives is not None


async def test_a_file_that_uses_up_its_computing_time_is_refused(inspector: PillowInspector) -> None:
    with pytest.raises(Unreadable, match="limit"):
        await _while_busy(inspector, lambda helper: helper.send_signal(signal.SIGXCPU))


async def test_a_file_is_granted_some_computing_time_and_no_more() -> None:
    granted: list[float] = []

    def look(helper: psutil.Process) -> None:
        granted.append(helper.rlimit(psutil.RLIMIT_CPU)[0] - sum(helper.cpu_times()[:2]))

    inspector = PillowInspector(workers=1, seconds=20)
    try:
        await _while_busy(inspector, look)
    finally:
        await inspector.close()
    assert 0 < granted[0] <= 21


async def test_a_file_that_starved_of_time_is_kept_with_its_type_and_a_fault() -> None:
    hurried = PillowInspector(workers=1, seconds=1)
    try:
        found = await _while_busy(hurried, lambda helper: helper.suspend())
    finally:
        await hurried.close()

    assert found.mime == "image/png"
    assert found.derivatives is None
    assert found.fault is not None


@pytest.mark.parametrize(("does", "longer"), [("while True: pass", True), ("import time; time.sleep(60)", False)])
def test_a_helper_is_waited_for_longer_only_while_it_wants_to_work(does: str, longer: bool) -> None:
    nothing, _ = os.pipe()
    with subprocess.Popen([sys.executable, "-c", does]) as process:
        time.sleep(0.3)  # so that it has begun
        before = time.monotonic()
        with pytest.raises(TimeoutError):
            Deadline(process.pid, 0.2).wait_for(nothing, select.POLLIN)
        took = time.monotonic() - before
        process.kill()
    os.close(nothing)
    assert (took > 1.1) is longer


async def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_served() -> None:
    modest = PillowInspector(workers=1, memory_bytes=60_000_000)
    try:
        with pytest.raises(Unreadable, match="memory"):
            await _inspected(modest, SLOW)
        assert (await _inspected(modest)).derivatives is not None
    finally:
        await modest.close()


async def test_the_event_loop_is_never_held_up(inspector: PillowInspector) -> None:
    await _inspected(inspector)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await anyio.sleep(0.002)
            longest = max(longest, time.perf_counter() - before)

    async with anyio.create_task_group() as group:
        group.start_soon(watch)
        await _inspected(inspector, SLOW)
        group.cancel_scope.cancel()

    assert longest < 0.3


async def test_a_caller_that_gives_up_does_not_disturb_the_next(inspector: PillowInspector) -> None:
    await _inspected(inspector)

    with anyio.move_on_after(0.05):
        await _inspected(inspector, SLOW)

    found = await _inspected(inspector)
    assert (found.facts.width, found.facts.height) == (120, 80)


async def test_helpers_see_nothing_of_our_environment(
    inspector: PillowInspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_MEDIA_SECRET", "s3cr3t")
    await _inspected(inspector)

    (helper,) = _helpers()

    assert set(helper.environ()) <= {"LC_ALL", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "LC_CTYPE"}
    assert helper.nice() >= 10
    assert helper.cwd() == "/"


async def test_helpers_hold_no_socket_and_no_file_of_ours(inspector: PillowInspector, tmp_path: Path) -> None:
    with (tmp_path / "open").open("w"):
        await _inspected(inspector)
        (helper,) = _helpers()

        assert helper.open_files() == []
        assert helper.net_connections() == []


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="no filter is known for this machine")
async def test_helpers_work_under_the_filter_of_system_calls(inspector: PillowInspector) -> None:
    await _inspected(inspector)
    (helper,) = _helpers()

    assert _told_of(helper, "Seccomp") == "2"


def test_a_service_that_is_killed_takes_its_helpers_along() -> None:
    script = (
        "import asyncio, datetime, psutil\n"
        "from adapters.imaging.inspector import PillowInspector\n"
        "async def main():\n"
        "    inspector, now = PillowInspector(workers=1), datetime.datetime.now(datetime.UTC)\n"
        "    await inspector.inspect(b'text', filename='a', now=now)\n"
        "    print(psutil.Process().children()[0].pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        helper = int(service.stdout.readline())
        psutil.Process(helper).suspend()  # as deaf to its pipes as one that is deep in a decoder
        service.kill()

    deadline = time.monotonic() + 5
    while _runs(helper) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(helper)


def _runs(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
