"""What is compared: pictures as their items show them, pairs of a selection, facts that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage

from kupuri_desktop.core.items import ImageItem, Item, describe
from kupuri_desktop.ui.decoding import decode, grey

_SMALLEST = 512


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in its own size and in halves of it, the largest first. problem: why there is none.

    Without levels of half the size a large image seen whole would cost each frame its whole size.
    """

    levels: tuple[QImage, ...] = ()
    problem: str = ""

    @property
    def size(self) -> QSize:
        return self.levels[0].size() if self.levels else QSize(1, 1)

    def for_width(self, pixels: float) -> QImage:
        """The smallest that is not enlarged when it is drawn so many pixels wide."""
        fitting = [level for level in self.levels if level.width() >= pixels]
        return fitting[-1] if fitting else self.levels[0]


@dataclass(frozen=True, slots=True)
class Fact:
    """One parameter of an image. differs: the other image has another."""

    name: str
    value: str
    differs: bool


def picture_of(item: ImageItem, data: bytes) -> Picture:
    """The picture with the item's crop, flips and grey; for any thread."""
    image, problem = decode(data)
    if image is None:
        return Picture(problem=problem)
    if item.crop is not None:
        # Turned by its EXIF or not, the crop is in the pixels that are shown.
        c = item.crop
        image = image.copy(QRect(round(c.x), round(c.y), round(c.width), round(c.height)))
    if item.flip_x or item.flip_y:
        image = _flipped(image, item)
    if item.grayscale:
        image = grey(image)
    levels = [image]
    while min(levels[-1].width(), levels[-1].height()) >= 2 * _SMALLEST:
        half = levels[-1].size() / 2
        smooth = Qt.TransformationMode.SmoothTransformation
        levels.append(levels[-1].scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
    return Picture(tuple(levels))


def _flipped(image: QImage, item: ImageItem) -> QImage:
    sides = Qt.Orientation(0)
    if item.flip_x:
        sides |= Qt.Orientation.Horizontal
    if item.flip_y:
        sides |= Qt.Orientation.Vertical
    return image.flipped(sides)


def images_in(items: Sequence[Item]) -> list[ImageItem]:
    """The images of a selection, in its order."""
    return [item for item in items if isinstance(item, ImageItem)]


def pairs_of(ids: Sequence[str]) -> list[tuple[str, str]]:
    """Each with each other, the first one's pairs first."""
    return list(combinations(ids, 2))


def facts_of(item: ImageItem, other: ImageItem) -> list[Fact]:
    """What is known of how an image was made, and whether the other was made otherwise."""
    mine, its = _values(item), _values(other)
    return [Fact(name, value, value != its.get(name, "")) for name, value in mine.items() if value]


def prompt_of(item: ImageItem) -> str:
    """The prompt; empty for an image that was not made here."""
    return item.making.prompt if item.making is not None else ""


def name_of(item: ImageItem) -> str:
    """A line of words."""
    return " ".join(describe(item).split())


def _values(item: ImageItem) -> dict[str, str]:
    making = item.making
    size = {"Size": f"{item.natural_width} × {item.natural_height}"}
    if making is None:
        return size
    return {
        "Seed": str(making.seed),
        "Model": making.model,
        **size,
        "Steps": "" if making.steps is None else str(making.steps),
        "Guidance": "" if making.guidance is None else f"{making.guidance:g}",
        "Style": making.style,
        "Without": making.negative_prompt,
    }
