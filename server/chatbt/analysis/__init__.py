"""What a chunk says: names and scopes, the one walk over its tree, what can be proven, suppression comments."""
