"""Many starts at once on one data folder: one stays, and gets the files of all the others.

Each is a process of its own that does what the window does first: it claims the folder, and
listens for later starts or hands its files over. The lock of one that was killed lies there.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.durability.outcome import Outcome

PATIENCE = 300.0

START = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from kupuri_desktop.ui.second_start import claim

folder, others, files = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
print("ready", flush=True)
sys.stdin.readline()
app = QCoreApplication([])
claimed = claim(folder, files)
if isinstance(claimed, int):
    print(json.dumps({"stays": False, "code": claimed}))
    sys.exit(0)
asked, raised = [], []

def take(files):
    asked.extend(files)

def count():
    raised.append(1)
    # What comes with the last is told after it.
    if len(raised) == others:
        QTimer.singleShot(0, app.quit)

claimed.files_asked.connect(take)
claimed.raised.connect(count)
claimed.listen()
QTimer.singleShot(240_000, lambda: app.exit(3))
code = app.exec()
claimed.release()
print(json.dumps({"stays": True, "code": code, "asked": asked, "raised": len(raised)}))
"""

KILLED = """
import os, signal, sys
from pathlib import Path
from kupuri_desktop.ui.instance import Instance
instance = Instance(Path(sys.argv[1]))
assert instance.claim()
instance.listen()
os.kill(os.getpid(), signal.SIGKILL)
"""


def run(starts: int, root: Path, seed: int = 0) -> Outcome:
    """starts: how many at once. Each is asked to open two files of its own."""
    outcome = Outcome(f"{starts} starts at once on the folder of one that was killed")
    folder = root / "data"
    died = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    if died.returncode != -signal.SIGKILL or not (folder / "instance.lock").exists():
        outcome.faults.append("nobody was killed with the lock in hand")
    processes = [_start(folder, starts - 1, files_of(root, number)) for number in range(starts)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        os.write(process.stdin.fileno(), b"go\n")
    said = [_said(process, outcome) for process in processes]
    outcome.rounds = starts
    staying = [number for number, one in enumerate(said) if one.get("stays")]
    outcome.counts["stayed"] = len(staying)
    if len(staying) != 1:
        outcome.faults.append(f"{len(staying)} stayed")
        return outcome
    [first] = staying
    if any(one.get("code") != 0 for one in said):
        outcome.faults.append(f"they ended with {[one.get('code') for one in said]}")
    handed = {
        file for number in range(starts) if number != first for file in files_of(root, number)
    }
    asked: list[str] = said[first].get("asked", [])
    outcome.counts["files reached the one"] = len(asked)
    if set(asked) != handed or len(asked) != len(handed):
        outcome.faults.append(f"{len(handed - set(asked))} files did not reach it")
    return outcome


def files_of(root: Path, number: int) -> list[str]:
    return [str(root / f"{number}-{which}.png") for which in ("one", "two")]


def _start(folder: Path, others: int, files: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", START, str(folder), str(others), *files],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _said(process: "subprocess.Popen[bytes]", outcome: Outcome) -> dict[str, Any]:
    try:
        out, _ = process.communicate(timeout=PATIENCE)
        said: dict[str, Any] = json.loads(out)
    except (subprocess.TimeoutExpired, ValueError):
        process.kill()
        process.wait()
        outcome.faults.append("one did not end by itself")
        return {}
    return said
