"""What every bus makes of a message: an event that anybody can read, at least once for each time it is published."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from adapters.events.rabbitmq import RabbitBus
from application.recording import message_of
from domain.errors import Unavailable
from domain.events import DocumentRevised, PhotoUploaded
from tests.contract.buses import BUSES, IN_PROCESS, Line, topic
from tests.samples import ANA, CLINIC, NOON, photo, staff
from tests.services.rabbitmq import RabbitServer

pytestmark = pytest.mark.anyio


@pytest.fixture(
    params=[name if name in IN_PROCESS else pytest.param(name, marks=pytest.mark.services) for name in BUSES]
)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with BUSES[request.param](request) as opened:
        yield opened
        await opened.bus.close()


PICTURE = photo(title="Ana García, sonrisa", original_filename="ana-garcia.jpg")
UPLOADED = PhotoUploaded(
    patient_id=ANA, document_id=PICTURE.id, media_kind="photo", media_category="intraoral", media_subtype=None
)
MESSAGE = message_of(UPLOADED, staff(), NOON, "0197a1b2-0000-7000-8000-000000000001")


async def test_a_message_arrives_as_a_cloud_event(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    (event,) = await line.received()
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
    (event,) = await line.received()
    assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in event)


async def test_messages_arrive_in_the_order_published(line: Line) -> None:
    revised = DocumentRevised(patient_id=ANA, document_id=PICTURE.id, changed=("title", "tags"))
    second = message_of(revised, staff(), NOON, "0197a1b2-0000-7000-8000-000000000002")
    third = replace(MESSAGE, id="0197a1b2-0000-7000-8000-000000000003")
    for message in (MESSAGE, second, third):
        await line.bus.publish(message)
    events = await line.received()
    assert [event["id"] for event in events] == [MESSAGE.id, second.id, third.id]
    assert events[1]["data"]["changed"] == ["title", "tags"]


async def test_a_message_that_is_published_again_is_the_same_event_unless_the_broker_drops_it(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    await line.bus.publish(MESSAGE)
    first, *again = await line.received()
    assert again in ([], [first])


async def test_nothing_that_a_person_wrote_goes_out(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    (event,) = await line.received()
    for words in (staff().name, PICTURE.title, PICTURE.file.original_filename, "García"):
        assert words not in json.dumps(event, ensure_ascii=False)


async def test_a_time_to_the_microsecond_arrives_as_it_was(line: Line) -> None:
    at = NOON.replace(microsecond=123456)
    await line.bus.publish(replace(MESSAGE, occurred_at=at))
    (event,) = await line.received()
    assert datetime.fromisoformat(event["time"]) == at


async def test_a_bus_may_be_closed_twice(line: Line) -> None:
    await line.bus.publish(MESSAGE)
    await line.bus.close()
    await line.bus.close()
    assert len(await line.received()) == 1


@pytest.mark.services
async def test_rabbitmq_takes_nothing_that_no_queue_wants(rabbitmq: RabbitServer) -> None:
    bus = RabbitBus(rabbitmq.url, topic())
    with pytest.raises(Unavailable, match="No queue is bound"):
        await bus.publish(MESSAGE)
    await bus.close()
