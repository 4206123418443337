"""Turns one element of an Excalidraw drawing into an item; what is out of bounds gets a default."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.groups import MOST_LEVELS
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    Item,
    LineForm,
    LineItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)
from kupuri_desktop.workspace.transfer.bounds import (
    MOST_BENDS,
    MOST_NAME,
    cleaned,
    number,
    readable,
)

MOST_POINTS = 20_000
INK = "#1e1e1e"
DASHES = {"dashed": (4.0, 3.0), "dotted": (1.0, 2.0)}
LETTER = 0.58
"""The width of a letter in font sizes: a little more than Inter's on average."""

ROUND_SHARE, ROUND_MOST = 0.25, 32.0
"""Round corners take a quarter of the shorter side, up to this many units."""

_HEX = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_NOT_IN_ID = re.compile("[/=]")
_NAMED = {"black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000"}
_NAMED |= {"blue": "#0000ff", "yellow": "#ffff00", "gray": "#808080", "grey": "#808080"}


@dataclass(frozen=True, slots=True)
class Element:
    """An element as it came, read field by field."""

    id: str
    kind: str
    raw: Mapping[str, Any]

    @classmethod
    def read(cls, raw: Any) -> "Element | None":
        """None for what is no element at all."""
        if not isinstance(raw, dict):
            return None
        key, kind = raw.get("id"), raw.get("type")
        if not isinstance(key, str) or not isinstance(kind, str) or not 0 < len(key) <= MOST_NAME:
            return None
        return cls(readable(key), kind, raw)

    @property
    def deleted(self) -> bool:
        return self.raw.get("isDeleted") is True

    def number(self, field: str, default: float = 0.0, least: float = -math.inf) -> float:
        return max(number(self.raw.get(field), default), least)

    def text(self, field: str) -> str:
        value = self.raw.get(field)
        return readable(value) if isinstance(value, str) else ""

    def colour(self, field: str, default: str | None) -> str | None:
        """`#rrggbb` or with `aa`; None for transparent."""
        text = self.text(field).strip().lower()
        if text == "transparent":
            return None
        text = _NAMED.get(text, text)
        if not _HEX.fullmatch(text):
            return default
        if len(text) in (4, 5):
            text = "#" + "".join(letter * 2 for letter in text[1:])
        return text

    def points(self) -> list[tuple[float, float]]:
        value = self.raw.get("points")
        found = value if isinstance(value, list) else []
        return [
            (number(point[0]), number(point[1]))
            for point in found[:MOST_POINTS]
            if isinstance(point, list) and len(point) >= 2
        ]

    def bound(self, field: str) -> str | None:
        """The element that an end sticks to."""
        value = self.raw.get(field)
        key = value.get("elementId") if isinstance(value, dict) else None
        return readable(key) if isinstance(key, str) else None

    def group(self) -> str | None:
        """The path of its groups; Excalidraw lists them from the innermost."""
        value = self.raw.get("groupIds")
        names = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
        kept = [_NOT_IN_ID.sub("_", readable(each))[:MOST_NAME] for each in names[-MOST_LEVELS:]]
        return "/".join("group:" + each for each in reversed(kept)) or None


def item_of(
    element: Element, z: float, asset: str | None, known: Mapping[str, Element]
) -> tuple[Item | None, str]:
    """The item, and what of it is lost, in a few words."""
    place = _place(element, z, known)
    match element.kind:
        case "image":
            return _image(element, place, asset)
        case "text":
            return _text(element, place), ""
        case "rectangle" | "ellipse":
            return _shape(element, place), ""
        case "diamond":
            return _diamond(element, place)
        case "line" | "arrow" | "draw" | "freedraw":
            return _path(element, place)
        case "frame" | "magicframe":
            name = cleaned(element.text("name")) or "Frame"
            return FrameItem(**place | {"name": name, "frame": None}), ""
        case _:
            return None, "Kupuri has nothing like it."


def _place(element: Element, z: float, known: Mapping[str, Element]) -> dict[str, Any]:
    group = element.group()
    container = element.text("containerId")
    if group is None and container in known:
        # Words in a shape stay with it.
        group = known[container].group() or _held(container)
    elif group is None and _holds_text(element, known):
        group = _held(element.id)
    return {
        "id": element.id,
        "x": element.number("x"),
        "y": element.number("y"),
        "width": abs(element.number("width")),
        "height": abs(element.number("height")),
        "rotation": math.degrees(element.number("angle")) % 360.0,
        "z": z,
        "opacity": min(element.number("opacity", 100.0, 0.0), 100.0) / 100.0,
        "locked": element.raw.get("locked") is True,
        "group": group,
        "frame": element.text("frameId") or None,
    }


def _held(key: str) -> str:
    return "held:" + _NOT_IN_ID.sub("_", key)


