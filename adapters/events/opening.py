"""The buses whose clients are installed, or loaded, only where one is used."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from application.ports.event_bus import EventBus
from application.ports.event_source import EventSource

_BUSES = {"nats": "NatsBus", "redis": "RedisBus", "kafka": "KafkaBus", "rabbitmq": "RabbitBus"}


def open_bus(broker: str, url: str, topic: str) -> EventBus:
    """The bus of a broker; nothing is connected before its first use.

    Raises `ImportError`, a sentence for operators, where the broker's client is missing, `ValueError` for a wrong url.
    """
    bus: EventBus = _class(f"adapters.events.{broker}", _BUSES[broker], broker)(url, topic)
    return bus


def open_source(broker: str, url: str, subject: str) -> EventSource:
    """As `open_bus`, for what is heard."""
    name = {"nats": "NatsSource", "redis": "RedisSource"}[broker]
    source: EventSource = _class(f"adapters.events.{broker}_source", name, broker)(url, subject)
    return source


def open_webhook(url: str, secret: str, *, carried: Callable[[], Mapping[str, str]]) -> EventBus:
    """Raises `ValueError` for a wrong secret."""
    from adapters.events.webhook import WebhookBus  # noqa: PLC0415 - an HTTP client takes long to load

    return WebhookBus(url, secret, carried=carried)


def _class(module: str, name: str, broker: str) -> Callable[[str, str], Any]:
    with _named(broker):
        made: Callable[[str, str], Any] = getattr(import_module(module), name)
        return made


@contextmanager
def _named(broker: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        raise ImportError(
            f"the package {missing.name} is missing: install clinic-media[{broker}], or add it to your image"
        ) from missing
