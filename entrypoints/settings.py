"""Everything an operator can set, as one frozen value. `entrypoints.configuration` reads it.

Each key says what is allowed in its description, which is what a wrong value is answered with.
"""

import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

Operation = Literal["upload", "download", "delete", "preview"]
Words = tuple[str, ...]

_SECRET: dict[str, Any] = {"secret": True}


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file. Its repr shows neither secrets nor passwords inside URLs."""

    def __repr__(self) -> str:
        shown = (
            f"{field.name}={_shown(field.type, getattr(self, field.name))}" for field in msgspec.structs.fields(self)
        )
        return f"{type(self).__name__}({', '.join(shown)})"


def _shown(annotation: Any, value: Any) -> str:
    for meta in getattr(annotation, "__metadata__", ()):
        if value and (meta.extra or {}).get("secret"):
            return "***"
    return _without_password(value) if isinstance(value, str) else repr(value)


def _without_password(text: str) -> str:
    userinfo, at, host = text.rpartition("@")
    scheme, slashes, user = userinfo.partition("://")
    return repr(f"{scheme}://{user.partition(':')[0]}:***@{host}" if at and slashes else text)


class Server(Section, frozen=True, kw_only=True):
    host: Annotated[str, Meta(min_length=1, description="an address to listen on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="a port from 1 to 65535")] = 8000
    public_url: Annotated[str, Meta(pattern=r"^(https?://.+)?$", description="an http:// or https:// URL")] = ""
    """How clients reach the service; signed links are relative where it is empty."""
    cors_origins: Annotated[Words, Meta(description="a list of origins such as https://clinic.example")] = ()
    max_upload_bytes: Annotated[int, Meta(ge=1024, description="a number of bytes, at least 1024")] = 100 * 2**20
    workers: Annotated[int, Meta(ge=1, le=64, description="a whole number from 1 to 64")] = 1
    trusted_proxies: Annotated[Words, Meta(description="a list of addresses or networks such as 10.0.0.0/8")] = ()
    """Whose word counts on who asks. Nobody's: the address is that of the connection."""
    proxy_header: Annotated[
        Literal["x-forwarded-for", "forwarded"], Meta(description="x-forwarded-for or forwarded")
    ] = "x-forwarded-for"
    """What these proxies write; the other one is not believed, since they let pass what a client made up."""

    def __post_init__(self) -> None:
        for network in self.trusted_proxies:
            try:
                ip_network(network)
            except ValueError as wrong:
                raise ValueError(
                    "server.trusted_proxies must be a list of addresses or networks such as 10.0.0.0/8"
                ) from wrong


class Limits(Section, frozen=True, kw_only=True):
    """How often one may ask within a minute; 0 is no limit."""

    requests: Annotated[int, Meta(ge=0, description="a whole number, 0 for no limit")] = 6_000
    """Of one user."""
    uploads: Annotated[int, Meta(ge=0, description="a whole number, 0 for no limit")] = 600
    """Of one user."""
    sign_ins: Annotated[int, Meta(ge=0, description="a whole number, 0 for no limit")] = 120
    """Tries from one address, wherever a session begins."""
    strangers: Annotated[int, Meta(ge=0, description="a whole number, 0 for no limit")] = 300
    """Requests from one address without a token that counts."""
    url: Annotated[
        str,
        Meta(
            pattern=r"^((redis|rediss|unix)://.+)?$",
            description="redis://host:port/number, rediss://… or unix://path",
            extra=_SECRET,
        ),
    ] = ""
    """Where all processes count together; empty: each for itself."""


class Database(Section, frozen=True, kw_only=True):
    url: Annotated[
        str,
        Meta(
            pattern=r"^(sqlite:///.+|postgresql(\+asyncpg)?://.+|memory://)?$",
            description="sqlite:///path, postgresql://user:password@host/name or memory://",
        ),
    ] = ""


