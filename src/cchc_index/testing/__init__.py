"""Testing rulesets, one's own or others': Hypothesis strategies, mutants, a naive reference, a pytest plugin."""
