"""A program that is not Kupuri: takes what is dropped on it and writes it down.

Run as a script: receiver.py FOLDER X Y
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel


class Receiver(QLabel):
    """Reads everything at the moment of the drop, as a file manager or an editor does."""

    def __init__(self, folder: Path) -> None:
        super().__init__("Drop here")
        self._folder = folder
        self.setAcceptDrops(True)
        self.setWindowTitle("receiver")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()
        (self._folder / "entered").touch()

    def dropEvent(self, event: QDropEvent) -> None:
        mime = event.mimeData()
        files = [Path(url.toLocalFile()) for url in mime.urls()]
        for n, path in enumerate(files):
            (self._folder / f"file{n}.bin").write_bytes(path.read_bytes())
        data = mime.data("image/png").data()
        (self._folder / "image.png").write_bytes(bytes(data))
        image = mime.imageData()
        size = [image.width(), image.height()] if isinstance(image, QImage) else None
        about = {
            "formats": mime.formats(),
            "names": [path.name for path in files],
            "image": size,
        }
        done = self._folder / "dropped.part"
        done.write_text(json.dumps(about))
        done.rename(self._folder / "dropped.json")
        event.acceptProposedAction()


def main() -> None:
    folder, x, y = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    app = QApplication([])
    window = Receiver(folder)
    window.setGeometry(x, y, 400, 400)
    window.show()
    app.processEvents()
    (folder / "receiver.ready").touch()
    sys.exit(app.exec())


if __name__ == "__main__":
    main()
