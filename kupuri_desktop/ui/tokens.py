"""Reads the design tokens: colours of a theme, and the sizes and times that themes share."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Literal

from PySide6.QtGui import QColor

from kupuri_desktop.core.paths import resource

ThemeName = Literal["dark", "light"]


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour there is, by what it is for. Eight digits in the files are #AARRGGBB.

    well: sunken areas (code, empty pictures). *_text: the same hue where it is written with.
    accent_fill: behind `on_accent` words; accent: outlines, icons, marks.
    """

    canvas: QColor
    canvas_dot: QColor
    surface: QColor
    raised: QColor
    well: QColor
    hover: QColor
    pressed: QColor
    hairline: QColor
    field_line: QColor
    text: QColor
    text_second: QColor
    text_third: QColor
    text_off: QColor
    icon: QColor
    accent: QColor
    accent_fill: QColor
    accent_hover: QColor
    accent_pressed: QColor
    accent_text: QColor
    accent_soft: QColor
    on_accent: QColor
    ok: QColor
    ok_text: QColor
    warn: QColor
    warn_text: QColor
    error: QColor
    error_text: QColor
    error_soft: QColor
    off: QColor
    scrim: QColor
    shadow: QColor


@dataclass(frozen=True, slots=True)
class Space:
    """Distances, in logical pixels."""

    xs: int
    s: int
    m: int
    l: int
    xl: int
    xxl: int


@dataclass(frozen=True, slots=True)
class Radius:
    """Corner radii, in logical pixels."""

    control: int
    card: int
    bar: int


@dataclass(frozen=True, slots=True)
class Type:
    """The type family and its sizes, in logical pixels."""

    family: str
    label: int
    body: int
    chat: int
    title: int
    welcome: int


@dataclass(frozen=True, slots=True)
class IconSize:
    """Icon edges and the thickness of their lines, in logical pixels."""

    small: int
    large: int
    stroke: float


@dataclass(frozen=True, slots=True)
class Motion:
    """Durations in milliseconds; all 0 where motion is reduced."""

    hover: int
    panel: int
    settle: int


@dataclass(frozen=True, slots=True)
class Size:
    """Fixed measures of controls and rooms, in logical pixels."""

    bar: int
    control: int
    row: int
    rail: int
    dock: int
    focus: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """What both themes share."""

    space: Space
    radius: Radius
    type: Type
    icon: IconSize
    motion: Motion
    size: Size


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme file. gradient: running work; welcome: the same hues, legible as large words."""

    name: ThemeName
    dark: bool
    colours: Colours
    gradient: tuple[QColor, ...]
    welcome: tuple[QColor, ...]


def read_metrics() -> Metrics:
    """The sizes and times of `resources/styles/metrics.json`."""
    data = _read("metrics")
    return Metrics(
        space=Space(**data["space"]),
        radius=Radius(**data["radius"]),
        type=Type(**data["type"]),
        icon=IconSize(**data["icon"]),
        motion=Motion(**data["motion"]),
        size=Size(**data["size"]),
    )


def read_palette(name: ThemeName) -> Palette:
    """The colours of `resources/styles/NAME.json`. Raises KeyError where one is missing."""
    data = _read(name)
    colours = {field.name: QColor(data["colours"][field.name]) for field in fields(Colours)}
    return Palette(
        name=name,
        dark=data["dark"],
        colours=Colours(**colours),
        gradient=tuple(QColor(value) for value in data["gradient"]),
        welcome=tuple(QColor(value) for value in data["welcome"]),
    )


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(resource("styles", f"{name}.json").read_bytes())
    return data
