"""The sizes that frames are given by name, and frames turned from portrait to landscape."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from kupuri_desktop.core.items import FrameItem


@dataclass(frozen=True, slots=True)
class FrameSize:
    """A format; width and height in canvas units, a pixel each."""

    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class FrameSizes:
    """Formats for one purpose."""

    name: str
    sizes: tuple[FrameSize, ...]


def sizes_in(text: str) -> tuple[FrameSizes, ...]:
    """What a list such as `resources/frames/sizes.json` holds."""
    return tuple(
        FrameSizes(
            group["name"],
            tuple(
                FrameSize(each["name"], float(each["width"]), float(each["height"]))
                for each in group["sizes"]
            ),
        )
        for group in json.loads(text)
    )


def sized(frame: FrameItem, size: FrameSize, given: Collection[str] = ()) -> FrameItem:
    """The frame in a format, its top left corner where it was.

    given: names of formats. A frame that nobody has named takes the format's name.
    """
    name = size.name if frame.name in {"", "Frame", *given} else frame.name
    return replace(frame, width=size.width, height=size.height, name=name)


def swapped(frame: FrameItem) -> FrameItem:
    """Portrait to landscape and back."""
    return replace(frame, width=frame.height, height=frame.width)
