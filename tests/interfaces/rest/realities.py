"""Values that the server has given, to be put into made-up requests."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

SPARE = 4
"""Of what a request may remove, so many are made before an operation is tried."""

VISITS = "visit,seen,shop,amount\n" + "".join(
    f"V{n},2014-{1 + n % 12:02d}-{1 + n % 28:02d},shop {n % 7},{'some' if n % 9 == 8 else n}\n" for n in range(60)
)
"""A history of one's own. Every ninth row does not fit: 'some' is no number."""

MAPPING = """source = "visits"
kind = "visit"
key = "visit"

[events]
"visit.seen" = { time = "seen" }

[columns]
"shop" = { link = "branch" }
"amount" = { sort = "number", unit = "USD" }
"""

PLAYBOOKS = """[own.spare]
question = "supply.arrives_late"
wakes_on = "every day"
party = "project"
choices = [{ name = "note it", channel = "paper", gains = 1, text = "{{ subject }}" }]
"""

COMPARED = """[own.spare]
question = "supply.arrives_late"
wakes_on = "supply.overdue"
party = "project"
success = "no"
choices = [
  { name = "note it", channel = "paper", gains = 1, text = "{{ subject }}" },
  { name = "call", channel = "paper", gains = 1, text = "{{ subject }}" },
]
"""

Values = Sequence[Any]

_numbers = itertools.count(1)


