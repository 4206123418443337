"""Reads Excalidraw drawings: a file of their own, or the canvases of programs built on it.

The format: https://docs.excalidraw.com/docs/codebase/json-schema and the element types of
Excalidraw 0.18. Angles are in radians, opacity in per cent, the first element lies at the back.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from kupuri_desktop.core.items import Item
from kupuri_desktop.workspace.transfer.bounds import Tally, cleaned, hostile, parse_json, told
from kupuri_desktop.workspace.transfer.data_urls import picture_in
from kupuri_desktop.workspace.transfer.elements import Element, item_of
from kupuri_desktop.workspace.transfer.pages import on_page
from kupuri_desktop.workspace.transfer.parcel import Contents, Load, Parcel

MOST_FILE = 128 * 2**20
MOST_ELEMENTS = 100_000


@contextmanager
def open_excalidraw(path: Path) -> Iterator[Contents]:
    """Raises HostileFile for what is no Excalidraw file; OSError."""
    with path.open("rb") as file:
        text = file.read(MOST_FILE + 1)
    if len(text) > MOST_FILE:
        raise hostile(path.name, "it is too large.")
    try:
        scene = parse_json(text, Tally())
    except ValueError as error:
        raise hostile(path.name, "it is no Excalidraw file, or damaged.") from error
    del text
    if not isinstance(scene, dict) or scene.get("type") != "excalidraw":
        raise hostile(path.name, "it is no Excalidraw file.")
    if not isinstance(scene.get("elements"), list):
        raise hostile(path.name, "it has no elements.")
    drawing = Drawing(scene, lambda url, name: partial(picture_in, url, name))
    name = cleaned(path.name.removesuffix(".excalidraw"))
    parcel = Parcel(name=name, items=drawing.items, assets=drawing.assets)
    yield Contents((parcel,), told(drawing.untaken))


class Drawing:
    """A scene as items. `untaken` says what is not among them.

    assets, addresses: the way to each picture's bytes, and where it says it lies, by its name.

    find: gives the way to a picture's bytes by its address and a name for it; raises nothing.
    """

    def __init__(self, scene: Mapping[str, Any], find: Any) -> None:
        self.untaken: list[str] = []
        self.assets: dict[str, Load] = {}
        self.addresses: dict[str, str] = {}
        elements = scene.get("elements")
        files = scene.get("files")
        self._files: dict[str, Any] = files if isinstance(files, dict) else {}
        self._find = find
        raw = elements if isinstance(elements, list) else []
        if len(raw) > MOST_ELEMENTS:
            self.untaken.append(f"{len(raw) - MOST_ELEMENTS} elements: there are too many.")
        self.items = on_page(tuple(self._items(raw[:MOST_ELEMENTS])), _paper(scene))

    def _items(self, raw: list[Any]) -> Iterator[Item]:
        known: set[str] = set()
        kept = [Element.read(each) for each in raw]
        containers = {e.id: e for e in kept if e is not None and not e.deleted}
        for number, element in enumerate(kept):
            if element is None or element.id in known:
                self.untaken.append(f"Element {number + 1}: it is damaged.")
                continue
            if element.deleted or element.kind == "selection":
                continue
            known.add(element.id)
            asset = self._asset(element) if element.kind == "image" else None
            item, lost = item_of(element, float(number), asset, containers)
            if lost:
                self.untaken.append(f"Element {number + 1} ({cleaned(element.kind, 40)}): {lost}")
            if item is not None:
                yield item

    def _asset(self, element: Element) -> str | None:
        """The name of the picture's bytes; None where the drawing does not have them."""
        key = element.text("fileId")
        file = self._files.get(key)
        url = file.get("dataURL") if isinstance(file, dict) else None
        if not isinstance(url, str):
            return None
        if key not in self.assets:
            self.assets[key] = self._find(url, f"Image {cleaned(key, 60)}")
            self.addresses[key] = url
        return key


def _paper(scene: Mapping[str, Any]) -> str | None:
    """The colour of the ground: white, if the drawing does not say."""
    state = scene.get("appState")
    ground = Element("page", "page", state if isinstance(state, dict) else {})
    return ground.colour("viewBackgroundColor", "#ffffff")
