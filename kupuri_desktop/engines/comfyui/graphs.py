"""Turns a request into a ComfyUI graph in API format: one pure function over workflow pieces."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kupuri_desktop.core.errors import GraphRejected, PartMissing
from kupuri_desktop.core.generation import MAX_SIDE, MIN_SIDE, GenerationRequest
from kupuri_desktop.engines.comfyui.catalogue import Catalogue, Fragment
from kupuri_desktop.engines.comfyui.models import Candidate
from kupuri_desktop.engines.comfyui.nodes import Installed

SAMPLER = "KSampler"


@dataclass(frozen=True)
class Uploads:
    """The names that ComfyUI gave to the image to start from and to its mask."""

    source: str
    mask: str | None = None


@dataclass(frozen=True)
class Graph:
    """`nodes` in API format; `output`: the node whose images are the result.

    notes: what was done otherwise than asked, one sentence each.
    """

    nodes: Mapping[str, Mapping[str, Any]]
    output: str
    notes: tuple[str, ...] = ()

    @property
    def samplers(self) -> frozenset[str]:
        return frozenset(n for n, node in self.nodes.items() if node["class_type"] == SAMPLER)

    def title(self, node: str) -> str:
        """What a node does, in a person's words; empty for a node that is not ours."""
        title: str = self.nodes.get(node, {}).get("_meta", {}).get("title", "")
        return title

    def made_anew(self, mark: str) -> "Graph":
        """The same graph, whose result ComfyUI writes again instead of naming the old file.

        An input that the node does not know changes its cache key and nothing else (seen with
        ComfyUI 0.3.64).
        """
        result = self.nodes[self.output]
        changed = {**result, "inputs": {**result["inputs"], "kupuri_again": mark}}
        return replace(self, nodes={**self.nodes, self.output: changed})


def build(
    request: GenerationRequest,
    candidate: Candidate,
    catalogue: Catalogue,
    installed: Installed,
    uploads: Uploads | None = None,
) -> Graph:
    """The graph for one image.

    With a source but no mask, a `denoise` of 1 would ignore the source: the family's own
    strength is taken then. Raises PartMissing where the candidate or an edit lacks something,
    GraphRejected for a sampler or scheduler that was asked for and is not there.
    """
    recipe, architecture = candidate.recipe, candidate.architecture
    if candidate.problem is not None or recipe is None or architecture is None:
        raise PartMissing(f"{candidate.file} cannot be used. {candidate.problem}")
    names = [*recipe.fragments]
    if uploads is None:
        names += [recipe.latent, "sample", "deliver"]
    elif uploads.mask is None:
        names += ["image_to_image", "sample", "deliver"]
    else:
        names += ["inpaint", "sample", "paste_back", "deliver"]
    fragments = [catalogue.fragments[name] for name in names]
    missing = installed.missing(name for fragment in fragments for name in fragment.classes)
    if missing:
        raise PartMissing(
            f"ComfyUI lacks the node {missing[0]}.", hint="Update ComfyUI, then try again."
        )
    settings = architecture.settings(candidate.file)
    sampler, scheduler, notes = _sampling(request, settings, installed)
    guidance = request.guidance
    cfg = settings["cfg"] if architecture.guided or guidance is None else guidance
    denoise = request.denoise
    if uploads is not None and uploads.mask is None and denoise >= 1:
        denoise = settings["strength"]
    values = {
        **candidate.parts,
        "file": candidate.file,
        "prompt": ", ".join(words for words in (request.prompt, request.style) if words),
        "negative": request.negative_prompt,
        "seed": request.seed,
        "width": _side(request.width, architecture.step),
        "height": _side(request.height, architecture.step),
        "steps": settings["steps"] if request.steps is None else request.steps,
        "cfg": cfg,
        "guidance": settings.get("guidance") if guidance is None else guidance,
        "sampler": sampler,
        "scheduler": scheduler,
        "denoise": denoise,
        "shift": settings.get("shift"),
        "source": uploads.source if uploads else None,
        "mask": uploads.mask if uploads else None,
    }
    nodes = _join(fragments, values, installed)
    return Graph(nodes, str(len(nodes)), notes)


def _side(pixels: int, step: int) -> int:
    """ComfyUI rounds down to a latent's step by itself; here it is known beforehand."""
    return min(max(pixels // step * step, MIN_SIDE), MAX_SIDE)


def _sampling(
    request: GenerationRequest, settings: Mapping[str, Any], installed: Installed
) -> tuple[str, str, tuple[str, ...]]:
    notes = []
    chosen = {}
    for field, key, asked in (
        ("sampler_name", "sampler", request.sampler),
        ("scheduler", "scheduler", request.scheduler),
    ):
        options = installed.options(SAMPLER, field)
        value = asked or settings[key]
        if options and value not in options:
            if asked:
                raise GraphRejected(
                    f"ComfyUI has no {key} “{asked}”.",
                    hint="It has " + ", ".join(options[:12]) + ("…" if options[12:] else "."),
                )
            notes.append(f"ComfyUI has no {key} {value}; {options[0]} was used.")
            value = options[0]
        chosen[key] = value
    return chosen["sampler"], chosen["scheduler"], tuple(notes)


def _join(
    fragments: list[Fragment], values: Mapping[str, Any], installed: Installed
) -> dict[str, dict[str, Any]]:
    """Numbers the nodes from 1 and ties values, ports and local outputs together."""
    joined: dict[str, dict[str, Any]] = {}
    ports: dict[str, list[Any]] = {}
    for fragment in fragments:
        numbers = {name: str(len(joined) + i) for i, name in enumerate(fragment.nodes, start=1)}
        for name, node in fragment.nodes.items():
            inputs = installed.defaults(node["class_type"])
            for field, value in node["inputs"].items():
                match value:
                    case str() if value.startswith("$"):
                        inputs[field] = values[value[1:]]
                    case str() if value.startswith("@"):
                        inputs[field] = ports[value[1:]]
                    case [local, slot]:
                        inputs[field] = [numbers[local], slot]
                    case _:
                        inputs[field] = value
            joined[numbers[name]] = {**node, "inputs": inputs}
        ports |= {port: [numbers[name], slot] for port, (name, slot) in fragment.ports.items()}
    return joined