@dataclass(slots=True)
class Realities:
    """What there is on a server, seen and made by its owner."""

    owner: httpx.Client
    workspace: str
    _found: dict[str, Values] = field(default_factory=dict)

    def prepare(self) -> None:
        """Import something that rows of were set aside."""
        job = self._job("/v1/imports", {"file": self._file(), "text": MAPPING})
        while self._get(f"/v1/jobs/{job}")["state"] in ("waiting", "running"):
            time.sleep(0.1)
        done = self._get(f"/v1/jobs/{job}")
        assert done["state"] == "done", done
        assert done["result"]["quarantined"], done

    def renew(self, operation: str) -> None:
        """Have what this operation uses up, and stop the work that others have ordered."""
        for state in ("waiting", "running"):
            for job in self._get(f"/v1/jobs?state={state}&limit=1000")["jobs"]:
                self.owner.post(f"/v1/jobs/{job['id']}/cancel").raise_for_status()
        make = _MAKES.get(operation)
        if make:
            what, one = make
            self._found[what] = [one(self) for _ in range(SPARE)]

    def of(self, operation: str) -> Mapping[str, Mapping[str, Values]]:
        """Where in a request to this operation (path, query, headers, body) which values may stand; None: nothing."""
        wanted = _USES.get(operation, {})
        found = {
            place: {member: self._found.get(what, ()) for member, what in members.items()}
            for place, members in wanted.items()
        }
        said = {"Sightline-Workspace": [None, None, None, self.workspace], "Idempotency-Key": [None, None, uuid4().hex]}
        return {**found, "headers": {**said, **found.get("headers", {})}}

    def look(self) -> None:
        """See what there is."""
        predictions = self._get("/v1/predictions?limit=20&all=true&aside=any")
        lines = self._get("/v1/entities/line?limit=20")
        entities = lines["entities"] + self._get("/v1/entities/visit?limit=5")["entities"]
        questions = [one["name"] for one in self._get("/v1/questions")["questions"]]
        self._found |= {
            "question": questions,
            "own name": ["own.remembered"],
            "subject": [one["subject"] for one in predictions["predictions"]],
            "cutoff": [one["cutoff"] for one in predictions["predictions"]],
            "kind": ["line", "visit", "branch", "vendor"],
            "key": [one["ref"].partition("/")[2] for one in entities],
            "ref": [next(iter(one["links"].values())) for one in entities if one["links"]],
            "role": [None, None, *{role for one in entities for role in one["links"]}],
            "line": [*self._get("/v1/questions/suggested")["lines"], *_lines(self._get("/v1/questions"))],
            "batch": [one["id"] for one in self._get("/v1/imports")["imports"]],
            "source": [None, "visits"],
            "end": [None],
            "number": [one["number"] for one in self._get("/v1/quarantine")["rows"]],
            "delivery": [one["id"] for one in self._get("/v1/deliveries?limit=5")["deliveries"]],
            "destination": [None, "paper"],
            "a decided": [None, *(one["subject"] for one in self._get("/v1/decisions?limit=5")["decisions"])],
            "asked": [one["id"] for one in self._get("/v1/inbox?limit=20")["asked"]],
            "playbooks": [PLAYBOOKS],
            "span": ["90d", "2014-06-30"],
            "playbook": ["own.spare"],
            "a playbook": [None, "supply.warn_buyer"],
            "measured": ["supply.warn_buyer"],
            "conditions": ["", "probability above 0.5"],
            "a route": ["spare"],
            "arms": [["note it", "call"]],
            "arm": ["call"],
            "run": [one["id"] for one in self._get("/v1/runs?limit=20")["runs"]],
            "a destination": ["paper"],
            "patterns": [["visit.*"], ["*", "sightline.decided"]],
            "kinds": [[], ["visit"]],
            "mapping": [MAPPING],
            "file name": ["visits.csv"],
            "fields": [None] * 7 + ["name"],
            "after": [None, None, predictions["next"], lines["next"]],
            "q": [None, None, "V1", "ASN"],
            "day": [None, "2014-06-30", "2015-01-01T00:00:00Z"],
            "deadline": [None, None, "2015-02-01"],
            "probability": [None, 0.1],
            "nothing": [None],
            "no names": [[]],
            "member": ["U0123456789"],
            "an event": ["{}", "[]"],
        }
        self._found["numbers"] = [self._found["number"][:2]]
        self._found["several asked"] = [self._found["asked"][:2]]

    def _get(self, path: str) -> Any:
        answer = self.owner.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _post(self, path: str, body: Any = None) -> Any:
        answer = self.owner.post(path, json=body)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    def _job(self, path: str, body: Any = None) -> str:
        return str(self._post(path, body)["id"])

    def _file(self) -> str:
        answer = self.owner.post("/v1/files", params={"name": "visits.csv"}, content=VISITS.encode())
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _subscriber(self) -> str:
        name = self._destination()
        self.owner.put(f"/v1/destinations/{name}/subscription", json={"events": ["visit.seen"]}).raise_for_status()
        return name

    def _destination(self) -> str:
        name = f"spare-{uuid4().hex}"
        self._post("/v1/destinations", {"name": name, "address": "https://example.com/in"})
        return name

    def _chat(self) -> str:
        name = f"spare-{uuid4().hex}"
        self._post("/v1/destinations", {"name": name, "address": "teams:", "password": "https://example.com/flow"})
        return name

    def _member(self) -> str:
        id_ = f"U{uuid4().hex[:20].upper()}"
        answer = self.owner.put(f"/v1/chat-users/{id_}", json={"user": self._user()})
        assert answer.status_code == 200, answer.text
        return id_

    def _hook(self) -> str:
        name = f"spare-{uuid4().hex[:20]}"
        self._post("/v1/hooks", {"name": name})
        return name

    def _compared(self) -> str:
        name = f"spare_{uuid4().hex}"
        self._post("/v1/playbooks", {"text": COMPARED.replace("spare", name)})
        return f"own.{name}"

    def _experiment(self) -> str:
        given = {"playbook": self._compared(), "name": "one", "arms": ["note it", "call"]}
        return str(self._post("/v1/experiments", given)["id"])

    def _ended(self) -> str:
        id_ = self._experiment()
        self._post(f"/v1/experiments/{id_}/stop", {})
        return id_

    def _user(self) -> str:
        name = f"spare-{uuid4().hex}@example.com"
        self._post("/v1/users", {"name": name, "role": "viewer"})
        return name

    def _decider(self) -> list[str]:
        name = f"spare-{uuid4().hex}@example.com"
        self._post("/v1/users", {"name": name, "role": "operator"})
        return [name]

    def _route(self) -> str:
        name = f"spare-{uuid4().hex[:20]}"
        given = {"playbook": "supply.warn_buyer", "to": self._decider()}
        self.owner.put(f"/v1/routes/{name}", json=given).raise_for_status()
        return name

    def _key(self) -> str:
        name = f"spare-{uuid4().hex}"
        self._post("/v1/keys", {"name": name, "role": "viewer"})
        return name

    def _aside(self) -> str:
        number = next(_numbers) % len(self._found["subject"])
        one = {"question": self._found["question"][0], "subject": self._found["subject"][number],
               "cutoff": self._found["cutoff"][number]}  # fmt: skip
        answer = self.owner.put("/v1/asides", json=one)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def _train(self) -> str:
        return self._job(f"/v1/questions/{self._found['question'][0]}/train")


