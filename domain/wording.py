"""What people write: names of files, titles, tags; cleaned without losing what they mean."""

import re
import unicodedata
from collections.abc import Iterable

from domain.errors import RuleViolated

MAX_FILENAME_BYTES = 255
MAX_TITLE = 255
MAX_DESCRIPTION = 10_000
MAX_TAG = 50
MAX_TAGS = 30

_SPACES = re.compile(r"\s+")
# Controls would split headers and terminals; bidi marks make "fdp.exe" read as "exe.pdf".
_DROPPED = frozenset({"Cc", "Cs"})
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029")


def clean(text: str) -> str:
    """NFC, without control and bidi characters."""
    # Dropped first: what stood apart because of a mark may compose once it is gone.
    kept = "".join(sign for sign in text if sign not in _BIDI and unicodedata.category(sign) not in _DROPPED)
    return unicodedata.normalize("NFC", kept)


def line(text: str) -> str:
    """Cleaned, on one line, with one space for whatever gap was between two words."""
    return " ".join(clean(_SPACES.sub(" ", text)).split())


def clean_filename(name: str) -> str:
    """A file's name as people know it: cleaned, without folders, at most 255 bytes of UTF-8 with its extension kept.

    Never empty: "file" where nothing is left.
    """
    last = clean(re.split(r"[/\\]", name)[-1]).strip()
    fitting = last if len(last.encode()) <= MAX_FILENAME_BYTES else _shortened(last)
    return fitting if fitting.strip(". ") else "file"


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > 16:
        stem, dot, extension = name, "", ""
    room = MAX_FILENAME_BYTES - len((dot + extension).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + extension


def title_from(filename: str) -> str:
    """The stem of a file's name, as a first title."""
    stem, dot, _ = filename.rpartition(".")
    return line(stem if dot and stem else filename)[:MAX_TITLE].rstrip()


def title(text: str) -> str:
    cleaned = line(text)
    if not 1 <= len(cleaned) <= MAX_TITLE:
        raise RuleViolated(f"title must have 1 to {MAX_TITLE} characters", field="title")
    return cleaned


def description(text: str | None) -> str | None:
    """Line breaks are kept; nothing but white space is None."""
    if text is None:
        return None
    lines = [clean(line.replace("\t", " ")).rstrip() for line in text.splitlines()]
    cleaned = "\n".join(lines).strip()
    if len(cleaned) > MAX_DESCRIPTION:
        raise RuleViolated(f"description must have at most {MAX_DESCRIPTION} characters", field="description")
    return cleaned or None


def tags(words: Iterable[str]) -> tuple[str, ...]:
    """Trimmed, in the order given, each once whatever its case."""
    kept: dict[str, str] = {}
    for word in words:
        cleaned = line(word)
        if not 1 <= len(cleaned) <= MAX_TAG:
            raise RuleViolated(f"A tag must have 1 to {MAX_TAG} characters", field="tags")
        kept.setdefault(cleaned.casefold(), cleaned)
    if len(kept) > MAX_TAGS:
        raise RuleViolated(f"At most {MAX_TAGS} tags", field="tags")
    return tuple(kept.values())


def folded(*texts: str | None) -> str:
    """One line to search in, without case and accents: "Radiografía" is found by "radiografia"."""
    joined = unicodedata.normalize("NFD", " ".join(filter(None, texts)))
    for _ in range(2):  # what is taken apart may have a case of its own: ™ is TM
        joined = unicodedata.normalize("NFKD", joined.casefold())
    return " ".join("".join(sign for sign in joined if not unicodedata.combining(sign)).split())
