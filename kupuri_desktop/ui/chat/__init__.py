"""The chat dock: session header, transcript with its cards, and the composer."""
