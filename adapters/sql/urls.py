"""Database URLs."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError


def parsed(url: str) -> URL:
    """Raises `ValueError` for what is no URL of SQLite or PostgreSQL; its message never holds the password."""
    try:
        found: URL | None = make_url(url)
    except (ArgumentError, ValueError):
        found = None
    if found is None or found.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError("a database URL is sqlite:///path or postgresql+asyncpg://user@host/name")
    if not found.database or found.database == ":memory:":
        raise ValueError("the database URL names no file and no database")
    return found


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def path_of(url: URL) -> Path:
    """The file of an SQLite database."""
    return Path(url.database or "")