def _lines(found: Any) -> list[str]:
    return [one["line"] for one in found["questions"]]


_LISTED = {"query": {"fields": "fields", "after": "after"}}
_FILTERS = {"subject": "subject", "q": "q", "deadline_before": "deadline", "min_probability": "probability",
            "after": "after", "fields": "fields"}  # fmt: skip
_QUESTION = {"path": {"name": "question"}, "query": {"fields": "fields"}}
_USER = {"path": {"name": "user"}}
_FILE = {"path": {"id": "file"}}
_JOB = {"path": {"id": "job"}, "query": {"fields": "fields"}}

_USES: dict[str, dict[str, dict[str, str]]] = {
    "get_users": _LISTED,
    "post_user_code": _USER,
    "patch_user": _USER,
    "delete_user": _USER,
    "get_keys": _LISTED,
    "delete_key": {"path": {"name": "key name"}},
    "get_audit": _LISTED,
    "get_catalog": _LISTED,
    "get_search": {"query": {"q": "q", "kind": "kind", "fields": "fields"}},
    "get_entities": {
        "path": {"kind": "kind"},
        "query": {"q": "q", "linked_to": "ref", "role": "role", "after": "after", "fields": "fields"},
    },
    "get_entity": {"path": {"kind": "kind", "key": "key"}, "query": {"as_of": "day", "fields": "fields"}},
    "check_question": {"body": {"line": "line"}},
    "post_question": {"body": {"line": "line"}},
    "put_question": {"path": {"name": "own name"}, "body": {"line": "line"}},
    "get_suggested": _LISTED,
    "get_questions": _LISTED,
    "train_question": _QUESTION,
    "delete_question": _QUESTION,
    "get_all_predictions": {"query": {"question": "question", **_FILTERS}},
    "get_predictions": {"path": {"name": "question"}, "query": _FILTERS},
    "get_population": _QUESTION,
    "get_proof": _QUESTION,
    "put_aside": {"body": {"question": "question", "subject": "subject", "cutoff": "cutoff"}},
    "delete_aside": {"path": {"id": "aside"}},
    "get_findings": _LISTED,
    "get_status": _LISTED,
    "get_jobs": _LISTED,
    "get_job": _JOB,
    "cancel_job": _JOB,
    "post_file": {"query": {"name": "file name"}},
    "delete_file": _FILE,
    "get_proposal": {**_FILE, "query": {"source": "source", "fields": "fields"}},
    "post_preview": {**_FILE, "body": {"text": "mapping", "mapping": "nothing"}},
    "post_import": {"body": {"file": "file", "text": "mapping", "mapping": "nothing"}},
    "get_imports": _LISTED,
    "undo_import": {"path": {"batch": "batch"}},
    "get_quarantine": {"query": {"source": "source", "batch": "batch", "after": "after", "fields": "fields"}},
    "get_quarantined": {"path": {"number": "number"}, "query": {"fields": "fields"}},
    "replay_quarantine": {"body": {"numbers": "numbers", "text": "mapping"}},
    "discard_quarantine": {"body": {"numbers": "numbers"}},
    "get_deliveries": {"query": {"destination": "destination", "after": "after", "fields": "fields"}},
    "get_delivery": {"path": {"id": "delivery"}, "query": {"fields": "fields"}},
    "send_again": {"path": {"id": "delivery"}, "body": {"destination": "destination"}},
    "get_invariants": _LISTED,
    "get_watch": _QUESTION,
    "get_alarms": _LISTED,
    "get_decisions": {
        "query": {"subject": "a decided", "playbook": "a playbook", "after": "after", "fields": "fields"}
    },
    "get_inbox": {"query": {"after": "after", "fields": "fields"}},
    "get_asked": {"path": {"id": "asked"}, "query": {"fields": "fields"}},
    "approve": {"path": {"id": "asked"}},
    "reject": {"path": {"id": "asked"}},
    "snooze": {"path": {"id": "asked"}},
    "delegate": {"path": {"id": "asked"}},
    "answer_all": {"body": {"ids": "several asked"}},
    "get_routes": _LISTED,
    "put_route": {
        "path": {"name": "a route"},
        "body": {"playbook": "measured", "whom": "conditions", "to": "deciders"},
    },
    "delete_route": {"path": {"name": "route"}},
    "get_playbooks": _LISTED,
    "post_playbooks": {"body": {"text": "playbooks"}},
    "delete_playbook": {"path": {"name": "playbook"}},
    "rehearse": {"path": {"name": "playbook"}, "body": {"text": "playbooks", "since": "span"}},
    "get_effect": {"path": {"name": "measured"}, "query": {"fields": "fields"}},
    "get_experiments": {"query": {"playbook": "a playbook", "fields": "fields"}},
    "post_experiment": {"body": {"playbook": "compared", "arms": "arms", "guards": "nothing"}},
    "get_experiment": {"path": {"id": "experiment"}, "query": {"fields": "fields"}},
    "stop_experiment": {"path": {"id": "experiment"}},
    "adopt_experiment": {"path": {"id": "ended experiment"}, "body": {"arm": "arm"}},
    "get_runs": {"query": {"playbook": "a playbook", "after": "after", "fields": "fields"}},
    "get_run": {"path": {"id": "run"}, "query": {"fields": "fields"}},
    "change_run": {"path": {"id": "run"}},
    "release_delivery": {"path": {"id": "delivery"}},
    "get_contacts": _LISTED,
    "stop_contact": {"path": {"kind": "kind", "key": "key"}},
    "allow_contact": {"path": {"kind": "kind", "key": "key"}},
    "put_guards": {"path": {"name": "a destination"}},
    "put_subscription": {"path": {"name": "a webhook"}, "body": {"events": "patterns", "about": "kinds"}},
    "replay_events": {"path": {"name": "a webhook"}, "body": {"since": "span", "until": "nothing"}},
    "put_asks": {"path": {"name": "chat"}, "body": {"by": "nothing", "playbooks": "no names"}},
    "get_chat_users": _LISTED,
    "put_chat_user": {"path": {"id": "member"}, "body": {"user": "a user"}},
    "delete_chat_user": {"path": {"id": "linked member"}},
    "get_destinations": _LISTED,
    "rotate_destination": {"path": {"name": "a destination"}},
    "switch_destination": {"path": {"name": "a destination"}},
    "test_destination": {"path": {"name": "a destination"}},
    "delete_destination": {"path": {"name": "spare destination"}},
    "get_hooks": _LISTED,
    "rotate_hook": {"path": {"name": "hook"}, "body": {"secret": "nothing"}},
    "switch_hook": {"path": {"name": "hook"}},
    "test_hook": {"path": {"name": "hook"}, "body": {"body": "an event"}},
    "delete_hook": {"path": {"name": "hook"}},
    "get_stream": {"query": {"after": "end", "workspace": "nothing"}, "headers": {"last-event-id": "end"}},
    "get_live": _LISTED,
    "get_ready": _LISTED,
}
"""Operation, to where in its requests what may stand, by the names that `Realities` knows it under."""

