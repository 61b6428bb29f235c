"""Messages reach the bus at least once, and those of one patient in the order in which they happened."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest

from application.ports.event_bus import Message
from application.ports.outbox import Batch
from domain.events import DocumentTrashed
from domain.ids import ClinicId, DocumentId, PatientId
from tests.installations import Installation
from tests.samples import ANA, ANOTHER_CLINIC, CLINIC, LUIS, document, staff

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def happened(installation: Installation, *patients: PatientId, clinic: ClinicId = CLINIC) -> list[DocumentId]:
    """One event of each patient, each in a transaction of its own; the documents that they tell of."""
    subjects = []
    for patient in patients:
        subject = document().id
        async with installation.unit_of_work(staff(clinic)) as uow:
            uow.record(DocumentTrashed(patient_id=patient, document_id=subject))
            await uow.commit()
        subjects.append(subject)
    return subjects


async def published(installation: Installation, limit: int = 100) -> list[str]:
    """Publish a batch; what it told of."""
    async with installation.outbox.claim(limit) as batch:
        for message in batch.messages:
            await batch.published(message)
        return subjects(batch)


def subjects(batch: Batch) -> list[str]:
    return [message.subject for message in batch.messages]


async def test_messages_come_oldest_first_and_once_published_no_more(installation: Installation) -> None:
    assert await installation.outbox.oldest() is None
    told = await happened(installation, ANA, LUIS, ANA)
    assert await installation.outbox.waiting() == 3
    async with installation.outbox.claim(10) as batch:
        assert await installation.outbox.oldest() == batch.messages[0].occurred_at
        await batch.published(batch.messages[0])
        second = batch.messages[1]
    assert await installation.outbox.oldest() == second.occurred_at
    assert [told[0], *await published(installation)] == told
    assert (await installation.outbox.waiting(), await installation.outbox.oldest()) == (0, None)
    assert await published(installation) == []


async def test_a_batch_holds_no_more_than_asked_for_and_the_next_goes_on_from_there(
    installation: Installation,
) -> None:
    told = await happened(installation, ANA, LUIS, ANA, ANA)
    assert await published(installation, limit=3) == told[:3]
    assert await published(installation, limit=3) == told[3:]


async def test_a_message_is_the_same_at_each_delivery(installation: Installation) -> None:
    await happened(installation, ANA)
    async with installation.outbox.claim(10) as batch:
        first = list(batch.messages)
    async with installation.outbox.claim(10) as batch:
        assert list(batch.messages) == first


async def test_what_was_not_published_when_the_batch_was_left_comes_again(installation: Installation) -> None:
    told = await happened(installation, ANA, ANA, LUIS)
    async with installation.outbox.claim(10) as batch:
        await batch.published(batch.messages[0])
    assert await installation.outbox.waiting() == 2
    assert await published(installation) == told[1:]


async def test_what_was_published_before_the_relay_failed_does_not_come_again(installation: Installation) -> None:
    told = await happened(installation, ANA, ANA)

    async def fails() -> None:
        async with installation.outbox.claim(10) as batch:
            await batch.published(batch.messages[0])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await published(installation) == told[1:]


async def test_a_message_that_failed_holds_back_the_later_ones_of_its_patient_only(
    installation: Installation,
) -> None:
    told = await happened(installation, ANA, LUIS, ANA)
    async with installation.outbox.claim(1) as batch:
        await batch.failed(batch.messages[0], "Unavailable")
    installation.clock.tick = timedelta(0)
    assert await published(installation) == [told[1]]
    assert await published(installation) == []
    assert await installation.outbox.waiting() == 2
    installation.clock.advance(HOUR)
    assert await published(installation) == [told[0], told[2]]


async def test_a_message_that_fails_for_ever_is_tried_at_longer_and_longer_intervals(
    installation: Installation,
) -> None:
    await happened(installation, ANA)
    installation.clock.tick = timedelta(0)
    tries = []
    for second in range(60):
        async with installation.outbox.claim(10) as batch:
            for message in batch.messages:
                tries.append(second)
                await batch.failed(message, "Unavailable")
        installation.clock.advance(timedelta(seconds=1))
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert 3 <= len(pauses) <= 10
    assert pauses == sorted(pauses)


async def test_patients_of_two_clinics_with_the_same_id_do_not_hold_each_other_back(
    installation: Installation,
) -> None:
    await happened(installation, ANA)
    told = await happened(installation, ANA, clinic=ANOTHER_CLINIC)
    async with installation.outbox.claim(1) as batch:
        await batch.failed(batch.messages[0], "Unavailable")
    assert await published(installation) == told


async def test_a_second_relay_gets_nothing_of_the_patients_of_a_batch_under_way(installation: Installation) -> None:
    told = await happened(installation, ANA, ANA, LUIS)
    async with claiming(installation, 1) as first:
        assert subjects(first) == told[:1]
        async with claiming(installation, 10) as second:
            assert set(subjects(second)) <= {told[2]}
            async with claiming(installation, 10) as third:
                assert subjects(third) == []
    assert await published(installation) == told


@asynccontextmanager
async def claiming(installation: Installation, limit: int) -> AsyncIterator[Batch]:
    async with asyncio.timeout(10), installation.outbox.claim(limit) as batch:
        yield batch


class Recipient:
    """Takes messages down, and now and then fails to."""

    def __init__(self, seed: int) -> None:
        self.taken: defaultdict[str, list[str]] = defaultdict(list)
        self._chance = random.Random(seed)

    async def publish(self, message: Message) -> bool:
        await asyncio.sleep(0)
        outcome = self._chance.random()
        if outcome < 0.85:  # the rest of the failures come before the message got through
            self.taken[message.key].append(message.subject)
        return outcome < 0.7

    async def relay(self, installation: Installation) -> None:
        async with installation.outbox.claim(4) as batch:
            held = set()
            for message in batch.messages:
                if message.key in held:
                    continue
                if await self.publish(message):
                    await batch.published(message)
                else:
                    held.add(message.key)
                    await batch.failed(message, "Unavailable")


@pytest.mark.parametrize("seed", range(3))
async def test_relays_side_by_side_deliver_everything_in_order_whatever_fails(
    installation: Installation, seed: int
) -> None:
    patients = [PatientId(f"p{number}") for number in range(3)]
    told = {patient: await happened(installation, *[patient] * 6) for patient in patients}
    recipient = Recipient(seed)
    for _ in range(200):
        await asyncio.gather(recipient.relay(installation), recipient.relay(installation))
        installation.clock.advance(HOUR)
        if not await installation.outbox.waiting():
            break
    assert {patient: once(recipient.taken[patient]) for patient in patients} == told
    for patient in patients:
        assert_in_order(recipient.taken[patient], told[patient])


def once(taken: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(taken))


def assert_in_order(taken: Sequence[str], told: Sequence[str]) -> None:
    """A message may come again, but no later one before it was published."""
    places = [told.index(subject) for subject in taken]
    assert places == sorted(places)
