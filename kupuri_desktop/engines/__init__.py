"""Who makes images: one interface, several makers."""
