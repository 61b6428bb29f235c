"""clamd in particular: its limits, its absence, and daemons that do not keep to the protocol."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from adapters.scanning.clamd import ClamdScanner
from application.ports.scanning import Scanned, Verdict
from domain.errors import Unavailable
from tests.services.clamd import LIMIT, MALWARE, Clamd, clamd_in

pytestmark = pytest.mark.anyio

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[object]]
FILE = bytes(3_000_000)
"""More than fits into the buffers between us and a daemon."""


@pytest.mark.services
@pytest.mark.parametrize("size", [LIMIT + 1, 5 * LIMIT])
async def test_what_is_over_the_daemons_limit_is_never_clean(clamd: Clamd, size: int) -> None:
    for url in (clamd.tcp, clamd.unix):
        assert await ClamdScanner(url, max_bytes=10**8).scan(bytes(size)) == Scanned(Verdict.TOO_LARGE)


async def test_what_is_over_our_limit_is_not_even_sent() -> None:
    nobody = ClamdScanner("tcp://127.0.0.1:1", max_bytes=10)
    assert await nobody.scan(bytes(11)) == Scanned(Verdict.TOO_LARGE)
    with pytest.raises(Unavailable):
        await nobody.scan(bytes(10))


@pytest.mark.services
async def test_a_daemon_that_went_and_came_back_is_asked_again(tmp_path: Path) -> None:
    with clamd_in(tmp_path / "home") as daemon:
        scanner = ClamdScanner(daemon.unix, max_bytes=10**8)
        assert (await scanner.scan(MALWARE)).verdict is Verdict.INFECTED
        daemon.stop()
        for ask in (scanner.scan(b"a"), scanner.check()):
            with pytest.raises(Unavailable, match="away"):
                await ask
        daemon.start()
        assert (await scanner.scan(MALWARE)).verdict is Verdict.INFECTED


@pytest.mark.services
async def test_many_at_once_are_each_told_their_own(clamd: Clamd) -> None:
    scanner = ClamdScanner(clamd.tcp, max_bytes=10**8)
    files = [MALWARE if number % 3 else b"fine" for number in range(30)]
    found = await asyncio.gather(*map(scanner.scan, files))
    assert [verdict is Verdict.INFECTED for verdict, _ in found] == [file == MALWARE for file in files]


@asynccontextmanager
async def daemon(talk: Talk, folder: Path) -> AsyncIterator[ClamdScanner]:
    """The scanner of a daemon that does as `talk` does."""

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the scanner hung up
        finally:
            writer.transport.abort()

    server = await asyncio.start_unix_server(served, folder / "socket")
    async with server:
        yield ClamdScanner(f"unix://{folder}/socket", max_bytes=10**8, seconds=0.3)


def answers(text: bytes) -> Talk:
    """Takes the whole file and then says this."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            await reader.readexactly(length)
        writer.write(text)
        await writer.drain()

    return talk


async def hangs(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Takes everything, and takes its time."""
    while await reader.read(65_536):
        pass
    await anyio.sleep(30)


async def takes_nothing(*_: object) -> None:
    await anyio.sleep(30)


async def closes(*_: object) -> None:
    """At once."""


async def closes_midway(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.readexactly(100_000)


async def answers_too_soon(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says that it is fine when it has a part of it, and hangs up."""
    await reader.readexactly(100_000)
    writer.write(b"stream: OK\0")
    await writer.drain()


BROKEN: dict[str, Talk] = {
    "hangs": hangs,
    "takes nothing": takes_nothing,
    "closes": closes,
    "closes midway": closes_midway,
    "answers too soon": answers_too_soon,
    "answers nothing": answers(b""),
    "answers half": answers(b"stream: OK"),
    "answers without end": answers(b"stream: OK" * 10_000),
    "an error": answers(b"Can't allocate memory ERROR\0"),
    "an error about OK": answers(b"OK ERROR\0"),
    "another command": answers(b"UNKNOWN COMMAND\0"),
    "another file": answers(b"/tmp/x: OK\0"),
    "OK and more": answers(b"stream: OK, I think\0"),
    "OK in small letters": answers(b"stream: ok\0"),
    "a line in front": answers(b"warning\nstream: OK\0"),
    "a number of a session": answers(b"1: stream: OK\0"),
    "bytes": answers(b"\xff\xfe\x01\0"),
}


@pytest.mark.parametrize("talk", BROKEN.values(), ids=BROKEN)
async def test_a_daemon_that_gives_no_sure_answer_is_away_and_the_file_not_clean(talk: Talk, tmp_path: Path) -> None:
    async with daemon(talk, tmp_path) as scanner:
        with pytest.raises(Unavailable):
            await scanner.scan(FILE)


ANSWERS = {
    b"stream: OK\0": Scanned(Verdict.CLEAN),
    b"stream: Win.Test.EICAR_HDB-1 FOUND\0": Scanned(Verdict.INFECTED, "Win.Test.EICAR_HDB-1"),
    b"stream: OK FOUND\0": Scanned(Verdict.INFECTED, "OK"),
    b"stream: a <b>/../c FOUND\0": Scanned(Verdict.INFECTED, "a__b__.._c"),
    b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0": Scanned(Verdict.TOO_LARGE),
    b"INSTREAM size limit exceeded. ERROR\0": Scanned(Verdict.TOO_LARGE),
}


@pytest.mark.parametrize(("text", "meant"), ANSWERS.items())
async def test_the_answers_of_clamd_are_understood(text: bytes, meant: Scanned, tmp_path: Path) -> None:
    async with daemon(answers(text), tmp_path) as scanner:
        assert await scanner.scan(FILE) == meant


async def test_only_clamd_passes_the_check(tmp_path: Path) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        writer.write(b"220 mail.example ESMTP\0")
        await writer.drain()

    async with daemon(talk, tmp_path) as scanner:
        with pytest.raises(Unavailable):
            await scanner.check()


TCP = ["localhost:3310", "tcp://", "tcp://host", "tcp://:3310", "tcp://host:0", "tcp://host:3310/x"]


@pytest.mark.parametrize("url", ["", *TCP, "unix://", "unix:///", "unix://host/path", "http://host:1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="tcp://host:port or unix:///path"):
        ClamdScanner(url, max_bytes=1)
