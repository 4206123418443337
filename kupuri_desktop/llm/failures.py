"""Errors that only language models have, and the words that all their servers share."""

from kupuri_desktop.core.errors import Action, Mend, ModelLacksAbility, StreamBroken


class LacksTools(ModelLacksAbility):
    """The model cannot call tools; nothing has been generated."""


class LacksThinking(ModelLacksAbility):
    """The model cannot be asked to think; nothing has been generated."""


def cut_off(name: str, details: str) -> StreamBroken:
    return StreamBroken(
        f"The connection to {name} was lost in the middle of the answer.",
        hint="See that the server is still running, then try again.",
        details=details,
    )


def silent(name: str, seconds: float) -> StreamBroken:
    return StreamBroken(
        f"Nothing came from {name} for {seconds / 60:.0f} minutes.",
        hint="The model may be too big for the machine: choose a smaller one.",
        action=Action(Mend.CHOOSE_MODEL, "Choose another model"),
        details="idle limit",
    )
