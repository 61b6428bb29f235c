"""What the HTTP benchmarks compare with: the same routes with nothing around them.

The gallery is one raw query on one connection, called inline; the picture is a JSON text of the same size.
"""

import os
import sqlite3
from functools import cache
from typing import Any

from litestar import Litestar, get
from litestar.params import FromPath, FromQuery

DATABASE, SIZE = "CLINIC_MEDIA_BENCHMARK_DATABASE", "CLINIC_MEDIA_BENCHMARK_SIZE"

_COLUMNS = """
    d.id, d.patient_id, d.document_type, d.title, d.description, d.original_filename, d.mime_type, d.file_size,
    d.sha256, d.media_kind, d.media_category, d.media_subtype, d.captured_at, d.captured_at_source, d.width, d.height,
    partner.id AS paired_document_id, m.role AS pair_role, d.tags, d.duplicate_of, d.uploaded_by, d.uploader_name,
    d.created_at, d.updated_at, d.version, d.placeholder, d.derived, d.archived_at, d.trashed_at
"""
_WHERE = """
    d.clinic_id = 'clinic-1' AND d.patient_id = ? AND d.trashed_at IS NULL AND d.archived_at IS NULL
    AND d.media_kind IN ('photo', 'xray')
"""
_PAGE = f"""
    SELECT {_COLUMNS} FROM documents AS d
    LEFT JOIN pairing_members AS m ON m.document_id = d.id
    LEFT JOIN documents AS partner ON partner.id = m.partner_id AND partner.trashed_at IS NULL
    WHERE {_WHERE} ORDER BY d.shown_at DESC, d.id DESC LIMIT ?
"""
_TOTAL = f"SELECT count(*) FROM documents AS d WHERE {_WHERE}"


@cache
def _connection() -> sqlite3.Connection:
    return sqlite3.connect(f"file:{os.environ[DATABASE]}?mode=ro", uri=True, check_same_thread=False)


@cache
def _picture() -> dict[str, str]:
    return {"picture": "x" * int(os.environ[SIZE])}


@get("/api/v1/media/patients/{patient_id:str}/photos")
async def gallery(patient_id: FromPath[str], page_size: FromQuery[int] = 40) -> dict[str, Any]:
    found = _connection().execute(_PAGE, (patient_id, page_size + 1))
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()[:page_size]]
    total = _connection().execute(_TOTAL, (patient_id,)).fetchone()[0]
    return {"data": rows, "total": total, "page": 1, "page_size": page_size, "message": None}


@get("/picture")
async def picture() -> dict[str, str]:
    return _picture()


app = Litestar([gallery, picture], openapi_config=None, logging_config=None)
