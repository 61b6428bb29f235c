"""Opening the engine that machines share their jobs through."""

from application.ports.jobs import Jobs


def open_shared_jobs(database_url: str) -> Jobs:
    """Raises `ValueError` for a database other than PostgreSQL, `ImportError` where its package is not installed."""
    if not database_url.startswith("postgresql"):
        raise ValueError("procrastinate needs a PostgreSQL in database.url; with any other it is inprocess")
    try:
        from adapters.jobs.procrastinate_jobs import ProcrastinateJobs  # noqa: PLC0415 - it is an extra
    except ImportError as missing:
        raise ImportError("procrastinate is not installed: install clinic-media[jobs]") from missing
    return ProcrastinateJobs(database_url)
