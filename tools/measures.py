"""The shape of the whole: medians and the 90th percentile of function and file lengths over src.

Prevents: slow growth. Code that is long everywhere may keep every limit of `tools.rules.sizes`; not the medians.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from tools.rule import Complaint, File, in_source
from tools.rules.sizes import functions

FUNCTION_MEDIAN = 10
FUNCTION_P90 = 40
FILE_MEDIAN = 120
ENOUGH = 20
"""Functions or files below which a median says nothing."""


def percentile(values: Sequence[int], share: float) -> int:
    """The value that `share` of the sorted values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -(-round(share * 100) * len(ranked) // 100) - 1)] if ranked else 0


def lengths(files: Sequence[File]) -> tuple[list[int], list[int]]:
    """Lines of each function, and of each file that holds any code (a bare package marker is no file to speak of)."""
    ours = [file for file in files if in_source(file.path)]
    per_function = [count for file in ours for _, count in functions(file)]
    per_file = [len(file.text.splitlines()) for file in ours if len(file.tree.body) > 1]
    return per_function, per_file


def summary(files: Sequence[File]) -> str:
    """One line for people."""
    per_function, per_file = lengths(files)
    median_function, median_file = median(per_function or [0]), median(per_file or [0])
    return (
        f"{len(per_function)} functions: median {median_function:g}, p90 {percentile(per_function, 0.9)}, "
        f"longest {max(per_function, default=0)}. "
        f"{len(per_file)} files: median {median_file:g}, longest {max(per_file, default=0)}."
    )


def complaints(files: Sequence[File]) -> Iterator[Complaint]:
    """Limits of the whole that are exceeded."""
    per_function, per_file = lengths(files)
    found = (
        ("function median", median(per_function or [0]), FUNCTION_MEDIAN, len(per_function)),
        ("function 90th percentile", percentile(per_function, 0.9), FUNCTION_P90, len(per_function)),
        ("file median", median(per_file or [0]), FILE_MEDIAN, len(per_file)),
    )
    for name, value, limit, count in found:
        if count >= ENOUGH and value > limit:
            yield Complaint(
                "src/sightline", 0, f"{name} is {value:g} lines, {limit} allowed: shorten the longest first."
            )
