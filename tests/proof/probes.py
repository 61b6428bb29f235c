"""G19: whoever asks for what is not theirs learns as much as if it did not exist.

python -m tests.proof.probes --each 0 --seed 1
"""

import asyncio
import logging
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.http.operations import NOBODY, Ids, Operation, both_mounts, operations
from tests.http.service import Service, serving, settings_for
from tests.proof.figure import Figure, command, progress
from tests.proof.probe_scene import ABROAD, THEIRS, Caller, Kind, Scene, built
from tests.proof.probe_traces import Traces

REGISTERING = ("registerOwner", "registerPatient")
"""May make something of one's own that is called like another's, so they come last."""
IDEMPOTENT = ("trashDocument", "deleteFile", "deleteFiles")
"""Trash what is in the trash as well."""
SHOWS_THE_TRASH = ("restoreDocument", "restoreFile", "readAudit")
CONDITIONS = {"If-Match": '"1"'}
DOWNLOAD_CONDITIONS = {"If-None-Match": "*", "Range": "bytes=0-3"}
_UNTOLD = ("date", "x-request-id")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


@dataclass(frozen=True, slots=True)
class Probe:
    """`names` are the ids of the request that are not the caller's own."""

    operation: Operation
    names: tuple[str, ...]
    kind: Kind
    type: str
    caller: Caller
    conditional: bool = False

    def __str__(self) -> str:
        asked = f"{self.operation.method} {self.operation.path} as {self.caller.name}"
        return f"{asked}: {', '.join(self.names)} {self.kind}, {self.type}{', conditional' * self.conditional}"


@dataclass(slots=True)
class Tally:
    probes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    tellable: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [*self.leaks, *self.tellable, *self.changes, *self.unrecorded]


