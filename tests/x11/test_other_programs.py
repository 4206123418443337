"""Pictures come from a browser and a file manager, and go to the latter, by a real mouse."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.x11.desk import KUPURI, PICTURE, Area, Desk, Point
from tests.x11.display import display, wait_for

OTHER: Area = (820, 0, 570, 680)
CANVAS: Point = (400, 330)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
GREEN, BLUE = (0, 190, 60), (20, 60, 230)
PAGE = """<title>Loading</title><body style="margin:0">
<img src="dunes.png" width="500" height="500" onload="document.title='A page'">"""

pytestmark = pytest.mark.x11


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with display() as screen:
        yield Desk(screen, tmp_path)


@pytest.fixture
def page(desk: Desk) -> Iterator[str]:
    """The address of a page with the picture on it."""
    (desk.picture.parent / "page.html").write_text(PAGE)
    handler = partial(Quiet, directory=str(desk.picture.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/page.html"
        server.shutdown()
        thread.join()


def open_browser(desk: Desk, page: str) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    desk.screen.start_quiet(
        browser,
        "--no-sandbox",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--password-store=basic",
        f"--user-data-dir={desk.folder / 'browser'}",
        f"--app={page}",
    )
    desk.place(desk.window("A page"), OTHER)


def open_folder(desk: Desk, folder: Path) -> str:
    desk.screen.start_quiet("pcmanfm", "--no-desktop", str(folder))
    window = desk.window(folder.name)
    desk.place(window, OTHER)
    return window


def lies_on_the_canvas(desk: Desk, *files: Path) -> None:
    """Waits until the files are images there, byte for byte."""
    wanted = sorted(file.read_bytes() for file in files)
    wait_for(lambda: desk.originals() == wanted, "the images in the project")


def test_a_picture_dragged_out_of_chromium_arrives_byte_for_byte(desk: Desk, page: str) -> None:
    desk.open()
    desk.new_project()
    desk.key("ctrl+backslash")
    open_browser(desk, page)
    desk.screen.carry(desk.find(OTHER, "the picture on the page"), CANVAS)
    desk.find(KUPURI, "the picture on the canvas")
    lies_on_the_canvas(desk, desk.picture)
    assert [item.name for item in desk.items().values()] == ["dunes"]


def test_a_picture_dragged_out_of_chromium_onto_the_chat_is_attached(desk: Desk, page: str) -> None:
    desk.open()
    desk.new_project()
    open_browser(desk, page)
    desk.screen.carry(desk.find(OTHER, "the picture on the page"), (650, 600))
    x, y = desk.find(KUPURI, "the picture in the chat")
    assert (x > 420, y > 500) == (True, True)
    assert desk.originals() == [], "it came onto the canvas too"


def test_a_picture_dragged_out_of_a_file_manager_arrives_and_its_file_stays(desk: Desk) -> None:
    before = desk.picture.read_bytes()
    desk.open()
    desk.new_project()
    desk.key("ctrl+backslash")
    open_folder(desk, desk.picture.parent)
    desk.screen.carry(desk.find(OTHER, "the picture in the folder"), CANVAS)
    desk.find(KUPURI, "the picture on the canvas")
    lies_on_the_canvas(desk, desk.picture)
    assert desk.picture.read_bytes() == before


def test_several_files_and_a_folder_dropped_at_once_come_as_all_their_pictures(
    desk: Desk,
) -> None:
    files = [
        desk.picture,
        desk.paint("meadow", GREEN),
        desk.paint("night", BLUE, "pictures/more"),
    ]
    desk.open()
    desk.new_project()
    desk.key("ctrl+backslash")
    window = open_folder(desk, desk.picture.parent)
    desk.find(OTHER, "another picture beside it", GREEN)
    grip = desk.find(OTHER, "the picture in the folder")
    desk.screen.xdotool("windowactivate", "--sync", window, "key", "ctrl+a")
    desk.screen.carry(grip, CANVAS)
    lies_on_the_canvas(desk, *files)
    for colour in (PICTURE, GREEN, BLUE):
        desk.find(KUPURI, "each picture on the canvas", colour)
    assert all(file.exists() for file in files)


def test_a_file_dropped_onto_home_opens_in_a_new_project(desk: Desk) -> None:
    desk.open()
    open_folder(desk, desk.picture.parent)
    desk.screen.carry(desk.find(OTHER, "the picture in the folder"), (450, 230))
    desk.window("Untitled – Kupuri")
    desk.find(KUPURI, "the picture on the canvas")
    lies_on_the_canvas(desk, desk.picture)


def test_a_file_dropped_onto_the_chat_is_attached_to_the_next_wish(desk: Desk) -> None:
    desk.open()
    desk.new_project()
    open_folder(desk, desk.picture.parent)
    desk.screen.carry(desk.find(OTHER, "the picture in the folder"), (650, 300))
    x, y = desk.find(KUPURI, "the picture in the chat")
    assert (x > 420, y > 500) == (True, True)
    assert desk.originals() == [], "it came onto the canvas too"
    assert desk.picture.exists()


def test_an_image_dragged_into_a_file_manager_is_a_file_there_and_stays(desk: Desk) -> None:
    target = desk.folder / "target"
    target.mkdir()
    desk.open(desk.picture)
    desk.key("ctrl+backslash")
    open_folder(desk, target)
    start = desk.find(KUPURI, "the picture on the canvas")
    before = desk.items()
    desk.screen.carry(start, (1150, 400))
    arrived = target / desk.picture.name
    wait_for(
        lambda: arrived.exists() and arrived.read_bytes() == desk.picture.read_bytes(),
        "the file in the folder",
    )
    assert [file.name for file in target.iterdir()] == [arrived.name]
    assert desk.items() == before, "the drag out changed the canvas"
