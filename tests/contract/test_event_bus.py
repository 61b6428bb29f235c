"""What every bus makes of a message: an event that anybody can read, once for each time it is published."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from adapters.events.log import LOGGER, LogBus
from application.ports.event_bus import EventBus
from application.recording import message_of
from domain.events import DocumentRevised, PhotoUploaded
from tests.samples import ANA, CLINIC, NOON, photo, staff

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Line:
    """A bus, and what came out at its other end: CloudEvents as JSON."""

    bus: EventBus
    received: Callable[[], list[Mapping[str, Any]]]


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@asynccontextmanager
async def log() -> AsyncIterator[Line]:
    handler, logger = _Kept(), logging.getLogger(LOGGER)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield Line(LogBus(), lambda: [json.loads(line) for line in handler.lines])
    logger.setLevel(level)
    logger.removeHandler(handler)


BUSES: Mapping[str, Callable[[], AbstractAsyncContextManager[Line]]] = {"log": log}


@pytest.fixture(params=BUSES)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with BUSES[request.param]() as opened:
        yield opened
        await opened.bus.close()


PICTURE = photo(title="Ana García, sonrisa", original_filename="ana-garcia.jpg")
UPLOADED = PhotoUploaded(
    patient_id=ANA, document_id=PICTURE.id, media_kind="photo", media_category="intraoral", media_subtype=None
)
MESSAGE = message_of(UPLOADED, staff(), NOON, "0197a1b2-0000-7000-8000-000000000001")


async def test_a_message_arrives_as_a_cloud_event(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    (event,) = line.received()
    assert event["specversion"] == "1.0"
    assert event["id"] == MESSAGE.id
    assert event["type"] == "media.photo_uploaded"
    assert event["source"].endswith(f"/{CLINIC}")
    assert event["subject"] == PICTURE.id
    assert event["datacontenttype"] == "application/json"
    assert event["time"].endswith("Z")
    assert datetime.fromisoformat(event["time"]) == NOON
    assert (event["clinicid"], event["actorid"], event["partitionkey"]) == (CLINIC, "u-staff", ANA)
    assert event["data"] == {
        "patient_id": ANA,
        "document_id": PICTURE.id,
        "media_kind": "photo",
        "media_category": "intraoral",
        "media_subtype": None,
    }


async def test_attributes_are_named_as_cloud_events_asks(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    (event,) = line.received()
    assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in event)


async def test_messages_arrive_in_the_order_published_each_time_with_the_same_id(line: Line) -> None:
    revised = DocumentRevised(patient_id=ANA, document_id=PICTURE.id, changed=("title", "tags"))
    second = message_of(revised, staff(), NOON, "0197a1b2-0000-7000-8000-000000000002")
    for message in (MESSAGE, second, MESSAGE):
        await line.bus.publish(message)
    events = line.received()
    assert [event["id"] for event in events] == [MESSAGE.id, second.id, MESSAGE.id]
    assert events[0] == events[2]
    assert events[1]["data"]["changed"] == ["title", "tags"]


async def test_nothing_that_a_person_wrote_goes_out(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    (event,) = line.received()
    for words in (staff().name, PICTURE.title, PICTURE.file.original_filename, "García"):
        assert words not in json.dumps(event, ensure_ascii=False)


async def test_a_time_to_the_microsecond_arrives_as_it_was(line: Line) -> None:
    at = NOON.replace(microsecond=123456)
    await line.bus.publish(replace(MESSAGE, occurred_at=at))
    (event,) = line.received()
    assert datetime.fromisoformat(event["time"]) == at


async def test_a_bus_may_be_closed_twice(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    await line.bus.close()
    await line.bus.close()
    assert len(line.received()) == 1