def _holds_text(element: Element, known: Mapping[str, Element]) -> bool:
    bound = element.raw.get("boundElements")
    for each in bound[:100] if isinstance(bound, list) else []:
        key = each.get("id") if isinstance(each, dict) else None
        if isinstance(key, str) and key in known and known[key].text("containerId") == element.id:
            return True
    return False


def _image(element: Element, place: dict[str, Any], asset: str | None) -> tuple[Item | None, str]:
    if asset is None:
        return None, "its picture is not in the file."
    scale = element.raw.get("scale")
    flips = [number(each, 1.0) < 0 for each in scale[:2]] if isinstance(scale, list) else []
    crop = element.raw.get("crop")
    part = None
    if isinstance(crop, dict):
        sides = [number(crop.get(field)) for field in ("x", "y", "width", "height")]
        if min(sides) >= 0 and sides[2] > 0 and sides[3] > 0:
            part = Rect(*sides)
    item = ImageItem(
        **place,
        asset=asset,
        natural_width=0,
        natural_height=0,
        crop=part,
        flip_x=flips[:1] == [True],
        flip_y=flips[1:2] == [True],
    )
    return item, ""


def _text(element: Element, place: dict[str, Any]) -> Item:
    aligned = element.text("textAlign")
    align = {"center": Align.CENTRE, "right": Align.RIGHT}.get(aligned, Align.LEFT)
    size = min(element.number("fontSize", 20.0, 1.0), 1e4)
    words = element.text("text")
    # Lines are broken in the text itself; our letters may be wider and must not break them anew.
    needed = max(map(len, words.split("\n"))) * LETTER * size
    if (more := needed - place["width"]) > 0:
        before = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}[align]
        place = place | {"x": place["x"] - more * before, "width": needed}
    return TextItem(
        **place,
        text=words,
        font_size=size,
        colour=element.colour("strokeColor", INK) or INK,
        align=align,
    )


def _shape(element: Element, place: dict[str, Any]) -> Item:
    rounded = isinstance(element.raw.get("roundness"), dict)
    radius = min(ROUND_SHARE * min(place["width"], place["height"]), ROUND_MOST)
    ellipse = element.kind == "ellipse"
    return ShapeItem(
        **place,
        form=ShapeForm.ELLIPSE if ellipse else ShapeForm.RECTANGLE,
        fill=element.colour("backgroundColor", None),
        stroke=element.colour("strokeColor", INK),
        corner_radius=radius if rounded and not ellipse else 0.0,
        **_pen(element),
    )


def _diamond(element: Element, place: dict[str, Any]) -> tuple[Item, str]:
    width, height = place["width"], place["height"]
    corners = ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5), (0.5, 0.0))
    filled = element.colour("backgroundColor", None) is not None
    points = [(u * width, v * height) for u, v in corners]
    # A pen's stroke would be smoothed, and have no corners.
    item = LineItem(
        **place,
        start=points[0],
        end=points[-1],
        arrow_end=False,
        form=LineForm.ELBOW,
        bends=tuple(points[1:-1]),
        stroke=element.colour("strokeColor", INK) or INK,
        **_pen(element),
    )
    return item, "only its outline came over." if filled else ""


def _path(element: Element, place: dict[str, Any]) -> tuple[Item | None, str]:
    points = element.points()
    if len(points) < 2:
        return None, "it has no length."
    left, top = min(x for x, _ in points), min(y for _, y in points)
    place = place | {
        "x": place["x"] + left,
        "y": place["y"] + top,
        "width": max(x for x, _ in points) - left,
        "height": max(y for _, y in points) - top,
    }
    moved = [(x - left, y - top) for x, y in points]
    heads = [isinstance(element.raw.get(f"{end}Arrowhead"), str) for end in ("start", "end")]
    stroke = element.colour("strokeColor", INK) or INK
    sharp = element.kind == "line" and not isinstance(element.raw.get("roundness"), dict)
    cornered = sharp and len(points) <= MOST_BENDS + 2
    if len(points) == 2 or cornered or (any(heads) and element.kind == "arrow"):
        line = LineItem(
            **place,
            start=moved[0],
            end=moved[-1],
            start_item=element.bound("startBinding"),
            end_item=element.bound("endBinding"),
            arrow_start=heads[0],
            arrow_end=heads[1],
            form=LineForm.STRAIGHT if len(points) == 2 else LineForm.ELBOW,
            bends=tuple(moved[1:-1][:MOST_BENDS]),
            stroke=stroke,
            **_pen(element),
        )
        return line, ""
    drawn = StrokeItem(
        **place,
        points=tuple((x, y, 1.0) for x, y in moved),
        stroke=stroke,
        stroke_width=_pen(element)["stroke_width"],
    )
    return drawn, ""


def _pen(element: Element) -> dict[str, Any]:
    return {
        "stroke_width": min(element.number("strokeWidth", 2.0, 0.0), 1e4),
        "dash": DASHES.get(element.text("strokeStyle"), ()),
    }
