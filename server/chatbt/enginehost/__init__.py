"""The process that owns the models: one for each user, started by the first who asks, ended by idleness."""
