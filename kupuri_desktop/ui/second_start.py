"""Claims the data folder, or hands over to the Kupuri that has it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from kupuri_desktop.ui.instance import Instance

# How often the first may end just while a later one asks it.
_ROUNDS = 3


def hand_over(folder: Path, files: Sequence[str]) -> int | None:
    """The exit code of a second start; None where this one is the first and goes on."""
    claimed = claim(folder, files)
    if isinstance(claimed, Instance):
        claimed.release()
        return None
    return claimed


def claim(folder: Path, files: Sequence[str]) -> Instance | int:
    """The claim to the folder, or the exit code after another Kupuri has taken the files.

    Raises OSError where the folder cannot be made or written.
    """
    instance = Instance(folder)
    for _ in range(_ROUNDS):
        if instance.claim():
            return instance
        if instance.hand_over(files):
            return 0
    sys.stderr.write(
        f"Kupuri is open on {folder} already but does not answer; end it and try again.\n"
    )
    return 1
