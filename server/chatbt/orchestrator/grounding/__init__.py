"""From a finding to what the models are shown of it.

Training makes its prompts here too: the models are asked as they have learned to be asked.
"""
