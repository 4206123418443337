"""Ways of looking at what is on the canvas: a map of it, two images held together, a show."""
