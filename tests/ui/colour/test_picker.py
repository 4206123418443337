"""The colour picker by mouse and keys: it previews under the hand and takes when let go."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.colours import Colour, colour_in
from kupuri_desktop.core.items import ShapeItem
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.ui.colour.ports import Wish
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.popover import Popover
from tests.ui.colour.hand import move

LEFT = Qt.MouseButton.LeftButton


class Told:
    """What the picker says to whoever asked."""

    def __init__(self) -> None:
        self.sought: list[str | None] = []
        self.taken: list[str | None] = []
        self.given_up = 0

    def wish(self, colour: str | None, **more: Any) -> Wish:
        return Wish(colour, self.sought.append, self.taken.append, self._give_up, **more)

    def _give_up(self) -> None:
        self.given_up += 1


@pytest.fixture
def told() -> Told:
    return Told()


def drag(widget: QWidget, *points: tuple[int, int]) -> None:
    QTest.mousePress(widget, LEFT, pos=QPoint(*points[0]))
    for point in points[1:]:
        move(widget, QPoint(*point))
    QTest.mouseRelease(widget, LEFT, pos=QPoint(*points[-1]))


async def test_a_drag_is_previewed_and_taken_once_when_let_go(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#ff0000"))
    plane = desk.picker.plane
    drag(plane, (10, 10), (60, 40), (plane.width() // 2, plane.height() // 2))
    assert len(told.sought) >= 3
    assert len(told.taken) == 1
    taken = colour_in(told.taken[0] or "")
    assert taken is not None
    assert taken.hsv == pytest.approx((0, 0.5, 0.5), abs=0.02)
    assert told.taken[0] == told.sought[-1]


async def test_escape_under_the_hand_gives_up_and_the_next_one_closes(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#336699"))
    plane = desk.picker.plane
    QTest.mousePress(plane, LEFT, pos=QPoint(5, 5))
    QTest.keyClick(plane, Qt.Key.Key_Escape)
    QTest.mouseRelease(plane, LEFT, pos=QPoint(5, 5))
    assert (told.given_up, told.taken) == (1, [])
    assert desk.picker.colour == colour_in("#336699")
    QTest.keyClick(plane, Qt.Key.Key_Escape)
    assert not desk.picker.isVisible()


async def test_arrow_keys_count_and_the_release_takes(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#808080"))
    QTest.keyClick(desk.picker.plane, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(desk.picker.alpha, Qt.Key.Key_Left)
    assert [colour_in(text or "") for text in told.taken] == [
        Colour(154, 154, 154),
        Colour(154, 154, 154, 252),
    ]
    assert "brightness 60 %" in desk.picker.plane.accessibleDescription()


async def test_a_grey_keeps_the_hue_that_was_there(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#0000ff"))
    drag(desk.picker.plane, (200, 20), (0, 80))
    drag(desk.picker.plane, (0, 80), (desk.picker.plane.width() - 1, 0))
    last = colour_in(told.taken[-1] or "")
    assert last is not None
    assert last.hsv[0] == pytest.approx(240 / 360, abs=0.01)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("#f64", "#ff6644"), ("teal", "#008080"), ("rgb(1 2 3 / 50%)", "#01020380"), ("no", None)],
)
async def test_a_colour_is_typed_in_any_spelling(studio, told, typed: str, taken: str) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#123456"))
    line = desk.picker.spelled.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, typed)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert told.taken == ([taken] if taken else [])


async def test_the_colour_is_shown_as_rgb_and_hsl_and_taken_back_from_them(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#ff8000"))
    spelled = desk.picker.spelled
    spelled.spelling.setCurrentIndex(1)
    assert spelled.line.text() == "255, 128, 0"
    spelled.spelling.setCurrentIndex(2)
    assert spelled.line.text() == "30, 100%, 50%"
    spelled.line.setFocus()
    spelled.line.selectAll()
    QTest.keyClicks(spelled.line, "120, 100%, 25%")
    QTest.keyClick(spelled.line, Qt.Key.Key_Return)
    assert told.taken == ["#008000"]


async def test_none_is_offered_only_where_it_may_be(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#ff8000"))
    assert desk.picker.none.isHidden()
    desk.picker.close_()
    desk.room.ask(desk.anchor, told.wish("#ff8000", empty=True))
    QTest.mouseClick(desk.picker.none, LEFT)
    assert told.taken == [None]
    assert desk.picker.spelled.line.placeholderText() == "None"


async def test_a_click_on_the_colour_before_goes_back_to_it(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#ff8000"))
    drag(desk.picker.hue, (20, 8), (80, 8))
    QTest.mouseClick(desk.picker.compare, LEFT)
    assert told.taken[-1] == "#ff8000"


async def test_words_are_judged_on_their_ground(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#777777", ground=Colour(255, 255, 255)))
    verdict = desk.picker.verdict
    assert "4.5 : 1" in verdict._ratio.text()
    desk.picker.close_()
    desk.room.ask(desk.anchor, told.wish("#777777"))
    assert not verdict.isVisible()


async def test_the_palette_is_filled_ordered_named_and_emptied_by_hand(studio, told) -> None:
    desk = await studio()
    shelf = desk.room.shelf
    shelf.put(Palette().added("#111111").added("#222222").added("#333333"))
    desk.room.ask(desk.anchor, told.wish("#ff8000"))
    saved = desk.picker.sections.saved
    QTest.mouseClick(saved.add, LEFT)
    assert [each.colour for each in shelf.palette.saved][-1] == "#ff8000"
    assert not saved.add.isEnabled()
    grid = saved.swatches
    start, end = grid.centre(0), grid.centre(2) + QPoint(10, 0)
    QTest.mousePress(grid, LEFT, pos=start)
    move(grid, start + QPoint(20, 0))
    move(grid, end)
    QTest.mouseRelease(grid, LEFT, pos=end)
    colours = [each.colour for each in shelf.palette.saved]
    assert colours == ["#222222", "#333333", "#111111", "#ff8000"]
    assert told.taken == []
    QTest.keyClick(grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert [each.colour for each in shelf.palette.saved][1] == "#111111"
    QTest.keyClick(grid, Qt.Key.Key_F2)
    QTest.keyClicks(saved.name, "Coal")
    QTest.keyClick(saved.name, Qt.Key.Key_Return)
    assert shelf.palette.saved[1].words == "Coal (#111111)"
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert "#111111" not in shelf.palette
    QTest.mouseClick(grid, LEFT, pos=grid.centre(0))
    assert told.taken == ["#222222"]


async def test_the_colours_of_the_canvas_and_those_of_late_are_offered(studio, told) -> None:
    place: dict[str, Any] = {"x": 0.0, "y": 0.0, "width": 9.0, "height": 9.0}
    desk = await studio(
        ShapeItem(id="a", **place, fill="#111111", stroke="#222222"),
        ShapeItem(id="b", **place, fill="#222222", stroke=None),
    )
    desk.room.ask(desk.anchor, told.wish("#ff8000"))
    sections = desk.picker.sections
    assert [each.colour for each in sections.used.swatches.shown] == ["#222222", "#111111"]
    assert sections.recent.isHidden()
    QTest.keyClick(sections.used.swatches, Qt.Key.Key_Return)
    desk.picker.close_()
    desk.room.ask(desk.anchor, told.wish("#ff8000"))
    assert [each.colour for each in sections.recent.swatches.shown] == ["#222222"]
    assert len(sections.harmony.swatches.shown) == 5


async def test_everything_in_the_picker_has_a_name(studio, told) -> None:
    desk = await studio()
    desk.room.ask(desk.anchor, told.wish("#ff8000", empty=True))
    controls = desk.picker._controls()
    assert len(controls) >= 9
    assert all(control.accessibleName() and control.objectName() for control in controls)


async def test_opened_from_another_popover_it_leaves_that_one_open(studio, told) -> None:
    desk = await studio()
    look = desk.view.look
    below = Popover(look, "below", "Below", desk.view)
    button = PillButton(look, "ask", "Ask")
    below.body.addWidget(button)
    below.open_at(desk.anchor)
    desk.room.ask(button, told.wish("#ff8000"))
    drag(desk.picker.plane, (20, 20), (60, 60))
    assert (below.isVisible(), desk.picker.isVisible()) == (True, True)
    QTest.keyClick(desk.picker.plane, Qt.Key.Key_Escape)
    assert (below.isVisible(), desk.picker.isVisible()) == (True, False)
    below.close_()
    below.deleteLater()
