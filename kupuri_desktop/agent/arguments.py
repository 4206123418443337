"""The arguments of the tools: what the model is shown, and how what it sends is made sound.

The schemas are flat, without `anyOf` and nested objects: Ollama's client drops those, and small
models get them wrong.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.generation import MAX_COUNT, MAX_SEED, parse_aspect

LONGEST_PROMPT = 4000
MOST_STEPS = 20
MOST_IDS = 200

_MORE_SHAPES = {"landscape": "3:2", "vertical": "2:3", "horizontal": "3:2", "panorama": "21:9"}
_NO_SHAPE = ("", "none", "null", "auto", "default", "any")


class Arguments(BaseModel):
    """What all have: unknown names and nulls are left out, a number may stand for a text."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, title="")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: Any) -> Any:
        if isinstance(values, dict):
            return {name: value for name, value in values.items() if value is not None}
        return values

    def named_items(self) -> list[str]:
        """The short names of items in these arguments."""
        return []


class GenerateImage(Arguments):
    prompt: str = Field(
        description="What is to be seen, in English.", min_length=1, max_length=LONGEST_PROMPT
    )
    count: int = Field(0, description="How many images, 1 to 16; only if the user says how many.")
    aspect: str = Field("", description="Shape as width:height, such as 16:9; empty for any.")
    style: str = Field("", description="Style, such as watercolour; empty for none.")
    negative_prompt: str = Field("", description="What must not be seen; empty for nothing.")
    seed: int = Field(-1, description="Repeats an image exactly; -1 for a new one.")
    variation_of: str = Field("", description="Id of an image on the canvas to start from.")

    def named_items(self) -> list[str]:
        return [self.variation_of] if self.variation_of else []

    def sound_count(self, otherwise: int | None) -> tuple[int, str]:
        """(count, note). Raises UsageError for a count that nobody can mean."""
        count = self.count or otherwise or 1
        if count < 1:
            raise UsageError(
                f"count must be from 1 to {MAX_COUNT}, not {count}.",
                hint="Call generate_image again with the number of images the user wants.",
            )
        if count > MAX_COUNT:
            return MAX_COUNT, f"At most {MAX_COUNT} images are made at once."
        return count, ""

    def sound_aspect(self, otherwise: str | None) -> tuple[str | None, str]:
        """(aspect or None, note): a shape that cannot be read is left out, and that is said."""
        text = self.aspect.strip().lower()
        text = _MORE_SHAPES.get(text, text)
        if text in _NO_SHAPE:
            return otherwise, ""
        try:
            parse_aspect(text)
        except UsageError:
            return otherwise, f"The aspect {self.aspect[:20]!r} was not understood and left out."
        return text, ""

    def sound_seed(self) -> int | None:
        return None if self.seed < 0 else self.seed % (MAX_SEED + 1)


class DescribeCanvas(Arguments):
    newest: int = Field(40, description="How many of the newest items to list.", ge=1, le=200)


class ArrangeItems(Arguments):
    ids: list[str] = Field(
        default_factory=list, description="Ids in order; empty for all.", max_length=MOST_IDS
    )
    layout: Literal["grid", "row", "column"] = Field("grid", description="How to lay them out.")

    def named_items(self) -> list[str]:
        return self.ids


class DeleteItems(Arguments):
    ids: list[str] = Field(description="Ids to delete.", min_length=1, max_length=MOST_IDS)

    def named_items(self) -> list[str]:
        return self.ids


class WritePlan(Arguments):
    steps: list[str] = Field(
        description="All steps in order, a few words each.", min_length=1, max_length=MOST_STEPS
    )
    done: int = Field(0, description="How many of the first steps are done.")


class RenameProject(Arguments):
    name: str = Field(description="The new name.", min_length=1, max_length=120)
