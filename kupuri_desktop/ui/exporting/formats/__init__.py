"""The formats that an export can have, a module each."""