_MAKES: dict[str, tuple[str, Any]] = {
    "post_experiment": ("compared", Realities._compared),
    "get_experiment": ("experiment", Realities._experiment),
    "stop_experiment": ("experiment", Realities._experiment),
    "adopt_experiment": ("ended experiment", Realities._ended),
    "post_user_code": ("user", Realities._user),
    "patch_user": ("user", Realities._user),
    "delete_user": ("user", Realities._user),
    "delete_key": ("key name", Realities._key),
    "delete_aside": ("aside", Realities._aside),
    "put_route": ("deciders", Realities._decider),
    "delete_route": ("route", Realities._route),
    "put_asks": ("chat", Realities._chat),
    "put_chat_user": ("a user", Realities._user),
    "delete_chat_user": ("linked member", Realities._member),
    "delete_destination": ("spare destination", Realities._destination),
    "put_subscription": ("a webhook", Realities._destination),
    "replay_events": ("a webhook", Realities._subscriber),
    "rotate_hook": ("hook", Realities._hook),
    "switch_hook": ("hook", Realities._hook),
    "test_hook": ("hook", Realities._hook),
    "delete_hook": ("hook", Realities._hook),
    "get_job": ("job", Realities._train),
    "cancel_job": ("job", Realities._train),
    "delete_file": ("file", Realities._file),
    "get_proposal": ("file", Realities._file),
    "post_preview": ("file", Realities._file),
    "post_import": ("file", Realities._file),
}
"""Operation, to what is made before it is tried."""
