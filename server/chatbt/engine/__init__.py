"""How to reach an engine: where it listens, how it is started, what it is asked and answers. No model is loaded here."""
