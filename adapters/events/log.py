"""Events as lines of the log, for installations where nobody listens."""

import json
import logging

from adapters.events.cloudevents import cloud_event
from application.ports.event_bus import EventBus, Message

LOGGER = "clinic_media.events"


class LogBus(EventBus):
    """One JSON line per message; like the events, it holds ids and words of the vocabulary only."""

    def __init__(self) -> None:
        self._logger = logging.getLogger(LOGGER)

    async def publish(self, message: Message) -> None:
        self._logger.info("%s", json.dumps(cloud_event(message), separators=(",", ":")))

    async def close(self) -> None:
        """A logger is not ours to close."""
