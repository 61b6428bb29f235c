"""Work that comes round again and again without anybody asking for it."""

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Run `action` every `seconds`; at once again after it returned True, because there is more to do.

    It may be run twice, and on two machines at once. `first_after` is how long a process waits at its start where
    each process runs the job by itself.
    """

    name: str
    action: Callable[[], Awaitable[bool]]
    seconds: float
    first_after: float = 0.0


class Jobs(Protocol):
    @abstractmethod
    async def run(self, jobs: Sequence[Job], stop: asyncio.Event) -> None:
        """Until `stop` is set; what is under way then is finished.

        A job that fails is told in the log and tried again, later each time, and does not keep the others.
        """
