"""Events on their way out: at least once, and in order for each patient."""

from datetime import timedelta

import pytest

from application.ports.event_bus import EventBus, Message
from domain.errors import Unavailable
from domain.ids import PatientId
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
