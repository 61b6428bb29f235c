"""Ids of a source in one spelling, however its database keeps them."""

import re
from typing import Any
from uuid import UUID

from domain.errors import Malformed
from domain.ids import host_id

_UUID = re.compile(r"\{?[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}\}?")


def ident(value: Any) -> str:
    """Of UUIDs the canonical form: PostgreSQL gives objects, SQLite text with or without hyphens, or bytes. "" for
    none."""
    if isinstance(value, bytes):
        return str(UUID(bytes=value)) if len(value) == 16 else value.decode(errors="replace").strip()
    said = "" if value is None else str(value).strip()
    return str(UUID(said)) if _UUID.fullmatch(said) else said


def is_host_id(id: str) -> bool:
    try:
        host_id(id, "id")
    except Malformed:
        return False
    return True
