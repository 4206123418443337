"""Reads which kinds of image models there are, and the workflow pieces that run each of them."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kupuri_desktop.core.generation import size_for
from kupuri_desktop.core.paths import resource

LARGEST_DEVIATION = 1.06
"""A native size is taken for an aspect up to this ratio between the two; else one is computed."""


@dataclass(frozen=True)
class Part:
    """A file that a model needs besides itself; the first pattern that fits a file wins."""

    key: str
    name: str
    folder: str
    example: str
    patterns: tuple[str, ...]

    def pick(self, files: tuple[str, ...]) -> str | None:
        for pattern in self.patterns:
            for file in sorted(files):
                if re.search(pattern, plain_name(file).rpartition("/")[2]):
                    return file
        return None


@dataclass(frozen=True)
class Fragment:
    """Some nodes of a workflow in API format, and the outputs that later ones may use.

    A text input `$name` stands for a value, `@name` for an earlier port, [node, n] for an
    output of a node in the same fragment.
    """

    nodes: Mapping[str, Mapping[str, Any]]
    ports: Mapping[str, tuple[str, int]]

    @property
    def classes(self) -> list[str]:
        return [node["class_type"] for node in self.nodes.values()]


@dataclass(frozen=True)
class Recipe:
    """One way to run an architecture: files of `folder`, with other parts, by these fragments."""

    folder: str
    example: str
    only: str
    parts: tuple[str, ...]
    fragments: tuple[str, ...]
    latent: str


@dataclass(frozen=True)
class Architecture:
    """A family of models that take the same workflow and like the same sizes (pixels)."""

    id: str
    name: str
    patterns: tuple[str, ...]
    unfit: str
    bytes: tuple[int, int] | None
    sizes: tuple[tuple[int, int], ...]
    area: int
    step: int
    guided: bool
    defaults: Mapping[str, Any]
    variants: tuple[Mapping[str, Any], ...]
    recipes: tuple[Recipe, ...]

    def native_size(self, aspect: tuple[int, int]) -> tuple[int, int]:
        """The size of training nearest to an aspect, or one of the right area."""
        wanted = aspect[0] / aspect[1]
        if self.sizes:
            near = min(self.sizes, key=lambda size: abs(math.log(size[0] / size[1] / wanted)))
            deviation = abs(math.log(near[0] / near[1] / wanted))
            if deviation <= math.log(LARGEST_DEVIATION):
                return near
        return size_for(aspect, self.area, self.step)

    def settings(self, file: str) -> dict[str, Any]:
        """The sampling defaults for a file: those of the family, changed by its variant."""
        name = plain_name(file)
        for variant in self.variants:
            if re.search(variant["pattern"], name):
                return {**self.defaults, **variant}
        return dict(self.defaults)


@dataclass(frozen=True)
class Catalogue:
    """Everything that `resources/workflows/` says."""

    architectures: tuple[Architecture, ...]
    parts: Mapping[str, Part]
    fragments: Mapping[str, Fragment]
    unfit: str
    unfit_reason: str

    @classmethod
    def load(cls) -> "Catalogue":
        data = json.loads(resource("workflows", "architectures.json").read_text("utf-8"))
        fragments = {
            path.stem: _fragment(json.loads(path.read_text("utf-8")))
            for path in sorted(resource("workflows", "fragments").glob("*.json"))
        }
        parts = {
            key: Part(key, p["name"], p["folder"], p["example"], tuple(p["patterns"]))
            for key, p in data["parts"].items()
        }
        architectures = tuple(_architecture(entry) for entry in data["architectures"])
        unfit = data["unfit"]
        return cls(architectures, parts, fragments, unfit["pattern"], unfit["reason"])

    @property
    def classes(self) -> list[str]:
        """Every node class that some workflow uses, and those that list files."""
        found = ["CheckpointLoaderSimple", "UNETLoader", "CLIPLoader", "VAELoader"]
        for fragment in self.fragments.values():
            found += fragment.classes
        return list(dict.fromkeys(found))

    def needed(self, recipe: Recipe) -> list[str]:
        """The node classes that text to image by this recipe uses."""
        names = (*recipe.fragments, recipe.latent, "sample", "deliver")
        return [name for key in names for name in self.fragments[key].classes]

    def classify(self, file: str, size: int | None = None) -> Architecture | None:
        """The architecture that a file's name tells; else, for a checkpoint, its size in bytes."""
        name = plain_name(file)
        for architecture in self.architectures:
            if any(re.search(pattern, name) for pattern in architecture.patterns):
                return architecture
        for architecture in self.architectures:
            if size and architecture.bytes and _within(size, architecture.bytes):
                return architecture
        return None

    def architecture(self, identifier: str) -> Architecture:
        return next(entry for entry in self.architectures if entry.id == identifier)


def plain_name(file: str) -> str:
    """A file's path as patterns see it: small letters, slashes as on Unix."""
    return file.replace("\\", "/").lower()


def _within(size: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= size <= bounds[1]


def _fragment(data: dict[str, Any]) -> Fragment:
    ports = {name: (node, slot) for name, (node, slot) in data["ports"].items()}
    return Fragment(data["nodes"], ports)


def _architecture(data: dict[str, Any]) -> Architecture:
    bounds = data.get("bytes")
    return Architecture(
        id=data["id"],
        name=data["name"],
        patterns=tuple(data["patterns"]),
        unfit=data.get("unfit", ""),
        bytes=(bounds[0], bounds[1]) if bounds else None,
        sizes=tuple((width, height) for width, height in data["sizes"]),
        area=data.get("area", 1024 * 1024),
        step=data["step"],
        guided=data.get("guided", False),
        defaults=data["defaults"],
        variants=tuple(data["variants"]),
        recipes=tuple(
            Recipe(
                folder=entry["folder"],
                example=entry.get("example", ""),
                only=entry.get("only", ""),
                parts=tuple(entry["parts"]),
                fragments=tuple(entry["fragments"]),
                latent=entry["latent"],
            )
            for entry in data["recipes"]
        ),
    )
