"""Small painted controls that every room shares."""
