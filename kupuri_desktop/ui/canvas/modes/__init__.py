"""What takes over the canvas for one image: masking it, cropping it."""
