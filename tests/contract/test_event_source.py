"""What others send is heard in its order, by one process at a time, and again until it is settled."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest

from application.ports.event_source import Delivery, EventSource
from domain.errors import Malformed
from tests.contract.sources import SOURCES, Sending

pytestmark = [pytest.mark.anyio, pytest.mark.services]


@pytest.fixture(params=SOURCES)
async def sending(request: pytest.FixtureRequest) -> AsyncIterator[Sending]:
    async with SOURCES[request.param](request) as opened:
        yield opened


@pytest.fixture
async def closing() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


def opened(sending: Sending, closing: AsyncExitStack) -> EventSource:
    source = sending.open()
    closing.push_async_callback(source.close)
    return source


def event(id: str, **changes: Any) -> bytes:
    told = {"specversion": "1.0", "id": id, "source": "/host", "type": "patient.archived", "clinicid": "north"}
    return json.dumps(told | {"data": {"patient_id": "p-1"}} | changes).encode()


async def taken(source: EventSource, count: int) -> list[Delivery]:
    """So many, each settled."""
    deliveries: list[Delivery] = []
    async with asyncio.timeout(20):
        while len(deliveries) < count:
            for delivery in await source.take(10):
                await delivery.settle()
                deliveries.append(delivery)
    return deliveries


def ids(deliveries: Sequence[Delivery]) -> list[str]:
    return [delivery.read().id for delivery in deliveries]


async def test_what_was_sent_is_heard_whole_in_its_order(sending: Sending, closing: AsyncExitStack) -> None:
    source = opened(sending, closing)
    for number in range(4):
        await sending.send(event(str(number), subject="p-1"))
    deliveries = await taken(source, 4)
    assert ids(deliveries) == ["0", "1", "2", "3"]
    heard = deliveries[0].read()
    assert (heard.type, heard.clinic_id, heard.subject) == ("patient.archived", "north", "p-1")
    assert heard.data == {"patient_id": "p-1"}
    assert not heard.is_ours
    assert len({delivery.place for delivery in deliveries}) == 4
    assert list(await source.take(10)) == []


async def test_what_is_not_settled_comes_again_before_what_came_after_it(
    sending: Sending, closing: AsyncExitStack
) -> None:
    source = opened(sending, closing)
    await sending.send(event("first"))
    assert ids(await source.take(10)) == ["first"]
    await sending.send(event("second"))
    assert ids(await taken(source, 2)) == ["first", "second"]


async def test_what_a_process_that_died_had_taken_comes_to_another(sending: Sending, closing: AsyncExitStack) -> None:
    await sending.send(event("first"))
    await sending.send(event("second"))
    dead = opened(sending, closing)
    assert ids(await dead.take(1)) == ["first"]
    assert ids(await taken(opened(sending, closing), 2)) == ["first", "second"]


async def test_while_one_process_listens_another_gets_nothing_that_it_has(
    sending: Sending, closing: AsyncExitStack
) -> None:
    one, other = opened(sending, closing), opened(sending, closing)
    for number in range(3):
        await sending.send(event(str(number)))
    begun = await one.take(1)
    assert ids(begun) == ["0"]
    assert list(await other.take(10)) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        event("1", specversion="0.3"),
        event("1", clinicid="../north"),
        event("1", clinicid=7),
        event("1", data=[]),
        b'{"specversion": "1.0", "id": "1", "source": "/host", "type": "patient.archived"}',
        event("1", data={"patient_id": "p" * 300_000}),
    ],
)
async def test_what_is_no_event_of_a_clinic_is_malformed_and_can_be_settled(
    sending: Sending, closing: AsyncExitStack, body: bytes
) -> None:
    await sending.send(body)
    (delivery,) = await taken(opened(sending, closing), 1)
    with pytest.raises(Malformed):
        delivery.read()


async def test_what_we_sent_ourselves_is_known(sending: Sending, closing: AsyncExitStack) -> None:
    await sending.send(event("1", source="/clinics/north"))
    (delivery,) = await taken(opened(sending, closing), 1)
    assert delivery.read().is_ours
