"""The Code Critic: 33 rules, shown as diagnostics."""
