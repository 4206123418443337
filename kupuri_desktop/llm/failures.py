"""Errors that only language models have, told apart so that the agent can go on without."""

from kupuri_desktop.core.errors import ModelLacksAbility


class LacksTools(ModelLacksAbility):
    """The model cannot call tools; nothing has been generated."""


class LacksThinking(ModelLacksAbility):
    """The model cannot be asked to think; nothing has been generated."""
