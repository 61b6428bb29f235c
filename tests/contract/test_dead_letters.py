"""What nobody took is put aside, kept, and put back on its way or dropped when somebody says so."""

from datetime import timedelta

import pytest

from application.ports.dead_letters import DeadLetter
from domain.ids import PatientId
from tests.contract.test_outbox import happened, published
from tests.installations import ATTEMPTS, Installation
from tests.samples import ANA, LUIS

pytestmark = pytest.mark.anyio


async def given_up(installation: Installation, patient: PatientId) -> DeadLetter:
    """A message of the patient that nobody takes until it has no more attempts."""
    await happened(installation, patient)
    for attempt in range(1, ATTEMPTS + 1):
        async with installation.outbox.claim(1) as batch:
            (message,) = batch.messages
            assert await batch.failed(message, f"Unavailable {attempt}") is (attempt == ATTEMPTS)
        installation.clock.advance(timedelta(hours=1))
    return (await installation.dead_letters.page(100))[-1]


async def test_a_message_is_put_aside_whole_after_its_last_attempt(installation: Installation) -> None:
    await happened(installation, ANA)
    async with installation.outbox.claim(1) as batch:
        (message,) = batch.messages
        await batch.published(message)
    letter = await given_up(installation, LUIS)
    assert (letter.attempts, letter.reason) == (ATTEMPTS, f"Unavailable {ATTEMPTS}")
    assert letter.message.key == LUIS
    assert letter.message.data == {"patient_id": LUIS, "document_id": letter.message.subject}
    assert letter.message.occurred_at < letter.at < installation.clock.now
    assert await installation.outbox.waiting() == 0
    assert await published(installation) == []


async def test_the_later_ones_of_its_patient_go_on(installation: Installation) -> None:
    letter = await given_up(installation, ANA)
    later = await happened(installation, ANA)
    assert await published(installation) == later
    assert list(await installation.dead_letters.page(100)) == [letter]


async def test_what_is_replayed_goes_out_as_it_was_behind_what_waits_with_all_attempts_before_it(
    installation: Installation,
) -> None:
    letter = await given_up(installation, ANA)
    later = await happened(installation, ANA)
    assert await installation.dead_letters.replay([letter.message.id]) == 1
    assert await installation.dead_letters.page(100) == []
    assert await installation.outbox.waiting() == 2
    async with installation.outbox.claim(10) as batch:
        assert [message.subject for message in batch.messages] == [*later, letter.message.subject]
        assert batch.messages[1] == letter.message
        assert not await batch.failed(batch.messages[0], "Unavailable")
        assert not await batch.failed(batch.messages[1], "Unavailable")


async def test_what_is_dropped_is_gone(installation: Installation) -> None:
    letter = await given_up(installation, ANA)
    assert await installation.dead_letters.drop([letter.message.id, letter.message.id]) == 1
    assert await installation.dead_letters.drop([letter.message.id]) == 0
    assert await installation.dead_letters.replay([letter.message.id]) == 0
    assert await installation.dead_letters.page(100) == []
    assert await installation.outbox.waiting() == 0


async def test_they_are_listed_in_pages_the_oldest_first(installation: Installation) -> None:
    letters = [await given_up(installation, patient) for patient in (LUIS, ANA, LUIS)]
    first = await installation.dead_letters.page(2)
    rest = await installation.dead_letters.page(2, after=first[-1].message.id)
    assert [*first, *rest] == letters
    assert await installation.dead_letters.page(2, after=rest[-1].message.id) == []


async def test_only_those_that_are_named_are_touched(installation: Installation) -> None:
    one, two = await given_up(installation, ANA), await given_up(installation, LUIS)
    assert await installation.dead_letters.replay([one.message.id]) == 1
    assert list(await installation.dead_letters.page(100)) == [two]
