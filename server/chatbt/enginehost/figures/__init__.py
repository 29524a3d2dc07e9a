"""What is known of how the engine fares: now, lately, and what has become worse. Never a word of what was asked."""
