"""Image bytes on their way to the disk: whoever wants them before they are there gets them here."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from kupuri_desktop.core.assets import Asset
from kupuri_desktop.core.errors import DiskFull
from kupuri_desktop.storage.database import Database, SaveState
from kupuri_desktop.storage.failures import SAVE_COPY
from kupuri_desktop.storage.images import Small

FLOW_BYTES = 64 * 2**20
"""As much is under way at most while the disk takes it: reading does not run ahead of writing."""

MOST_BYTES = 512 * 2**20
"""As much waits in memory at most while the disk takes nothing."""


@dataclass(slots=True, eq=False)
class HeldImage:
    """One image that is not on the disk yet. storing: resolves after its commit.

    small: its smaller copies, where somebody wanted to see it meanwhile.
    """

    asset: Asset
    data: bytes
    storing: "asyncio.Future[Asset]"
    small: Small | None = None


class Held:
    """Keeps them by their ids, each from its arrival to its commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._images: dict[str, HeldImage] = {}
        self._size = 0
        self._moved = asyncio.Event()
        self._unlink = database.saving.connect(self._look)

    def __contains__(self, asset: str) -> bool:
        return asset in self._images

    def get(self, asset: str) -> HeldImage | None:
        return self._images.get(asset)

    def some(self, assets: Iterable[str]) -> list[HeldImage]:
        """Those of them that are held."""
        return [self._images[asset] for asset in assets if asset in self._images]

    async def make_room(self, size: int) -> None:
        """Waits until so many bytes more may be held.

        Raises DiskFull where too much waits already for a disk that takes nothing.
        """
        while self._size and self._size + size > FLOW_BYTES:
            if self._stuck:
                if self._size + size <= MOST_BYTES:
                    return
                raise _too_much_waits(self._size)
            await self._change()

    def hold(self, image: HeldImage) -> None:
        """Until its commit. The same image twice is held once."""
        # Its error is told by the banner, or to whoever closed: nobody need wait for it.
        image.storing.add_done_callback(lambda done: done.cancelled() or done.exception())
        if image.asset.id not in self._images:
            self._images[image.asset.id] = image
            self._size += len(image.data)
            image.storing.add_done_callback(lambda _: self._release(image))

    async def waiting(self, asset: str) -> HeldImage | None:
        """The image where the disk does not take it now; None as soon as it is stored."""
        while (image := self._images.get(asset)) is not None and not self._stuck:
            await self._change()
        return image

    def close(self) -> None:
        self._unlink()
        self._moved.set()

    @property
    def _stuck(self) -> bool:
        return self._database.state.problem is not None

    async def _change(self) -> None:
        self._moved.clear()
        await self._moved.wait()

    def _release(self, image: HeldImage) -> None:
        del self._images[image.asset.id]
        self._size -= len(image.data)
        self._moved.set()

    def _look(self, state: SaveState) -> None:
        self._moved.set()


def _too_much_waits(size: int) -> DiskFull:
    return DiskFull(
        "Too many images wait already for room on the disk.",
        hint="Free some space, or save a copy on another disk, then add this again.",
        kept="This one was not taken: it stays where it came from. What waits is kept in memory.",
        action=SAVE_COPY,
        details=f"{size} bytes wait, {MOST_BYTES} at most",
    )
