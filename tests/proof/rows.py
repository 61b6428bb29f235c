"""The figures of the reliability page, and the command that measures each: at full size, and at the size of a try."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`full` and `small` are a module of this folder with its options, a module elsewhere, or a selection of tests,
    run with the profile `proof` at full size. `{seed}` in them is the seed. `minutes` are of two quiet cores. What is
    `quiet` measures times or fills all cores by itself: nothing runs beside it."""

    figure: str
    what: str
    target: str
    full: str
    small: str = ""
    minutes: float
    quiet: bool = False

    def words(self, *, small: bool) -> str:
        return (self.small or self.full) if small else self.full

    @property
    def missing(self) -> Path | None:
        """The module or file of tests that is not there."""
        named = self.full.split()[0].partition("::")[0]
        path = HERE.parents[1] / (named if named.endswith(".py") else f"{module_of(named).replace('.', '/')}.py")
        return None if path.exists() or (path.with_suffix("") / "__main__.py").exists() else path


def module_of(name: str) -> str:
    return name if "." in name else f"tests.proof.{name}"


_CORPUS = "tests/proof/test_corpus_inspection.py tests/proof/test_corpus_copies.py"
PARSERS = (
    *("range", "conditions", "cursor", "filename", "exif", "link"),
    *("metadata", "proxies", "moment", "token", "form"),
)

