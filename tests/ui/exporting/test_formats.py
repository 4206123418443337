"""Every format, read again by programs that others wrote and held against our own painting."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.items import Item, TextItem
from kupuri_desktop.engines import metadata
from kupuri_desktop.ui.exporting.pieces import cut
from kupuri_desktop.ui.exporting.wish import Format, What, Wish
from kupuri_desktop.ui.exporting.writers import Story
from kupuri_desktop.ui.theme import Look
from tests.ui.canvas.board import MemoryPictures, image_item
from tests.ui.exporting.boards import (
    MAKING,
    far,
    ours,
    rich,
    rsvg,
    run,
    seen_by_magick,
    whole,
    written,
)

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def pictures() -> MemoryPictures:
    return MemoryPictures()


@pytest.fixture
def board(pictures: MemoryPictures) -> list[Item]:
    return rich(pictures)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(
    ("format_", "most"),
    [(Format.PNG, 0.01), (Format.TIFF, 0.01), (Format.WEBP, 2.5)],
)
async def test_a_transparent_raster_holds_what_is_painted_at_every_size(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path, format_: Format, most: float,
    scale: float,
) -> None:  # fmt: skip
    piece = whole(board)
    wish = Wish(format=format_, scale=scale)
    path = await written([piece], pictures, wish, tmp_path / f"a.{format_.value}")
    seen = seen_by_magick(path, tmp_path / "seen.png")
    assert seen.size == piece.size(scale)
    assert seen.getpixel((seen.width - 2, seen.height - 2))[3] == 0  # type: ignore[index]
    assert far(seen, await ours(piece, pictures, scale, None)) < most


@pytest.mark.parametrize(
    "format_", [Format.PNG, Format.JPEG, Format.TIFF, Format.WEBP, Format.AVIF]
)
async def test_a_background_fills_what_is_empty(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path, format_: Format
) -> None:
    piece = whole(board)
    wish = Wish(format=format_, background="#336699", quality=95)
    path = await written([piece], pictures, wish, tmp_path / f"a.{format_.value}")
    seen = seen_by_magick(path, tmp_path / "seen.png")
    corner = np.array(seen.getpixel((seen.width - 2, seen.height - 2)))
    assert np.abs(corner - (0x33, 0x66, 0x99, 255)).max() < 6
    assert far(seen, await ours(piece, pictures, 1.0, "#336699")) < 2.5


async def test_an_avif_is_transparent_where_nothing_is(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    """Read by Pillow: Debian's ImageMagick knows no transparency in this format."""
    piece = whole(board)
    path = await written([piece], pictures, Wish(format=Format.AVIF), tmp_path / "a.avif")
    seen = Image.open(path)
    assert seen.getpixel((795, 455))[3] == 0  # type: ignore[index]
    assert far(seen, await ours(piece, pictures, 1.0, None)) < 3


