"""The request as controllers see it: its principal, and a body that is exactly what the schema says."""

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State

from domain.access import Principal
from domain.errors import Malformed
from entrypoints.http.faults import Invalid, fault_of


class MediaRequest(Request[Principal, None, State]):
    """`user` is the principal, set by the gate before anything of the body is read."""

    async def json(self) -> Any:
        """The body as the type of the handler's `data`, read strictly: no number for a text, no unknown field."""
        body = await self.body()
        kind = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        return decoded(body, kind)


def decoded(body: bytes, kind: Any) -> Any:
    """Raises `Invalid` or `Malformed`."""
    if not body:
        raise Malformed("A JSON body is needed")
    try:
        return _decoder(kind).decode(body)
    except msgspec.ValidationError as error:
        raise Invalid([_fault(str(error), kind)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("The body is not JSON") from error


def converted(values: dict[str, Any], kind: Any) -> Any:
    """A form as the type `kind`. Raises `Invalid`."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise Invalid([_fault(str(error), kind)]) from error


def _fault(message: str, kind: Any) -> Any:
    fault = fault_of(message)
    types = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    return fault_of(message, annotation=types.get(fault.field))


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
