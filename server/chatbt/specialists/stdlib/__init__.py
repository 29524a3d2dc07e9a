"""The standard-library specialist: one idiom a file."""
