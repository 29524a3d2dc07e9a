"""What stands between a question and its answer: which specialist answers, and with what. No model is needed for it."""