class Storage(Section, frozen=True, kw_only=True):
    url: Annotated[
        str,
        Meta(
            pattern=r"^((file:///|s3://|gcs://|gs://|az://|abfs://).+|memory://)?$",
            description="file:///folder, s3://bucket/prefix, gcs://bucket/prefix, az://container/prefix or memory://",
        ),
    ] = ""
    options: Annotated[dict[str, Any], Meta(description="a table of the storage client's options", extra=_SECRET)] = {}
    downloads: Annotated[Literal["stream", "redirect", "x-accel"], Meta(description="stream, redirect or x-accel")] = (
        "stream"
    )
    """Who sends originals: the service; the bucket, by a link; or nginx in front, from the disk of both."""
    link_seconds: Annotated[int, Meta(ge=10, le=3600, description="a number of seconds from 10 to 3600")] = 60
    """With redirect: within which a download must begin."""
    link_origin: Annotated[
        str, Meta(pattern=r"^(https?://[A-Za-z0-9.:-]+)?$", description="an origin such as https://bucket.example")
    ] = ""
    """With redirect: where links lead, so that the clinic app may show files from there."""
    accel_location: Annotated[
        str, Meta(pattern=r"^/([A-Za-z0-9_-]+/)+$", description="a path such as /clinic-media-files/")
    ] = "/clinic-media-files/"
    """With x-accel: nginx's internal location of the storage's folder."""


class Claims(Section, frozen=True, kw_only=True):
    """Under which names a token tells who comes."""

    clinic: Annotated[str, Meta(min_length=1, description="the name of a claim")] = "clinic_id"
    user: Annotated[str, Meta(min_length=1, description="the name of a claim")] = "sub"
    name: Annotated[str, Meta(min_length=1, description="the name of a claim")] = "name"
    roles: Annotated[str, Meta(min_length=1, description="the name of a claim")] = "roles"
    permissions: Annotated[str, Meta(min_length=1, description="the name of a claim")] = "permissions"
    patients: Annotated[str, Meta(min_length=1, description="the name of a claim")] = "patients"


class Auth(Section, frozen=True, kw_only=True):
    """Who may issue tokens: one of `secret`, `jwks_url` and `jwks_file`."""

    secret: Annotated[
        str, Meta(pattern=r"^(.{32,})?$", description="a secret of at least 32 characters", extra=_SECRET)
    ] = ""
    previous_secrets: Annotated[
        tuple[Annotated[str, Meta(min_length=32)], ...],
        Meta(description="a list of secrets of at least 32 characters", extra=_SECRET),
    ] = ()
    """What tokens were signed with before: those still count, new ones are signed with `secret`."""
    jwks_url: Annotated[
        str,
        Meta(
            pattern=r"^(https://.+|http://(localhost|127\.0\.0\.1)[:/].+)?$", description="an https:// URL of a key set"
        ),
    ] = ""
    jwks_file: Annotated[str, Meta(description="the path of a key set")] = ""
    issuer: Annotated[str, Meta(description="what the claim iss must say")] = ""
    audience: Annotated[str, Meta(description="what the claim aud must hold")] = ""
    algorithms: Annotated[
        tuple[Literal["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"], ...],
        Meta(
            description="a list of HS256, HS384, HS512 with a secret; of RS256 … PS256, ES256, ES384, EdDSA with keys"
        ),
    ] = ()
    """Empty is HS256 with a secret, RS256 and ES256 with a key set."""
    claims: Claims = Claims()
    role_names: Annotated[
        dict[str, Literal["admin", "dentist", "hygienist", "assistant", "receptionist", "account"]],
        Meta(description="a table of words of the issuer to roles: admin, dentist, hygienist, assistant, …"),
    ] = {}
    """By which words other than ours the claim of roles names them."""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.secret, self.jwks_url, self.jwks_file))) > 1:
            raise ValueError("auth.secret, auth.jwks_url and auth.jwks_file exclude one another: set one of them")
        if self.previous_secrets and not self.secret:
            raise ValueError("auth.previous_secrets needs auth.secret, which new tokens are signed with")
        symmetric = [name.startswith("HS") for name in self.accepted]
        if self.configured and not all(said is bool(self.secret) for said in symmetric):
            raise ValueError("auth.algorithms must be HS… with auth.secret, and never with a key set")

    @property
    def configured(self) -> bool:
        return bool(self.secret or self.jwks_url or self.jwks_file)

    @property
    def accepted(self) -> Words:
        """The algorithms that tokens may be signed with."""
        return self.algorithms or (("HS256",) if self.secret else ("RS256", "ES256"))


