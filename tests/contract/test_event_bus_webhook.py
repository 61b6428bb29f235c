"""What is particular to events as webhooks: signed, followed nowhere, waited for no longer than a while."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from adapters.events.webhook import LARGEST_ANSWER, WebhookBus, signature, signing_key
from domain.errors import Unavailable
from tests.contract.buses import SECRET
from tests.contract.test_event_bus import MESSAGE
from tests.services.endpoint import Endpoint, endpoint
from tests.services.ports import free_port

pytestmark = pytest.mark.anyio


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with endpoint() as started:
        yield started


@pytest.fixture
async def bus(server: Endpoint) -> AsyncIterator[WebhookBus]:
    made = WebhookBus(server.url, SECRET, seconds=2)
    yield made
    await made.close()


def test_a_signature_is_that_of_the_example_of_standard_webhooks() -> None:
    signed = signature(signing_key(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


async def test_a_request_is_signed_over_what_it_carries_at_the_time_it_is_sent(
    server: Endpoint, bus: WebhookBus
) -> None:
    await bus.publish(MESSAGE)
    (request,) = server.requests
    at = int(request.headers["webhook-timestamp"])
    assert abs(at - time.time()) < 60
    expected = signature(signing_key(SECRET), MESSAGE.id, at, request.body)
    assert expected.items() <= request.headers.items()


@pytest.mark.parametrize("secret", ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_!!!!"])
def test_a_secret_that_is_none_is_refused_without_being_told(secret: str) -> None:
    with pytest.raises(ValueError, match=r"^must be whsec_ and the base64 of 24 to 64 bytes$"):
        WebhookBus("https://host.example/events", secret)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_success_is_a_message_taken(server: Endpoint, bus: WebhookBus, status: int) -> None:
    server.status = status
    await bus.publish(MESSAGE)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "400$"),
        (401, r"events\.secret"),
        (404, r"events\.url"),
        (410, "gone for good"),
        (429, "429"),
        (500, "500$"),
    ],
)
async def test_any_other_answer_is_not_and_says_what_to_do(
    server: Endpoint, bus: WebhookBus, status: int, told: str
) -> None:
    server.status = status
    with pytest.raises(Unavailable, match=told):
        await bus.publish(MESSAGE)


async def test_a_redirect_is_not_followed(server: Endpoint, bus: WebhookBus) -> None:
    server.status, server.headers = 307, {"location": f"{server.url}/elsewhere"}
    with pytest.raises(Unavailable, match="redirects are not followed"):
        await bus.publish(MESSAGE)
    assert len(server.requests) == 1


async def test_an_endpoint_that_does_not_answer_is_not_waited_for_longer_than_set(server: Endpoint) -> None:
    server.stuck.clear()
    bus = WebhookBus(server.url, SECRET, seconds=0.2)
    with pytest.raises(Unavailable, match=r"within 0\.2 s"):
        await bus.publish(MESSAGE)
    server.stuck.set()
    await bus.publish(replace(MESSAGE, id="0197a1b2-0000-7000-8000-00000000000a"))
    await bus.close()


async def test_an_endpoint_that_answers_without_end_is_not_listened_to(server: Endpoint, bus: WebhookBus) -> None:
    server.status, server.answer = 200, b"x" * (LARGEST_ANSWER * 100)
    await bus.publish(MESSAGE)
    await bus.publish(MESSAGE)


async def test_an_endpoint_that_is_away_is_told() -> None:
    bus = WebhookBus(f"http://127.0.0.1:{free_port()}/", SECRET)
    with pytest.raises(Unavailable, match="ConnectError"):
        await bus.publish(MESSAGE)
    await bus.close()
