"""Strokes in a mask: what they cover, what they take away, and what they leave alone."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainterPath

from kupuri_desktop.ui.canvas.modes.mask_hand import covered
from kupuri_desktop.ui.canvas.modes.mask_raster import MaskRaster, Patch
from kupuri_desktop.ui.canvas.modes.mask_wash import STRENGTH, Wash

places = st.tuples(st.floats(-50, 250), st.floats(-50, 200))


def test_a_line_covers_what_lies_within_its_radius_and_nothing_farther() -> None:
    raster = MaskRaster((200, 150))
    raster.begin(subtract=False)
    patch = raster.line((50.5, 70.5), (120.5, 70.5), 10, 1.0)
    assert raster.pixels[70, 50] == raster.pixels[61, 90] == 255
    assert raster.pixels[59, 90] == raster.pixels[70, 38] == 0
    assert 0 < raster.pixels[60, 90] < 255
    assert patch == Patch(39, 59, 132, 82)


def test_a_soft_brush_falls_off_and_crossing_itself_makes_it_no_denser() -> None:
    raster = MaskRaster((200, 150))
    raster.begin(subtract=False)
    raster.line((100, 75), (100, 75), 40, 0.25)
    once = raster.pixels.copy()
    raster.line((100, 75), (100, 75), 40, 0.25)
    assert np.array_equal(raster.pixels, once)
    row = raster.pixels[75, 100:145].astype(int)
    assert row[0] == 255 and row[44] == 0
    assert np.all(np.diff(row) <= 0)


def test_erasing_takes_away_and_a_stroke_that_is_taken_back_has_not_been() -> None:
    raster = MaskRaster((200, 150))
    raster.fill(255)
    raster.begin(subtract=True)
    raster.line((100, 75), (100, 75), 20, 1.0)
    assert raster.pixels[75, 100] == 0
    assert raster.pixels[10, 10] == 255
    raster.take_back()
    assert raster.pixels.min() == 255


@settings(max_examples=60)
@example((100.0, 0.0), (100.0, 1e-60), 5.0, 1.0, False).via("a step too short to divide by")
@given(places, places, st.floats(0.5, 60), st.floats(0, 1), st.booleans())
def test_only_the_patch_is_touched_and_adding_never_takes(start, end, radius, hardness, subtract):
    raster = MaskRaster((200, 150))
    raster.fill(120)
    raster.begin(subtract=subtract)
    patch = raster.line(start, end, radius, hardness)
    outside = np.ones_like(raster.pixels, bool)
    outside[patch.top : patch.bottom, patch.left : patch.right] = False
    assert np.all(raster.pixels[outside] == 120)
    changed = raster.pixels.astype(int) - 120
    assert changed.max() <= 0 if subtract else changed.min() >= 0
    assert np.all(raster.before == 120)


def test_a_large_picture_is_painted_at_half_its_size() -> None:
    raster = MaskRaster((4096, 2048))
    assert raster.size == (2048, 1024)
    assert raster.scale == 0.5


def test_a_shape_covers_the_pixels_that_it_holds() -> None:
    path = QPainterPath()
    path.addRect(QRectF(10, 20, 31, 12.5))
    grey = covered(path, (53, 40))
    assert grey.shape == (40, 53)
    assert np.all(grey[20:32, 10:41] == 255)
    assert np.all(grey[:20] == 0) and np.all(grey[33:] == 0)
    assert 100 < grey[32, 20] < 155


def test_the_wash_is_the_accent_where_it_may_change_and_nothing_elsewhere() -> None:
    grey = np.zeros((40, 60), np.uint8)
    grey[:, :30] = 255
    wash = Wash((60, 40))
    accent = QColor("#ff6b4a")
    assert wash.dress(accent, invert=False)
    wash.colour(grey, Patch(0, 0, 60, 40))
    colour = wash.image.pixelColor(5, 5)
    assert abs(colour.alphaF() - STRENGTH) < 0.01
    assert abs(colour.red() - accent.red()) <= 3
    assert wash.image.pixelColor(50, 5).alpha() == 0
    assert not wash.dress(accent, invert=False)
    assert wash.dress(accent, invert=True)
    wash.colour(grey, Patch(0, 0, 60, 40))
    assert wash.image.pixelColor(5, 5).alpha() == 0
    assert wash.image.pixelColor(50, 5).alpha() > 100


def test_a_line_of_two_tones_goes_around_the_mask_but_not_along_the_picture() -> None:
    grey = np.zeros((40, 60), np.uint8)
    grey[:20, :30] = 255
    wash = Wash((60, 40))
    wash.dress(QColor("#ff6b4a"), invert=False)
    wash.colour(grey, Patch(0, 0, 60, 40))
    inside, outside = wash.image.pixelColor(29, 5), wash.image.pixelColor(30, 5)
    assert inside.lightness() > 200 and inside.alpha() > 200
    assert outside.lightness() < 30 and outside.alpha() > 100
    assert wash.image.pixelColor(0, 5) == wash.image.pixelColor(10, 5)


def test_the_line_moves_with_the_mask_where_only_a_patch_is_coloured_anew() -> None:
    grey = np.zeros((40, 60), np.uint8)
    grey[10:20, 10:20] = 255
    part, whole = Wash((60, 40)), Wash((60, 40))
    for wash in (part, whole):
        wash.dress(QColor("#ff6b4a"), invert=False)
    part.colour(grey, Patch(0, 0, 60, 40))
    grey[10:20, 20:26] = 255
    part.colour(grey, Patch(20, 10, 26, 20))
    whole.colour(grey, Patch(0, 0, 60, 40))
    assert part.image == whole.image
