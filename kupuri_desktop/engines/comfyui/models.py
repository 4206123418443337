"""Finds which installed model files Kupuri can run, by which recipe, and what the others lack."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kupuri_desktop.core.models import Capability, ModelInfo, ModelKind, ModelRef, Place
from kupuri_desktop.engines.comfyui.catalogue import Architecture, Catalogue, Recipe, plain_name
from kupuri_desktop.engines.comfyui.nodes import Installed

PROVIDER = "comfyui"
MODEL_FOLDERS = ("checkpoints", "diffusion_models")
EDITING = {
    Capability.IMAGE_TO_IMAGE: ("image_to_image",),
    Capability.INPAINT: ("inpaint", "paste_back"),
}


@dataclass(frozen=True)
class Candidate:
    """A model file with the way to run it: `parts` by key; `problem` where something lacks."""

    file: str
    folder: str
    architecture: Architecture | None
    recipe: Recipe | None
    parts: Mapping[str, str]
    problem: str | None = None
    size: int | None = None


class Inventory:
    """The models of one ComfyUI at one moment.

    sizes: bytes of checkpoint files, where the server tells them.
    """

    def __init__(
        self, catalogue: Catalogue, installed: Installed, sizes: Mapping[str, int]
    ) -> None:
        self.catalogue = catalogue
        self.installed = installed
        self._sizes = sizes
        self._candidates: dict[str, Candidate] = {}
        for folder in MODEL_FOLDERS:
            for file in installed.files(folder):
                found = self._candidate(file, folder)
                kept = self._candidates.get(file)
                # A file of the same name may lie in both folders; one of the two runs.
                if kept is None or (kept.problem and not found.problem):
                    self._candidates[file] = found

    def get(self, file: str) -> Candidate | None:
        return self._candidates.get(file)

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """Usable ones first, then by family and name."""
        found = [self._info(candidate) for candidate in self._candidates.values()]
        return tuple(sorted(found, key=lambda info: (not info.usable, info.family, info.name)))

    @property
    def notes(self) -> tuple[str, ...]:
        """For each architecture that cannot run: what is missing, and where it belongs."""
        return tuple(
            note
            for architecture in self.catalogue.architectures
            if (note := self._missing_for(architecture)) is not None
        )

    def _missing_for(self, architecture: Architecture) -> str | None:
        own = [c for c in self._candidates.values() if c.architecture == architecture]
        if any(candidate.problem is None for candidate in own):
            return None
        if own:
            return f"{architecture.name}: {own[0].problem}"
        recipe = next(r for r in architecture.recipes if r.example)
        wanted = [f"a model such as {recipe.example} in {_folder(recipe.folder)}"]
        wanted += self._missing_parts(recipe)
        wanted += self._missing_nodes(recipe)
        return f"{architecture.name}: needs {_listed(wanted)}."

    def _candidate(self, file: str, folder: str) -> Candidate:
        size = self._sizes.get(file)
        guess = size if folder == "checkpoints" else None
        architecture = self.catalogue.classify(file, guess)
        name = plain_name(file)
        problem: str | None
        if re.search(self.catalogue.unfit, name):
            problem = self.catalogue.unfit_reason
            return Candidate(file, folder, architecture, None, {}, problem, size)
        if architecture is None:
            problem = "Kupuri does not know what kind of model this is."
            return Candidate(file, folder, None, None, {}, problem, size)
        if architecture.unfit and re.search(architecture.unfit, name):
            problem = self.catalogue.unfit_reason
            return Candidate(file, folder, architecture, None, {}, problem, size)
        recipes = [
            recipe
            for recipe in architecture.recipes
            if recipe.folder == folder and re.search(recipe.only, name)
        ]
        if not recipes:
            right = _folder(architecture.recipes[0].folder)
            problem = f"{architecture.name} models belong in {right}."
            return Candidate(file, folder, architecture, None, {}, problem, size)
        problem = None
        for recipe in recipes:
            missing = self._missing_nodes(recipe) + self._missing_parts(recipe)
            if not missing:
                return Candidate(
                    file, folder, architecture, recipe, self._parts(recipe), None, size
                )
            problem = problem or f"Needs {_listed(missing)}."
        return Candidate(file, folder, architecture, recipes[0], {}, problem, size)

    def _parts(self, recipe: Recipe) -> dict[str, str]:
        found = {}
        for key in recipe.parts:
            part = self.catalogue.parts[key]
            file = part.pick(self.installed.files(part.folder))
            if file is not None:
                found[key] = file
        return found

    def _missing_parts(self, recipe: Recipe) -> list[str]:
        found = self._parts(recipe)
        parts = [self.catalogue.parts[key] for key in recipe.parts if key not in found]
        return [f"{p.name} (such as {p.example}) in {_folder(p.folder)}" for p in parts]

    def _missing_nodes(self, recipe: Recipe) -> list[str]:
        missing = self.installed.missing(self.catalogue.needed(recipe))
        return [f"a newer ComfyUI with the node {name}" for name in missing]

    def _info(self, candidate: Candidate) -> ModelInfo:
        capabilities = set()
        if candidate.problem is None:
            capabilities = {Capability.TEXT_TO_IMAGE}
            for capability, fragments in EDITING.items():
                needed = [n for key in fragments for n in self.catalogue.fragments[key].classes]
                if not self.installed.missing(needed):
                    capabilities.add(capability)
        architecture = candidate.architecture
        return ModelInfo(
            ref=ModelRef(PROVIDER, candidate.file),
            name=candidate.file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
            or candidate.file,
            kind=ModelKind.IMAGE,
            place=Place.LOCAL,
            capabilities=frozenset(capabilities),
            size=candidate.size,
            family=architecture.name if architecture else "",
            detail=candidate.folder,
            problem=candidate.problem,
        )


def _folder(name: str) -> str:
    return f"ComfyUI's models/{name}"


def _listed(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) == 1:
        return parts[0]
    return ", ".join(parts[:-1]) + " and " + parts[-1]
