"""The machine's clock and new ids."""

from datetime import UTC, datetime

import uuid_utils

from application.ports.system import Clock, NewId


class SystemClock(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Uuid7(NewId):
    """The library counts within a millisecond and keeps its last instant when the clock is set back."""

    def __call__(self) -> str:
        return str(uuid_utils.uuid7())
