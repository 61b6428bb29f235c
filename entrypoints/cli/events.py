"""clinic-media events."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from application.reach import over_every_clinic
from entrypoints.cli.outcome import CouldNotRun, config_option, examples, json_option, something_wrong
from entrypoints.configuration import read_settings
from entrypoints.settings import Settings

if TYPE_CHECKING:
    from application.ports.dead_letters import DeadLetter, DeadLetters

_AT_ONCE = 500

_which = click.argument("ids", metavar="[ID]...", nargs=-1)
_all = click.option("--all", "everything", is_flag=True, help="All that were put aside.")


@click.group(
    short_help="List, replay or drop events that nobody took.",
    epilog=examples("clinic-media events list", "clinic-media events replay --all"),
)
def events() -> None:
    """Events that the bus did not take however often it was tried (setting events.attempts) are put aside, so that
    later ones of the same patient go on. They are kept until they are replayed or dropped."""


@events.command(
    "list",
    short_help="List the events that were put aside.",
    epilog=examples("clinic-media events list", "clinic-media events list --json | jq -r .reason | sort | uniq -c"),
)
@config_option
@json_option
def list_(config: Path | None, as_json: bool) -> None:
    """List the events that were put aside, the oldest first, with why. Exits 1 when there are any."""
    letters = _run(config, _listed)
    for letter in letters:
        told = _told(letter)
        click.echo(json.dumps(told) if as_json else "  ".join(str(told[name]) for name in _SHOWN))
    if not as_json:
        click.echo(f"{len(letters)} events were put aside." if letters else "No events were put aside.")
    if letters:
        something_wrong()


@events.command(
    short_help="Put events back on their way.",
    epilog=examples(
        "clinic-media events replay 01a20145-cc24-72bf-9848-3c84f7324c8d",
        "clinic-media events replay --all",
    ),
)
@_which
@_all
@config_option
@json_option
def replay(ids: Sequence[str], everything: bool, config: Path | None, as_json: bool) -> None:
    """Put events back on their way, with their ids and times as they were, behind those that wait now.

    They come after later events of the same patient: whoever keeps the last state goes by the events' time.
    """
    _done(config, ids, everything, as_json, "replayed", lambda letters, chosen: letters.replay(chosen))


@events.command(
    short_help="Forget events for good.",
    epilog=examples("clinic-media events drop 01a20145-cc24-72bf-9848-3c84f7324c8d", "clinic-media events drop --all"),
)
@_which
@_all
@config_option
@json_option
def drop(ids: Sequence[str], everything: bool, config: Path | None, as_json: bool) -> None:
    """Forget events that were put aside. What happened stays in the audit log; nobody else will ever hear of it."""
    _done(config, ids, everything, as_json, "dropped", lambda letters, chosen: letters.drop(chosen))


def _done(
    config: Path | None,
    ids: Sequence[str],
    everything: bool,
    as_json: bool,
    word: str,
    act: "Callable[[DeadLetters, Sequence[str]], Awaitable[int]]",
) -> None:
    """Say how many there were; exit 1 where one of the ids is not there."""
    if bool(ids) == everything:
        raise click.UsageError("Name the ids of events, or --all")
    wanted = [_our_id(id) for id in ids]

    async def work(letters: "DeadLetters") -> int:
        chosen = wanted or [letter.message.id async for letter in _pages(letters)]
        parts = range(0, len(chosen), _AT_ONCE)
        return sum([await act(letters, chosen[start : start + _AT_ONCE]) for start in parts])

    count = _run(config, work)
    missing = len(set(wanted)) - count if wanted else 0
    click.echo(json.dumps({word: count, "missing": missing}) if as_json else f"{count} events were {word}.")
    if missing:
        click.echo(f"{missing} of these ids were not put aside.", err=True)
        something_wrong()


def _our_id(id: str) -> str:
    from domain.ids import is_our_id

    if not is_our_id(id):
        raise click.UsageError(f"{id!r} is not an event's id: clinic-media events list shows them")
    return id


@over_every_clinic()
def _run(config: Path | None, work: "Callable[[DeadLetters], Awaitable[Any]]") -> Any:
    settings = read_settings(config, os.environ)
    if settings.database_kind == "memory":
        raise CouldNotRun("What is in memory is in another process")
    return asyncio.run(_opened(settings, work))


async def _opened(settings: Settings, work: "Callable[[DeadLetters], Awaitable[Any]]") -> Any:
    from entrypoints.cli.schema import check_schema
    from entrypoints.container import opened

    async with opened(settings) as container:
        await asyncio.to_thread(check_schema, container)
        return await work(container.dead_letters())


async def _listed(letters: "DeadLetters") -> "list[DeadLetter]":
    return [letter async for letter in _pages(letters)]


async def _pages(letters: "DeadLetters") -> "AsyncIterator[DeadLetter]":
    after = ""
    while page := await letters.page(_AT_ONCE, after):
        for letter in page:
            yield letter
        after = page[-1].message.id


_SHOWN = ("id", "put_aside", "type", "clinic", "patient", "attempts", "reason")


def _told(letter: "DeadLetter") -> dict[str, Any]:
    return {
        "id": letter.message.id,
        "type": letter.message.type,
        "clinic": letter.message.clinic_id,
        "patient": letter.message.key,
        "subject": letter.message.subject,
        "time": letter.message.occurred_at.isoformat(),
        "put_aside": letter.at.isoformat(timespec="seconds"),
        "attempts": letter.attempts,
        "reason": letter.reason,
    }
