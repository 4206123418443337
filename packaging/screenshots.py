"""Draws the window's states into `screenshots/`, in both themes, at 100 % and at 200 %.

usage: screenshots.py [NAME ...] [--out FOLDER] [--scale N]

NAME is a state, or a part of its name, or a sitting: mask, colour, home-empty.
Called by `dev.py screenshots`, which gives it a display. It needs the tests' fake servers and
asks nobody outside this machine. One process a scale, because Qt reads the scale at its start.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The script lies beside the package and the tests, which are not installed with it.
sys.path.insert(0, str(ROOT))

from PySide6.QtWidgets import QApplication

from kupuri_desktop.ui.loop import DesktopLoop
from sittings.camera import Camera
from sittings.colour import colour
from sittings.editing import editing
from sittings.house import taken_in, with_projects
from sittings.looking import looking
from sittings.making import comfyui_away, with_servers, without_servers
from sittings.masking import masking_and_cropping

SCALES = (1, 2)
PATIENCE_OF_A_SITTING = 300.0

Sitting = Callable[[Path, Camera], Awaitable[Any]]
SITTINGS: Mapping[Sitting, str] = {
    taken_in: "imported-kupuri imported-folder imported-beeref imported-excalidraw imported-jaaz",
    without_servers: "home-empty project-empty done-three-sunsets done-one-selected "
    "done-all-selected command-palette",
    masking_and_cropping: "image-selected mask mask-mark crop sent-to-chat",
    with_servers: "model-picker-text model-picker-image generating-with-preview approval",
    comfyui_away: "error-comfyui-away engine-chip-explains",
    with_projects: "home-projects search-everywhere trash project-opened models-page settings-page",
    looking: "layers inspector minimap compare-slider compare-side compare-difference "
    "export-panel export-each-item present",
    editing: "board guides group-entered find frame-sizes",
    colour: "colour-inspector-text colour-inspector-frame colour-inspector-note "
    "colour-inspector-shape colour-inspector-line colour-inspector-image colour-inspector-mixed "
    "colour-picker colour-eyedropper colour-fonts colour-style-rectangle colour-style-pen "
    "colour-style-text colour-style-note",
}
"""Each sitting and the states that it shows."""


def chosen(words: Sequence[str]) -> dict[Sitting, list[str]]:
    """The states whose names hold one of `words`, or all of a sitting that is named itself."""
    states = {
        sitting: [
            state
            for state in names.split()
            if not words or any(word == sitting.__name__ or word in state for word in words)
        ]
        for sitting, names in SITTINGS.items()
    }
    return {sitting: names for sitting, names in states.items() if names}


async def draw(out: Path, scale: int, states: Mapping[Sitting, Sequence[str]]) -> None:
    known = {name for names in SITTINGS.values() for name in names.split()}
    with tempfile.TemporaryDirectory() as folder:
        for sitting, names in states.items():
            async with asyncio.timeout(PATIENCE_OF_A_SITTING):
                await sitting(Path(folder), Camera(out, names, known, scale))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", metavar="NAME", nargs="*", help="states, or parts of their names")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--scale", type=int, choices=SCALES, help="only this scale")
    options = parser.parse_args()
    states = chosen(options.names)
    if not states:
        parser.error(f"no such state; there are: {' '.join(' '.join(SITTINGS.values()).split())}")
    options.out.mkdir(parents=True, exist_ok=True)
    if os.environ.get("QT_SCALE_FACTOR") is None:
        scales = [options.scale] if options.scale else SCALES
        return max(
            subprocess.call(
                [sys.executable, *sys.argv], env=os.environ | {"QT_SCALE_FACTOR": str(scale)}
            )
            for scale in scales
        )
    logging.getLogger().setLevel(logging.ERROR)
    application = QApplication(sys.argv[:1])
    application.setCursorFlashTime(0)
    loop = DesktopLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(draw(options.out, int(os.environ["QT_SCALE_FACTOR"]), states))
    return 0


if __name__ == "__main__":
    sys.exit(main())
