"""What is drawn next takes the style chosen beside the tools, and the one that was set last."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kupuri_desktop.core.items import FrameItem, NoteItem, ShapeItem, StrokeItem
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.ui.canvas.hands.drawing import Tool
from kupuri_desktop.ui.colour.style_bar import ColourDot, StyleBar, WidthDot
from kupuri_desktop.ui.panels.edits import Edits
from kupuri_desktop.ui.widgets.buttons import IconButton
from tests.ui.colour.conftest import MakeStudio, Studio
from tests.ui.finding import find

LEFT = Qt.MouseButton.LeftButton


class Desk:
    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.bar = StyleBar(studio.view, studio.room)

    def choose(self, tool: Tool) -> None:
        self.studio.view.hands.choose(tool)

    def draw(self, x: float) -> Any:
        before = set(self.studio.canvas.items)
        self.studio.setting.mouse.drag((x, 0), (x + 80, 60))
        (new,) = set(self.studio.canvas.items) - before
        return self.studio.canvas.items[new]


@pytest.fixture
def desk(studio: MakeStudio) -> Iterator[Any]:
    made: list[Desk] = []

    async def build() -> Desk:
        made.append(Desk(await studio()))
        return made[-1]

    yield build
    for each in made:
        each.bar.close_canvas()


async def test_the_bar_is_there_while_a_tool_draws(desk) -> None:
    here = await desk()
    assert not here.bar.isVisible()
    here.choose(Tool.RECTANGLE)
    assert here.bar.isVisible()
    assert here.bar.height() > 200
    here.choose(Tool.PEN)
    assert here.bar.height() > 200
    here.choose(Tool.SELECT)
    assert not here.bar.isVisible()


async def test_a_dot_and_a_width_are_what_is_drawn_with(desk) -> None:
    here = await desk()
    here.choose(Tool.PEN)
    QTest.mouseClick(find(here.bar, ColourDot, "style_colour_3fb27f"), LEFT)
    QTest.mouseClick(find(here.bar, WidthDot, "style_width_16"), LEFT)
    drawn = here.draw(0)
    assert isinstance(drawn, StrokeItem)
    assert (drawn.stroke, drawn.stroke_width) == ("#3fb27f", 16.0)


async def test_shapes_are_filled_once_that_is_chosen(desk) -> None:
    here = await desk()
    here.choose(Tool.ELLIPSE)
    QTest.mouseClick(find(here.bar, IconButton, "style_fill"), LEFT)
    QTest.mouseClick(find(here.bar, ColourDot, "style_colour_4a8fe7"), LEFT)
    drawn = here.draw(0)
    assert isinstance(drawn, ShapeItem)
    assert (drawn.fill, drawn.stroke) == ("#4a8fe7", "#4a8fe7")


async def test_notes_have_papers_of_their_own(desk) -> None:
    here = await desk()
    here.choose(Tool.NOTE)
    assert len(here.bar.findChildren(WidthDot)) == 0
    QTest.mouseClick(find(here.bar, ColourDot, "style_colour_a8e0c4"), LEFT)
    drawn = here.draw(0)
    assert isinstance(drawn, NoteItem)
    assert drawn.colour == "#a8e0c4"


async def test_what_was_set_on_one_is_there_on_the_next(desk) -> None:
    here = await desk()
    here.choose(Tool.RECTANGLE)
    first = here.draw(0)
    studio = here.studio
    studio.view.selection.set([first.id])
    edits = Edits(studio.view.board, studio.room.styles)
    edits.set("corner_radius", 12.0, "Change corners")
    edits.set("fill", "#123456", "Change fill")
    edits.set("x", 400.0, "Move")
    here.choose(Tool.RECTANGLE)
    second = here.draw(200)
    assert (second.corner_radius, second.fill) == (12.0, "#123456")
    assert second.x == 200


async def test_saved_colours_come_first(desk) -> None:
    here = await desk()
    here.choose(Tool.ARROW)
    here.studio.room.shelf.put(Palette().added("#010203", "Coal"))
    dot = here.bar._dots[0]
    assert (dot.colour, dot.accessibleName()) == ("#010203", "Draw in Coal (#010203)")


@pytest.mark.parametrize(
    ("ground", "ink"), [("#ffffff", "#17171a"), ("#22304a", "#ececf1"), (None, "#ececf1")]
)
async def test_words_on_a_frame_are_written_in_an_ink_that_is_read_there(
    studio, ground: str | None, ink: str
) -> None:
    here = await studio(FrameItem(id="f", x=0, y=0, width=300, height=200, background=ground))
    here.view.hands.choose(Tool.TEXT)
    here.setting.mouse.click(40, 40)
    assert here.view.writing.item is not None
    assert here.view.writing.item.colour == ink
    here.view.writing.end()
