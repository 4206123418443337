"""What the layer paints, held against a plain QPainter drawing of the same items."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import ImageItem, Item, ShapeItem
from kupuri_desktop.ui.canvas.painting import fragments
from kupuri_desktop.ui.canvas.painting.atlas import MicroAtlas
from kupuri_desktop.ui.canvas.painting.layer import Layer
from kupuri_desktop.ui.canvas.painting.picture_store import WHOLE, PictureStore, level_for
from kupuri_desktop.ui.decoding import grey
from kupuri_desktop.ui.tasks import Tasks
from tests.ui.canvas.board import MemoryPictures, image_item, picture
from tests.ui.canvas.conftest import MakeSetting

Pixels = np.ndarray
SIZE = (400, 300)
GROUND = "#202428"


def pixels(image: QImage) -> Pixels:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), -1, 4)[:, : image.width(), :3].astype(int)


def sheet(ratio: float = 1.0) -> QImage:
    image = QImage(
        round(SIZE[0] * ratio), round(SIZE[1] * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(GROUND))
    return image


class Painted:
    """A layer without a view, painted until nothing coarse is left in it."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    async def image(self, view: QTransform, ratio: float = 1.0) -> QImage:
        while True:
            image = sheet(ratio)
            painter = QPainter(image)
            painter.setWorldTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
            area = QRectF(0, 0, image.width(), image.height())
            device = view * QTransform.fromScale(ratio, ratio)
            complete = self.layer.tiles.paint(painter, device, area, moving=False)
            painter.end()
            if complete and not self.layer.store.waiting:
                return image
            await asyncio.sleep(0.001)


@pytest.fixture
async def painted(tasks: Tasks):
    from PySide6.QtCore import QObject

    owner = QObject()
    made: list[Layer] = []

    async def build(pictures: MemoryPictures, items: Sequence[Item]) -> Painted:
        store = PictureStore(pictures, lambda w: tasks.spawn(w, owner), QColor("#444"))
        layer = Layer(store, QColor("#888"))
        layer.load(list(items))
        await store.load_micros(layer.assets())
        made.append(layer)
        return Painted(layer)

    yield build
    for layer in made:
        layer.close()
        layer.store.close()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
async def test_at_its_own_size_every_pixel_is_the_images(painted, ratio: float) -> None:
    """Pixel for pixel at 100 % of the device: at a ratio of 2 that is a zoom of 50 %."""
    pictures = MemoryPictures()
    items = [
        image_item(pictures, "a", 20, 30, (200, 150), 1, z=1),
        image_item(pictures, "b", 120, 90, (90, 130), 2, z=2),
    ]
    view = QTransform.fromScale(1 / ratio, 1 / ratio)
    got = await (await painted(pictures, items)).image(view, ratio)
    want = sheet(ratio)
    want.setDevicePixelRatio(1)
    painter = QPainter(want)
    painter.drawImage(QPointF(20, 30), picture(200, 150, 1))
    painter.drawImage(QPointF(120, 90), picture(90, 130, 2))
    painter.end()
    assert (pixels(got) == pixels(want)).all()


async def test_zoomed_out_it_differs_little_from_a_smooth_drawing(painted) -> None:
    pictures = MemoryPictures()
    sizes = ((900, 700), (640, 640))
    items = [
        image_item(pictures, f"{n}", 20 + n * 950, 30, size, n) for n, size in enumerate(sizes)
    ]
    for zoom in (0.21, 0.1, 0.04):
        view = QTransform.fromScale(zoom, zoom)
        got = await (await painted(pictures, items)).image(view)
        want = sheet()
        painter = QPainter(want)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for n, (item, size) in enumerate(zip(items, sizes, strict=True)):
            small = picture(*size, n).scaledToWidth(max(1, round(size[0] * zoom)), mode=_smooth())
            painter.drawImage(
                QRectF(item.x * zoom, item.y * zoom, size[0] * zoom, size[1] * zoom), small
            )
        painter.end()
        assert np.abs(pixels(got) - pixels(want)).mean() < 2.0


def _smooth():
    from PySide6.QtCore import Qt

    return Qt.TransformationMode.SmoothTransformation


def plain(item: ImageItem, paint: QImage) -> QImage:
    """The item drawn with nothing but QPainter's own transforms."""
    image = sheet()
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.setOpacity(item.opacity)
    cx, cy = item.x + item.width / 2, item.y + item.height / 2
    painter.translate(cx, cy)
    painter.rotate(item.rotation)
    painter.scale(-1 if item.flip_x else 1, -1 if item.flip_y else 1)
    painter.translate(-cx, -cy)
    source = QRectF(paint.rect())
    if item.crop is not None:
        source = QRectF(item.crop.x, item.crop.y, item.crop.width, item.crop.height)
    if item.corner_radius:
        from PySide6.QtGui import QPainterPath

        path = QPainterPath()
        rect = QRectF(item.x, item.y, item.width, item.height)
        path.addRoundedRect(rect, item.corner_radius, item.corner_radius)
        painter.setClipPath(path)
    painter.drawImage(QRectF(item.x, item.y, item.width, item.height), paint, source)
    painter.end()
    return image


