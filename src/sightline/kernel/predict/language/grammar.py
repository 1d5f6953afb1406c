"""The grammar, and what people are shown of it.

Words of the grammar may be names as well (an attribute `until`): only where both might stand does the word win, which
is after `worth` (`total`) and after `is` (`not`).
"""

from __future__ import annotations

import re
from functools import cache

from lark import Lark

MAX_LENGTH = 1000
"""Characters of a line; a longer one is no question."""

GRAMMAR = r"""
start: "predict" _answer "for" kind filter? _cutoff clause*

_answer: absent | happens | count | total | next | value
absent: "absent" event filter? ("until" deadline | within)
happens: "happens" event filter? ("by" deadline | within)
count: "count" event filter? within
total: "total" amount filter? within
next: "next" event filter? within
value: "value" attribute ("is" class)? ("by" deadline | within)?

_cutoff: before | at | every | active | once
before: "before" attribute span
at: "at" event
every: "every" span active?
active: "active" event? span
once: ONCE

clause: "unless" NAME                           -> unless
      | "grace" span                            -> grace
      | "worth" (NAME | TOTAL (NAME "past" span)?) -> worth
      | "together" NAME                         -> together

filter: "where" _test ("and" _test)*
_test: is | is_not | above | below
is: NAME "is" _said
is_not: NAME "is" "not" _said
above: NAME "above" NUMBER
below: NAME "below" NUMBER
_said: WORD | NUMBER | QUOTED

kind: NAME
event: NAME
amount: NAME
attribute: NAME
deadline: NAME
class: _said
within: "within" span
span: MANY UNIT

ONCE: "once"
TOTAL: "total"
MANY: /[0-9]+/
UNIT: /(day|hour|week)s?/
NUMBER: /-?[0-9]+(\.[0-9]+)?([eE][+\-]?[0-9]+)?(?![\w.\-])/
WORD: /[^\W\d][\w.\-]*/
NAME: /[A-Za-z_][\w.\-]*/
QUOTED: /"([^"\\]|\\.)*"/s
%ignore /\s+/
"""

SPOKEN = {
    "MANY": "a whole number", "UNIT": "days, hours or weeks", "NUMBER": "a number", "NAME": "a name",
    "WORD": "a word", "QUOTED": 'a text in quotes ("Air Charter")', "$END": "the end of the line",
}  # fmt: skip
"""How people call what is no word of the grammar."""

_CUTOFFS = "before ATTRIBUTE N days", "every N days active [EVENT] N days", "every N days", "at EVENT"

FORMS = (
    f"predict absent EVENT until ATTRIBUTE for KIND {_CUTOFFS[0]}",
    f"predict absent EVENT within N days for KIND {_CUTOFFS[1]}",
    f"predict happens EVENT by ATTRIBUTE for KIND {_CUTOFFS[0]}",
    f"predict happens EVENT within N days for KIND {_CUTOFFS[3]}",
    f"predict count EVENT within N days for KIND {_CUTOFFS[1]}",
    f"predict total EVENT.AMOUNT within N days for KIND {_CUTOFFS[1]}",
    f"predict next EVENT within N days for KIND {_CUTOFFS[2]}",
    f"predict value ATTRIBUTE [is CLASS] within N days for KIND {_CUTOFFS[2]}",
    f"predict value ATTRIBUTE [is CLASS] by ATTRIBUTE for KIND {_CUTOFFS[3]}",
    "predict value ATTRIBUTE [is CLASS] for KIND once",
)
"""The usual shapes, one or two for each answer; any cutoff goes with any answer that has a deadline."""

FILTERS = "where ATTRIBUTE is VALUE and ATTRIBUTE above N (behind EVENT, or behind KIND)"

CLAUSES = "[unless EVENT] [grace N days] [worth ATTRIBUTE | worth total EVENT.AMOUNT past N days] [together LINK]"
"""What may stand at the end of any of them."""


@cache
def parser() -> Lark:
    """The parser of the grammar: LALR, made once; of whole lines (`start`) or of conditions alone (`filter`)."""
    return Lark(GRAMMAR, start=["start", "filter"], parser="lalr", lexer="contextual", maybe_placeholders=False)


def words() -> tuple[str, ...]:
    """The words of the grammar, as they are written in a line; what is in capitals in FORMS is filled in."""
    return tuple(sorted({*re.findall(r'"([a-z]+)"', GRAMMAR), "days", "hours", "weeks"}))


def hint(line: str = "") -> str:
    """The accepted forms, to show beside what does not fit; those of one answer where the line has come so far."""
    begun = re.match(r"\s*predict\s+(\w+)", line)
    fitting = [form for form in FORMS if begun and form.split()[1] == begun[1]] or FORMS
    shown = "\n   or: ".join(fitting)
    return f"\nWrite: {shown}\n  with: {FILTERS}\n   and: {CLAUSES}"
