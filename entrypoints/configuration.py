"""Reads the settings once, at the start: the file first, then the environment over it.

Whatever is wrong is said in one line that names the key (or the variable) and what is allowed, without its value.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

import msgspec

from entrypoints.settings import Section, Settings

PREFIX = "CLINIC_MEDIA_"
CONFIG = PREFIX + "CONFIG"
DEFAULT_FILE = "clinic-media.toml"

_SEPARATOR = "__"

S = TypeVar("S", bound=Section)


class WrongSettings(Exception):
    """The service cannot start like this; the text is one line for the operator."""


class _Variable(NamedTuple):
    """A value from the environment."""

    name: str
    text: str


def read_settings(config: Path | str | None, environ: Mapping[str, str]) -> Settings:
    """The settings of `config`, else of the file that CLINIC_MEDIA_CONFIG names, else of ./clinic-media.toml if it is
    there; each key can be overridden by the variable CLINIC_MEDIA_SECTION__KEY. Raises `WrongSettings`."""
    raw = _file(config or environ.get(CONFIG) or None)
    for name, value in sorted(environ.items()):
        if name.startswith(PREFIX) and value:
            _override(raw, name, value)
    return _section(Settings, raw, ())


def check_servable(settings: Settings) -> None:
    """Raise `WrongSettings` unless the settings say who may come in. Nothing is served without that."""
    if not settings.auth.configured:
        raise WrongSettings(
            "auth: nobody could sign in. Set auth.secret (CLINIC_MEDIA_AUTH__SECRET, at least 32 characters, the same "
            "that signs your tokens), or auth.jwks_url, or auth.jwks_file; or try it with clinic-media demo"
        )
    if not (settings.auth.secret or settings.links.secret):
        raise WrongSettings("links.secret: must be set (at least 32 characters) where auth.secret is not")


def _file(named: Path | str | None) -> dict[str, Any]:
    path = Path(named or DEFAULT_FILE)
    if named is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongSettings(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{path}: is not TOML ({error})") from error


def _override(raw: MutableMapping[str, Any], name: str, value: str) -> None:
    key = name.removeprefix(PREFIX).lower()
    if key != "data_dir" and _SEPARATOR not in key:
        _check_separator(name, key)
        return
    *sections, last = key.split(_SEPARATOR)
    table = raw
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            raise WrongSettings(f"{name}: {section} is not a table in the file")
    table[last] = _Variable(name, value)


def _check_separator(name: str, key: str) -> None:
    """CLINIC_MEDIA_STORAGE_URL would be ignored in silence, and the bytes would go to the wrong place."""
    for section in Settings.__struct_fields__:
        if key.startswith(section + "_"):
            meant = PREFIX + section.upper() + _SEPARATOR + key.removeprefix(section + "_").upper()
            raise WrongSettings(f"{name}: is not a setting; did you mean {meant}?")


def _section(kind: type[S], raw: Any, path: tuple[str, ...]) -> S:
    if not isinstance(raw, dict):
        raise WrongSettings(f"{_called(path, raw)}: must be a table")
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in raw.items():
        if key not in fields:
            raise WrongSettings(_unknown((*path, key), value, fields))
    try:
        return kind(**{key: _value(fields[key], value, (*path, key)) for key, value in raw.items()})
    except ValueError as refused:
        raise WrongSettings(str(refused)) from refused


def _value(annotation: Any, value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return _section(annotation, value, path)
    if get_origin(annotation) is dict and isinstance(value, dict):
        return {name: _section(get_args(annotation)[1], rules, (*path, name)) for name, rules in value.items()}
    try:
        plain = _plain(annotation, value)
        return msgspec.convert(plain, annotation, strict=not isinstance(value, _Variable))
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        # the cause may quote the value, which may be a secret
        raise WrongSettings(f"{_called(path, value)}: must be {_allowed(annotation)}") from error


def _plain(annotation: Any, value: Any) -> Any:
    """What is meant: 100e6 is a whole number, a variable's text is JSON for tables and lists, or a list's words with
    commas between them."""
    if not isinstance(value, _Variable):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    origins, text = {get_origin(part) for part in _parts(annotation)}, value.text.strip()
    if (dict in origins and text.startswith("{")) or (tuple in origins and text.startswith("[")):
        return msgspec.json.decode(text)
    return [word.strip() for word in text.split(",")] if tuple in origins else text


def _allowed(annotation: Any) -> str:
    described = (meta.description for part in _parts(annotation) for meta in getattr(part, "__metadata__", ()))
    return next(filter(None, described), "a table")


def _parts(annotation: Any) -> Iterable[Any]:
    """The annotation and all it is made of."""
    yield annotation
    if hasattr(annotation, "__metadata__"):
        yield from _parts(annotation.__origin__)
    elif get_origin(annotation) not in (tuple, dict):
        for part in get_args(annotation):
            yield from _parts(part)


def _unknown(path: tuple[str, ...], value: Any, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(path[-1], list(known), n=1)
    hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"
    return f"{_called(path, value)}: is not a setting; {hint}"


def _called(path: tuple[str, ...], value: Any) -> str:
    return value.name if isinstance(value, _Variable) else ".".join(path)
