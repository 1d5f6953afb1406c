"""The rules, in the order they are reported."""

from tools.rule import Rule
from tools.rules import (
    broad_except,
    clock,
    commit,
    docstrings,
    domain_nouns,
    honest_tests,
    machine_paths,
    sizes,
    stubs,
)

RULES: tuple[Rule, ...] = (
    commit.RULE,
    clock.RULE,
    domain_nouns.RULE,
    broad_except.RULE,
    stubs.RULE,
    docstrings.RULE,
    sizes.RULE,
    honest_tests.RULE,
    machine_paths.RULE,
)
