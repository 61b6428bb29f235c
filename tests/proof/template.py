"""The scene set up once, to be copied for each trial, and how each act goes on it when nothing goes wrong."""

import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from application.ports.event_bus import Message
from tests.proof.samples import InProcessInspector
from tests.proof.scene import CHANGES, OTHER_ACTS, READS_ORIGINALS, Act, Cast, set_up
from tests.proof.taps import Switch, no_fault, tapped
from tests.proof.trial import Course, look
from tests.proof.use_cases import UseCases
from tests.proof.worlds import CountingIds, HearingBus, World

ACTS: Mapping[str, Act] = {**CHANGES, **OTHER_ACTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`heard` is what the bus was told during the set-up, `ids` draws the next ones."""

    world: World
    cast: Cast
    ids: CountingIds
    heard: list[Message]
    courses: dict[str, Course]


async def prepared(world: World, folder: Path) -> Template:
    """`world` is new; `folder` is where copies are made."""
    inspector, bus, ids = InProcessInspector(), HearingBus(), CountingIds()
    cast = await set_up(await world.open(inspector, bus, ids, no_fault), inspector)
    await world.close()
    template = Template(world=world, cast=cast, ids=ids, heard=bus.heard, courses={})
    for act in ACTS:
        template.courses[act] = await _course(template, act, folder / "course")
    return template


async def _course(template: Template, act: str, folder: Path) -> Course:
    world, places = template.world.copied(folder), list[str]()
    tap, bus = Switch(places.append), HearingBus(template.heard)
    ports = await world.open(InProcessInspector(), bus, deepcopy(template.ids), tap)
    before = await look(ports)
    began, tap.is_on = time.perf_counter(), True
    answer = await ACTS[act](UseCases(tapped(ports, tap)), template.cast)
    tap.is_on, seconds = False, time.perf_counter() - began
    reads = int(act in READS_ORIGINALS)
    after = await look(ports)
    course = Course(places=places, before=before, after=after, reads=reads, answer=answer, seconds=seconds)
    await world.close()
    await world.drop()
    return course
