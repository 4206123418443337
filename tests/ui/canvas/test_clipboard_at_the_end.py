"""What was copied outlives the window as far as others can use it, and does not crash its end."""

import os
import subprocess
import sys

from PySide6.QtGui import QGuiApplication, QImage

from kupuri_desktop.ui.canvas.traffic.carrying import ITEMS, Load, leave_plain, pack

CODE = """
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from kupuri_desktop.ui.canvas.traffic.carrying import Load, leave_plain, pack
app = QApplication([])
QGuiApplication.clipboard().setMimeData(pack(Load((), words="a fox")))
leave_plain(QGuiApplication.clipboard())
"""


def test_a_copied_picture_stays_as_a_picture(qapp):
    clipboard = QGuiApplication.clipboard()
    picture = QImage(3, 2, QImage.Format.Format_RGB32)
    picture.fill(0x336699)
    clipboard.setMimeData(pack(Load((), png=b"png", picture=picture, words="a fox")))
    leave_plain(clipboard)
    assert not clipboard.mimeData().hasFormat(ITEMS)
    assert clipboard.image().size() == picture.size()
    assert clipboard.image().pixelColor(1, 1).name() == "#336699"
    clipboard.clear()


def test_copied_items_without_a_picture_stay_as_their_words(qapp):
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(pack(Load((), words="a fox")))
    leave_plain(clipboard)
    assert clipboard.mimeData().formats() == ["text/plain"]
    assert clipboard.text() == "a fox"
    clipboard.clear()


def test_what_others_copied_is_left_alone(qapp):
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("of somebody else")
    before = clipboard.mimeData().formats()
    leave_plain(clipboard)
    assert (clipboard.text(), clipboard.mimeData().formats()) == ("of somebody else", before)
    clipboard.clear()


def test_a_program_that_ends_after_a_copy_ends_well():
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", CODE], env=environment, timeout=60, check=True)
