"""What can go wrong, as facts. Each error has a stable `code` that clients may rely on."""


class DomainError(Exception):
    """The request cannot be done; nothing was changed.

    `detail` is a sentence for people that says what is wrong and how to mend it; it never holds a path, SQL or
    anything of another clinic. `field` names the input at fault where there is one.
    """

    code = "error"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class Malformed(DomainError):
    """Not well formed, or a word outside the vocabulary."""

    code = "malformed"


class Unauthenticated(DomainError):
    """No valid token or signed link came with the request."""

    code = "unauthenticated"


class Forbidden(DomainError):
    """The principal lacks a permission."""

    code = "forbidden"


class NotFound(DomainError):
    """Does not exist, or must look as if it did not: another clinic's, another patient's, trashed."""

    code = "not_found"


class Conflict(DomainError):
    """Contradicts what is stored: already paired, already used."""

    code = "conflict"


class StaleVersion(DomainError):
    """Somebody changed it since the caller read it."""

    code = "stale_version"


class TooLarge(DomainError):
    """More bytes than the route, the owner type or the installation accepts."""

    code = "too_large"


class Unsupported(DomainError):
    """The type is not accepted here, or the bytes are not what name and declared type claim."""

    code = "unsupported_type"


class RuleViolated(DomainError):
    """Well formed, but a rule of the domain says no."""

    code = "rule_violated"


class Unreadable(DomainError):
    """An accepted type whose bytes are empty, damaged or over a decoding limit."""

    code = "unreadable"


class Infected(RuleViolated):
    """The malware scanner found something in the file."""

    code = "infected"


class TooManyRequests(DomainError):
    """The caller asks more than it is allowed to; later is fine."""

    code = "too_many_requests"


class Unavailable(DomainError):
    """A storage, database or helper is away; the same request may succeed later. Nothing was acknowledged."""

    code = "unavailable"
    retry_after_seconds = 5
