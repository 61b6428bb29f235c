"""Where the service's own words go."""

import logging


def log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z"
    )
    # Each request's line would show addresses that hold a token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # It tells how it looks at the database each time a process starts.
    logging.getLogger("alembic").setLevel(logging.WARNING)
