"""Every setting, declared once: its type, default and words. The settings page is made of it."""

from enum import Enum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.models import ModelKind


class Group(Enum):
    """The sections of the settings page, in order."""

    LOOKS = "Looks"
    ENGINES = "Engines"
    CHAT = "Chat"
    IMAGES = "Images"
    PRIVACY = "Privacy"


def _described(
    title: str, words: str, group: Group, default: Any, *, models: ModelKind | None = None
) -> Any:
    extra: dict[str, Any] = {"group": group.value, **({"models": models.value} if models else {})}
    return Field(default=default, title=title, description=words, json_schema_extra=extra)


class Settings(BaseModel):
    """The settings as one value. Unknown names of a newer Kupuri are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow")

    theme: Literal["dark", "light", "system"] = _described(
        "Theme", "Dark, light, or as the system has it.", Group.LOOKS, "dark"
    )
    reduce_motion: bool = _described(
        "Reduce motion", "Nothing slides or fades.", Group.LOOKS, False
    )
    ollama_url: str = _described(
        "Ollama address",
        "Where the local language models answer.",
        Group.ENGINES,
        "http://127.0.0.1:11434",
    )
    comfyui_url: str = _described(
        "ComfyUI address",
        "Where the local image models answer.",
        Group.ENGINES,
        "http://127.0.0.1:8188",
    )
    comfyui_command: str = _described(
        "How ComfyUI is started",
        "A command such as /home/me/ComfyUI/run.sh; empty for by hand.",
        Group.ENGINES,
        "",
    )
    openai_url: str = _described(
        "OpenAI-compatible address",
        "A server such as llama.cpp's or LM Studio's; empty for none.",
        Group.ENGINES,
        "",
    )
    text_model: str = _described(
        "Text model for new projects",
        "Each project can choose another one.",
        Group.CHAT,
        "",
        models=ModelKind.TEXT,
    )
    image_model: str = _described(
        "Image model for new projects",
        "Each project can choose another one.",
        Group.IMAGES,
        "",
        models=ModelKind.IMAGE,
    )
    context_tokens: Annotated[int, Field(ge=2048, le=262144)] = _described(
        "Context length",
        "How many tokens a local model remembers. More needs more memory.",
        Group.CHAT,
        16384,
    )
    show_thinking: bool = _described(
        "Let models think", "Models that can reason do so before they answer.", Group.CHAT, True
    )
    approve_generation: Literal["never", "cloud", "always"] = _described(
        "Ask before making images",
        "Never, only when it costs money, or always.",
        Group.CHAT,
        "cloud",
    )
    allowed_tools: tuple[str, ...] = _described(
        "Tools that need not ask", "What you allowed for always.", Group.CHAT, ()
    )
    strip_metadata: bool = _described(
        "Leave out how it was made",
        "Files that leave Kupuri carry no prompt, seed, model or workflow.",
        Group.PRIVACY,
        False,
    )
    offline: bool = _described(
        "Offline", "Nothing but this machine is spoken to.", Group.PRIVACY, False
    )
    shortcuts: dict[str, str] = _described(
        "Keys of your own", "They are chosen in the list of shortcuts: press ?", Group.LOOKS, {}
    )

    @classmethod
    def models_of(cls, name: str) -> ModelKind | None:
        """The kind of model that a setting names as `PROVIDER:MODEL`; None where it names none."""
        extra = cls.model_fields[name].json_schema_extra
        kind = extra.get("models") if isinstance(extra, dict) else None
        return ModelKind(kind) if kind else None

    def changed(self, **values: Any) -> "Settings":
        """The settings with other values. Raises UsageError with the reason for a bad one."""
        try:
            return Settings.model_validate(self.model_dump() | values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]) if first["loc"] else "setting"
            field = Settings.model_fields.get(name)
            title = field.title if field and field.title else name
            raise UsageError(f"{title}: {first['msg']}.") from error
