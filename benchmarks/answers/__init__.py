"""How good the answers are, on real businesses, beside what others make of the same rows: `benchmarks.answers`."""
