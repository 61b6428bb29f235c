"""Whose a record is, by the host that keeps it: a signed GET, whose answer counts for a moment.

The host answers `{"patient_id": "…"}`, or 404 for a record that it does not have.
"""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

import httpx
import msgspec

from application.ports.owners import OwnerResolver
from domain.attachments import OwnerRef
from domain.errors import DomainError, Unavailable
from domain.ids import ClinicId, PatientId, host_id

FAILURES = 5
"""In a row, after which the host is left alone for `PAUSE` seconds."""
PAUSE = 15.0
LARGEST = 64 * 1024
_REMEMBERED = 10_000


class _Answer(msgspec.Struct):
    patient_id: str | int


_read = msgspec.json.Decoder(_Answer).decode


class HttpOwners(OwnerResolver):
    """`url` may hold {owner_type} and {owner_id}, else both are put behind it. With a `secret` each request carries
    X-Clinic-Media-Timestamp and X-Clinic-Media-Signature, the HMAC-SHA256 in hexadecimal of "timestamp.path?query".

    `seconds` limits one question, `kept` is how long its answer counts, `carried` gives further headers of each.
    """

    def __init__(
        self,
        url: str,
        secret: str = "",
        *,
        seconds: float = 3.0,
        kept: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        carried: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._url = url if "{owner_id}" in url else f"{url.rstrip('/')}/{{owner_type}}/{{owner_id}}"
        self._secret = secret.encode()
        self._seconds = seconds
        self._kept = kept
        self._clock = clock
        self._carried = carried
        self._client: httpx.AsyncClient | None = None
        self._answers: OrderedDict[tuple[ClinicId, OwnerRef], tuple[float, PatientId | None]] = OrderedDict()
        self._failures = 0
        self._left_alone_until = 0.0

    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        known = self._answers.get((clinic, owner))
        if known is not None and self._clock() < known[0]:
            return known[1]
        if self._clock() < self._left_alone_until:
            raise Unavailable("The host that keeps this record does not answer; try again later")
        try:
            patient = await self._asked(clinic, owner)
        except (httpx.HTTPError, httpx.InvalidURL, msgspec.MsgspecError, DomainError, ValueError) as error:
            self._count_failure()
            raise Unavailable("The host that keeps this record cannot tell whose it is; try again later") from error
        self._failures = 0
        self._remember((clinic, owner), patient)
        return patient

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _asked(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        where = self._url.format(owner_type=quote(owner.type, safe=""), owner_id=quote(owner.id, safe=""))
        url = httpx.URL(f"{where}{'&' if '?' in where else '?'}{urlencode({'clinic_id': clinic})}")
        async with self._opened().stream("GET", url, headers={**self._signed(url), **self._carried()}) as answer:
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            if answer.status_code != httpx.codes.OK:
                raise ValueError(f"status {answer.status_code}")
            return PatientId(host_id(str(_read(await _body(answer)).patient_id), "patient_id"))

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # What a proxy's variables or a redirect say must not lead our questions elsewhere.
            self._client = httpx.AsyncClient(
                timeout=self._seconds, follow_redirects=False, trust_env=False, headers={"Accept": "application/json"}
            )
        return self._client

    def _signed(self, url: httpx.URL) -> dict[str, str]:
        if not self._secret:
            return {}
        at = str(int(time.time()))
        signed = hmac.new(self._secret, f"{at}.".encode() + url.raw_path, hashlib.sha256)
        return {"X-Clinic-Media-Timestamp": at, "X-Clinic-Media-Signature": signed.hexdigest()}

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._left_alone_until = self._clock() + PAUSE
            self._failures = FAILURES - 1  # one more failure after the pause begins the next

    def _remember(self, asked: tuple[ClinicId, OwnerRef], patient: PatientId | None) -> None:
        self._answers[asked] = (self._clock() + self._kept, patient)
        self._answers.move_to_end(asked)
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)


async def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            raise ValueError("the answer is too large")
    return bytes(body)
