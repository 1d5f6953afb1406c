"""What we ask about the future of leads."""

from sightline.language.question import Question, at, days, happens

SUBSCRIBES = Question(
    name="leads.subscribes",
    of="lead",
    asks="Will this lead subscribe when called?",
    when=at("lead.listed"),
    answer=happens("lead.subscribed", within=days(2)),
    yes="subscribes",
    no="declines",
)

QUESTIONS = (SUBSCRIBES,)
