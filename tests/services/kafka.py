"""A broker that speaks Kafka's protocol for tests: librdkafka's own stand-in, in this process.

Kafka itself comes in no package of Python or Debian. What clients do on the wire is real here, what a cluster does
with its disks is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest


@dataclass(frozen=True, slots=True)
class KafkaStandIn:
    address: str

    @property
    def url(self) -> str:
        return f"kafka://{self.address}"


@pytest.fixture(scope="session")
def kafka() -> Iterator[KafkaStandIn]:
    from confluent_kafka import Producer  # noqa: PLC0415 - not everybody's tests need it

    quiet = {"log_level": 0}
    keeper = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "127.0.0.1:1", **quiet})
    (broker,) = keeper.list_topics(timeout=10).brokers.values()
    yield KafkaStandIn(f"{broker.host}:{broker.port}")
    keeper.flush(0)
