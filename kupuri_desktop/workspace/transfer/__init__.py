"""Takes projects out of Kupuri and in again as files, and reads what other programs wrote."""
