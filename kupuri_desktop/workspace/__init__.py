"""What a designer does with Kupuri, face or no face: projects, chats, images, coming and going."""
