"""What we ask about the future of supply."""

from sightline.language.question import Question, absent, attribute, before, days

ARRIVES_LATE = Question(
    name="supply.arrives_late",
    of="line",
    asks="Will this order line be undelivered on the day it was promised?",
    when=before(attribute("promised_on"), days(30)),
    answer=absent("line.delivered", until=attribute("promised_on")),
    grace=days(21),
    worth=attribute("value"),
    together="order",
    yes="late",
    no="on time",
)

QUESTIONS = (ARRIVES_LATE,)
