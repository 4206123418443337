"""What goes out of the canvas and what comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QPointF, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from kupuri_desktop.core.items import ShapeItem, TextItem
from kupuri_desktop.ui.canvas.traffic.carrying import ITEMS, Load, carries, pack, unpack
from kupuri_desktop.ui.canvas.traffic.export import ExportWish, FileKind, export
from kupuri_desktop.ui.canvas.traffic.incoming import taken_back
from tests.ui.canvas.board import Exports, MemoryPictures, image_item, picture, png
from tests.ui.canvas.conftest import MakeSetting


class Taken:
    """An intake that remembers."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.images: list[bytes] = []

    async def take_files(self, paths: Sequence[Path], at: tuple[float, float]) -> Sequence[str]:
        self.files += paths
        return []

    async def take_image(self, data: bytes, name: str, at: tuple[float, float]) -> Sequence[str]:
        self.images.append(data)
        return []


def rect(key: str = "r") -> ShapeItem:
    return ShapeItem(id=key, x=0, y=0, width=40, height=30, fill="#336699", stroke=None)


def test_own_items_come_back_as_they_were() -> None:
    items = (rect(), TextItem(id="t", x=5, y=6, width=70, height=20, text="Hello"))
    assert unpack(pack(Load(items))).items == items


def test_a_browsers_bytes_win_over_the_address_beside_them() -> None:
    data = png(picture(8, 8))
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    mime.setData("image/png", QByteArray(data))
    assert unpack(mime).data == data


def test_bytes_of_no_kind_beside_an_address_are_taken_if_they_are_a_picture() -> None:
    data = png(picture(8, 8))
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/gallery/dunes%20at%20dusk.png?width=8")])
    mime.setData("application/octet-stream", QByteArray(data))
    assert (unpack(mime).data, unpack(mime).name) == (data, "dunes at dusk.png")
    mime.setData("application/octet-stream", QByteArray(b"\x7fELF and so on"))
    assert not unpack(mime).data
    assert unpack(mime).address


def test_an_address_alone_is_only_named_not_fetched() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    brought = unpack(mime)
    assert (brought.address, brought.data) == ("https://example.org/a.png", b"")


def test_what_another_program_calls_our_items_is_not_believed() -> None:
    mime = QMimeData()
    mime.setData(ITEMS, QByteArray(b'[{"kind":"image"}, 5'))
    assert carries(mime)
    assert not unpack(mime).anything


async def test_pasted_items_get_new_ids_and_one_edit(make: MakeSetting) -> None:
    s = await make([rect()])
    s.view.incoming.take(pack(Load((rect(),))), QPointF(100, 100))
    (new,) = (item for key, item in s.canvas.items.items() if key != "r")
    assert (new.x, new.y) == (80, 85)
    assert s.canvas.undo_label == "Paste shape"
    assert s.view.selection.ids == [new.id]


async def test_dropped_files_and_pictures_go_to_the_intake(
    make: MakeSetting, tmp_path: Path
) -> None:
    taken = Taken()
    s = await make([], intake=taken)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    s.view.incoming.take(mime, QPointF(0, 0))
    bare = QMimeData()
    bare.setImageData(picture(9, 7))
    s.view.incoming.take(bare, None)
    await s.settle()
    assert taken.files == [tmp_path / "a.png"]
    assert QImage.fromData(taken.images[0]).size() == picture(9, 7).size()


async def test_a_copied_image_is_its_own_bytes_and_an_item(make: MakeSetting) -> None:
    pictures = MemoryPictures()
    item = image_item(pictures, "a")
    s = await make([item], pictures)
    s.view.selection.set(["a"])
    s.view.action("copy").trigger()
    await s.settle()
    mime = QGuiApplication.clipboard().mimeData()
    assert bytes(mime.data("image/png").data()) == await pictures.data(item.asset)
    assert unpack(mime).items == (item,)


async def test_the_files_of_a_drag_are_whole_before_it_begins(
    make: MakeSetting, tmp_path: Path
) -> None:
    pictures = MemoryPictures()
    items = [image_item(pictures, "a"), image_item(pictures, "b", 300, seed=2)]
    s = await make(items, pictures, outgoing=Exports(tmp_path, pictures, items))
    making = s.view.leaving.prepare(["a"])
    assert making is not None
    load = await making
    assert load.png == await pictures.data(items[0].asset) == load.files[0].read_bytes()
    assert s.view.leaving.prepare(["a"]) is making
    both = s.view.leaving.prepare(["a", "b"])
    assert both is not None
    assert [path.name for path in (await both).files] == ["a.png", "b.png"]


async def test_an_export_has_the_pixels_and_the_size_that_were_wished(tmp_path: Path) -> None:
    pictures = MemoryPictures()
    item = image_item(pictures, "a", 10, 20)
    same = QImage.fromData(await export([item], pictures, ExportWish()))
    assert same.convertToFormat(QImage.Format.Format_RGB32) == picture(200, 150)
    half = QImage.fromData(await export([item], pictures, ExportWish(FileKind.WEBP, 0.5)))
    assert (half.width(), half.height()) == (100, 75)
    jpeg = await export([rect()], pictures, ExportWish(FileKind.JPEG, 2, quality=95))
    assert jpeg.startswith(b"\xff\xd8")
    assert QImage.fromData(jpeg).pixelColor(10, 10).blue() > 140
    clear = QImage.fromData(await export([rect()], pictures, ExportWish(scale=0.25)))
    assert clear.hasAlphaChannel()
    await asyncio.sleep(0)


async def test_a_drag_that_comes_back_to_the_canvas_is_a_move(make: MakeSetting) -> None:
    s = await make([rect(), replace(rect("fast"), locked=True)])
    taken_back(s.canvas, s.view.board, ["r", "fast", "gone"], 12.4, -7.0)
    assert (s.canvas.items["r"].x, s.canvas.items["r"].y) == (12, -7)
    assert s.canvas.items["fast"].x == 0


async def test_leaving_the_view_puts_the_move_back(make: MakeSetting) -> None:
    s = await make([rect()])
    s.mouse.press(20, 15)
    s.mouse.move(100, 100)
    s.mouse.move(5000, 100)
    assert not s.view.hands.busy
    assert s.view.layer.sheet.area("r").x() == 0
    assert s.view.bars.pop.isVisible()
    s.mouse.release(5000, 100)
    assert s.canvas.undo_label is None
