"""Makes the identifiers that Kupuri gives to everything it stores."""

import uuid


def new_id() -> str:
    """A random UUID (version 4) as 36 characters; ComfyUI takes it as a `prompt_id` as it is."""
    return str(uuid.uuid4())
