"""Words that businesses use in headers: by them a proposal guesses links, events, plans, money and personal data."""

from __future__ import annotations

from sightline.kernel.observe.words import Words


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(text: str) -> dict[str, str]:
    """`kind: word word` lines as word to kind; the kind's own name is one of its words."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        kind, _, words = line.strip().partition(":")
        found |= dict.fromkeys([kind, *words.split()], kind)
    return found


THINGS = _table("""
    account: acct
    agent:
    asset: device equipment machine
    branch: store shop outlet
    campaign:
    carrier: haulier forwarder
    case:
    city: town
    client:
    company: organisation organization firm
    contact:
    contract: agreement policy subscription
    country: nation
    customer: buyer debtor cust
    department:
    employee: staff
    invoice: bill inv
    lead: prospect
    manager:
    material:
    office:
    opportunity: deal opp
    order: po so
    owner:
    partner:
    patient:
    plant: factory
    product: item article sku
    project:
    quote: pq rfq quotation
    region: territory
    representative: rep salesperson
    resource:
    shipment: asn dn consignment delivery
    site: location
    supplier:
    team: workgroup squad
    ticket:
    user: member
    vendor:
    visitor:
    warehouse: depot
""")
"""Brand, group, type and class are left out: what has no life of its own is a category, not a thing."""

VERBS = _table("""
    accepted: accept
    activated: activation
    acknowledged: acknowledgement
    approved: approve approval
    arrived: arrive arrival
    assigned: assign assignment
    booked: booking
    bought: buy
    cancelled: cancel canceled cancellation
    churned: churn
    closed: close closing closure
    completed: complete completion
    confirmed: confirm confirmation
    contacted: contact
    converted: convert conversion
    created: create creation
    delivered: deliver delivery
    departed: depart departure
    disputed: dispute
    ended: end
    engaged: engage engagement
    failed: fail failure
    finished: finish
    hired: hire
    installed: install installation
    invoiced: billed billing
    issued: issue
    joined: join
    left: leave
    logged: login
    lost:
    opened: open opening
    ordered:
    paid: pay payment
    picked:
    placed: place
    posted:
    purchased: purchase
    qualified: qualify
    received: receive receipt
    registered: register registration
    rejected: reject
    released: release
    renewed:
    resolved: resolve resolution
    returned: return
    sent: send
    settled: settle settlement
    shipped: ship shipping dispatched
    signed: sign signature
    sold: sale
    started: start begin began commenced
    submitted: submit submission
    terminated: terminate termination
    upgraded: upgrade
    visited: visit
    won:
""")

WORDS = Words(
    things=THINGS,
    persons=_set("agent contact employee manager owner patient representative user visitor"),
    identifiers=_set("id ids no nr num number code key ref reference identifier uuid guid sku"),
    naming=_set("name title description"),
    verbs=VERBS,
    endings=_set(
        "arrived cancelled churned closed completed converted delivered ended failed finished left lost paid received"
        " rejected resolved returned settled shipped terminated won"
    ),
    plans=_set(
        "due scheduled schedule promised promise expected planned plan target renewal expiry expires expiration expire"
        " forecast eta deadline requested required estimated until next valid appointment need needed"
    ),
    recorded=_set("recorded entered updated modified captured inserted ingested loaded synced edited changed"),
    clock=_set("date day time timestamp datetime on at when ts dt period"),
    filler=_set(
        "a an the of to for from by in and or first last history dataset data export exports master sample full final"
        " report list table file dump all new old raw clean wa fn usec csv tsv summary with db backup copy extract"
        " current actual additional original"
    ),
    money=_set(
        "value price amount cost costs fee revenue sales total spend charge charges salary budget insurance"
        " payment balance paid subtotal tax vat discount margin profit premium rent turnover freight"
    ),
    personal=_set(
        "email mail phone telephone mobile cell fax surname lastname firstname fullname forename birthday birth"
        " birthdate dob born ssn passport iban address street ip"
    ),
    nothing=_set("n/a #n/a null nil nan none - -- --- ? tbd tba tbc \\n (blank) (null) #ref! #value! #div/0!")
    | {"not available", "not applicable", "not captured", "date not captured", "not provided", "not recorded"},
)
"""English headers; other languages add to the same sets."""