class Links(Section, frozen=True, kw_only=True):
    """Signed links and cursors."""

    secret: Annotated[
        str, Meta(pattern=r"^(.{32,})?$", description="a secret of at least 32 characters", extra=_SECRET)
    ] = ""
    """Empty: derived from auth.secret; with a key set it must be given."""
    previous_secrets: Annotated[
        tuple[Annotated[str, Meta(min_length=32)], ...],
        Meta(description="a list of secrets of at least 32 characters", extra=_SECRET),
    ] = ()
    """What links were signed with before: they count until they expire."""
    minutes: Annotated[int, Meta(ge=1, le=1440, description="a number of minutes from 1 to 1440")] = 60
    """How long the same link is given out; it works for at least that long, at most twice."""


_BROKERS = {
    "webhook": ("http://", "https://"),
    "nats": ("nats://", "tls://", "ws://", "wss://"),
    "redis": ("redis://", "rediss://", "unix://"),
    "kafka": ("kafka://", "kafkas://"),
    "rabbitmq": ("amqp://", "amqps://"),
}


class Events(Section, frozen=True, kw_only=True):
    """Where events go, and where the host's come from."""

    bus: Annotated[
        Literal["log", "webhook", "nats", "kafka", "redis", "rabbitmq"],
        Meta(description="log, webhook, nats, kafka, redis or rabbitmq"),
    ] = "log"
    url: Annotated[str, Meta(description="the URL of the endpoint or broker")] = ""
    topic: Annotated[
        str,
        Meta(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$", description="words of A-Z a-z 0-9 _ - with dots between"),
    ] = "clinic-media"
    """Of NATS the beginning of the subjects, of Redis the stream, of RabbitMQ the exchange."""
    secret: Annotated[
        str,
        Meta(
            pattern=r"^(whsec_[A-Za-z0-9+/]{32,86}={0,2})?$",
            description="whsec_ and the base64 of 24 to 64 bytes",
            extra=_SECRET,
        ),
    ] = ""
    """What webhooks are signed with."""
    attempts: Annotated[int, Meta(ge=0, description="a whole number, 0 for no limit")] = 300
    """After which a message is put aside so that the later ones of its patient go on; 300 take a day. 0: it is tried,
    and they wait, for ever."""
    consume: Annotated[str, Meta(max_length=200, description="a NATS subject or a Redis stream")] = ""
    """Where the host tells of patients archived and records deleted; on the same broker."""
    user: Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,64}$", description="1 to 64 characters of A-Z a-z 0-9 . _ : -")
    ] = "host"
    """Who carries out what the host's events ask for, in the audit log."""

    def __post_init__(self) -> None:
        schemes = _BROKERS.get(self.bus, ())
        if schemes and not self.url.startswith(schemes):
            raise ValueError(f"events.url must begin with {' or '.join(schemes)} where events.bus = {self.bus}")
        if self.bus == "webhook" and not self.secret:
            raise ValueError("events.secret must be set where events.bus = webhook: whsec_ and the base64 of 24 bytes")
        if self.consume and self.source == "none":
            raise ValueError("events.consume needs events.bus = nats or redis")

    @property
    def source(self) -> Literal["none", "nats", "redis"]:
        """What the host's events come from."""
        if not self.consume or self.bus not in ("nats", "redis"):
            return "none"
        return "nats" if self.bus == "nats" else "redis"


class Metrics(Section, frozen=True, kw_only=True):
    token: Annotated[
        str, Meta(pattern=r"^(.{16,})?$", description="a secret of at least 16 characters", extra=_SECRET)
    ] = ""
    """What a bearer must bring to /metrics; empty: nothing."""


class Tracing(Section, frozen=True, kw_only=True):
    """Traces for an OpenTelemetry collector; the OTEL_… variables say what these keys do not."""

    enabled: Annotated[bool, Meta(description="true or false")] = False
    endpoint: Annotated[
        str, Meta(pattern=r"^(https?://.+)?$", description="the http:// or https:// URL of an OTLP collector")
    ] = ""
    """Empty: OTEL_EXPORTER_OTLP_ENDPOINT, else http://localhost:4318."""


