"""Signed links: a download that works in `<img src>`, without a header, for a while, for one document and variant.

A link names whom it was issued to, so that the audit log says who looked. Within one window of time the same link is
given out, so that browsers can keep what they fetched with it; it works until the end of the next window. What is
trashed is gone for links too, because the download reads the document's row as it does for anybody else.

One keyed BLAKE2b (RFC 7693) over method, clinic, user, patient, expiry, key id and document makes the signatures of all
of a document's links: each variant and disposition has digits of its own, of which the others tell nothing. A page of
sixty documents needs sixty of them, where an HMAC per link took a quarter of the answer's time.
"""

import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import unquote

from domain.access import Access, Origin, Permission, Principal, Role
from domain.errors import DomainError, Unauthenticated
from domain.ids import ClinicId, PatientId, UserId, host_id

PATH = "/api/v1/media/documents/"
DIGITS = 32
"""Of each signature, in hexadecimal: 128 bits."""

_THUMB, _MEDIUM, _INLINE, _ATTACHMENT = (slice(at, at + DIGITS) for at in range(0, 4 * DIGITS, DIGITS))
_SIGNATURES = {
    ("thumb", "inline"): _THUMB,
    ("medium", "inline"): _MEDIUM,
    ("full", "inline"): _INLINE,
    ("full", "attachment"): _ATTACHMENT,
}
_READS = frozenset({Permission.DOCUMENTS_READ})
_NAMES = {"variant", "disposition", "clinic", "user", "patient", "exp", "kid", "sig"}


class Claim(NamedTuple):
    """Whom a link is for and until when. `patient` is set for accounts only: theirs die when a document moves away."""

    clinic: str
    user: str
    patient: str
    expires: int
    key_id: str

    @property
    def query(self) -> str:
        patient = f"&patient={self.patient}" if self.patient else ""
        return f"&clinic={self.clinic}&user={self.user}{patient}&exp={self.expires}&kid={self.key_id}&sig="


class Linked(NamedTuple):
    """Who comes with a link, and what it opens."""

    actor: Principal
    variant: str
    disposition: str


class Links:
    """`window` in seconds; `base` is put before the path, empty for relative links. What was signed with `previous`
    secrets counts until it expires."""

    def __init__(
        self,
        secret: bytes,
        window: int,
        clock: Callable[[], datetime],
        base: str = "",
        previous: Sequence[bytes] = (),
    ) -> None:
        keys = [blake2b(each, person=b"links").digest() for each in (secret, *previous)]
        ids = [blake2b(key, digest_size=4).hexdigest() for key in keys]
        self._signing = {id: blake2b(key=key, digest_size=64) for id, key in zip(ids, keys, strict=True)}
        self._key_id = ids[0]
        self._window = window
        self._clock = clock
        self.base = base.rstrip("/") + PATH

    def claim(self, actor: Principal, patient: str) -> Claim:
        """What links say that are given to `actor` now."""
        expires = (int(self._clock().timestamp()) // self._window + 2) * self._window
        return Claim(actor.clinic_id, actor.user_id, "" if actor.is_staff else patient, expires, self._key_id)

    def signing(self, claim: Claim) -> Callable[[str], str]:
        """Makes of a document's id the digits of its signatures under `claim`. Raises `KeyError` for a key that is none
        of ours."""
        begun = self._signing[claim.key_id].copy()
        begun.update("\n".join(("GET", *map(str, claim), "")).encode())

        def sign(document: str) -> str:
            signed = begun.copy()
            signed.update(document.encode())
            return signed.hexdigest()

        return sign

    def opened(self, document: str, query: bytes, origin: Origin) -> Linked:
        """Who comes with the link of this query: somebody who may read documents of the clinic, or of the one patient;
        and what of the document it opens.

        Raises `Unauthenticated` unless the link is ours, for this document, unchanged and not expired.
        """
        try:
            given = _unambiguous(query)
            clinic, user = host_id(given["clinic"], "clinic"), host_id(given["user"], "user")
            claim = Claim(clinic, user, given.get("patient", ""), int(given["exp"]), given["kid"])
            variant, disposition = given["variant"], given["disposition"]
            signature = self.signing(claim)(document)[_SIGNATURES[variant, disposition]]
            genuine = hmac.compare_digest(signature, given["sig"])
        except (KeyError, ValueError, TypeError, DomainError) as error:
            raise Unauthenticated("The link is not valid") from error
        if not genuine:
            raise Unauthenticated("The link is not valid")
        if claim.expires <= self._clock().timestamp():
            raise Unauthenticated("The link has expired; load the page again")
        return Linked(_bearer(claim, origin), variant, disposition)


class DocumentLinks:
    """The links that one caller gets in one answer."""

    def __init__(self, links: Links, actor: Principal) -> None:
        self._links = links
        self._actor = actor
        self._begin("")

    def urls(self, patient: str, document: str, inline: bool, pictures: bool) -> tuple[str | None, str | None, str]:
        """Thumb, medium and full; the first two only where there are pictures."""
        if patient != self._patient:
            self._begin(patient)
        query, digits = self._query, self._sign(document)
        start = f"{self._links.base}{document}/download?variant="
        if inline:
            full = f"{start}full&disposition=inline{query}{digits[_INLINE]}"
        else:
            full = f"{start}full&disposition=attachment{query}{digits[_ATTACHMENT]}"
        if not pictures:
            return None, None, full
        return (
            f"{start}thumb&disposition=inline{query}{digits[_THUMB]}",
            f"{start}medium&disposition=inline{query}{digits[_MEDIUM]}",
            full,
        )

    def _begin(self, patient: str) -> None:
        claim = self._links.claim(self._actor, patient)
        self._patient = patient
        self._query, self._sign = claim.query, self._links.signing(claim)


def _unambiguous(query: bytes) -> dict[str, str]:
    """Raises `ValueError` unless each name is known and comes once: what is signed must be what the route reads."""
    text = query.decode("ascii")
    pairs = [pair.partition("=")[::2] for pair in text.split("&")]
    if "%" in text:  # by a client that writes links anew
        pairs = [(unquote(name), unquote(value)) for name, value in pairs]
    given = dict(pairs)
    if len(given) != len(pairs) or not given.keys() <= _NAMES:
        raise ValueError("no link of ours")
    return given


def _bearer(claim: Claim, origin: Origin) -> Principal:
    clinic, user = ClinicId(claim.clinic), UserId(claim.user)
    if claim.patient:
        grants = {PatientId(claim.patient): Access.VIEW}
        return Principal(clinic_id=clinic, user_id=user, roles=frozenset({Role.ACCOUNT}), grants=grants, origin=origin)
    return Principal(clinic_id=clinic, user_id=user, permissions=_READS, origin=origin)
