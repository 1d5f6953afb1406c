"""What we ask about the future of supply."""

from sightline.language.question import Question, absent, attribute, before, count, days, every, happened

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

VENDOR_LATE_LINES = Question(
    name="supply.vendor_late_lines",
    of="vendor",
    asks="How many lines of this vendor will come in late within the next 90 days?",
    when=every(days(90), active=happened("line.delivered", within=days(365))),
    answer=count("line.came_late", within=days(90)),
    grace=days(21),
    unit="lines",
)

QUESTIONS = (ARRIVES_LATE, VENDOR_LATE_LINES)
