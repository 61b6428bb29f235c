"""Which tally a URL means."""

from adapters.tallies.memory import MemoryTally
from application.ports.tallies import Tally


def open_tally(url: str) -> Tally:
    """Redis (`redis://…`, `rediss://…`, `unix://…`), or this process where it is empty. Nothing is opened before its
    first use. Raises `ValueError` where Redis' package is missing."""
    if not url:
        return MemoryTally()
    try:
        from adapters.tallies.redis import RedisTally  # noqa: PLC0415 - installed only where it is used
    except ImportError as error:
        raise ValueError("Redis' package is missing; install clinic-media[redis]") from error
    return RedisTally(url)