class Logging(Section, frozen=True, kw_only=True):
    """What the service says on standard error."""

    format: Annotated[Literal["text", "json"], Meta(description="text or json")] = "text"
    level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="debug, info, warning or error")
    ] = "info"


class Images(Section, frozen=True, kw_only=True):
    thumb_px: Annotated[int, Meta(ge=64, le=1024, description="a number of pixels from 64 to 1024")] = 384
    """Short side of a thumb."""
    medium_px: Annotated[int, Meta(ge=256, le=4096, description="a number of pixels from 256 to 4096")] = 1024
    """Long side of a medium."""
    max_pixels: Annotated[
        int, Meta(ge=1_000_000, le=1_000_000_000, description="a number of pixels from 1000000 to 1000000000")
    ] = 100_000_000
    workers: Annotated[int, Meta(ge=0, le=64, description="a whole number from 0 (cores - 1) to 64")] = 0
    timezone: Annotated[str, Meta(description="a zone of the IANA database such as Europe/Madrid")] = "UTC"
    """The zone of camera clocks whose dates name none."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ValueError("images.timezone must be a zone of the IANA database such as Europe/Madrid") from unknown

    @property
    def processes(self) -> int:
        return self.workers or max(1, (os.cpu_count() or 2) - 1)


class Scanning(Section, frozen=True, kw_only=True):
    """Looking for malware in what is uploaded."""

    scanner: Annotated[Literal["none", "clamd"], Meta(description="none or clamd")] = "none"
    url: Annotated[
        str, Meta(pattern=r"^((tcp://[^/]+:[0-9]+|unix:///.+))?$", description="tcp://host:port or unix:///path")
    ] = ""
    on_failure: Annotated[Literal["reject", "accept_and_mark"], Meta(description="reject or accept_and_mark")] = (
        "reject"
    )
    """While the scanner is away: refuse uploads, or store them marked and scan them later."""
    max_bytes: Annotated[int, Meta(ge=1024, description="a number of bytes, at least 1024")] = 100 * 2**20
    """What is larger is not sent to the scanner; clamd must take as much (StreamMaxLength, MaxFileSize)."""

    def __post_init__(self) -> None:
        if self.scanner == "clamd" and not self.url:
            raise ValueError("scanning.url must be set with scanning.scanner = clamd: tcp://host:port or unix:///path")

    @property
    def fail_closed(self) -> bool:
        return self.on_failure == "reject"


class Jobs(Section, frozen=True, kw_only=True):
    """What comes round again and again: missing pictures, scans, retention, recovery."""

    engine: Annotated[Literal["inprocess", "procrastinate"], Meta(description="inprocess or procrastinate")] = (
        "inprocess"
    )
    """inprocess: each process does all of it. procrastinate: the processes share it by way of PostgreSQL."""


class Uploads(Section, frozen=True, kw_only=True):
    """Uploads that come in pieces (tus)."""

    expire_hours: Annotated[int, Meta(ge=1, le=24, description="a number of hours from 1 to 24")] = 24
    """How long one that is not finished waits to be gone on with."""
    max_unfinished: Annotated[int, Meta(ge=1, le=1000, description="a whole number from 1 to 1000")] = 50
    """Of one user."""

    @property
    def lifetime(self) -> timedelta:
        return timedelta(hours=self.expire_hours)


class Backup(Section, frozen=True, kw_only=True):
    """Where `clinic-media backup` has its key from, and what its storage's client needs."""

    key: Annotated[
        str, Meta(pattern=r"^(.{16,})?$", description="a passphrase of at least 16 characters", extra=_SECRET)
    ] = ""
    key_file: Annotated[str, Meta(description="the path of a file with the passphrase")] = ""
    options: Annotated[dict[str, Any], Meta(description="a table of the storage client's options", extra=_SECRET)] = {}

    def __post_init__(self) -> None:
        if self.key and self.key_file:
            raise ValueError("backup.key and backup.key_file exclude one another: set one of them")


class Retention(Section, frozen=True, kw_only=True):
    trash_days: Annotated[int, Meta(ge=1, description="a number of days, at least 1")] | None = None
    """None: what is in the trash stays there for ever."""
    photos_purgeable: Annotated[bool, Meta(description="true or false")] = False


