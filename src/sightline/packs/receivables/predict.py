"""What we ask about the future of receivables."""

from sightline.language.question import Question, absent, at, attribute, days, every, next_, total

WEEK = days(7)

PAID_LATE = Question(
    name="receivables.paid_late",
    of="invoice",
    asks="Will this invoice be unpaid on the day it is due?",
    when=at("invoice.issued"),
    answer=absent("invoice.paid", until=attribute("due_on")),
    worth=attribute("amount"),
    together="customer",
    yes="late",
    no="in time",
)
DAYS_TO_PAY = Question(
    name="receivables.days_to_pay",
    of="invoice",
    asks="In how many days will this invoice be paid?",
    when=at("invoice.issued"),
    answer=next_("invoice.paid", within=days(60)),
    worth=attribute("amount"),
    together="customer",
    unit="days",
)
CASH_IN = Question(
    name="receivables.cash_in",
    of="customer",
    asks="How much will this customer pay within the next 7 days?",
    when=every(WEEK),
    answer=total("invoice.paid", "amount", within=WEEK),
    unit="USD",
)

QUESTIONS = (PAID_LATE, DAYS_TO_PAY, CASH_IN)
