"""The export panel: what it offers, what it shows, and what comes of its button."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from io import BufferedRandom
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from kupuri_desktop.core.errors import DiskFull, ReadOnly, UsageError
from kupuri_desktop.engines import metadata
from kupuri_desktop.ui.exporting.pieces import cut
from kupuri_desktop.ui.exporting.wish import (
    Format,
    What,
    Wish,
    check_size,
    parse_scale,
    written_scale,
)
from tests.ui.canvas.board import image_item
from tests.ui.conftest import Reports
from tests.ui.exporting.boards import MAKING, far, ours
from tests.ui.exporting.conftest import Desk


def words(desk: Desk, name: str) -> str:
    found = desk.room.panel.findChild(QLabel, name)
    assert found is not None
    return found.text()


def choices(desk: Desk) -> list[str]:
    what = desk.room.panel.what
    return [what.itemText(index) for index in range(what.count())]


async def test_it_offers_what_there_is(desk: Desk) -> None:
    desk.room.open_at(desk.anchor, [])
    assert choices(desk) == ["Each frame · 2 frames", "Everything · 14 items"]
    desk.room.panel.close_()
    desk.room.open_at(desk.anchor, ["i1", "i2"])
    assert choices(desk)[:2] == ["Selection · 2 items", "Each selected item · 2 items"]
    assert desk.room.panel.what.currentData() is What.SELECTION


async def test_it_shows_the_size_and_the_first_names(desk: Desk) -> None:
    panel = desk.room.panel
    desk.room.open_at(desk.anchor, [])
    assert words(desk, "export_size") == "800 × 460 px"
    panel.scale.setEditText("200 %")
    panel._take_scale()
    assert words(desk, "export_size") == "1600 × 920 px"
    panel._set(what=What.EACH_FRAME)
    panel.pattern.setFocus()
    panel.pattern.selectAll()
    QTest.keyClicks(panel.pattern, "{number} {name}")
    assert words(desk, "export_preview") == "1 Cover.png\n2 Back- 2-2.png"
    assert panel.go.text() == "Export 2 files"
    panel._set(format=Format.PDF)
    assert words(desk, "export_preview") == "Board.pdf"


async def test_a_size_that_cannot_be_is_said_before_the_button(desk: Desk) -> None:
    desk.room.open_at(desk.anchor, [])
    big = image_item(desk.pictures, "big", 0, 0, (40, 40), width=9000, height=9000)
    desk.canvas.add("big", [big])
    desk.room.open_at(desk.anchor, ["big"])
    panel = desk.room.panel
    panel._set(what=What.SELECTION, scale=2.0)
    assert "18000 by 18000" in words(desk, "export_trouble")
    assert not panel.go.isEnabled()
    panel._set(scale=1.5, format=Format.JPEG)
    assert "too many for JPEG" in words(desk, "export_trouble")
    panel._set(format=Format.PNG)
    assert panel.go.isEnabled() and panel.trouble.isHidden()


async def test_the_button_writes_the_files_and_says_so(desk: Desk) -> None:
    desk.room.open_at(desk.anchor, [])
    desk.room.panel._set(what=What.EACH_FRAME, format=Format.WEBP)
    QTest.mouseClick(desk.room.panel.go, Qt.MouseButton.LeftButton)
    await desk.finished()
    assert desk.names == ["Back- 2-2.webp", "Cover.webp"]
    assert desk.said == ["Exported 2 files"]
    assert desk.room.bar.isHidden() and desk.room.panel.isHidden()


async def test_what_was_chosen_is_remembered(desk: Desk) -> None:
    desk.room.open_at(desk.anchor, [])
    desk.room.panel._set(format=Format.AVIF, scale=3.0, background="#336699", quality=70)
    again = Wish.from_text(desk.room.wish_text)
    assert (again.format, again.scale, again.quality) == (Format.AVIF, 3.0, 70)
    assert again == desk.room._wish
    assert Wish.from_text("{broken") == Wish()
    assert Wish.from_text('{"scale": 99, "format": "bmp", "keep": 3}') == Wish(scale=8.0)


async def test_jpeg_offers_no_transparency(desk: Desk) -> None:
    panel = desk.room.panel
    desk.room.open_at(desk.anchor, [])
    panel._set(format=Format.JPEG)
    assert panel.ground.value == "white"
    panel._take_ground("clear")
    assert panel.ground.value == "white"
    panel._set(format=Format.PNG)
    assert panel.ground.value == "clear"


async def test_nobodys_file_is_overwritten(desk: Desk) -> None:
    for _ in range(2):
        desk.room._wish = replace(desk.room._wish, what=What.EVERYTHING)
        desk.room.begin()
        await desk.finished()
    assert desk.names == ["Board-2.png", "Board.png"]


@pytest.mark.parametrize("format_", list(Format))
async def test_a_cancelled_export_leaves_no_half_file(
    desk: Desk, format_: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kupuri_desktop.ui.exporting.darkroom.STRIP_PIXELS", 4000)
    begun = asyncio.Event()
    let_go = asyncio.Event()
    data = desk.pictures.data

    async def slowly(asset: str) -> bytes:
        begun.set()
        await let_go.wait()
        return await data(asset)

    monkeypatch.setattr(desk.pictures, "data", slowly)
    desk.room._wish = replace(desk.room._wish, format=format_, what=What.EVERYTHING)
    desk.room.begin()
    async with asyncio.timeout(30):
        await begun.wait()
    assert desk.room.bar.isVisible() and len(desk.names) == 1
    QTest.mouseClick(_cancel(desk), Qt.MouseButton.LeftButton)
    with pytest.raises(asyncio.CancelledError):
        await desk.finished()
    assert desk.names == []
    assert desk.said == ["The export was cancelled"]
    assert desk.room.bar.isHidden()


def _cancel(desk: Desk) -> QWidget:
    found = desk.window.findChild(QWidget, "export_cancel")
    assert found is not None and not isinstance(found, QPushButton)
    return found


async def test_a_full_disk_is_said_and_leaves_no_half_file(
    desk: Desk, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def __init__(self, file: BufferedRandom) -> None:
            self._file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    from kupuri_desktop.workspace.unfinished import Unfinished

    init = Unfinished.__init__

    def full(self: Unfinished, folder: Path) -> None:
        init(self, folder)
        self.file = Full(self.file)  # type: ignore[assignment]

    monkeypatch.setattr(Unfinished, "__init__", full)
    for format_ in (Format.PNG, Format.PDF, Format.JPEG, Format.TIFF, Format.PSD):
        desk.room._wish = replace(desk.room._wish, format=format_, what=What.EVERYTHING)
        desk.room.begin()
        with pytest.raises(DiskFull):
            await desk.finished()
        assert desk.names == []
    assert all(error.kept for error in reports.errors) and len(reports.errors) == 5


async def test_a_folder_that_cannot_be_written_is_said(
    desk: Desk, reports: Reports, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    desk.room._wish = replace(desk.room._wish, folder=str(tmp_path / "file"))
    desk.room.begin()
    with pytest.raises(ReadOnly, match="cannot be written"):
        await desk.finished()
    assert reports.errors[0].hint == "Choose another folder."


async def test_an_image_as_it_is_leaves_byte_for_byte_or_bare(desk: Desk) -> None:
    wish = replace(desk.room._wish, what=What.SELECTION)
    plain = image_item(desk.pictures, "x", 900, 0, (120, 90), 6, name="As it is")
    stored = await desk.pictures.data(plain.asset)
    desk.canvas.add("x", [plain])
    for keep in (True, False):
        desk.room._ids = ("x",)
        desk.room._wish = replace(wish, keep=keep)
        desk.room.begin()
        await desk.finished()
    assert (desk.folder / "As it is.png").read_bytes() == stored
    assert (desk.folder / "As it is-2.png").read_bytes() == metadata.strip(stored)


async def test_one_image_carries_its_making_unless_the_settings_forbid(desk: Desk) -> None:
    desk.room.open_at(desk.anchor, ["i1"])
    desk.room.begin()
    await desk.finished()
    told = metadata.read((desk.folder / "Fox.png").read_bytes())
    assert metadata.making_of(told) == MAKING
    desk.told.strips = True
    desk.room.panel.close_()
    desk.room.open_at(desk.anchor, ["i1"])
    assert not desk.room.panel.keep.isChecked()
    desk.room.begin()
    await desk.finished()
    assert metadata.read((desk.folder / "Fox-2.png").read_bytes()) == {}


async def test_copies_are_a_picture_or_an_svg(desk: Desk) -> None:
    desk.room.copy_png(["s1"])
    while not desk.said:
        await asyncio.sleep(0)
    mime = QGuiApplication.clipboard().mimeData()
    assert bytes(mime.data("image/png").data()).startswith(b"\x89PNG") and mime.hasImage()
    desk.said.clear()
    desk.room.copy_svg(["s1", "t1"])
    while not desk.said:
        await asyncio.sleep(0)
    mime = QGuiApplication.clipboard().mimeData()
    assert b"<svg" in bytes(mime.data("image/svg+xml").data()) and "<svg" in mime.text()
    QGuiApplication.clipboard().clear()


async def test_a_frame_is_as_large_as_itself_and_a_hidden_one_hides(desk: Desk) -> None:
    items = desk.canvas.in_order()
    cover, back = cut(items, [], What.EACH_FRAME, "Board")
    assert (cover.size(1), back.size(1)) == ((400, 300), (300, 300))
    assert cut(items, ["f2"], What.EACH_FRAME, "Board")[0].name == "Back: 2/2"
    hidden = [replace(item, hidden=True) if item.id == "f1" else item for item in items]
    (piece,) = cut(hidden, [], What.EVERYTHING, "Board")
    assert not {"i1", "t1", "f1", "h1"} & {item.id for item in piece.shown}
    assert cut([], [], What.EVERYTHING, "Board") == []


async def test_sizes_are_read_in_the_ways_that_people_write_them() -> None:
    assert [parse_scale(text) for text in ("2", "2x", "0,5 x", "50%", "99", "0.01", "a", "-1")] == [
        2.0, 2.0, 0.5, 0.5, 8.0, 0.25, None, None,
    ]  # fmt: skip
    assert [written_scale(scale) for scale in (0.25, 1.0, 1.5)] == ["0.25x", "1x", "1.5x"]
    with pytest.raises(UsageError, match="16383"):
        try:
            check_size(16384, 10, Format.WEBP)
        except UsageError as error:
            raise UsageError(error.hint) from error


async def test_an_exported_file_is_what_was_on_the_canvas(desk: Desk) -> None:
    desk.room._wish = replace(desk.room._wish, what=What.EVERYTHING, scale=2.0)
    desk.room.begin()
    await desk.finished()
    (piece,) = cut(desk.canvas.in_order(), [], What.EVERYTHING, "Board")
    want = await ours(piece, desk.pictures, 2.0, None)
    assert far(Image.open(desk.folder / "Board.png"), want) < 0.01


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_nothing_is_told_of_an_image_at_any_size_where_that_is_not_wanted(
    desk: Desk, scale: float
) -> None:
    desk.room._ids = ("i1",)
    wish = replace(desk.room._wish, what=What.SELECTION)
    desk.room._wish = replace(wish, scale=scale, keep=False)
    desk.room.begin()
    await desk.finished()
    assert metadata.read((desk.folder / "Fox.png").read_bytes()) == {}


async def test_a_stored_image_that_can_be_seen_through_is_put_on_the_ground_that_is_chosen(
    desk: Desk,
) -> None:
    glass = QImage(40, 30, QImage.Format.Format_ARGB32)
    glass.fill(QColor(0, 0, 0, 0))
    place = image_item(desk.pictures, "x", 900, 0, (40, 30), 6, name="Glass")
    desk.canvas.add("x", [replace(place, asset=desk.pictures.add(glass))])
    desk.room._ids = ("x",)
    wish = replace(desk.room._wish, what=What.SELECTION)
    desk.room._wish = replace(wish, background="#336699")
    desk.room.begin()
    await desk.finished()
    seen = QImage(str(desk.folder / "Glass.png"))
    assert seen.pixelColor(20, 15).name() == "#336699"
