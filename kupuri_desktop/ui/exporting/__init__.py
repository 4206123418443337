"""Out of Kupuri as files: what leaves, in which format, and the panel that asks."""
