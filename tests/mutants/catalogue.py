"""The mutants: faults made by hand, each as the text before and after, with the tests that have to notice it."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TABLES = ("tenancy", "durability", "records", "rights", "contents")
ALL_KILLED = ("tenant", "sync")
"""Of what these guard, no mutant may survive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`tests` are selections as pytest takes them, asked in this order. With `needs_services` those that start a real
    PostgreSQL are among them."""

    name: str
    guards: str
    path: str
    before: str
    after: str
    tests: Sequence[str]
    needs_services: bool = False


def mutants() -> list[Mutant]:
    return [mutant for table in TABLES for mutant in _of(table)]


def _of(table: str) -> list[Mutant]:
    told = tomllib.loads(Path(__file__).with_name(f"{table}.toml").read_text(encoding="utf-8"))
    usual = {"tests": told["tests"], "guards": told["guards"]}
    return [Mutant(**(usual | said)) for said in told["mutant"]]
