"""Says on stderr when the window has reached a mark, for whoever measures the start."""

from __future__ import annotations

import os
import sys
from time import monotonic

_VARIABLE = "KUPURI_TRACE_START"


def mark(name: str) -> None:
    """Write `kupuri-start NAME SECONDS` where KUPURI_TRACE_START is set.

    SECONDS are those of the monotonic clock, which the measuring process shares.
    """
    if os.environ.get(_VARIABLE):
        sys.stderr.write(f"kupuri-start {name} {monotonic()}\n")
        sys.stderr.flush()
