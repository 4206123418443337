"""Images: kept byte for byte, smaller copies made, hostile ones kept from doing harm."""

import asyncio
import io

import pytest
from PIL import Image

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.errors import AssetDamaged, HostileFile, NotFound
from kupuri_desktop.storage import assets as assets_module
from kupuri_desktop.storage import images
from tests.unit.storage.samples import png


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pixel(image: Image.Image) -> tuple[int, ...]:
    found = image.getpixel((0, 0))
    assert isinstance(found, tuple)
    return found


async def levels_of(storage, asset: str) -> None:
    """Waits until the smaller copies are made."""
    made = asyncio.get_running_loop().create_future()
    disconnect = storage.assets.levels_made.connect(
        lambda key: made.set_result(None) if key == asset and not made.done() else None
    )
    if await storage.assets.micros([asset]):
        made.set_result(None)
    await asyncio.wait_for(made, 30)
    disconnect()


async def test_an_image_comes_back_byte_for_byte(storage):
    data = png()
    asset = await storage.assets.add(data)
    assert asset.id == asset_id(data)
    assert (asset.mime, asset.width, asset.height, asset.size) == ("image/png", 40, 20, len(data))
    assert await storage.assets.data(asset.id) == data
    assert await storage.assets.info([asset.id, "f" * 64]) == {asset.id: asset}


async def test_the_same_image_is_stored_once(storage):
    first, second = await asyncio.gather(storage.assets.add(png()), storage.assets.add(png()))
    assert first == second
    assert await storage.assets.count() == 1


async def test_levels_have_their_longest_side_and_are_never_larger_than_the_image(storage):
    asset = await storage.assets.add(png(300, 150))
    for size, expected in ((32, (32, 16)), (128, (128, 64)), (256, (256, 128)), (512, (300, 150))):
        level = Image.open(io.BytesIO(await storage.assets.level(asset.id, size)))
        assert (level.size, level.format) == (expected, "JPEG"), size


async def test_an_image_smaller_than_every_level_comes_in_its_own_size(storage):
    asset = await storage.assets.add(png(20, 10))
    level = Image.open(io.BytesIO(await storage.assets.level(asset.id, 512)))
    assert level.size == (20, 10)


async def test_levels_are_never_those_of_another_image(storage):
    small = await storage.assets.add(png(20, 10, colour="#ff0000"))
    large = await storage.assets.add(png(600, 600, colour="#0000ff"))
    for asset, colour in ((small, 0), (large, 2)):
        for size in images.LEVELS:
            level = Image.open(io.BytesIO(await storage.assets.level(asset.id, size)))
            assert pixel(level)[colour] > 200, (asset.width, size)


async def test_what_can_be_seen_through_stays_so_in_its_levels_and_micro(storage):
    asset = await storage.assets.add(png(64, 64, "#ff000080", "RGBA"))
    level = Image.open(io.BytesIO(await storage.assets.level(asset.id, 32)))
    assert level.mode == "RGBA"
    assert pixel(level)[3] == 0x80
    micro = (await storage.assets.micros([asset.id]))[asset.id]
    assert len(micro) == 1024
    # Blue, green, red, alpha; red is already multiplied by alpha.
    assert micro[:4] == bytes((0, 0, 0x80, 0x80))


async def test_levels_are_made_in_the_background_and_told(storage):
    asset = await storage.assets.add(png(100, 100))
    await levels_of(storage, asset.id)
    assert set(await storage.assets.micros([asset.id])) == {asset.id}


async def test_levels_that_an_earlier_life_did_not_make_are_made_later(open_storage, monkeypatch):
    storage = await open_storage()
    with monkeypatch.context() as patch:
        patch.setattr(storage.assets._maker, "ask", lambda asset: None)
        asset = await storage.assets.add(png(100, 100))
    await storage.aclose(abandon=True)
    storage = await open_storage()
    await levels_of(storage, asset.id)


