"""The colours of a picture are those that a person would name, the largest first."""

import io

from PIL import Image, ImageDraw

from kupuri_desktop.core.colours import colour_in
from kupuri_desktop.workspace.picture_colours import colours_of


def as_png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def test_flat_colours_are_found_exactly_and_by_their_area() -> None:
    picture = Image.new("RGB", (64, 64), "#204080")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 31, 40), fill="#e0c040")
    draw.rectangle((50, 50, 63, 63), fill="#d02020")
    assert colours_of(as_png(picture)) == ("#204080", "#e0c040", "#d02020")


def test_a_small_bright_patch_is_not_lost_in_a_gradient() -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    ImageDraw.Draw(picture).ellipse((100, 100, 160, 160), fill="#00c060")
    found = colours_of(as_png(picture))
    assert len(found) == 6
    assert "#00c060" in found


def test_the_same_picture_gives_the_same_colours() -> None:
    picture = as_png(Image.effect_noise((80, 80), 90).convert("RGB"))
    assert colours_of(picture) == colours_of(picture)
    assert all(colour_in(each) is not None for each in colours_of(picture))


def test_what_is_transparent_does_not_count() -> None:
    picture = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    assert colours_of(as_png(picture)) == ()
    picture.paste((0, 0, 255, 255), (0, 0, 5, 5))
    assert colours_of(as_png(picture)) == ("#0000ff",)


def test_bytes_that_are_no_picture_have_no_colours() -> None:
    assert colours_of(b"") == ()
    assert colours_of(b"GIF89a" + bytes(40)) == ()