async def measure(*, each: int = 0, seed: int = 1) -> Tally:
    """All probes, or of those that differ only in caller, type and conditions so many by chance."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        async with serving(settings_for(Path(folder))) as service:
            scene = await built(service)
            asking = _Asking(scene, tally, Traces(service.settings))
            plan = _by_operation(service)
            for number, operation in enumerate(plan, 1):
                await asking.all_of(operation, list(_chosen(probes(scene, operation), each, Random(seed))))
                progress(number, len(plan), f"routes, {tally.probes} probes", every=20)
            await service.container.audit().flush()
            tally.unrecorded += asking.traces.missing()
    return tally


def _by_operation(service: Service) -> list[Operation]:
    mounts = [mount for operation in operations(service) for mount in both_mounts(operation)]
    return sorted(mounts, key=lambda operation: operation.id in REGISTERING)


def probes(scene: Scene, operation: Operation) -> Iterator[Probe]:
    for caller in scene.callers:
        if "cursor" in operation.query:
            yield Probe(operation, ("cursor",), Kind.CURSOR, "visit", caller)
        for type in scene.types if operation.takes_records else ["visit"]:
            for kind in (Kind.OTHER_CLINIC, Kind.OTHER_PATIENT, Kind.GONE, Kind.UNKNOWN):
                for names in _names(operation, kind, type, caller):
                    yield Probe(operation, names, kind, type, caller)
                    if kind is not Kind.UNKNOWN and conditions(operation):
                        yield Probe(operation, names, kind, type, caller, conditional=True)


def conditions(operation: Operation) -> dict[str, str]:
    if "If-Match" in operation.headers:
        return CONDITIONS
    return DOWNLOAD_CONDITIONS if operation.path.endswith(("/download", "/view", ".zip")) else {}


def _names(operation: Operation, kind: Kind, type: str, caller: Caller) -> Iterator[tuple[str, ...]]:
    """Which ids of the request to replace: all together, and each by itself."""
    positions = operation.positions(NOBODY)
    if kind is Kind.OTHER_PATIENT and caller.is_staff:
        positions &= {"upload"}  # all else of the clinic is theirs to see
    if kind is Kind.GONE:
        positions = _positions_gone(operation, positions, type)
    if len(positions) > 1:
        yield tuple(sorted(positions))
    for name in sorted(positions):
        yield (name,)


def _positions_gone(operation: Operation, positions: set[str], type: str) -> set[str]:
    if operation.id in (*IDEMPOTENT, *SHOWS_THE_TRASH, *REGISTERING):
        return set()
    kept = {"patient", "sibling", "trashed", "trashed_file"}
    return positions - (kept | {"record"} if type == "patient" else kept)


def _chosen(found: Iterator[Probe], each: int, random: Random) -> Iterator[Probe]:
    if not each:
        yield from found
        return
    groups: dict[Any, list[Probe]] = {}
    for probe in found:
        groups.setdefault((probe.names, probe.kind, probe.caller.is_staff), []).append(probe)
    for group in groups.values():
        yield from random.sample(group, min(each, len(group)))


class _Asking:
    """`traces` is what requests leave behind in the database."""

    def __init__(self, scene: Scene, tally: Tally, traces: Traces) -> None:
        self.traces = traces
        self._scene = scene
        self._tally = tally
        self._numbers = count(1)
        self._of_nothing: dict[Any, Any] = {}

    async def all_of(self, operation: Operation, chosen: Sequence[Probe]) -> None:
        self._of_nothing.clear()
        only_abroad = operation.id in REGISTERING
        before = self.traces.state(only_abroad=only_abroad)
        for probe in chosen:
            await self._compare(probe)
        if self.traces.state(only_abroad=only_abroad) != before:
            self._tally.changes.append(f"something has changed: {operation.method} {operation.path}")

    async def _compare(self, probe: Probe) -> None:
        told, text = await self._asked(probe, probe.kind)
        key = (probe.operation, probe.names, probe.type, probe.caller.name, probe.conditional)
        if key not in self._of_nothing:
            self._of_nothing[key] = (await self._asked(probe, None))[0]
        tally, expected = self._tally, self._of_nothing[key]
        tally.probes += 1
        tally.kinds[probe.kind] += 1
        tally.answers[told[0]] += 1
        if told != expected:
            tally.tellable.append(f"{probe}: {told}\n  but where there is nothing: {expected}")
        if leaked := [word for word in self._secrets(probe) if word in text]:
            tally.leaks.append(f"{probe}: {leaked} in {text[:500]}")

    def _secrets(self, probe: Probe) -> Iterator[str]:
        """What is in no answer to the caller, whoever is asked for; ids that the request named are not in the text."""
        kinds = {Kind.OTHER_CLINIC: ABROAD} | ({} if probe.caller.is_staff else {Kind.OTHER_PATIENT: THEIRS})
        for kind, word in kinds.items():
            yield word
            yield from (id for name, id in self._scene.places[kind].items() if name not in ("type", "patient"))

    async def _asked(self, probe: Probe, kind: Kind | None) -> tuple[Any, str]:
        """What is told, but for the ids that were named, and the text of the answer without them."""
        own = self._scene.own(probe.type)
        if probe.kind is Kind.CURSOR:
            method, url, options = probe.operation.request(own)
            cursor = self._scene.cursor(httpx.URL(url).path, genuine=kind is not None)
            options = {**options, "params": options.get("params", {}) | {"cursor": cursor}}
            ids: Ids = {}
        else:
            there = self._scene.at(kind, probe.type)
            ids = {name: there[name] for name in probe.names}
            method, url, options = probe.operation.request({**own, **ids})
        answer = await self._sent(probe, method, url, options)
        text = answer.text
        for id in sorted(ids.values(), key=len, reverse=True):
            text = text.replace(id, "…")
        headers = {name: value for name, value in answer.headers.items() if name not in _UNTOLD}
        if answer.status_code == 201:
            del headers["content-length"]  # a moment may be written shorter than another
        return (answer.status_code, headers, _MOMENT.sub("…", text)), text

    async def _sent(self, probe: Probe, method: str, url: str, options: dict[str, Any]) -> httpx.Response:
        request_id = f"probe-{next(self._numbers)}"
        headers = options.pop("headers", {}) | {"X-Request-ID": request_id}
        if probe.conditional:
            headers |= conditions(probe.operation)
        person = probe.caller.person
        answer = await person.ask(method, url, headers=headers, **options)
        if 400 <= answer.status_code < 500:
            code = answer.json()["code"] if answer.content else None
            self.traces.refused(request_id, person.bearer.user, code, f"{probe}: {answer.status_code}")
        return answer


def figure(*, each: int = 0, seed: int = 1) -> Figure:
    """0 means all that differ in anything."""
    logging.disable()
    tally = asyncio.run(measure(each=each, seed=seed))
    told = {
        "probes": tally.probes,
        "of": dict(tally.kinds),
        "answers": dict(sorted(tally.answers.items())),
        "leaks": len(tally.leaks),
        "tellable": len(tally.tellable),
        "changed": len(tally.changes),
        "refusals that the audit log lacks": len(tally.unrecorded),
    }
    return Figure(told, tally.wrong)


if __name__ == "__main__":
    sys.exit(command(figure))
