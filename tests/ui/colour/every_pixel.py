"""Picks each pixel around an edge and compares it with what the canvas paints there by itself.

Prints `ratio R differing N`. A process of its own: the scale is in its environment.
"""

import asyncio
import sys

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import ShapeItem
from kupuri_desktop.ui.canvas.view import CanvasView
from kupuri_desktop.ui.colour.room import ColourRoom
from kupuri_desktop.ui.loop import DesktopLoop
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, canvas_of
from tests.ui.colour.hand import move

BOARD = (
    ShapeItem(id="a", x=0, y=0, width=400, height=300, fill="#ff8000", stroke=None),
    ShapeItem(id="b", x=100, y=60, width=120, height=90, fill="#12345680", stroke=None, z=1),
)
REACH = 24
"""Device pixels a side that are compared, around a corner."""


async def main(app: QApplication) -> tuple[float, int]:
    def fail(error: BaseException) -> None:
        raise error

    tasks = Tasks(asyncio.get_running_loop(), fail, fail)
    view = CanvasView(canvas_of(BOARD), MemoryPictures(), tasks, Look(app, reduce_motion=True))
    view.resize(500, 400)
    view.show()
    room = ColourRoom(view)
    QTest.qWaitForWindowExposed(view)
    still = 0
    # A window manager may still place the window, and each move of it begins anew.
    while still < 20:
        view.viewport().repaint()
        await asyncio.sleep(0.005)
        busy = view.frame_pending or view.camera.zooming or view.layer.moving or tasks.running()
        still = 0 if busy else still + 1
    ratio = view.devicePixelRatioF()
    painted = by_itself(view, ratio)
    dropper = room.dropper
    dropper.begin()
    middle = view.camera.to_view(view.layer.sheet.area("b").topLeft()).toPoint()
    move(dropper, middle)
    corner = dropper.at - QPoint(REACH // 2, REACH // 2)
    differing = 0
    for y in range(REACH):
        for x in range(REACH):
            dropper._put(corner + QPoint(x, y))
            wanted = painted.pixelColor(corner + QPoint(x, y))
            differing += dropper.colour.text() != wanted.name()
    room.close_canvas()
    view.close_canvas()
    view.close()
    await tasks.aclose()
    return ratio, differing


def by_itself(view: CanvasView, ratio: float) -> QImage:
    """The items over the canvas's colour, in device pixels."""
    size = (view.viewport().size().toSizeF() * ratio).toSize()
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(view.look.theme.colours.canvas)
    device = view.viewportTransform() * QTransform.fromScale(ratio, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shown, _ = device.inverted()
    view.layer.paint_plainly(painter, device, shown.mapRect(QRectF(image.rect())))
    painter.end()
    return image


if __name__ == "__main__":
    application = QApplication(sys.argv)
    application.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
    loop = DesktopLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        print("ratio {} differing {}".format(*loop.run_until_complete(main(application))))