ROWS = (
    Row(
        figure="G1",
        what="killed at every fault point of every act, SQLite: lost, orphans, events, half pairs",
        target="10,000 runs: 0",
        full="crash_matrix --runs 10000 --seed {seed}",
        small="crash_matrix --runs 200 --seed {seed}",
        minutes=13,
    ),
    Row(
        figure="G1",
        what="killed at every fault point of every act, PostgreSQL",
        target="10,000 runs: 0",
        full="crash_matrix --runs 10000 --seed {seed} --database postgresql",
        small="crash_matrix --runs 100 --seed {seed} --database postgresql",
        minutes=50,
    ),
    Row(
        figure="G2",
        what="real server killed under 8 clients: lost or wrong acknowledged uploads",
        target="1,000 runs: 0",
        full="kill_server --runs 1000 --seed {seed}",
        small="kill_server --runs 3 --seed {seed}",
        minutes=60,
    ),
    Row(
        figure="G2",
        what="uploads in pieces by a real client, connections broken, 2 workers killed",
        target="each once",
        full="tus --runs 200 --seed {seed} --workers 2",
        small="tus --runs 12 --seed {seed} --workers 2",
        minutes=4,
    ),
    Row(
        figure="G3",
        what="loss of power at every step; each sync left out",
        target="2,000 seeds: 0; all noticed",
        full="power_loss --runs 2000 --seed {seed}",
        small="power_loss --runs 150 --seed {seed}",
        minutes=4,
    ),
    Row(
        figure="G4",
        what="each call of a port fails in each way, over SQLite",
        target="0 false, 0 broken",
        full="fail_nth --seed {seed}",
        small="fail_nth --runs 100 --seed {seed}",
        minutes=4,
    ),
    Row(
        figure="G4",
        what="each call of a port fails in each way, in memory",
        target="0 false, 0 broken",
        full="fail_nth --seed {seed} --adapters memory",
        small="fail_nth --runs 200 --seed {seed} --adapters memory",
        minutes=1,
    ),
    Row(
        figure="G4",
        what="each call fails under each kind of request: a success or a 503",
        target="0 others",
        full="fail_nth_http --seed {seed}",
        small="fail_nth_http --runs 100 --seed {seed}",
        minutes=3,
    ),
    Row(
        figure="G5",
        what="PostgreSQL killed or stopped in mid-transaction: lost, doubled by a retry",
        target="100 runs: 0 / 0",
        full="postgresql_killed --runs 100 --seed {seed}",
        small="postgresql_killed --runs 3 --seed {seed}",
        minutes=2,
    ),
    Row(
        figure="G6",
        what="disk full under database and files: lost, mending by hand",
        target="0 / none",
        full="tests/proof/test_disk_full.py",
        minutes=1,
    ),
    *(
        Row(
            figure="G6",
            what=f"a real server on a small disk of {what} that fills up under clients: lost, mending by hand",
            target="20 times: 0 / none",
            full=f"disk_full --rounds 20 --seed {{seed}} --holds {holds}",
            small=f"disk_full --rounds 2 --seed {{seed}} --holds {holds}",
            minutes=2,
        )
        for holds, what in (("files", "its files"), ("all", "files and database"))
    ),
    Row(
        figure="G7",
        what="state machine in memory: steps, breaks",
        target="100,000 / 0",
        full="state_machine --steps 100000 --seed {seed} --adapters memory",
        small="state_machine --steps 1000 --seed {seed} --adapters memory",
        minutes=5,
    ),
    Row(
        figure="G7",
        what="state machine over SQLite and a folder",
        target="60,000 / 0",
        full="state_machine --steps 60000 --seed {seed} --adapters sqlite",
        small="state_machine --steps 500 --seed {seed} --adapters sqlite",
        minutes=11,
    ),
    Row(
        figure="G7",
        what="state machine over PostgreSQL and a folder",
        target="12,000 / 0",
        full="state_machine --steps 12000 --seed {seed} --adapters postgresql",
        small="state_machine --steps 300 --seed {seed} --adapters postgresql",
        minutes=12,
    ),
    *(
        Row(
            figure="G7",
            what=f"state machine over {of_rows} and {of_bytes}",
            target=f"{steps:,} / 0",
            full=f"state_machine --steps {steps} --seed {{seed}} --adapters {adapters} --storage {storage}",
            small=f"state_machine --steps 100 --seed {{seed}} --adapters {adapters} --storage {storage}",
            minutes=minutes,
        )
        for adapters, of_rows, storage, of_bytes, steps, minutes in (
            ("sqlite", "SQLite", "s3", "a bucket", 4_000, 16),
            ("sqlite", "SQLite", "memory", "memory", 16_000, 5),
            ("postgresql", "PostgreSQL", "s3", "a bucket", 2_000, 10),
            ("postgresql", "PostgreSQL", "memory", "memory", 6_000, 6),
        )
    ),
    Row(
        figure="G8",
        what="start after a crash with 10,000 staged rows: serving, clean",
        target="<= 5 s; <= 60 s",
        full="many_staged --rows 10000 --seed {seed}",
        small="many_staged --rows 300 --seed {seed}",
        minutes=1,
        quiet=True,
    ),
    Row(
        figure="G8",
        what="the same over PostgreSQL",
        target="<= 5 s; <= 60 s",
        full="many_staged --rows 10000 --seed {seed} --database postgresql",
        small="many_staged --rows 300 --seed {seed} --database postgresql",
        minutes=1,
        quiet=True,
    ),
    Row(
        figure="G9",
        what="10,000 events, the relay killed 200 times: delivered, out of order",
        target="all / 0",
        full="relay_killed",
        small="relay_killed --events 300 --kills 10",
        minutes=1,
    ),
    Row(
        figure="G9",
        what="the same with three relays on one PostgreSQL",
        target="all / 0",
        full="relay_killed --relays 3 --database postgresql",
        small="relay_killed --events 300 --kills 10 --relays 3 --database postgresql",
        minutes=1,
    ),
    Row(
        figure="G10, G13",
        what="the corpus through a real server: crash, 5xx, hang, socket, stray file, must-reject accepted",
        target="0",
        full="tests/proof/test_corpus_served.py",
        minutes=1,
    ),
    Row(
        figure="G11, G14-G16",
        what="the corpus inspected: outcome, capture date, orientation, metadata left",
        target="all; >= 95 % as preferred",
        full=_CORPUS,
        minutes=5,
    ),
    Row(
        figure="G17",
        what="names of files: injections, escapes, 5xx, changed bytes",
        target="0",
        full="tests/http/test_filenames.py tests/http/test_downloads.py",
        minutes=2,
    ),
    Row(
        figure="G18",
        what="25 broken forms and 200 slow sockets: 5xx, others' p95",
        target="0 / <= 2 x",
        full="slow_and_broken",
        minutes=1,
        quiet=True,
    ),
    Row(
        figure="G19",
        what="probes across clinics and patients, from the OpenAPI document: leaks, tellable answers",
        target=">= 5,000: 0 / 0",
        full="probes --seed {seed}",
        small="probes --each 2 --seed {seed}",
        minutes=2,
    ),
    Row(figure="G20", what="role x operation", target="all right", full="tests/http/test_roles.py", minutes=2),
    Row(
        figure="G21",
        what="forged tokens and signed links accepted",
        target="0",
        full="forgeries --seed {seed}",
        minutes=1,
    ),
    Row(
        figure="G22",
        what="schemathesis: 5xx, undocumented status or body",
        target="10,000: 0 / 0",
        full="schema_cases --cases 10000 --seed {seed}",
        small="schema_cases --cases 300 --seed {seed}",
        minutes=8,
    ),
    Row(
        figure="G23",
        what="our own parsers, inputs drawn by their grammar: anything but a refusal",
        target="0",
        full="tests/proof/test_parsers.py",
        minutes=5,
    ),
    *(
        Row(
            figure="G23",
            what=f"the parser of {what}, fuzzed by coverage: anything but a refusal",
            target="0",
            full=f"fuzz --seconds 60 --target {what} --seed {{seed}}",
            small=f"fuzz --seconds 5 --target {what} --seed {{seed}}",
            minutes=1,
        )
        for what in PARSERS
    ),
    Row(
        figure="G24",
        what="races x 24 at once, SQLite: breaks, 5xx",
        target="15 x 50 rounds: 0 / 0",
        full="races --rounds 50 --seed {seed}",
        small="races --rounds 1 --seed {seed}",
        minutes=8,
    ),
    Row(
        figure="G24",
        what="races x 24 at once, two servers over PostgreSQL",
        target="15 x 50 rounds: 0 / 0",
        full="races --rounds 50 --seed {seed} --database postgresql --servers 2",
        small="races --rounds 1 --seed {seed} --database postgresql --servers 2",
        minutes=20,
    ),
    Row(
        figure="G25",
        what="two servers and two workers over PostgreSQL and a bucket, killed in turn",
        target="0 lost, doubled, over a limit",
        full="many_servers --seed {seed}",
        small="many_servers --rounds 2 --seed {seed}",
        minutes=4,
    ),
    Row(
        figure="G26",
        what="uploads of 100 MB: growth of the server's memory",
        target="<= 32 MB",
        full="big_uploads --megabytes 100",
        minutes=1,
    ),
    Row(
        figure="G26",
        what="200 files of 4 MB taken along as one: growth of the server's memory",
        target="<= 16 MB",
        full="zip_memory",
        small="zip_memory --files 24",
        minutes=1,
    ),
    Row(
        figure="G27",
        what="bombs: largest process, /health/live throughout",
        target="<= 800 MB, < 1 s",
        full="bombs",
        small="bombs --rounds 1",
        minutes=1,
        quiet=True,
    ),
    Row(
        figure="G28",
        what="600 damages: found by verify, false alarms, wrong repairs",
        target="all / 0 / 0",
        full="damages --seed {seed}",
        small="damages --damages 68 --seed {seed}",
        minutes=1,
    ),
    Row(
        figure="G29",
        what="backup under load, restored elsewhere: equal",
        target="20 drills: all",
        full="backup_drill --seed {seed}",
        small="backup_drill --drills 1 --seed {seed}",
        minutes=5,
    ),
    Row(
        figure="G30",
        what="rows of the audit log for every read, write and denial of every operation",
        target="100 %",
        full="audit_coverage",
        minutes=1,
    ),
    Row(
        figure="G30",
        what="edits of the audit log found by verify",
        target="100 % of 1,000",
        full="audit_edits --count 1000 --seed {seed}",
        small="audit_edits --count 60 --seed {seed}",
        minutes=1,
    ),
    Row(
        figure="G30",
        what="canaries of personal data in logs, events, metrics, errors",
        target="0",
        full="canaries",
        small="canaries --every 6",
        minutes=1,
    ),
    Row(
        figure="G31",
        what="event loop blocked longest; p95 of metadata calls during 20 uploads",
        target="<= 50 ms; <= 150 ms",
        full="loop_blocked --seed {seed}",
        minutes=1,
        quiet=True,
    ),
    Row(
        figure="G32",
        what="mutants made by hand, killed by the tests",
        target=">= 95 %, all of tenants and syncs",
        full="tests.mutants",
        small="tests.mutants tenant",
        minutes=12,
    ),
    Row(
        figure="G34",
        what="branch coverage: domain and application, adapters",
        target=">= 95 %, >= 90 %",
        full="branch_coverage",
        minutes=45,
        quiet=True,
    ),
    Row(
        figure="soak",
        what="an hour of mixed load by 8 clients, restarts every 5 minutes: broken invariants, memory",
        target="0, flat",
        full="soak --minutes 60 --seed {seed}",
        small="soak --minutes 2 --seed {seed}",
        minutes=61,
        quiet=True,
    ),
)
