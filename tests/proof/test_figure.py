"""How proofs tell their figures, and how those are kept."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.machine import machine
from tests.proof.__main__ import in_turn
from tests.proof.figure import MET, MISSED, NOT_MEASURED, Figure, NotHere, command
from tests.proof.measuring import commit, keep, measured
from tests.proof.page import told, write
from tests.proof.rows import ROWS, Row

pytestmark = pytest.mark.proof


def counted(*, runs: int = 3, seed: int = 1, postgresql: bool = False) -> Figure:
    if postgresql:
        raise NotHere("there is no PostgreSQL here")
    return Figure({"runs": runs}, [f"run {runs} of seed {seed}"] if runs > 3 else [])


def test_a_command_tells_what_was_measured_and_ends_as_it_came_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(counted, []) == MET
    assert capsys.readouterr().out.split() == ["runs", "3", "seconds", "0", "seed", "1"]
    assert command(counted, ["--runs", "4", "--seed", "7"]) == MISSED
    assert "run 4 of seed 7" in capsys.readouterr().err
    assert command(counted, ["--postgresql"]) == NOT_MEASURED
    assert "no PostgreSQL" in capsys.readouterr().err


def test_counts_are_told_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(lambda: Figure({"answers": {200: 3, 404: 1}}), []) == MET
    assert capsys.readouterr().out.splitlines()[0].split(maxsplit=1) == ["answers", "200 × 3, 404 × 1"]


def test_a_row_without_its_proof_says_so() -> None:
    row = Row(figure="G99", what="nothing", target="0", full="nowhere --runs 3 --seed {seed}", minutes=1)
    found = measured(row, seed=7, small=False)
    assert (found["met"], found["seed"]) == (None, 7)
    assert told(found) == "there is no tests/proof/nowhere.py"
    assert found["command"] == "python -m tests.proof.nowhere --runs 3 --seed 7"


def test_a_row_measured_again_takes_the_place_of_what_was_found_before(tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    for figure, met in (("G10", True), ("G2", True), ("G10", False)):
        keep(path, {"figure": figure, "what": "it", "met": met})
    kept: list[dict[str, Any]] = json.loads(path.read_text())["figures"]
    assert [(each["figure"], each["met"]) for each in kept] == [("G2", True), ("G10", False)]


def test_the_page_tells_what_was_measured_and_what_was_not(tmp_path: Path) -> None:
    proof, page = tmp_path / "proof.json", tmp_path / "figures.md"
    row = Row(figure="G99", what="nothing", target="0", full="nowhere", minutes=1)
    found = measured(row, seed=1, small=True)
    keep(proof, found)
    keep(
        proof,
        found
        | {
            "what": "all",
            "measured": {"lost": "0", "seconds": "7"},
            "met": True,
            "at": "2026-03-02T",
            "commit": "1a2b3c4+",
        },
    )
    write(proof, tmp_path / "bench.json", page)
    assert "| G99 | all | 0 | lost 0 | small |  | 0 s | 2026-03-02 | 1a2b3c4+ | yes |" in page.read_text().splitlines()
    assert "there is no tests/proof/nowhere.py" in page.read_text()


def test_the_page_tells_what_stands_in_the_way_of_a_speed_that_is_missed(tmp_path: Path) -> None:
    bench, page = tmp_path / "bench.json", tmp_path / "figures.md"
    case = {"case": "P99 it", "ours": 2, "reference": 4, "ratio": 0.5, "target": ">= 1", "spread": "0.4 to 0.6"}
    told = case | {"met": False, "why": "the wind", "seconds": 7, "at": "2026-03-02T", "commit": "1a2b3c4"}
    bench.write_text(json.dumps({"machine": machine(), "cases": [told, told | {"case": "P98", "met": True}]}))
    write(tmp_path / "proof.json", bench, page)
    lines = page.read_text().splitlines()
    assert "| P99 it | 2 | 4 | 0.5 | >= 1 | 0.4 to 0.6 | 7 s | 2026-03-02 | 1a2b3c4 | **no** |" in lines
    assert [line for line in lines if line.startswith("- ")] == ["- P99 it: the wind"]


def test_rows_that_need_quiet_come_by_themselves_after_all_others() -> None:
    rows = [Row(figure="G99", what=what, target="0", full="nowhere", minutes=1, quiet=what > "b") for what in "cadb"]
    in_order, at_once = ([each["what"] for each in in_turn(rows, jobs=jobs, seed=1, small=True)] for jobs in (1, 2))
    assert in_order == ["c", "a", "d", "b"]
    assert (sorted(at_once[:2]), at_once[2:]) == (["a", "b"], ["c", "d"])


def test_what_was_measured_tells_its_commit(tmp_path: Path) -> None:
    found = measured(Row(figure="G99", what="it", target="0", full="nowhere", minutes=1), seed=1, small=True)
    assert found["commit"] == commit()
    assert re.fullmatch(r"([0-9a-f]{7,}\+?)?", commit())
    assert commit(tmp_path) == ""


def test_every_row_has_its_proof() -> None:
    assert [row.full for row in ROWS if row.missing] == []
