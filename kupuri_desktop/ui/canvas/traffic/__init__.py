"""What comes onto the canvas and leaves it: drops, paste, drags out, files."""
