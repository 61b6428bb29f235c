"""Events on their way out: at least once, and in order for each patient."""

from datetime import timedelta

import pytest

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryUnitOfWork
from adapters.system import Uuid7
from application.ports.event_bus import EventBus, Message
from application.relay import AWAY_AFTER, RelayEvents
from domain.errors import Unavailable
from domain.events import PatientArchived, PatientRegistered
from domain.ids import PatientId
from tests.installations import TickingClock
from tests.proof.small_clinic import ME, SmallClinic, small_clinic
from tests.proof.use_cases import UseCases
from tests.samples import ANA, LUIS

pytestmark = pytest.mark.anyio


class PickyBus(EventBus):
    """Does not take messages of one patient, and may say so with any exception."""

    def __init__(self, refused: PatientId, error: Exception) -> None:
        self.refused: PatientId | None = refused
        self.error = error
        self.heard: list[Message] = []

    async def publish(self, message: Message) -> None:
        if message.key == self.refused:
            raise self.error
        self.heard.append(message)

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
async def clinic() -> SmallClinic:
    clinic = await small_clinic()
    while await clinic.does.relay():
        pass
    clinic.bus.heard.clear()
    return clinic


async def changes(clinic: SmallClinic) -> None:
    """Three of Ana's, with one of Luis's between them."""
    view = await clinic.photo(1)
    await clinic.photo(2, LUIS)
    await clinic.does.trash(ME, view.id)
    await clinic.does.restore(ME, view.id)


def types(bus: PickyBus, patient: PatientId) -> list[str]:
    return [message.type for message in bus.heard if message.key == patient]


OF_ANA = ["media.photo_uploaded", "document.trashed", "document.restored"]


async def test_what_happened_is_published_once_in_its_order(clinic: SmallClinic) -> None:
    await changes(clinic)
    assert await clinic.does.relay() == 4
    assert await clinic.does.relay() == 0
    assert [message.type for message in clinic.bus.heard if message.key == ANA] == OF_ANA
    assert await clinic.ports.outbox.waiting() == 0


@pytest.mark.parametrize("error", [Unavailable("away"), ValueError("a bug of the bus"), TimeoutError()])
async def test_a_message_that_is_not_taken_holds_back_only_the_later_ones_of_its_patient(
    clinic: SmallClinic, error: Exception
) -> None:
    bus = PickyBus(ANA, error)
    does = clinic.over(bus=bus)
    await changes(clinic)
    assert await does.relay() == 1
    assert (types(bus, ANA), types(bus, LUIS)) == ([], ["media.photo_uploaded"])
    assert await clinic.ports.outbox.waiting() == 3


async def test_what_was_held_back_comes_in_its_order_once_it_is_taken(clinic: SmallClinic) -> None:
    bus = PickyBus(ANA, Unavailable("away"))
    does = clinic.over(bus=bus)
    await changes(clinic)
    await does.relay()
    bus.refused = None
    clinic.ports.clock.advance(timedelta(minutes=10))
    assert await does.relay() == 3
    assert types(bus, ANA) == OF_ANA


async def test_a_small_batch_takes_the_oldest_first(clinic: SmallClinic) -> None:
    await changes(clinic)
    while await clinic.does.relay(1):
        pass
    assert [message.type for message in clinic.bus.heard if message.key == ANA] == OF_ANA


async def test_a_message_whose_delivery_could_not_be_noted_comes_again_under_the_same_id(clinic: SmallClinic) -> None:
    def cannot_note(place: str) -> None:
        if place == "Batch.published:before":
            raise Unavailable("on purpose")

    await clinic.photo(1)
    clinic.tap.listener, clinic.tap.is_on = cannot_note, True
    with pytest.raises(Unavailable):
        await clinic.failing.relay()
    assert await clinic.does.relay() == 1
    first, second = clinic.bus.heard
    assert first == second


async def test_a_refused_change_is_told_to_nobody(clinic: SmallClinic) -> None:
    does: UseCases = clinic.does
    one, two = await clinic.photo(1), await clinic.photo(2, LUIS)
    await does.relay()
    clinic.bus.heard.clear()
    with pytest.raises(Exception, match="same patient"):
        await does.pair(ME, one.id, two.id)
    assert await does.relay() == 0


class AwayBus(EventBus):
    """Takes nothing, and counts how often it was asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked = 0

    async def publish(self, message: Message) -> None:
        self.asked += 1
        raise self.error

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_bus_that_is_away_is_not_asked_for_each_message_of_a_batch(clinic: SmallClinic) -> None:
    for number in range(6):
        await clinic.does.register_patient(ME, PatientId(f"p-{number}"), display_name="Ana")
    bus = AwayBus(Unavailable("NATS is away"))
    with pytest.raises(Unavailable, match="NATS is away"):
        await clinic.over(bus=bus).relay()
    assert bus.asked == AWAY_AFTER
    assert await clinic.ports.outbox.waiting() == 6
    assert await clinic.does.relay() == 6 - AWAY_AFTER


async def test_a_bug_of_the_bus_is_not_taken_for_its_being_away(clinic: SmallClinic) -> None:
    for number in range(6):
        await clinic.does.register_patient(ME, PatientId(f"p-{number}"), display_name="Ana")
    bus = AwayBus(ValueError("a bug"))
    assert await clinic.over(bus=bus).relay() == 0
    assert bus.asked == 6


async def test_after_the_last_attempt_the_later_ones_of_the_patient_go_on(caplog: pytest.LogCaptureFixture) -> None:
    store, clock, new_id = MemoryStore(), TickingClock(), Uuid7()
    async with OpenMemoryUnitOfWork(store, clock, new_id)(ME) as uow:
        uow.record(PatientRegistered(patient_id=ANA), PatientArchived(patient_id=ANA))
        await uow.commit()
    heard: list[str] = []

    class ChoosyBus(AwayBus):
        async def publish(self, message: Message) -> None:
            if message.type == PatientRegistered.type:
                await super().publish(message)
            heard.append(message.type)

    relay = RelayEvents(outbox=MemoryOutbox(store, clock, attempts=2), bus=ChoosyBus(Unavailable("It answered 422")))
    assert await relay() == 0
    clock.advance(timedelta(hours=1))
    assert await relay() == 1
    assert heard == [PatientArchived.type]
    (letter,) = await MemoryDeadLetters(store).page(10)
    assert (letter.message.type, letter.attempts, letter.reason) == (PatientRegistered.type, 2, "It answered 422")
    assert letter.message.id in caplog.text
