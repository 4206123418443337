"""Projects as other programs leave them, in full: taken in whole, and seen on any ground."""

from pathlib import Path
from typing import Any

import pytest

from kupuri_desktop.core.chat import ToolCallPart, ToolState
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    LineForm,
    LineItem,
    ShapeItem,
    TextItem,
)
from kupuri_desktop.workspace.transfer.pages import MARGIN, contrast, on_page

SAMPLES = Path(__file__).parents[3] / "data" / "import"


@pytest.fixture
def sample(take_in, storage):
    async def take(name: str):
        """What became of a sample: its items from the back to the front, and its chats."""
        imported = await take_in(SAMPLES / name)
        assert imported.problem is None
        project = imported.projects[0].id
        state = await storage.canvases.load(project)
        chats = {
            session.name: await storage.chats.messages(session.id)
            for session in await storage.chats.sessions(project)
        }
        return sorted(state.items, key=lambda item: item.z), chats, imported.untaken

    return take


def of(kind, items):
    return [item for item in items if isinstance(item, kind)]


async def test_a_drawing_keeps_its_page_its_corners_and_its_lines_of_text(sample):
    items, _, untaken = await sample("landing.excalidraw")
    page = items[0]
    assert isinstance(page, FrameItem)
    assert (page.name, page.background) == ("Page", "#ffffff")
    inside = [item for item in items if item.frame == page.id]
    assert len(inside) == 11
    frames = of(FrameItem, items)
    assert [frame.name for frame in frames] == ["Page", "Landing page"]
    assert all(item.frame for item in items if not isinstance(item, FrameItem))
    diamond = next(line for line in of(LineItem, items) if line.start == line.end)
    assert (diamond.form, len(diamond.bends)) == (LineForm.ELBOW, 3)
    call = next(text for text in of(TextItem, items) if text.text == "Call to action")
    box = next(shape for shape in of(ShapeItem, items) if shape.fill == "#ffec99")
    assert call.align is Align.CENTRE
    assert call.x + call.width / 2 == pytest.approx(box.x + box.width / 2)
    assert [image.flip_x for image in of(ImageItem, items)] == [False, True]
    assert len(untaken) == 1, "the ground of the diamond"


async def test_a_board_shows_its_texts_on_light_and_on_dark(sample):
    items, _, untaken = await sample("references.bee")
    assert not untaken
    for text in of(TextItem, items):
        ink = [int(text.colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert contrast(ink, (23, 23, 26)) > 3
        assert contrast(ink, (243, 243, 245)) > 3
    turned, mirrored, cropped, grey = of(ImageItem, items)[1:]
    assert turned.rotation == 12
    assert mirrored.flip_x
    assert cropped.crop is not None
    assert (grey.grayscale, grey.opacity) == (True, 0.6)


async def test_a_studio_brings_its_boards_and_what_was_said_with_tools(sample):
    items, chats, untaken = await sample("jaaz/localserver.db")
    assert not untaken
    assert [type(item) for item in items[:3]] == [FrameItem, ImageItem, ImageItem]
    talk = chats["A warm cover"]
    calls = [part for message in talk for part in message.parts if isinstance(part, ToolCallPart)]
    assert [(call.name, call.state, len(call.items)) for call in calls] == [
        ("generate_image", ToolState.DONE, 1)
    ]
    assert len(chats["What else"]) == 2


async def test_a_folder_brings_its_pictures_upright(sample):
    items, _, _ = await sample("photographs")
    peaks = next(item for item in of(ImageItem, items) if "peaks" in item.name)
    assert peaks.width < peaks.height
    assert len(items) == 4


async def test_a_project_of_our_own_comes_as_it_was(sample):
    items, chats, untaken = await sample("night-market.kupuri")
    assert not untaken
    assert len(items) == 9
    assert {text.frame for text in of(TextItem, items)} == {of(FrameItem, items)[0].id}
    assert len(chats["Lanterns"]) == 2


def text(**more) -> TextItem:
    values: dict[str, Any] = {
        "id": "t",
        "x": 0,
        "y": 0,
        "width": 100,
        "height": 20,
        "z": 1,
        "text": "Hi",
    }
    return TextItem(**(values | {"colour": "#1e1e1e"} | more))


def test_only_what_would_not_be_seen_gets_a_page():
    assert on_page([text()], None) == (text(),)
    assert on_page([text(colour="#e03131")], "#ffffff") == (text(colour="#e03131"),)
    box = ShapeItem(id="b", x=-5, y=-5, width=110, height=30, z=0, fill="#ffec99")
    assert on_page([box, text()], "#ffffff") == (box, text())
    assert on_page([text(frame="f")], "#ffffff") == (text(frame="f"),)
    page, words = on_page([text(id="page 0")], "#fffce8")
    assert isinstance(page, FrameItem)
    assert (page.id, page.background, page.x) == ("page 1", "#fffce8", -MARGIN)
    assert page.z < words.z
    assert words.frame == page.id
