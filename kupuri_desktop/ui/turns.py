"""Sets how Python's threads share their time, so that the window's is not kept waiting."""

import sys

TURN_SECONDS = 0.001


def take_short_turns() -> None:
    """A thread that computes hands over after 1 ms to one that waits, instead of after 5 ms.

    Two that import a project would else make the window 16 ms late, again and again.
    https://docs.python.org/3/library/sys.html#sys.setswitchinterval
    """
    sys.setswitchinterval(TURN_SECONDS)
