"""What we ask about the future of deals."""

from sightline.language.question import Question, at, days, happens, next_, value

DECIDED = days(140)
"""Every deal of the shipped pipeline that was closed at all was closed within 138 days."""

WINS = Question(
    name="deals.wins",
    of="deal",
    asks="Will this deal be won within 140 days?",
    when=at("deal.engaged"),
    answer=happens("deal.won", within=DECIDED),
    yes="won",
    no="not won",
)
AMOUNT = Question(
    name="deals.amount",
    of="deal",
    asks="What will this deal bring, nothing if it is lost?",
    when=at("deal.engaged"),
    answer=value("close_value", within=DECIDED),
    unit="USD",
)
DAYS_TO_CLOSE = Question(
    name="deals.days_to_close",
    of="deal",
    asks="In how many days will this deal be closed, won or lost?",
    when=at("deal.engaged"),
    answer=next_("deal.closed", within=DECIDED),
    unit="days",
)

QUESTIONS = (WINS, AMOUNT, DAYS_TO_CLOSE)
