"""The Pythonic specialist: one idiom a file."""