async def test_a_jpeg_without_a_background_is_on_white(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    path = await written([whole(board)], pictures, Wish(format=Format.JPEG), tmp_path / "a.jpg")
    assert min(seen_by_magick(path, tmp_path / "s.png").getpixel((795, 455))) > 250  # type: ignore


async def test_an_svg_is_drawn_by_others_as_we_paint_it(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    piece = whole(board)
    path = await written([piece], pictures, Wish(format=Format.SVG), tmp_path / "a.svg")
    rsvg(path, tmp_path / "seen.png")
    assert far(Image.open(tmp_path / "seen.png"), await ours(piece, pictures)) < 1.5


async def test_in_an_svg_words_are_words_and_originals_are_whole(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    path = await written([whole(board)], pictures, Wish(format=Format.SVG), tmp_path / "a.svg")
    text = path.read_text()
    tree = ElementTree.fromstring(text)
    said = " ".join(e.text or "" for e in tree.iter("{http://www.w3.org/2000/svg}text"))
    assert "Midsummer" in said and "märchen" in said and "Warmer" in said
    assert 'font-family="Inter' in text
    assert text.count("<ns0:") == 0
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}image"))) == 6


async def test_a_pdf_has_a_page_for_each_frame_in_reading_order(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    pages = cut(board, [], What.EACH_FRAME, "Board")
    wish = Wish(format=Format.PDF, background="#ffffff", quality=100)
    path = await written(pages, pictures, wish, tmp_path / "a.pdf")
    info = run("pdfinfo", "-f", 1, "-l", 2, path)
    assert "Pages:           2" in info
    assert "400 x 300 pts" in info and "300 x 300 pts" in info
    assert "Title:           Board" in info
    assert "Midsummer märchen" in " ".join(run("pdftotext", path, "-").split())
    run("pdftoppm", "-r", 72, "-png", path, tmp_path / "page")
    for number, page in enumerate(pages, 1):
        seen = Image.open(tmp_path / f"page-{number}.png")
        assert far(seen, await ours(page, pictures)) < 1.5


async def test_a_pdf_of_everything_is_one_page_as_we_paint_it(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    piece = whole(board)
    wish = Wish(format=Format.PDF, scale=2, quality=100)
    path = await written([piece], pictures, wish, tmp_path / "a.pdf")
    run("pdftoppm", "-r", 72, "-png", "-singlefile", path, tmp_path / "page")
    assert far(Image.open(tmp_path / "page.png"), await ours(piece, pictures)) < 1.5


def merged(path: Path, out: Path) -> Image.Image:
    """The layers of an OpenRaster file laid over each other by nothing but its own words."""
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"
        image = ElementTree.fromstring(archive.read("stack.xml"))
        sheet = Image.new("RGBA", (int(image.get("w", "")), int(image.get("h", ""))))
        for layer in reversed(list(image.iter("layer"))):
            if layer.get("visibility") == "hidden":
                continue
            with archive.open(layer.get("src", "")) as file:
                pixels = Image.open(file).convert("RGBA")
            faded = np.asarray(pixels.getchannel("A")) * float(layer.get("opacity", "1"))
            alpha = Image.fromarray(faded.round().astype(np.uint8))
            pixels.putalpha(alpha)
            sheet.alpha_composite(pixels, (int(layer.get("x", "")), int(layer.get("y", ""))))
        (out / "mergedimage.png").write_bytes(archive.read("mergedimage.png"))
        thumbnail = Image.open(archive.open("Thumbnails/thumbnail.png"))
        assert max(thumbnail.size) == min(256, max(sheet.size))
    return sheet


async def test_the_layers_of_an_openraster_file_make_the_picture(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    piece = whole(board)
    path = await written([piece], pictures, Wish(format=Format.ORA), tmp_path / "a.ora")
    want = await ours(piece, pictures, 1.0, None)
    assert far(merged(path, tmp_path), want) < 0.1
    assert far(seen_by_magick(tmp_path / "mergedimage.png", tmp_path / "s.png"), want) < 0.01


async def test_an_openraster_file_keeps_names_order_and_what_is_hidden(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    path = await written([whole(board)], pictures, Wish(format=Format.ORA), tmp_path / "a.ora")
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("stack.xml")).find("stack")
    assert root is not None
    named = [(e.tag, e.get("name")) for e in root]
    assert named[0] == ("layer", "Hidden one")
    assert named[-2:] == [("stack", "Back: 2/2"), ("stack", "Cover")]
    assert [e.get("name") for e in root[-1]] == ["Midsummer märchen", "Image", "Fox", "Background"]
    assert root[0].get("visibility") == "hidden"
    assert root[-1][1].get("opacity") == "0.5000"
    assert ("stack", "Group") in named


async def test_a_photoshop_file_has_the_layers_and_the_picture(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    piece = whole(board)
    path = await written([piece], pictures, Wish(format=Format.PSD), tmp_path / "a.psd")
    want = await ours(piece, pictures, 1.0, None)
    assert far(seen_by_magick(f"{path}[0]", tmp_path / "s.png"), want) < 0.6
    labels = run("identify", "-format", "%l\n", path).split("\n")
    assert "Fox" in labels and "Hidden one" in labels
    assert "Back: 2/2" not in labels  # ImageMagick lists layers and leaves folders out.

    from psd_tools import PSDImage

    document = PSDImage.open(path)
    assert [part.name for part in document][:2] == ["Cover", "Back: 2/2"]
    assert not next(part for part in document if part.name == "Hidden one").visible
    composite = document.composite(force=True)
    assert composite is not None
    assert far(composite, want) < 0.6


async def test_groups_within_groups_are_folders_within_folders(
    pictures: MemoryPictures, tmp_path: Path
) -> None:
    items = [
        image_item(pictures, key, n * 50.0, 0, (40, 40), n, z=n, group=group)
        for n, (key, group) in enumerate(
            [("a", "g=Sky"), ("b", "g=Sky/h"), ("c", "g=Sky/h"), ("d", None), ("e", "g=Sky")]
        )
    ]
    path = await written([whole(items)], pictures, Wish(format=Format.ORA), tmp_path / "a.ora")
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("stack.xml")).find("stack")
    assert root is not None
    assert [(e.tag, e.get("name")) for e in root] == [
        ("layer", "Image"), ("layer", "Image"), ("stack", "Sky"),
    ]  # fmt: skip
    assert [(e.tag, e.get("name")) for e in root[2]] == [("stack", "Group"), ("layer", "Image")]
    assert far(merged(path, tmp_path), await ours(whole(items), pictures, 1.0, None)) < 0.1


async def test_a_layered_file_with_a_background_has_it_at_the_bottom(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    piece = whole(board)
    wish = Wish(format=Format.ORA, background="#336699")
    path = await written([piece], pictures, wish, tmp_path / "a.ora")
    assert far(merged(path, tmp_path), await ours(piece, pictures, 1.0, "#336699")) < 0.2
    path = await written([piece], pictures, replace(wish, format=Format.PSD), tmp_path / "a.psd")
    seen = seen_by_magick(f"{path}[0]", tmp_path / "s.png")
    assert far(seen, await ours(piece, pictures, 1.0, "#336699")) < 0.2


@pytest.mark.parametrize(
    "format_", [Format.PNG, Format.JPEG, Format.WEBP, Format.AVIF, Format.TIFF]
)
async def test_how_an_image_was_made_goes_along_or_stays(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path, format_: Format
) -> None:
    (piece,) = cut(board, ["i1"], What.SELECTION, "Board")
    wish = Wish(format=format_)
    path = tmp_path / f"a.{format_.value}"
    await written([piece], pictures, wish, path, Story(MAKING, {"prompt": '{"1": {}}'}))
    told = path.read_bytes()
    if format_ is Format.PNG:
        texts = metadata.read(told)
        assert metadata.making_of(texts) == MAKING
        assert json.loads(texts["prompt"]) == {"1": {}}
    else:
        with Image.open(path) as image:
            xmp = image.info.get("xmp", b"") or image.tag_v2[700]  # type: ignore[attr-defined]
        assert "a fox, “wild” &amp; röd" in bytes(xmp).decode()
    await written([piece], pictures, wish, path)
    assert b"sd_xl" not in path.read_bytes()


async def test_strips_make_the_same_picture_as_one_sheet(
    pictures: MemoryPictures, board: list[Item], tmp_path: Path
) -> None:
    piece = whole(board)
    told: list[float] = []
    path = await written([piece], pictures, Wish(scale=3), tmp_path / "a.png", told=told)
    assert len(told) > 10 and told == sorted(told) and told[-1] == 1.0
    assert far(Image.open(path), await ours(piece, pictures, 3.0, None)) < 0.05


async def test_an_image_that_cannot_be_read_leaves_its_place_and_the_reason(
    pictures: MemoryPictures, tmp_path: Path
) -> None:
    broken = replace(image_item(pictures, "a", 0, 0), asset=pictures.add_bytes(b"no picture"))
    gone = replace(image_item(pictures, "b", 220, 0), asset="0" * 64)
    piece = whole([broken, gone])
    for format_ in Format:
        path = tmp_path / f"a.{format_.value}"
        await written([piece], pictures, Wish(format=format_), path)
        assert path.stat().st_size > 100
    assert "not in the project" in (tmp_path / "a.svg").read_text()


async def test_words_of_an_svg_hold_no_character_that_xml_forbids(
    pictures: MemoryPictures, tmp_path: Path
) -> None:
    item = TextItem(id="t", x=0, y=0, width=300, height=40, text="a\x07b <&> \ufffe", name="x\x01y")
    path = await written([whole([item])], pictures, Wish(format=Format.SVG), tmp_path / "a.svg")
    rsvg(path, tmp_path / "a.png")


async def test_a_large_export_needs_little_more_memory_than_a_small_one(
    qapp: QApplication, look: Look, tmp_path: Path
) -> None:
    """Sixteen thousand pixels a side are a gigabyte as one sheet."""
    import resource

    pictures = MemoryPictures()
    piece = whole([image_item(pictures, "a", 0, 0, (2000, 300), 1)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wish = Wish(format=Format.PNG, scale=8, background="#ffffff")
    path = await written([piece], pictures, wish, tmp_path / "a.png")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert QImage(str(path)).size() == QSize(16000, 2400)
    assert grown < 120_000
