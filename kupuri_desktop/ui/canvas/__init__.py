"""The canvas as it is seen and handled: images, vectors, hands, and what goes in and out."""