async def test_a_turned_photo_is_shown_upright(storage):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (200, 100), "red"), "JPEG", exif=exif)
    asset = await storage.assets.add(data)
    assert (asset.width, asset.height) == (100, 200)
    level = Image.open(io.BytesIO(await storage.assets.level(asset.id, 128)))
    assert level.size == (64, 128)


async def test_a_large_turned_photo_is_shown_upright_too(storage):
    exif = Image.Exif()
    exif[0x0112] = 8
    data = encoded(Image.new("RGB", (5000, 2500), "red"), "JPEG", exif=exif)
    asset = await storage.assets.add(data)
    level = Image.open(io.BytesIO(await storage.assets.level(asset.id, 512)))
    assert level.size == (256, 512)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("CMYK", "JPEG"),
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("RGB", "WEBP"),
        ("RGBA", "WEBP"),
        ("RGB", "BMP"),
        ("P", "GIF"),
        ("RGB", "TIFF"),
        ("F", "TIFF"),
        ("RGB", "AVIF"),
    ],
)
async def test_every_kind_of_image_has_levels(storage, mode, kind):
    asset = await storage.assets.add(encoded(Image.new(mode, (90, 60)), kind))
    assert (asset.width, asset.height, asset.problem) == (90, 60, "")
    level = Image.open(io.BytesIO(await storage.assets.level(asset.id, 64)))
    assert max(level.size) == 64


async def test_sixteen_bits_a_pixel_are_scaled_not_clipped(storage):
    image = Image.new("I;16", (40, 40), 0x8000)
    asset = await storage.assets.add(encoded(image, "PNG"))
    level = Image.open(io.BytesIO(await storage.assets.level(asset.id, 32)))
    assert 0x78 <= pixel(level)[0] <= 0x88


BOMB = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    + (60_000).to_bytes(4, "big") * 2
    + b"\x08\x06\x00\x00\x00"
    + b"\x00" * 64
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        BOMB,
        png()[:40],
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff" + b"\x00" * 100,
        b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\xff" * 30,
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
    ],
)
async def test_what_cannot_be_shown_is_kept_with_the_reason(storage, data):
    asset = await storage.assets.add(data)
    assert (asset.width, asset.height) == (0, 0)
    assert asset.problem
    assert await storage.assets.data(asset.id) == data
    assert await storage.assets.level(asset.id, 64) is None


async def test_an_image_that_ends_too_soon_says_so_once_it_is_decoded(storage):
    data = encoded(Image.effect_noise((200, 200), 50), "PNG")
    asset = await storage.assets.add(data[: len(data) // 2])
    assert await storage.assets.level(asset.id, 64) is None
    known = (await storage.assets.info([asset.id]))[asset.id]
    assert known.problem
    assert (known.width, known.height) == (0, 0)


async def test_a_file_beyond_all_bounds_is_refused(storage, monkeypatch):
    monkeypatch.setattr(assets_module, "MOST_BYTES", 100)
    with pytest.raises(HostileFile):
        await storage.assets.add(b"x" * 101)
    assert await storage.assets.count() == 0


async def test_an_image_that_is_not_there_is_said_to_be_gone(storage):
    with pytest.raises(NotFound):
        await storage.assets.data("0" * 64)
    assert await storage.assets.level("0" * 64, 64) is None


async def test_damaged_bytes_are_noticed_when_they_are_read_and_when_all_are_verified(storage):
    good = await storage.assets.add(png(colour="green"))
    bad = await storage.assets.add(png(colour="red"))
    await storage.database.write(
        lambda database: database.execute_sql(
            "UPDATE original SET data = zeroblob(10) WHERE number ="
            " (SELECT number FROM asset WHERE id = ?)",
            (bad.id,),
        )
    )
    with pytest.raises(AssetDamaged):
        await storage.assets.data(bad.id)
    seen = []
    found = await storage.assets.verify(lambda done, total: seen.append((done, total)))
    assert found == [bad.id]
    assert seen == [(1, 2), (2, 2)]
    assert await storage.assets.data(good.id)


async def test_a_level_that_does_not_exist_is_a_mistake_of_the_caller(storage):
    with pytest.raises(ValueError, match="33"):
        await storage.assets.level("0" * 64, 33)
