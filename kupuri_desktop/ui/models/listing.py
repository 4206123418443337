"""The lines of the model picker, worked out from what the providers said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kupuri_desktop.core.errors import Action, Problem
from kupuri_desktop.core.models import Capability, ModelInfo, ModelKind, Place, ProviderStatus

PLACE_WORDS = {
    Place.LOCAL: "Local",
    Place.CLOUD: "Cloud",
    Place.BUILTIN: "Built-in (no AI)",
}

BADGES = {
    Capability.TOOLS: ("wrench", "Uses tools"),
    Capability.VISION: ("eye", "Sees images"),
    Capability.THINKING: ("brain", "Thinks first"),
    Capability.IMAGE_TO_IMAGE: ("images", "Image to image"),
    Capability.INPAINT: ("brush", "Inpainting"),
}
"""Icon and words of each badge; making images from words is what every image model does."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A group of the list."""

    words: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A provider that cannot be used: why, and what mends it."""

    provider: str
    words: str
    mend: Action | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Choosable:
    """A model; greyed with its reason where it cannot be used now."""

    info: ModelInfo
    provider: str


Line = Heading | Trouble | Choosable


def lines(statuses: Sequence[ProviderStatus], kind: ModelKind, search: str = "") -> list[Line]:
    """Everything to list for a kind: by place, each provider's models, usable ones first.

    Every word of the search must be in the model's or the provider's name.
    """
    words = search.casefold().split()
    found: list[Line] = []
    for place in Place:
        group = [
            line
            for status in statuses
            if status.place is place
            for line in _of_provider(status, kind, words)
        ]
        if group:
            found += [Heading(PLACE_WORDS[place]), *group]
    return found


def facts(info: ModelInfo) -> str:
    """The second line of a model: size on disk, context, whatever its engine calls it."""
    parts = []
    if info.size:
        parts.append(size_words(info.size))
    if info.context:
        parts.append(f"{info.context // 1024}k context")
    if info.family:
        parts.append(info.family)
    if info.detail:
        parts.append(info.detail)
    return " · ".join(parts)


def size_words(size: int) -> str:
    """Bytes in the unit that a person would choose (1000-based, as disks are sold)."""
    if size >= 1_000_000_000:
        return f"{size / 1_000_000_000:.1f} GB"
    return f"{max(1, round(size / 1_000_000))} MB"


def _of_provider(status: ProviderStatus, kind: ModelKind, words: list[str]) -> Iterator[Line]:
    if not status.ok and not words:
        problem = status.problem
        reason = problem.message if problem else f"{status.name} cannot be used."
        yield Trouble(status.name, reason, problem.action if problem else None, problem)
    models = [model for model in status.models if model.kind is kind]
    for model in sorted(models, key=lambda model: not model.usable):
        name = f"{model.name} {status.name}".casefold()
        if all(word in name for word in words):
            yield Choosable(model, status.name)
