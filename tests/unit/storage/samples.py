"""Images, items and a keyring to keep things in."""

import io

from PIL import Image

from kupuri_desktop.core.items import ImageItem


class SessionKeyring:
    """A keyring that keeps secrets in a dict."""

    priority = 5.0
    name = "test keyring"

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def png(width: int = 40, height: int = 20, colour: str = "#336699", mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def image_item(key: str, asset: str, x: float = 0.0, **more: object) -> ImageItem:
    return ImageItem(
        id=key,
        x=x,
        y=0,
        width=40,
        height=20,
        asset=asset,
        natural_width=40,
        natural_height=20,
        **more,  # type: ignore[arg-type]
    )
