"""Icons are drawn in the colour asked for, at the pixels of the screen, and only once."""

import pytest
from PySide6.QtGui import QColor

from kupuri_desktop.ui.theme import Look


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_an_icon_has_the_pixels_of_the_screen(look: Look, dpr: float) -> None:
    pixmap = look.pixmap("house", 20, dpr=dpr)
    assert pixmap.width() == round(20 * dpr)
    assert pixmap.deviceIndependentSize().width() == 20


def test_an_icon_is_drawn_in_the_colour_asked_for(look: Look) -> None:
    image = look.pixmap("square", 20, QColor("#ff0000"), 2.0).toImage()
    seen = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    ]
    assert seen
    assert all((c.red(), c.green(), c.blue()) == (255, 0, 0) for c in seen)


def test_the_same_icon_is_drawn_once(look: Look) -> None:
    first = look.pixmap("house", 16)
    assert look.pixmap("house", 16).cacheKey() == first.cacheKey()
    assert look.icon("house").cacheKey() == look.icon("house").cacheKey()


def test_every_bundled_icon_can_be_drawn(look: Look) -> None:
    names = look.icons.names()
    assert len(names) > 100
    empty = []
    for name in names:
        image = look.pixmap(name, 16).toImage()
        if not any(image.pixelColor(x, y).alpha() for x in range(16) for y in range(16)):
            empty.append(name)
    assert empty == []


def test_an_unknown_icon_is_an_error(look: Look) -> None:
    with pytest.raises(FileNotFoundError):
        look.pixmap("no-such-icon")
