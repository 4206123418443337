"""A few rounds of each series; `python -m tests.durability` does them all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.durability import power

ROOT = Path(__file__).parents[2]


ANYWHERE = {"power": 20, "damage": 16, "full": 6}
WITH_FORK = {"kill": 27, "images": 150, "migrations": 6, "starts": 12}
SERIES = ANYWHERE | (WITH_FORK if hasattr(os, "fork") else {})


@pytest.mark.parametrize(("series", "rounds"), SERIES.items())
def test_nothing_that_was_acknowledged_is_lost(series, rounds):
    """In a process of its own, for some of them fork, and forks want no threads beside them."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability", series, "--rounds", str(rounds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 faults" in done.stdout


def test_a_database_that_does_not_wait_for_the_disk_would_be_found_out(tmp_path):
    """The simulated power cut sees what it is there to see."""
    assert power.run(20, tmp_path, synchronous="normal").faults