class OwnerTypeRules(Section, frozen=True, kw_only=True):
    """A record type of the installation's own, or changes to one that is there by default."""

    label: Annotated[str | dict[str, str], Meta(description="a label, or a table of labels by language")] | None = None
    aliases: Annotated[Words, Meta(description="a list of other names")] | None = None
    resolver: Annotated[Literal["local", "http", "sql"], Meta(description="local, http or sql")] | None = None
    url: Annotated[
        str,
        Meta(
            pattern=r"^((https?|sqlite|postgresql(\+asyncpg)?)://.+)?$",
            description="an https:// URL with resolver http, the URL of the host's database with sql",
        ),
    ] = ""
    secret: Annotated[
        str, Meta(pattern=r"^(.{32,})?$", description="a secret of at least 32 characters", extra=_SECRET)
    ] = ""
    """With resolver http: what requests to the host are signed with."""
    timeout_seconds: Annotated[float, Meta(gt=0, le=5, description="a number of seconds up to 5")] = 3.0
    cache_seconds: Annotated[float, Meta(ge=0, le=300, description="a number of seconds up to 300")] = 5.0
    table: Annotated[str, Meta(description="the name of a table of the host, schema.table too")] = ""
    columns: Annotated[
        dict[Literal["id", "patient", "clinic", "removed"], str],
        Meta(description="a table of the columns' names: id, patient, clinic, removed"),
    ] = {}
    clinic: Annotated[str, Meta(description="the id of the clinic that the whole table belongs to")] = ""
    accepted: Annotated[Words, Meta(description="a list of extensions without dots")] | None = None
    max_bytes: Annotated[int, Meta(ge=1, description="a number of bytes, at least 1")] | None = None
    max_files: Annotated[int, Meta(ge=1, description="a whole number, at least 1")] | None = None
    categories: Annotated[Words, Meta(description="a list of words")] | None = None
    default_category: Annotated[str, Meta(description="one of the categories")] | None = None
    operations: (
        Annotated[tuple[Operation, ...], Meta(description="a list of upload, download, delete, preview")] | None
    ) = None


class Demo(Section, frozen=True, kw_only=True):
    sign_in: Annotated[bool, Meta(description="true or false")] = False
    """Whoever comes may sign in as any of the demo's people: for the demo alone."""


class Settings(Section, frozen=True, kw_only=True):
    data_dir: Annotated[str, Meta(min_length=1, description="a folder")] = "./var/clinic-media"
    server: Server = Server()
    limits: Limits = Limits()
    database: Database = Database()
    storage: Storage = Storage()
    auth: Auth = Auth()
    links: Links = Links()
    events: Events = Events()
    metrics: Metrics = Metrics()
    tracing: Tracing = Tracing()
    logging: Logging = Logging()
    images: Images = Images()
    scanning: Scanning = Scanning()
    jobs: Jobs = Jobs()
    uploads: Uploads = Uploads()
    retention: Retention = Retention()
    backup: Backup = Backup()
    demo: Demo = Demo()
    owner_types: dict[str, OwnerTypeRules] = {}
    taxonomy: Annotated[
        dict[str, dict[str, dict[str, str]]],
        Meta(description="tables [taxonomy.CATEGORY.SUBTYPE] of labels by language"),
    ] = {}

    @property
    def folder(self) -> Path:
        """Where this machine keeps what it writes, absolute."""
        return Path(self.data_dir).expanduser().absolute()

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite:///{self.folder / 'clinic-media.db'}"

    @property
    def database_kind(self) -> Literal["sqlite", "postgresql", "memory"]:
        scheme = urlsplit(self.database_url).scheme.partition("+")[0]
        return "sqlite" if scheme == "sqlite" else "memory" if scheme == "memory" else "postgresql"

    @property
    def storage_url(self) -> str:
        return self.storage.url or (self.folder / "files").as_uri()

    @property
    def storage_kind(self) -> Literal["memory", "files"]:
        return "memory" if self.storage_url.startswith("memory://") else "files"

    @property
    def scratch(self) -> Path:
        """For what is on its way to a bucket."""
        return self.folder / "scratch"
