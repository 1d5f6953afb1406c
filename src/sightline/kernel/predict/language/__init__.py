"""The one line in which a question is written, read and shown.

    predict ANSWER for KIND [where TEST] CUTOFF [unless EVENT] [grace SPAN] [worth WORTH] [together LINK]

`canonical(parse(line)) == line` for every canonical line, and `parse(canonical(question))` is the question again;
otherwise words may be spaced and the last clauses ordered at will. What the line does not hold (name, wording, what
people call the answers, the unit) is given beside it.
"""

from sightline.kernel.predict.language.checking import Misfit, misfits
from sightline.kernel.predict.language.grammar import FORMS, MAX_LENGTH, hint, words
from sightline.kernel.predict.language.reading import conditions, parse
from sightline.kernel.predict.language.wording import asks, slug
from sightline.kernel.predict.language.writing import canonical

__all__ = [
    "FORMS",
    "MAX_LENGTH",
    "Misfit",
    "asks",
    "canonical",
    "conditions",
    "hint",
    "misfits",
    "parse",
    "slug",
    "words",
]
