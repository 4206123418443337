"""What is offered where something is drawn: inks, note papers, widths, sizes of frames."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kupuri_desktop.core.paths import resource


@dataclass(frozen=True, slots=True)
class FrameSize:
    """A format by its name; width and height in canvas units, which are pixels at 100 %."""

    group: str
    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Offers:
    """inks and notes as #rrggbb; widths and text_sizes in canvas units."""

    inks: tuple[str, ...]
    notes: tuple[str, ...]
    widths: tuple[float, ...]
    text_sizes: tuple[float, ...]
    frames: tuple[FrameSize, ...]


def read_offers() -> Offers:
    """What `resources/styles/drawing.json` has."""
    data = json.loads(resource("styles", "drawing.json").read_bytes())
    return Offers(
        inks=tuple(data["inks"]),
        notes=tuple(data["notes"]),
        widths=tuple(map(float, data["widths"])),
        text_sizes=tuple(map(float, data["text_sizes"])),
        frames=tuple(
            FrameSize(group, *entry) for group, entries in data["frames"].items()
            for entry in entries
        ),
    )  # fmt: skip
