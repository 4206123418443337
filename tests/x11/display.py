"""A display of its own with a window manager, and a real mouse in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds until something that should happen counts as not happening."""


@dataclass(frozen=True)
class Display:
    """An X server on which programs can be started and the pointer moved."""

    environment: dict[str, str]
    stack: ExitStack

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A program that ends with the display."""
        return self.stack.enter_context(running(command, self.environment))

    def python(self, script: Path, *arguments: str) -> subprocess.Popen[bytes]:
        return self.start(sys.executable, str(script), *arguments)

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout.strip()

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 24) -> None:
        """Presses, moves in small steps as a hand does, and lets go."""
        self.press(start)
        self.glide(start, end, steps)
        self.xdotool("mouseup", "1")

    def press(self, at: tuple[int, int]) -> None:
        self.xdotool("mousemove", str(at[0]), str(at[1]), "mousedown", "1")

    def glide(self, start: tuple[int, int], end: tuple[int, int], steps: int = 24) -> None:
        for step in range(1, steps + 1):
            x = start[0] + (end[0] - start[0]) * step // steps
            y = start[1] + (end[1] - start[1]) * step // steps
            self.xdotool("mousemove", "--sync", str(x), str(y))


def wait_for(happened: Callable[[], object], what: str) -> None:
    """Looks again and again. Raises AssertionError when patience ends."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)


@contextmanager
def running(
    command: Sequence[str], environment: dict[str, str], **more: object
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environment, **more)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def display(width: int = 1400, height: int = 700) -> Iterator[Display]:
    """An Xvfb on a free number with openbox in it; all ends with the block."""
    with ExitStack() as stack:
        reading, writing = os.pipe()
        server = ("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24",
                  "-nolisten", "tcp")  # fmt: skip
        stack.enter_context(running(server, dict(os.environ), pass_fds=(writing,)))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        environment = dict(os.environ) | {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("WAYLAND_DISPLAY", None)
        made = Display(environment, stack)
        made.start("openbox")
        yield made
