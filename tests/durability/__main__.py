"""Runs everything in full and prints the counts: `python -m tests.durability [NAME...]`.

Names: kill, power, full, damage, images, migrations, starts. Ends with 1 if there
was any fault. `--rounds N` does less of each.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.durability import damage, full, images, kill, migrating, power, starts
from tests.durability.outcome import Outcome

Run = Callable[[int, Path, int], Outcome]
"""Rounds, an empty folder, a seed."""

SERIES: dict[str, tuple[int, Run]] = {
    "kill": (1000, kill.run),
    "power": (500, power.run),
    "full": (200, full.run),
    "damage": (1000, damage.run),
    "images": (5000, images.run),
    "migrations": (migrating.STEPS, migrating.run),
    "starts": (100, starts.run),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.durability", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *SERIES], help="all where none is named")
    parser.add_argument("--rounds", type=int, help="how many of each, instead of all")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    faults = 0
    for name in arguments.names or list(SERIES):
        rounds, run = SERIES[name]
        root = Path(tempfile.mkdtemp(prefix="kupuri-durability-"))
        begin = time.perf_counter()
        outcome = run(arguments.rounds or rounds, root, arguments.seed)
        print(f"{outcome.line()} ({time.perf_counter() - begin:.0f} s)", flush=True)
        for fault in outcome.faults[:20]:
            print(f"  {fault}")
        faults += len(outcome.faults)
        shutil.rmtree(root)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
