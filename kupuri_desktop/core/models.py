"""What Kupuri knows of models: those that think and those that make images."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from kupuri_desktop.core.errors import Action, Problem, UsageError

BUILTIN = "builtin"


class ModelKind(Enum):
    TEXT = "text"
    IMAGE = "image"


class Place(Enum):
    """Where a model runs: the groups of the model picker, in this order."""

    LOCAL = "local"
    CLOUD = "cloud"
    BUILTIN = "builtin"


class Capability(Enum):
    TOOLS = "tools"
    VISION = "vision"
    THINKING = "thinking"
    TEXT_TO_IMAGE = "text_to_image"
    IMAGE_TO_IMAGE = "image_to_image"
    INPAINT = "inpaint"


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Names a model everywhere: `provider:model`, as in `ollama:qwen3:8b`."""

    provider: str
    model: str

    @classmethod
    def parse(cls, text: str) -> "ModelRef":
        """Splits at the first colon. Raises UsageError where there is none."""
        provider, colon, model = text.partition(":")
        if not (provider and colon and model):
            raise UsageError(
                f"“{text}” does not name a model.",
                hint="Write it as PROVIDER:MODEL, for example ollama:qwen3:8b.",
            )
        return cls(provider, model)

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One line of the model picker.

    size: bytes on disk; context: tokens; family: what the engine calls the architecture.
    problem: why it cannot be used now, in one sentence; None where it can.
    """

    ref: ModelRef
    name: str
    kind: ModelKind
    place: Place
    capabilities: frozenset[Capability] = frozenset()
    size: int | None = None
    context: int | None = None
    family: str = ""
    detail: str = ""
    problem: str | None = None
    mend: Action | None = None

    @property
    def usable(self) -> bool:
        return self.problem is None


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """How a provider stands: what the engine chips, the picker and `kupuri doctor` show.

    notes: what is missing for more ("Flux: no text encoder in models/text_encoders").
    """

    provider: str
    name: str
    place: Place
    address: str
    ok: bool
    version: str = ""
    models: tuple[ModelInfo, ...] = ()
    problem: Problem | None = None
    notes: tuple[str, ...] = ()


class LlmProvider(Protocol):
    """Someone who thinks. `chat_model` gives a LangChain BaseChatModel; core does not know it.

    Every method that asks a server raises KupuriError only, and never waits more than seconds
    for a connection.
    """

    @property
    def provider(self) -> str: ...

    async def status(self) -> ProviderStatus:
        """Never raises: a server that is away is a status with a problem."""
        ...

    async def models(self) -> Sequence[ModelInfo]: ...

    async def chat_model(self, model: str) -> Any:
        """The (kept) chat model for a model's id. Raises ModelMissing, ServerUnreachable."""
        ...

    async def aclose(self) -> None: ...
