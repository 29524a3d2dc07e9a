"""The 102 patterns, one file each, their registry and their cards."""
