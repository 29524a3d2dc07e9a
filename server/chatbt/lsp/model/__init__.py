"""What the model can do for an editor's window: explain, answer, review, rewrite, and say how the engine is.

Until a text is asked for, nothing that talks to an engine is imported, and no engine is started.
"""
