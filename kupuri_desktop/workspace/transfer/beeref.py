"""Reads BeeRef's reference boards (`.bee`, versions 1 and 2): pictures and texts on one canvas.

The schema and what its columns mean: https://github.com/rbreu/beeref, `beeref/fileio`. A point
of an item is scaled, turned by `rotation`, mirrored left to right where `flip` is -1, and moved
to (x, y); a crop is in the picture's pixels.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import Any

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem, Item, TextItem
from kupuri_desktop.storage.images import look
from kupuri_desktop.workspace.transfer.bounds import (
    Tally,
    cleaned,
    hostile,
    number,
    parse_json,
    readable,
    told,
)
from kupuri_desktop.workspace.transfer.parcel import Contents, Load, Parcel
from kupuri_desktop.workspace.transfer.sqlite_files import (
    ForeignDatabase,
    columns_or_none,
    open_foreign,
)

TABLES = frozenset({"items", "sqlar"})
MOST_ITEMS = 50_000
MOST_DATA = 2**20
TEXT_SIZE, LINE, LETTER, MARGIN = 16.0, 1.3, 0.6, 8.0
"""A text's box is not in the file: font size in units, and shares of it, and what is around."""

INK = "#7f7f8a"
"""A text's colour is not in the file either: this one can be read on light and dark grounds."""

UNREADABLE_SIDE = 256.0

_FIELDS = ("id", "type", "x", "y", "z", "scale", "rotation", "flip", "data", "filename")


@contextmanager
def open_beeref(path: Path) -> Iterator[Contents]:
    """Raises HostileFile, Conflict, OSError. Pictures can be loaded until the context ends."""
    with open_foreign(path) as database:
        if not database.tables() >= TABLES:
            raise hostile(path.name, "it is no BeeRef file.")
        board = _Board(path.name, database)
        items = tuple(board.items())
        parcel = Parcel(name=cleaned(path.stem), items=items, assets=board.assets)
        yield Contents((parcel,), told(board.untaken))


class _Board:
    def __init__(self, name: str, database: ForeignDatabase) -> None:
        self._name = name
        self._database = database
        self._tally = Tally()
        self.assets: dict[str, Load] = {}
        self.untaken: list[str] = []

    def items(self) -> Iterator[Item]:
        wanted = columns_or_none(self._database, "items", _FIELDS)
        pictures = self._pictures()
        rows = self._database.select("items", wanted, "ORDER BY z, id LIMIT ?", (MOST_ITEMS + 1,))
        # All rows first: while they are read one by one, the pictures are asked for beside them.
        for count, row in enumerate(list(rows), 1):
            if count > MOST_ITEMS:
                raise hostile(self._name, "there is too much in it.")
            values = dict(zip(_FIELDS, row, strict=True))
            item = self._item(count, values, pictures)
            if item is not None:
                yield item

    def _pictures(self) -> dict[int, int]:
        """The row of the picture by the id of its item."""
        rows = self._database.rows("SELECT item_id, rowid FROM sqlar LIMIT ?", (MOST_ITEMS + 1,))
        return {item: row for item, row in rows if isinstance(item, int) and isinstance(row, int)}

    def _item(self, count: int, values: dict[str, Any], pictures: dict[int, int]) -> Item | None:
        kind = values["type"] if isinstance(values["type"], str) else ""
        data = self._data(values["data"])
        match kind:
            case "pixmap":
                row = pictures.get(values["id"])
                if row is not None:
                    return self._picture(count, row, values, data)
                self._lose(count, "its picture is not in the file.")
            case "text":
                return _text(count, values, data)
            case _:
                self._lose(count, f"Kupuri has nothing like it ({cleaned(kind, 40)}).")
        return None

    def _picture(
        self, count: int, row: int, values: dict[str, Any], data: dict[str, Any]
    ) -> Item | None:
        picture = self._load(row)
        if not picture:
            self._lose(count, "its picture is empty.")
            return None
        looked = look(picture)
        width = float(looked.width or UNREADABLE_SIDE)
        height = float(looked.height or UNREADABLE_SIDE)
        key = f"row {row}"
        self.assets[key] = partial(self._load, row)
        crop = _crop(data.get("crop"), width, height)
        whole = Rect(0.0, 0.0, width, height)
        return ImageItem(
            **_place(count, values, crop or whole),
            name=_file_name(data.get("filename") or values["filename"]),
            opacity=min(max(number(data.get("opacity"), 1.0), 0.0), 1.0),
            asset=key,
            natural_width=0,
            natural_height=0,
            crop=crop,
            flip_x=_mirrored(values),
            grayscale=data.get("grayscale") is True,
        )

    def _load(self, row: int) -> bytes:
        data = self._database.value("SELECT data FROM sqlar WHERE rowid = ?", (row,))
        return data if isinstance(data, bytes) else b""

    def _data(self, text: Any) -> dict[str, Any]:
        """What is known of an item besides its place; nothing where that cannot be read."""
        if not isinstance(text, str) or len(text) > MOST_DATA:
            return {}
        try:
            data = parse_json(text.encode(), self._tally)
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    def _lose(self, count: int, why: str) -> None:
        self.untaken.append(f"Item {count}: {why}")


def _text(count: int, values: dict[str, Any], data: dict[str, Any]) -> Item:
    text = data.get("text")
    words = readable(text) if isinstance(text, str) else ""
    lines = words.split("\n")
    width = max(map(len, lines)) * LETTER * TEXT_SIZE + MARGIN
    height = len(lines) * LINE * TEXT_SIZE + MARGIN
    scale = _scale(values)
    return TextItem(
        **_place(count, values, Rect(0.0, 0.0, width, height)),
        text=words,
        font_size=min(TEXT_SIZE * scale, 1e4),
        colour=INK,
    )


def _place(count: int, values: dict[str, Any], shown: Rect) -> dict[str, Any]:
    """Where the shown part lies: our rectangles are turned about their centre, after mirroring."""
    scale = _scale(values)
    angle = number(values["rotation"]) % 360.0
    side = -1.0 if _mirrored(values) else 1.0
    u, v = scale * (shown.x + shown.width / 2), scale * (shown.y + shown.height / 2)
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    centre_x = number(values["x"]) + side * (u * cosine - v * sine)
    centre_y = number(values["y"]) + u * sine + v * cosine
    width, height = shown.width * scale, shown.height * scale
    return {
        "id": f"item {count}",
        "x": centre_x - width / 2,
        "y": centre_y - height / 2,
        "width": width,
        "height": height,
        "rotation": side * angle % 360.0,
        "z": float(count),
    }


def _scale(values: dict[str, Any]) -> float:
    return max(number(values["scale"], 1.0, most=1e4), 1e-4)


def _mirrored(values: dict[str, Any]) -> bool:
    return number(values["flip"], 1.0) < 0


def _crop(value: Any, width: float, height: float) -> Rect | None:
    """None where all of the picture is shown, or what is given lies outside of it."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    x, y, w, h = (number(side, -1.0) for side in value)
    sound = x >= 0 and y >= 0 and w > 0 and h > 0 and x + w <= width + 1 and y + h <= height + 1
    return Rect(x, y, w, h) if sound and (x, y, w, h) != (0.0, 0.0, width, height) else None


def _file_name(value: Any) -> str:
    """The name alone: folders of another machine are nobody's business."""
    return cleaned(PureWindowsPath(readable(value)).stem) if isinstance(value, str) else ""
