"""The ladder: what an edit must pass before it reaches the editor's text."""
