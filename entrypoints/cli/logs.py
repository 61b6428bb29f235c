"""Where the service's own words go."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from entrypoints.log_lines import JsonLines, TextLines
from entrypoints.settings import Logging


def log_to_stderr(settings: Logging, trace_id: Callable[[], str] = str) -> None:
    # No line tells of threads, processes or the place in the code, so that need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # as the library's page on optimization has it
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(trace_id) if settings.format == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("clinic_media").setLevel(settings.level.upper())
    # Each request's line would show addresses that hold a token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # It tells how it looks at the database each time a process starts.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def of_the_server(settings: Logging) -> Mapping[str, Any]:
    """The server's own lines in the same form, as its configuration of logging."""
    lines = JsonLines if settings.format == "json" else TextLines
    return {
        "formatters": {"generic": {"()": f"{lines.__module__}.{lines.__qualname__}"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "generic"}},
        "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    }
