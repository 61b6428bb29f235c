"""Puts the demo clinic into an empty installation."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from dependency_injector.providers import Object

from application.ports.system import Clock
from entrypoints.container import opened
from entrypoints.demo import cast, checkups, treatments
from entrypoints.demo.acts import Act
from entrypoints.demo.cast import ADMIN, DemoPatient
from entrypoints.demo.chart import ZONE, Chart
from entrypoints.demo.drawing.intraoral import frontal
from entrypoints.demo.drawing.mouth import Mouth
from entrypoints.demo.snapshot import PHONE, photograph
from entrypoints.demo.stage import Stage
from entrypoints.settings import Settings

Story = tuple[DemoPatient, Callable[[Chart], None]]

STORIES: Sequence[Story] = (
    (cast.LUCIA, treatments.orthodontics),
    (cast.ANTONIO, treatments.implant),
    (cast.MARIA, treatments.whitening),
    (cast.JAVIER, treatments.restoration),
    (cast.ISABEL, checkups.prosthesis),
    (cast.ALVARO, checkups.wisdom),
    (cast.NURIA, treatments.periodontics),
    (cast.HUGO, checkups.child),
    (cast.DANIELA, checkups.child),
    (cast.MATEO, checkups.child),
)

_EVENTS = 100


@dataclass(slots=True)
class StoryClock(Clock):
    """Tells the time of what is being told, so that uploads and notes are spread over the year."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


def acts_of(told: Sequence[Story], now: datetime) -> list[Act]:
    """Everything that happens in the stories, which end at `now`, in the order in which it happened."""
    charts = [Chart(patient, now) for patient, _ in told]
    for chart, (_, story) in zip(charts, told, strict=True):
        story(chart)
    return sorted((act for chart in charts for act in chart.acts), key=lambda act: act.at)


async def load(settings: Settings, acts: Sequence[Act], advance: Callable[[], object]) -> None:
    """Carry out `acts` by the use cases; `advance` is called after each."""
    clock = StoryClock(acts[0].at)
    drawing = ThreadPoolExecutor(2, "drawing")
    made = [drawing.submit(act.make) if act.make else None for act in acts]
    try:
        async with opened(settings) as container:
            container.clock.override(Object(clock))
            stage = Stage(container, ADMIN.principal)
            for act, content in zip(acts, made, strict=True):
                clock.at, stage.actor = act.at, act.by.principal
                await act.play(stage, await asyncio.wrap_future(content) if content else b"")
                advance()
            while await container.relay_events()(_EVENTS):
                pass
    finally:
        drawing.shutdown(cancel_futures=True)


def sample_photo() -> bytes:
    """A photo that is not in the clinic yet."""
    return photograph(frontal(Mouth(seed=1, shade=0.2)), datetime.now(ZONE), PHONE)
