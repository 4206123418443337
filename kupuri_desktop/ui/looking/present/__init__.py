"""Shows frames, or images, one at a time on the whole screen."""
