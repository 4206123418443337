"""The headless face: one module a command, progress on a terminal, JSON for other programs."""
