"""What is known of one request and its answer while it is under way: who, which id, how it ends."""

import re
import secrets
import time
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, cast

from litestar.types import HTTPScope, Scope

from domain.access import Origin, Principal
from entrypoints.log_lines import REQUEST_ID as CURRENT

REQUEST_ID = b"x-request-id"

# What a caller calls its request is logged, so it must not be able to write lines of its own.
_GIVEN = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
_KEY = "clinic_media.exchange"
_numbers = count(1)


@dataclass(slots=True)
class Exchange:
    """`action` is the operation id, and `is_recorded` whether reading it is audited here; `outcome` is "ok" or the code
    of the refusal; `patient` is whose data was read, where the path does not say it; `instead` the body of an answer
    that takes the place of the route's; `arrived` how many bytes came of a file, or of a piece of one; `refused` what
    went wrong before the route was reached, which it then tells of."""

    request_id: str
    started: float = field(default_factory=time.perf_counter)
    action: str = ""
    is_recorded: bool = False
    actor: Principal | None = None
    outcome: str = "ok"
    patient: str | None = None
    instead: bytes | None = None
    refused: Exception | None = None
    status: int = 0
    arrived: int | None = None


def exchange_of(scope: Scope | HTTPScope) -> Exchange:
    """The exchange of this request, begun where there is none yet."""
    known = cast("dict[str, Any]", scope)
    exchange: Exchange | None = known.get(_KEY)
    if exchange is None:
        exchange = known[_KEY] = Exchange(_request_id(scope))
        CURRENT.set(exchange.request_id)
    return exchange


def origin_of(scope: Scope | HTTPScope) -> Origin:
    client = scope.get("client")
    return Origin(address=client[0] if client else "", request_id=exchange_of(scope).request_id)


def header(scope: Scope | HTTPScope, name: bytes) -> bytes | None:
    """The first header of that name, in lower case as servers give them."""
    for key, value in scope["headers"]:
        if key == name:
            return value
    return None


def _request_id(scope: Scope | HTTPScope) -> str:
    given = header(scope, REQUEST_ID)
    return given.decode() if given and _GIVEN.fullmatch(given) else f"{_process()}{next(_numbers):08x}"


@cache
def _process() -> str:
    """Not before the first request: processes that serve side by side are forks of one that has this module loaded."""
    return secrets.token_hex(4)
