"""How to reach an engine: where it listens, how it is started, what is asked and answered. No model is loaded here."""