@pytest.mark.parametrize(
    ("change", "most"),
    [
        ({"flip_x": True}, 0.0),
        ({"flip_y": True}, 0.0),
        ({"opacity": 0.4}, 0.0),
        ({"grayscale": True}, 0.0),
        ({"crop": Rect(50, 30, 100, 75)}, 0.3),
        ({"rotation": 30.0}, 0.3),
        ({"rotation": 90.0}, 0.3),
        ({"corner_radius": 30.0}, 0.6),
        ({"rotation": -15.0, "flip_x": True, "opacity": 0.7}, 0.3),
    ],
)
async def test_each_transform_paints_what_a_plain_painter_does(
    painted, change: dict[str, object], most: float
) -> None:
    pictures = MemoryPictures()
    item = image_item(pictures, "a", 100, 70, (200, 150), 3, **change)
    got = await (await painted(pictures, [item])).image(QTransform())
    bare = picture(200, 150, 3)
    want = plain(item, grey(bare) if item.grayscale else bare)
    assert np.abs(pixels(got) - pixels(want)).mean() <= most


async def test_what_lies_between_two_images_is_painted_between_them(painted) -> None:
    pictures = MemoryPictures()
    items = [
        image_item(pictures, "a", 0, 0, (200, 200), 1, z=1),
        ShapeItem(id="s", x=50, y=50, width=200, height=50, z=2, fill="#00ff00", stroke=None),
        image_item(pictures, "b", 100, 0, (200, 200), 2, z=3),
    ]
    got = await (await painted(pictures, items)).image(QTransform())
    assert got.pixelColor(70, 70) == QColor("#00ff00")
    assert got.pixelColor(150, 70) == picture(200, 200, 2).pixelColor(50, 70)


async def test_a_frame_clips_what_it_holds(painted) -> None:
    from kupuri_desktop.core.items import FrameItem

    pictures = MemoryPictures()
    frame = FrameItem(id="f", x=0, y=0, width=100, height=100, background="#ffffff", z=0)
    item = image_item(pictures, "a", 50, 50, (100, 100), 1, z=1, frame="f")
    got = await (await painted(pictures, [frame, item])).image(QTransform())
    assert got.pixelColor(10, 10) == QColor("#ffffff")
    assert got.pixelColor(80, 80) == picture(100, 100, 1).pixelColor(30, 30)
    assert got.pixelColor(120, 120) == QColor(GROUND)


async def test_tiny_images_are_there_before_any_file_has_been_decoded(painted) -> None:
    pictures = MemoryPictures()
    items = [image_item(pictures, f"{n}", n * 1000, 0, (900, 900), n) for n in range(20)]
    layer = (await painted(pictures, items)).layer
    image = sheet()
    painter = QPainter(image)
    layer.tiles.paint(
        painter, QTransform.fromScale(0.015, 0.015), QRectF(0, 0, 400, 300), moving=False
    )
    painter.end()
    assert pictures.asked == []
    assert image.pixelColor(8, 8) != QColor(GROUND)


def test_the_batch_of_fragments_paints_what_single_calls_paint(qapp: object) -> None:
    """Fails where a new binding or a new Qt breaks the batch: then it must be looked at."""
    atlas = MicroAtlas(QColor("#555"))
    rng = np.random.default_rng(5)
    atlas.fill({f"{n}": rng.integers(0, 255, 1024, np.uint8).tobytes() for n in range(600)})
    slots = np.array([atlas.slot(f"{n}") for n in range(600)])
    block = fragments.new_block(600)
    block[:, 0], block[:, 1] = np.arange(600) % 30 * 13 + 8, np.arange(600) // 30 * 14 + 8
    block[:, 2], block[:, 3] = atlas.place_many(slots)
    block[:, 4:6] = 16
    block[:, 6], block[:, 7] = 0.5, 0.75
    block[::7, 9] = 0.5
    images = []
    for draw in (fragments.draw, fragments.draw_one_by_one):
        image = sheet()
        painter = QPainter(image)
        draw(painter, block, atlas.pixmap)
        painter.end()
        images.append(pixels(image))
    assert fragments.batches()
    assert (images[0] == images[1]).all()
    assert (images[0] != pixels(sheet())).any()


def test_a_level_is_never_smaller_than_nine_tenths_of_what_is_shown() -> None:
    for natural in (40.0, 300.0, 1024.0, 5000.0):
        for shown in np.geomspace(19, natural * 2, 60):
            level = level_for(float(shown), natural)
            assert level == WHOLE or shown * 0.9 <= level < natural


async def test_an_image_that_cannot_be_read_says_why(make: MakeSetting) -> None:
    pictures = MemoryPictures()
    asset = pictures.add_bytes(b"no picture at all")
    item = ImageItem(
        id="a", x=-100, y=-75, width=200, height=150, asset=asset, natural_width=200,
        natural_height=150,
    )  # fmt: skip
    s = await make([item], pictures)
    assert s.view.store.problems[asset]
    assert await pictures.data(asset) == b"no picture at all"


async def test_a_level_made_later_takes_the_problem_away(make: MakeSetting) -> None:
    pictures = MemoryPictures(levels=False)
    item = image_item(pictures, "a", size=(900, 900))
    s = await make([item], pictures)
    s.view.camera.zoom_to(0.2)
    await s.settle()
    assert s.view.store.problems == {}
    assert (item.asset, 0) in pictures.asked
