"""Small pictures in whatever size a face asks for."""

import io

import pytest
from PIL import Image

from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.store import Storage
from tests.fakes.scripted import png


@pytest.mark.parametrize(("asked", "given"), [(20, 32), (168, 256), (256, 256), (900, 512)])
async def test_a_thumbnail_is_the_next_larger_copy(tmp_path, asked, given):
    storage = await Storage.open(DataFolder(tmp_path))
    asset = await storage.assets.add(png(1000, 500))
    data = await storage.assets.thumbnail(asset.id, asked)
    await storage.aclose()
    assert data is not None
    with Image.open(io.BytesIO(data)) as picture:
        assert max(picture.size) == given
