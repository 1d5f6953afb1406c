"""Who is asking, and whether they may: users, keys, sessions, one `authorize`, and the trail of what they did."""

from sightline.foundation.identity.authorize import Standing, authorize, hands_out, local_owner, refusal, workspaces
from sightline.foundation.identity.keys import authenticate, issue, owner_token
from sightline.foundation.identity.rights import RIGHTS, Principal, Right, Role, Sort, scopes_of

__all__ = [
    "RIGHTS",
    "Principal",
    "Right",
    "Role",
    "Sort",
    "Standing",
    "authenticate",
    "authorize",
    "hands_out",
    "issue",
    "local_owner",
    "owner_token",
    "refusal",
    "scopes_of",
    "workspaces",
]
