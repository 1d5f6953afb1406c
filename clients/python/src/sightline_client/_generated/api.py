"""Every operation, blocking. Written by `make docs` from docs/openapi.json; edit that, not this file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sightline_client._generated import models
from sightline_client.call import Call, given, segment
from sightline_client.pages import pages
from sightline_client.sending import Sender
from sightline_client.upload import Content


class Alarms:
    """Calls of `alarms`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def lift(self, id: str, why: str, *, idempotency_key: str | None = None) -> models.Alarm:
        """Take an alarm back, for a reason. Evidence is gathered anew from now on; a side may act by itself again.

        id: Identifier of an alarm.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/alarms/{segment(id)}/lift",
                models.Alarm,
                json={
                    "why": why,
                },
                key=idempotency_key,
            )
        )

    def list(self) -> models.Alarms:
        """Alarms about the models on duty that stand, of all questions, the newest first."""
        return self._sender.send(Call("GET", "/v1/alarms", models.Alarms))


class Asides:
    """Calls of `asides`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def delete(self, id: str, *, idempotency_key: str | None = None) -> None:
        """Take up again what was set aside.

        id: As setting aside gave it.
        """
        self._sender.send(Call("DELETE", f"/v1/asides/{segment(id)}", None, key=idempotency_key))

    def set(self, *, question: str, subject: str, cutoff: str, idempotency_key: str | None = None) -> models.SetAside:
        """Set a prediction aside: it is not listed any more until it is taken up. Again: the same id.

        subject: kind/key.
        cutoff: As the prediction has it.
        """
        return self._sender.send(
            Call(
                "PUT",
                "/v1/asides",
                models.SetAside,
                json={
                    "question": question,
                    "subject": subject,
                    "cutoff": cutoff,
                },
                key=idempotency_key,
            )
        )


class Audit:
    """Calls of `audit`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self, *, limit: int | None = None, after: str | None = None, who: str | None = None, what: str | None = None
    ) -> models.Trail:
        """Who did and saw what, newest first. Reads are told within a second, changes before they begin.

        limit: Items on the page.
        after: `next` of the page before, as it was given.
        """
        return self._sender.send(
            Call("GET", "/v1/audit", models.Trail, query={"limit": limit, "after": after, "who": who, "what": what})
        )

    def each(
        self, *, limit: int | None = None, who: str | None = None, what: str | None = None
    ) -> Iterator[models.Entry]:
        """Who did and saw what, newest first. Reads are told within a second, changes before they begin. Follows `next`
        from page to page; `limit` is the size of a page.

        limit: Items on the page.
        """
        return pages(lambda after: self.list(limit=limit, who=who, what=what, after=after), lambda page: page.entries)

    def rows(
        self, fields: Sequence[str], *, limit: int | None = None, who: str | None = None, what: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Who did and saw what, newest first. Reads are told within a second, changes before they begin. Of each only
        the members named in `fields`, as plain mappings.

        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/audit",
                    dict,
                    query={"limit": limit, "after": after, "who": who, "what": what, "fields": ",".join(fields)},
                )
            ),
            lambda page: page["entries"],
        )


class ChatUsers:
    """Calls of `chat_users`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def delete(self, id: str, *, idempotency_key: str | None = None) -> None:
        """Let them be nobody here.

        id: Id of somebody in Slack.
        """
        self._sender.send(Call("DELETE", f"/v1/chat-users/{segment(id)}", None, key=idempotency_key))

    def list(self) -> models.ChatUsers:
        """Who in Slack is which user here. Nobody else can answer there."""
        return self._sender.send(Call("GET", "/v1/chat-users", models.ChatUsers))

    def set(self, id: str, user: str, *, idempotency_key: str | None = None) -> models.ChatUser:
        """Let somebody in Slack answer as a user, with what that one may.

        id: Id of somebody in Slack.
        """
        return self._sender.send(
            Call(
                "PUT",
                f"/v1/chat-users/{segment(id)}",
                models.ChatUser,
                json={
                    "user": user,
                },
                key=idempotency_key,
            )
        )


class Contacts:
    """Calls of `contacts`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def allow(self, kind: str, key: str, *, idempotency_key: str | None = None) -> None:
        """Contact it again. What was refused meanwhile is a dead letter, and is sent again one by one.

        kind: Kind.
        key: Key; it may contain slashes.
        """
        self._sender.send(Call("DELETE", f"/v1/contacts/{segment(kind)}/{segment(key)}", None, key=idempotency_key))

    def list(self, *, after: str | None = None, limit: int | None = None) -> models.Contacts:
        """Who is not to be contacted, the latest first.

        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(Call("GET", "/v1/contacts", models.Contacts, query={"after": after, "limit": limit}))

    def each(self, *, limit: int | None = None) -> Iterator[models.Contact]:
        """Who is not to be contacted, the latest first. Follows `next` from page to page; `limit` is the size of a page.

        limit: Items on the page.
        """
        return pages(lambda after: self.list(limit=limit, after=after), lambda page: page.contacts)

    def rows(self, fields: Sequence[str], *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """Who is not to be contacted, the latest first. Of each only the members named in `fields`, as plain mappings.

        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call("GET", "/v1/contacts", dict, query={"after": after, "limit": limit, "fields": ",".join(fields)})
            ),
            lambda page: page["contacts"],
        )

    def stop(self, kind: str, key: str, *, idempotency_key: str | None = None) -> models.Contact:
        """Contact it no more, through any destination but paper. Where that was said before, nothing changes.

        kind: Kind.
        key: Key; it may contain slashes.
        """
        return self._sender.send(
            Call("PUT", f"/v1/contacts/{segment(kind)}/{segment(key)}", models.Contact, key=idempotency_key)
        )


class Decisions:
    """Calls of `decisions`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        subject: str | None = None,
        playbook: str | None = None,
        verb: Literal["act", "ask", "hold", "drop"] | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Decisions:
        """What was made of each proposal, why, and what came of it; newest first.

        subject: Only about this thing.
        playbook: Only of this one.
        verb: Only these.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                "/v1/decisions",
                models.Decisions,
                query={"subject": subject, "playbook": playbook, "verb": verb, "after": after, "limit": limit},
            )
        )

    def each(
        self,
        *,
        subject: str | None = None,
        playbook: str | None = None,
        verb: Literal["act", "ask", "hold", "drop"] | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Decided]:
        """What was made of each proposal, why, and what came of it; newest first. Follows `next` from page to page;
        `limit` is the size of a page.

        subject: Only about this thing.
        playbook: Only of this one.
        verb: Only these.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.list(subject=subject, playbook=playbook, verb=verb, limit=limit, after=after),
            lambda page: page.decisions,
        )

    def rows(
        self,
        fields: Sequence[str],
        *,
        subject: str | None = None,
        playbook: str | None = None,
        verb: Literal["act", "ask", "hold", "drop"] | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """What was made of each proposal, why, and what came of it; newest first. Of each only the members named in
        `fields`, as plain mappings.

        subject: Only about this thing.
        playbook: Only of this one.
        verb: Only these.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/decisions",
                    dict,
                    query={
                        "subject": subject,
                        "playbook": playbook,
                        "verb": verb,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["decisions"],
        )


class Deliveries:
    """Calls of `deliveries`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get(self, id: str) -> models.Delivery:
        """One delivery.

        id: Delivery.
        """
        return self._sender.send(Call("GET", f"/v1/deliveries/{segment(id)}", models.Delivery))

    def list(
        self,
        *,
        state: Literal["waiting", "sending", "held", "done", "dead"] | None = None,
        destination: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Deliveries:
        """What was sent, what waits to be, and the dead letters; newest first.

        state: Only those in this state.
        destination: Only those to it.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                "/v1/deliveries",
                models.Deliveries,
                query={"state": state, "destination": destination, "after": after, "limit": limit},
            )
        )

    def each(
        self,
        *,
        state: Literal["waiting", "sending", "held", "done", "dead"] | None = None,
        destination: str | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Delivery]:
        """What was sent, what waits to be, and the dead letters; newest first. Follows `next` from page to page; `limit`
        is the size of a page.

        state: Only those in this state.
        destination: Only those to it.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.list(state=state, destination=destination, limit=limit, after=after),
            lambda page: page.deliveries,
        )

    def rows(
        self,
        fields: Sequence[str],
        *,
        state: Literal["waiting", "sending", "held", "done", "dead"] | None = None,
        destination: str | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """What was sent, what waits to be, and the dead letters; newest first. Of each only the members named in
        `fields`, as plain mappings.

        state: Only those in this state.
        destination: Only those to it.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/deliveries",
                    dict,
                    query={
                        "state": state,
                        "destination": destination,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["deliveries"],
        )

    def release(self, id: str, *, idempotency_key: str | None = None) -> models.Delivery:
        """Let it be sent: it waits for a person (state `held`). Anything else waits for nobody (409).

        id: Delivery.
        """
        return self._sender.send(
            Call("POST", f"/v1/deliveries/{segment(id)}/release", models.Delivery, key=idempotency_key)
        )

    def send_again(
        self, id: str, *, text: str | None = None, destination: str | None = None, idempotency_key: str | None = None
    ) -> models.Delivery:
        """Send a dead letter again under its id, mended where told so. Anything else is no dead letter (409).

        id: Delivery.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/deliveries/{segment(id)}/send-again",
                models.Delivery,
                json={**given({"text": text, "destination": destination})},
                key=idempotency_key,
            )
        )


class Destinations:
    """Calls of `destinations`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self,
        *,
        name: str,
        address: str,
        password: str | None = None,
        signing_secret: str | None = None,
        reveal: bool | None = None,
        idempotency_key: str | None = None,
    ) -> models.Secret:
        """A new destination of webhooks or mail, or a chat. The secret that webhooks are signed with is in this answer
        and nowhere else.

        address: https://... for webhooks, smtps://user@host/?from=... for mail, slack:C0123456789 for a channel of
            Slack, slack: for an incoming webhook of it, teams: for a workflow of Microsoft Teams.
        password: Of the user of a mail server. Of Slack: the app's bot token, or the address of the incoming webhook;
            of Teams: that of the workflow.
        signing_secret: Of the app in Slack: with it, what people are asked has buttons.
        reveal: Whether webhooks and chats tell what stands behind the tokens of persons. Mail always does.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/destinations",
                models.Secret,
                json={
                    "name": name,
                    "address": address,
                    **given({"password": password, "signing_secret": signing_secret, "reveal": reveal}),
                },
                key=idempotency_key,
            )
        )

    def delete(self, name: str, *, idempotency_key: str | None = None) -> None:
        """Forget it; what waits for it is a dead letter then. While something is just being sent there it stays (409).

        name: Destination.
        """
        self._sender.send(Call("DELETE", f"/v1/destinations/{segment(name)}", None, key=idempotency_key))

    def list(self) -> models.Destinations:
        """Where actions go, and how each fares."""
        return self._sender.send(Call("GET", "/v1/destinations", models.Destinations))

    def replay(
        self,
        name: str,
        since: str,
        *,
        until: str | None = None,
        events: Sequence[str] | None = None,
        about: Sequence[str] | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> models.ToldAgain:
        """Tell it again, under the same `webhook-id` each, of what was recorded within a span of time; or count that.
        Whoever names `events` chooses what leaves the workspace, as who subscribes does, and must be somebody who
        may.

        name: Destination.
        since: How far back (`7d`, `12h`), or a past day or moment, by when they were recorded.
        until: The same: those before; null: until now.
        events: Others than it subscribed to; naming them needs the right to administer.
        about: Kinds of subjects, where `events` are named; none: all.
        dry_run: Whether they are only counted.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/destinations/{segment(name)}/replay",
                models.ToldAgain,
                json={"since": since, **given({"until": until, "events": events, "about": about, "dry_run": dry_run})},
                key=idempotency_key,
            )
        )

    def rotate(
        self,
        name: str,
        *,
        password: str | None = None,
        signing_secret: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.Secret:
        """A new secret; what is sent is signed with the one before too, until the next rotation. Of a mail server and a
        chat: what they are reached by now.

        name: Destination.
        signing_secret: Of the app in Slack. What was signed by the one before is still believed.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/destinations/{segment(name)}/rotate",
                models.Secret,
                json={**given({"password": password, "signing_secret": signing_secret})},
                key=idempotency_key,
            )
        )

    def set_asks(
        self,
        name: str,
        *,
        on: bool | None = None,
        playbooks: Sequence[str] | None = None,
        above: float | None = None,
        by: str | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Have people asked there from now on what enters the inbox (or no more), in the place of what was said before.
        It must be a chat.

        name: Destination.
        playbooks: What these ask; all of them when left out.
        above: Only with at least so much money at stake; what nobody knows the stake of, too.
        by: A user: whoever follows a link from there answers as this one, with what they may. Left out: no such
            links.
        """
        self._sender.send(
            Call(
                "PUT",
                f"/v1/destinations/{segment(name)}/asks",
                None,
                json={**given({"on": on, "playbooks": playbooks, "above": above, "by": by})},
                key=idempotency_key,
            )
        )

    def set_guards(
        self,
        name: str,
        *,
        approve: bool | None = None,
        per_day: int | None = None,
        quiet: str | None = None,
        zone: str | None = None,
        consent: str | None = None,
        only: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Say what is held to before anything is sent there, in the place of what was said before.

        name: Destination.
        """
        self._sender.send(
            Call(
                "PUT",
                f"/v1/destinations/{segment(name)}/guards",
                None,
                json={
                    **given(
                        {
                            "approve": approve,
                            "per_day": per_day,
                            "quiet": quiet,
                            "zone": zone,
                            "consent": consent,
                            "only": only,
                        }
                    )
                },
                key=idempotency_key,
            )
        )

    def set_subscription(
        self,
        name: str,
        events: Sequence[str],
        *,
        about: Sequence[str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Say which events it is told of from now on, in the place of what was said before.

        name: Destination.
        events: Types of events, or patterns: `invoice.paid`, `invoice.*`, `*.paid`, `*`. Sightline's own are meant by
            those that begin with `sightline.` alone.
        about: Kinds of subjects; none: all.
        """
        self._sender.send(
            Call(
                "PUT",
                f"/v1/destinations/{segment(name)}/subscription",
                None,
                json={"events": events, **given({"about": about})},
                key=idempotency_key,
            )
        )

    def switch(self, name: str, on: bool, *, idempotency_key: str | None = None) -> None:
        """Switch it on or off. What is for it waits meanwhile.

        name: Destination.
        """
        self._sender.send(
            Call(
                "POST",
                f"/v1/destinations/{segment(name)}/switch",
                None,
                json={
                    "on": on,
                },
                key=idempotency_key,
            )
        )

    def test(self, name: str, *, idempotency_key: str | None = None) -> models.Delivery:
        """Send a greeting there, on the path that everything takes; how it goes is told by the delivery.

        name: Destination.
        """
        return self._sender.send(
            Call("POST", f"/v1/destinations/{segment(name)}/test", models.Delivery, key=idempotency_key)
        )


class Entities:
    """Calls of `entities`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get(self, kind: str, key: str, *, as_of: str | None = None) -> models.Entity:
        """A thing as it is, or was, known.

        kind: Kind.
        key: Key; it may contain slashes.
        as_of: Day or moment: as it was known then.
        """
        return self._sender.send(
            Call("GET", f"/v1/entities/{segment(kind)}/{segment(key)}", models.Entity, query={"as_of": as_of})
        )

    def list(
        self,
        kind: str,
        *,
        q: str | None = None,
        linked_to: str | None = None,
        role: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Things:
        """The things of a kind as they stand now, by key.

        kind: Kind.
        linked_to: Only what points at this thing now.
        role: With `linked_to`: only by this link.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                f"/v1/entities/{segment(kind)}",
                models.Things,
                query={"q": q, "linked_to": linked_to, "role": role, "after": after, "limit": limit},
            )
        )

    def each(
        self,
        kind: str,
        *,
        q: str | None = None,
        linked_to: str | None = None,
        role: str | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Thing]:
        """The things of a kind as they stand now, by key. Follows `next` from page to page; `limit` is the size of a
        page.

        kind: Kind.
        linked_to: Only what points at this thing now.
        role: With `linked_to`: only by this link.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.list(kind=kind, q=q, linked_to=linked_to, role=role, limit=limit, after=after),
            lambda page: page.entities,
        )

    def rows(
        self,
        fields: Sequence[str],
        kind: str,
        *,
        q: str | None = None,
        linked_to: str | None = None,
        role: str | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The things of a kind as they stand now, by key. Of each only the members named in `fields`, as plain mappings.

        kind: Kind.
        linked_to: Only what points at this thing now.
        role: With `linked_to`: only by this link.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    f"/v1/entities/{segment(kind)}",
                    dict,
                    query={
                        "q": q,
                        "linked_to": linked_to,
                        "role": role,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["entities"],
        )


class Events:
    """Calls of `events`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def record(
        self, events: Sequence[models.CloudEvent | Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> models.Recorded:
        """One CloudEvent, a batch, or one a line (NDJSON). The answer comes when they are on disk. An event known by
        source and id adds nothing, so sending again is always safe. Where one event is wrong, nothing of the request
        is recorded and the problem's `index` names it."""
        return self._sender.send(
            Call(
                "POST",
                "/v1/events",
                models.Recorded,
                json=events,
                media="application/cloudevents-batch+json",
                key=idempotency_key,
            )
        )


class Experiments:
    """Calls of `experiments`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def adopt(
        self,
        id: str,
        *,
        arm: str | None = None,
        why: str | None = None,
        check: bool | None = None,
        undo: bool | None = None,
        anyway: bool | None = None,
        idempotency_key: str | None = None,
    ) -> models.Adoption:
        """Make its winner the usual choice of its playbook, look what that would change, or take it back.

        id: Experiment.
        arm: The winner where left out.
        check: Only tell what changes, and what speaks against it.
        undo: Take it back: the choice with the most expected value is made again.
        anyway: Adopt it though a guard stopped it.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/experiments/{segment(id)}/adopt",
                models.Adoption,
                json={**given({"arm": arm, "why": why, "check": check, "undo": undo, "anyway": anyway})},
                key=idempotency_key,
            )
        )

    def create(
        self,
        playbook: str,
        *,
        name: str | None = None,
        arms: Sequence[str] | None = None,
        shares: Sequence[float] | None = None,
        least: float | None = None,
        span: str | None = None,
        guards: Sequence[models.NewGuard | Mapping[str, Any]] | None = None,
        why: str | None = None,
        check: bool | None = None,
        idempotency_key: str | None = None,
    ) -> models.ExperimentBegun:
        """Compare choices of a playbook by lot from now on, or only look what that takes. Who is kept back stays so.

        arms: Choices of the playbook, the one the others are compared with first.
        shares: Equal where left out.
        least: The smallest change of success worth finding; 0.05 where left out.
        span: How long parties are drawn, such as `8 weeks`; 12 weeks where left out.
        why: What is expected of it.
        check: Only tell what it takes.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/experiments",
                models.ExperimentBegun,
                json={
                    "playbook": playbook,
                    **given(
                        {
                            "name": name,
                            "arms": arms,
                            "shares": shares,
                            "least": least,
                            "span": span,
                            "guards": guards,
                            "why": why,
                            "check": check,
                        }
                    ),
                },
                key=idempotency_key,
            )
        )

    def get(self, id: str) -> models.ExperimentWhole:
        """An experiment with its arms, its guards, how it stood, and for whom it works.

        id: Experiment.
        """
        return self._sender.send(Call("GET", f"/v1/experiments/{segment(id)}", models.ExperimentWhole))

    def list(self, *, playbook: str | None = None) -> models.Experiments:
        """Experiments, newest first.

        playbook: Only of this one.
        """
        return self._sender.send(Call("GET", "/v1/experiments", models.Experiments, query={"playbook": playbook}))

    def stop(self, id: str, *, why: str | None = None, idempotency_key: str | None = None) -> models.ExperimentWhole:
        """End an experiment before its time; what was decided stays decided.

        id: Experiment.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/experiments/{segment(id)}/stop",
                models.ExperimentWhole,
                json={**given({"why": why})},
                key=idempotency_key,
            )
        )


class Files:
    """Calls of `files`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def delete(self, id: str, *, idempotency_key: str | None = None) -> None:
        """Remove a file that waits.

        id: File, as POST /v1/files answered.
        """
        self._sender.send(Call("DELETE", f"/v1/files/{segment(id)}", None, key=idempotency_key))

    def preview(
        self,
        id: str,
        *,
        mapping: Mapping[str, Any] | None = None,
        text: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.Preview:
        """What a mapping makes of the first rows. Records nothing.

        id: File, as POST /v1/files answered.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/files/{segment(id)}/preview",
                models.Preview,
                json={**given({"mapping": mapping, "text": text})},
                key=idempotency_key,
            )
        )

    def proposal(self, id: str, *, source: str | None = None) -> models.Proposal:
        """Look at a file and propose how its rows become events.

        id: File, as POST /v1/files answered.
        source: Name of the source; the file's.
        """
        return self._sender.send(
            Call("GET", f"/v1/files/{segment(id)}/proposal", models.Proposal, query={"source": source})
        )

    def upload(self, content: Content, *, name: str, idempotency_key: str | None = None) -> models.File:
        """Send a file to be imported: CSV, TSV, Parquet or JSON Lines, packed or not. It waits at most 7 days.

        name: What it is called; folders in it are left out.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/files",
                models.File,
                query={"name": name},
                content=content,
                media="application/octet-stream",
                key=idempotency_key,
            )
        )


class Findings:
    """Calls of `findings`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> models.Findings:
        """What is worth a look."""
        return self._sender.send(Call("GET", "/v1/findings", models.Findings))


class Health:
    """Calls of `health`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def live(self) -> models.Live:
        """The process runs; nothing else is looked at. Open to everybody."""
        return self._sender.send(Call("GET", "/v1/health/live", models.Live))

    def ready(self) -> models.Ready:
        """The database answers, it has the shape this version needs, the event loop is awake. Open to everybody."""
        return self._sender.send(Call("GET", "/v1/health/ready", models.Ready))


class Hooks:
    """Calls of `hooks`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self,
        name: str,
        *,
        scheme: Literal["standard", "hmac", "stripe", "github", "token"] | None = None,
        options: models.NewHookOptions | Mapping[str, Any] | None = None,
        source: str | None = None,
        mapping: str | None = None,
        each: str | None = None,
        secret: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.MadeHook:
        """A new endpoint. The secret that its messages are signed with is in this answer and nowhere else.

        source: Of CloudEvents, which may come from it and from what is under it; its name when absent. A mapping has
            its own.
        mapping: TOML, as imports have it; the columns are dotted paths. Without it bodies are CloudEvents.
        secret: The one the sender has made; otherwise one is made here.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/hooks",
                models.MadeHook,
                json={
                    "name": name,
                    **given(
                        {
                            "scheme": scheme,
                            "options": options,
                            "source": source,
                            "mapping": mapping,
                            "each": each,
                            "secret": secret,
                        }
                    ),
                },
                key=idempotency_key,
            )
        )

    def delete(self, name: str, *, idempotency_key: str | None = None) -> None:
        """Forget it and its address. What was posted there stays.

        name: Hook.
        """
        self._sender.send(Call("DELETE", f"/v1/hooks/{segment(name)}", None, key=idempotency_key))

    def list(self) -> models.Hooks:
        """Where other systems post to, and when each was last heard."""
        return self._sender.send(Call("GET", "/v1/hooks", models.Hooks))

    def rotate(self, name: str, *, secret: str | None = None, idempotency_key: str | None = None) -> models.MadeHook:
        """Another secret, or the one that the sender has made. The one before is good too, until the next rotation.

        name: Hook.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/hooks/{segment(name)}/rotate",
                models.MadeHook,
                json={**given({"secret": secret})},
                key=idempotency_key,
            )
        )

    def switch(self, name: str, on: bool, *, idempotency_key: str | None = None) -> None:
        """Switch it on or off. While it is off its address answers 404, as one that never was.

        name: Hook.
        """
        self._sender.send(
            Call(
                "POST",
                f"/v1/hooks/{segment(name)}/switch",
                None,
                json={
                    "on": on,
                },
                key=idempotency_key,
            )
        )

    def test(self, name: str, body: str, *, idempotency_key: str | None = None) -> models.TriedHook:
        """What would become of a body. Records nothing.

        name: Hook.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/hooks/{segment(name)}/test",
                models.TriedHook,
                json={
                    "body": body,
                },
                key=idempotency_key,
            )
        )


class Imports:
    """Calls of `imports`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, *, after: str | None = None, limit: int | None = None) -> models.Imports:
        """What was imported, newest first.

        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(Call("GET", "/v1/imports", models.Imports, query={"after": after, "limit": limit}))

    def each(self, *, limit: int | None = None) -> Iterator[models.Batch]:
        """What was imported, newest first. Follows `next` from page to page; `limit` is the size of a page.

        limit: Items on the page.
        """
        return pages(lambda after: self.list(limit=limit, after=after), lambda page: page.imports)

    def rows(self, fields: Sequence[str], *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """What was imported, newest first. Of each only the members named in `fields`, as plain mappings.

        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call("GET", "/v1/imports", dict, query={"after": after, "limit": limit, "fields": ",".join(fields)})
            ),
            lambda page: page["imports"],
        )

    def start(
        self,
        file: str,
        *,
        mapping: Mapping[str, Any] | None = None,
        text: str | None = None,
        limit: int | None = None,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Import a file that was sent, as a job. Its result: batch, rows, events, repeated, revised, staged and
        quarantined.

        file: As POST /v1/files answered.
        limit: Read at most so many rows.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/imports",
                models.Job,
                json={"file": file, **given({"mapping": mapping, "text": text, "limit": limit})},
                key=idempotency_key,
            )
        )

    def undo(self, batch: str, *, idempotency_key: str | None = None) -> models.Job:
        """Take an import back, as a job. Its result: retracted, restored, unstaged.

        batch: Batch.
        """
        return self._sender.send(Call("POST", f"/v1/imports/{segment(batch)}/undo", models.Job, key=idempotency_key))


class Inbox:
    """Calls of `inbox`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def answers(
        self, *, ids: Sequence[str], yes: bool, why: str | None = None, idempotency_key: str | None = None
    ) -> models.Answered:
        """One answer to several, each by itself: what could not be taken is named with its reason.

        why: Needed for a no.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/inbox/answers",
                models.Answered,
                json={"ids": ids, "yes": yes, **given({"why": why})},
                key=idempotency_key,
            )
        )

    def approve(
        self, id: str, *, text: str | None = None, why: str | None = None, idempotency_key: str | None = None
    ) -> models.Item:
        """Yes, as drafted or mended; it is done by the loop, once. What has ended is answered no more (409).

        id: What is asked.
        text: What is to be sent instead of the draft.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/inbox/{segment(id)}/approve",
                models.Item,
                json={**given({"text": text, "why": why})},
                key=idempotency_key,
            )
        )

    def delegate(self, id: str, to: str | None, *, idempotency_key: str | None = None) -> models.Item:
        """Let it be somebody's.

        id: What is asked.
        to: A user; null: nobody's in particular.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/inbox/{segment(id)}/delegate",
                models.Item,
                json={
                    "to": to,
                },
                key=idempotency_key,
            )
        )

    def get(self, id: str) -> models.Item:
        """One of them.

        id: What is asked.
        """
        return self._sender.send(Call("GET", f"/v1/inbox/{segment(id)}", models.Item))

    def list(
        self,
        *,
        state: Literal["open", "snoozed", "approved", "rejected", "expired", "overtaken"] | None = None,
        assignee: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Inbox:
        """What people are asked, the most expected money first.

        state: Only what is in this state.
        assignee: Only this user's.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                "/v1/inbox",
                models.Inbox,
                query={"state": state, "assignee": assignee, "after": after, "limit": limit},
            )
        )

    def each(
        self,
        *,
        state: Literal["open", "snoozed", "approved", "rejected", "expired", "overtaken"] | None = None,
        assignee: str | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Item]:
        """What people are asked, the most expected money first. Follows `next` from page to page; `limit` is the size of
        a page.

        state: Only what is in this state.
        assignee: Only this user's.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.list(state=state, assignee=assignee, limit=limit, after=after), lambda page: page.asked
        )

    def rows(
        self,
        fields: Sequence[str],
        *,
        state: Literal["open", "snoozed", "approved", "rejected", "expired", "overtaken"] | None = None,
        assignee: str | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """What people are asked, the most expected money first. Of each only the members named in `fields`, as plain
        mappings.

        state: Only what is in this state.
        assignee: Only this user's.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/inbox",
                    dict,
                    query={
                        "state": state,
                        "assignee": assignee,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["asked"],
        )

    def reject(self, id: str, why: str, *, idempotency_key: str | None = None) -> models.Item:
        """No, and why.

        id: What is asked.
        why: The reason: what is learned from it is what it says.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/inbox/{segment(id)}/reject",
                models.Item,
                json={
                    "why": why,
                },
                key=idempotency_key,
            )
        )

    def snooze(self, id: str, until: str | datetime, *, idempotency_key: str | None = None) -> models.Item:
        """Put it off; its deadline stays.

        id: What is asked.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/inbox/{segment(id)}/snooze",
                models.Item,
                json={
                    "until": until,
                },
                key=idempotency_key,
            )
        )


class Invariants:
    """Calls of `invariants`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self) -> models.Invariants:
        """What must always be true of what is decided and done, looked at now; on duty it is looked at each day."""
        return self._sender.send(Call("GET", "/v1/invariants", models.Invariants))


class Jobs:
    """Calls of `jobs`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def cancel(self, id: str, *, idempotency_key: str | None = None) -> models.Job:
        """Ask it to stop: an import between two chunks of rows, a training between two folds. What it did stands.

        id: Job.
        """
        return self._sender.send(Call("POST", f"/v1/jobs/{segment(id)}/cancel", models.Job, key=idempotency_key))

    def get(self, id: str) -> models.Job:
        """One piece of long work.

        id: Job.
        """
        return self._sender.send(Call("GET", f"/v1/jobs/{segment(id)}", models.Job))

    def list(
        self,
        *,
        state: Literal["waiting", "running", "done", "failed", "cancelled"] | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Jobs:
        """Long work, newest first. What ended is kept 30 days.

        state: Only those in this state.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call("GET", "/v1/jobs", models.Jobs, query={"state": state, "after": after, "limit": limit})
        )

    def each(
        self,
        *,
        state: Literal["waiting", "running", "done", "failed", "cancelled"] | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Job]:
        """Long work, newest first. What ended is kept 30 days. Follows `next` from page to page; `limit` is the size of
        a page.

        state: Only those in this state.
        limit: Items on the page.
        """
        return pages(lambda after: self.list(state=state, limit=limit, after=after), lambda page: page.jobs)

    def rows(
        self,
        fields: Sequence[str],
        *,
        state: Literal["waiting", "running", "done", "failed", "cancelled"] | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Long work, newest first. What ended is kept 30 days. Of each only the members named in `fields`, as plain
        mappings.

        state: Only those in this state.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/jobs",
                    dict,
                    query={"state": state, "after": after, "limit": limit, "fields": ",".join(fields)},
                )
            ),
            lambda page: page["jobs"],
        )


class Keys:
    """Calls of `keys`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self,
        *,
        name: str,
        role: Literal["viewer", "operator", "owner"],
        scopes: Sequence[Literal["read", "record", "operate", "administer"]] | None = None,
        days: int | None = None,
        idempotency_key: str | None = None,
    ) -> models.KeyMade:
        """Let a program in. Its token is in this answer and nowhere else.

        scopes: Of these rights at most; all of the role when left out.
        days: So long it lasts; until revoked when left out.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/keys",
                models.KeyMade,
                json={"name": name, "role": role, **given({"scopes": scopes, "days": days})},
                key=idempotency_key,
            )
        )

    def delete(self, name: str, *, idempotency_key: str | None = None) -> None:
        """Revoke a key, at once; the sessions opened with it end too.

        name: Key.
        """
        self._sender.send(Call("DELETE", f"/v1/keys/{segment(name)}", None, key=idempotency_key))

    def list(self, *, limit: int | None = None, after: str | None = None) -> models.Keys:
        """The API keys of the workspace, by name.

        limit: Items on the page.
        after: `next` of the page before, as it was given.
        """
        return self._sender.send(Call("GET", "/v1/keys", models.Keys, query={"limit": limit, "after": after}))

    def each(self, *, limit: int | None = None) -> Iterator[models.Key]:
        """The API keys of the workspace, by name. Follows `next` from page to page; `limit` is the size of a page.

        limit: Items on the page.
        """
        return pages(lambda after: self.list(limit=limit, after=after), lambda page: page.keys)

    def rows(self, fields: Sequence[str], *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """The API keys of the workspace, by name. Of each only the members named in `fields`, as plain mappings.

        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call("GET", "/v1/keys", dict, query={"limit": limit, "after": after, "fields": ",".join(fields)})
            ),
            lambda page: page["keys"],
        )


class Me:
    """Calls of `me`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get(self) -> models.Me:
        """Who is calling, what they may here, and which workspaces are open to them."""
        return self._sender.send(Call("GET", "/v1/me", models.Me))

    def set_password(self, new: str, *, current: str | None = None, idempotency_key: str | None = None) -> None:
        """Choose another password. All sessions end; the one that asks gets a new cookie.

        current: Needed where there is one.
        new: 12 to 256 characters.
        """
        self._sender.send(
            Call("PUT", "/v1/me/password", None, json={"new": new, **given({"current": current})}, key=idempotency_key)
        )


class Playbooks:
    """Calls of `playbooks`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self, text: str, *, check: bool | None = None, idempotency_key: str | None = None
    ) -> models.PlaybooksDeclared:
        """Declare playbooks of your own as TOML; one that changed becomes a new version, by which new runs go.

        check: Only look whether they could be declared.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/playbooks",
                models.PlaybooksDeclared,
                json={"text": text, **given({"check": check})},
                key=idempotency_key,
            )
        )

    def delete(self, name: str, *, idempotency_key: str | None = None) -> None:
        """Let one of your own do nothing any more; its runs go on.

        name: Playbook.
        """
        self._sender.send(Call("DELETE", f"/v1/playbooks/{segment(name)}", None, key=idempotency_key))

    def effect(self, name: str) -> models.Changed:
        """What acting by a playbook changed, as it stands and as it stood; and what it learned about its choices.

        name: Playbook.
        """
        return self._sender.send(Call("GET", f"/v1/playbooks/{segment(name)}/effect", models.Changed))

    def list(self) -> models.Playbooks:
        """What is done when something is forecast, found or happens, and how often it was."""
        return self._sender.send(Call("GET", "/v1/playbooks", models.Playbooks))

    def rehearse(
        self, name: str, since: str, *, text: str | None = None, idempotency_key: str | None = None
    ) -> models.Job:
        """What it would have done since a past day, to whom and at what expected value, as a job. Nothing is touched.

        name: Playbook.
        since: How far back (`90d`, `12w`), or a past day or moment: what was known then teaches the model, and what
            came since is decided about.
        text: A file that holds the playbook, where it is not declared.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/playbooks/{segment(name)}/rehearse",
                models.Job,
                json={"since": since, **given({"text": text})},
                key=idempotency_key,
            )
        )


class Predictions:
    """Calls of `predictions`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        question: str | None = None,
        subject: str | None = None,
        rank: Literal["money", "probability", "day"] | None = None,
        verb: Literal["act", "ask", "hold", "drop", "none"] | None = None,
        q: str | None = None,
        min_probability: float | None = None,
        deadline_before: str | None = None,
        all: bool | None = None,
        aside: Literal["false", "true", "any"] | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Predictions:
        """The answers of all questions, ranked together.

        question: Only answers to this one.
        subject: Only about this thing.
        rank: What to rank by.
        verb: Only those about which this was decided last.
        q: Text in the subject's key; of persons the whole key.
        min_probability: At least this likely.
        deadline_before: Day or moment before which the deadline lies.
        all: Answered and expired ones too.
        aside: Whether to list what was set aside.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                "/v1/predictions",
                models.Predictions,
                query={
                    "question": question,
                    "subject": subject,
                    "rank": rank,
                    "verb": verb,
                    "q": q,
                    "min_probability": min_probability,
                    "deadline_before": deadline_before,
                    "all": all,
                    "aside": aside,
                    "after": after,
                    "limit": limit,
                },
            )
        )

    def each(
        self,
        *,
        question: str | None = None,
        subject: str | None = None,
        rank: Literal["money", "probability", "day"] | None = None,
        verb: Literal["act", "ask", "hold", "drop", "none"] | None = None,
        q: str | None = None,
        min_probability: float | None = None,
        deadline_before: str | None = None,
        all: bool | None = None,
        aside: Literal["false", "true", "any"] | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Prediction]:
        """The answers of all questions, ranked together. Follows `next` from page to page; `limit` is the size of a
        page.

        question: Only answers to this one.
        subject: Only about this thing.
        rank: What to rank by.
        verb: Only those about which this was decided last.
        q: Text in the subject's key; of persons the whole key.
        min_probability: At least this likely.
        deadline_before: Day or moment before which the deadline lies.
        all: Answered and expired ones too.
        aside: Whether to list what was set aside.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.list(
                question=question,
                subject=subject,
                rank=rank,
                verb=verb,
                q=q,
                min_probability=min_probability,
                deadline_before=deadline_before,
                all=all,
                aside=aside,
                limit=limit,
                after=after,
            ),
            lambda page: page.predictions,
        )

    def rows(
        self,
        fields: Sequence[str],
        *,
        question: str | None = None,
        subject: str | None = None,
        rank: Literal["money", "probability", "day"] | None = None,
        verb: Literal["act", "ask", "hold", "drop", "none"] | None = None,
        q: str | None = None,
        min_probability: float | None = None,
        deadline_before: str | None = None,
        all: bool | None = None,
        aside: Literal["false", "true", "any"] | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The answers of all questions, ranked together. Of each only the members named in `fields`, as plain mappings.

        question: Only answers to this one.
        subject: Only about this thing.
        rank: What to rank by.
        verb: Only those about which this was decided last.
        q: Text in the subject's key; of persons the whole key.
        min_probability: At least this likely.
        deadline_before: Day or moment before which the deadline lies.
        all: Answered and expired ones too.
        aside: Whether to list what was set aside.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/predictions",
                    dict,
                    query={
                        "question": question,
                        "subject": subject,
                        "rank": rank,
                        "verb": verb,
                        "q": q,
                        "min_probability": min_probability,
                        "deadline_before": deadline_before,
                        "all": all,
                        "aside": aside,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["predictions"],
        )


class Quarantine:
    """Calls of `quarantine`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def discard(self, numbers: Sequence[int], *, idempotency_key: str | None = None) -> models.Discarded:
        """Set rows aside that nobody will mend; they are kept, and wait no longer."""
        return self._sender.send(
            Call(
                "POST",
                "/v1/quarantine/discard",
                models.Discarded,
                json={
                    "numbers": numbers,
                },
                key=idempotency_key,
            )
        )

    def get(self, number: int) -> models.HeldRow:
        """One row as it was read.

        number: Its number.
        """
        return self._sender.send(Call("GET", f"/v1/quarantine/{segment(number)}", models.HeldRow))

    def list(
        self, *, source: str | None = None, batch: str | None = None, after: str | None = None, limit: int | None = None
    ) -> models.Quarantine:
        """Rows that wait to be mended, oldest first.

        source: Only those of it.
        batch: Only those of it.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                "/v1/quarantine",
                models.Quarantine,
                query={"source": source, "batch": batch, "after": after, "limit": limit},
            )
        )

    def each(
        self, *, source: str | None = None, batch: str | None = None, limit: int | None = None
    ) -> Iterator[models.Held]:
        """Rows that wait to be mended, oldest first. Follows `next` from page to page; `limit` is the size of a page.

        source: Only those of it.
        batch: Only those of it.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.list(source=source, batch=batch, limit=limit, after=after), lambda page: page.rows
        )

    def rows(
        self, fields: Sequence[str], *, source: str | None = None, batch: str | None = None, limit: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """Rows that wait to be mended, oldest first. Of each only the members named in `fields`, as plain mappings.

        source: Only those of it.
        batch: Only those of it.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/quarantine",
                    dict,
                    query={
                        "source": source,
                        "batch": batch,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["rows"],
        )

    def replay(
        self,
        *,
        numbers: Sequence[int] | None = None,
        changes: Mapping[str, Any] | None = None,
        overwrite: bool | None = None,
        text: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Try rows again, mended or under a changed mapping, as a job. Its result: recorded, still_wrong (the first
        1,000 of them) and wrong (how many there are).

        numbers: Which; all that wait when null.
        changes: Column to value: cells mended before the rows are read.
        overwrite: Whether they stand in the place of what they contradict.
        text: A mapping (TOML) to read the rows of its source by.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/quarantine/replay",
                models.Job,
                json={**given({"numbers": numbers, "changes": changes, "overwrite": overwrite, "text": text})},
                key=idempotency_key,
            )
        )


class Questions:
    """Calls of `questions`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def ask(
        self,
        line: str,
        *,
        name: str | None = None,
        asks: str | None = None,
        yes: str | None = None,
        no: str | None = None,
        unit: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Remember a question of your own, train and prove it, as a job. Its result: question, verdict, headline.

        name: `own.something`; made from the line when null.
        asks: As a person would put it.
        yes: What people call the answer yes.
        unit: What a quantity is counted in: a currency (ISO 4217) or a unit.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/questions",
                models.Job,
                json={"line": line, **given({"name": name, "asks": asks, "yes": yes, "no": no, "unit": unit})},
                key=idempotency_key,
            )
        )

    def check(self, line: str, *, idempotency_key: str | None = None) -> models.Checked:
        """What asking a line would come to: whom it concerns and whether there is enough to learn from. Trains nothing."""
        return self._sender.send(
            Call(
                "POST",
                "/v1/questions/check",
                models.Checked,
                json={
                    "line": line,
                },
                key=idempotency_key,
            )
        )

    def declare(
        self,
        name: str,
        line: str,
        *,
        asks: str | None = None,
        yes: str | None = None,
        no: str | None = None,
        unit: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.Declared:
        """Remember a question of your own, in the place of one of the same name. Trains nothing; what is on duty stays.

        name: Question.
        asks: As a person would put it; made from the line when null.
        yes: What people call the answer yes.
        unit: In what a quantity is counted, for display; as it is declared when null.
        """
        return self._sender.send(
            Call(
                "PUT",
                f"/v1/questions/{segment(name)}",
                models.Declared,
                json={"line": line, **given({"asks": asks, "yes": yes, "no": no, "unit": unit})},
                key=idempotency_key,
            )
        )

    def delete(self, name: str, *, idempotency_key: str | None = None) -> None:
        """Forget a question of your own, its models and its predictions.

        name: Question.
        """
        self._sender.send(Call("DELETE", f"/v1/questions/{segment(name)}", None, key=idempotency_key))

    def list(self) -> models.Questions:
        """What can be asked, and how each model stands."""
        return self._sender.send(Call("GET", "/v1/questions", models.Questions))

    def population(self, name: str) -> models.Population:
        """Who is asked later, who is overdue, who is not asked and why.

        name: Question.
        """
        return self._sender.send(Call("GET", f"/v1/questions/{segment(name)}/population", models.Population))

    def prediction(self, name: str, kind: str, key: str) -> models.Prediction:
        """The newest answer of the model on duty about one thing.

        name: Question.
        kind: Kind.
        key: Key; it may contain slashes.
        """
        return self._sender.send(
            Call("GET", f"/v1/questions/{segment(name)}/predictions/{segment(kind)}/{segment(key)}", models.Prediction)
        )

    def predictions(
        self,
        name: str,
        *,
        subject: str | None = None,
        rank: Literal["money", "probability", "day"] | None = None,
        verb: Literal["act", "ask", "hold", "drop", "none"] | None = None,
        q: str | None = None,
        min_probability: float | None = None,
        deadline_before: str | None = None,
        all: bool | None = None,
        aside: Literal["false", "true", "any"] | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Predictions:
        """The answers of a question, ranked.

        name: Question.
        subject: Only about this thing.
        rank: What to rank by.
        verb: Only those about which this was decided last.
        q: Text in the subject's key; of persons the whole key.
        min_probability: At least this likely.
        deadline_before: Day or moment before which the deadline lies.
        all: Answered and expired ones too.
        aside: Whether to list what was set aside.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                f"/v1/questions/{segment(name)}/predictions",
                models.Predictions,
                query={
                    "subject": subject,
                    "rank": rank,
                    "verb": verb,
                    "q": q,
                    "min_probability": min_probability,
                    "deadline_before": deadline_before,
                    "all": all,
                    "aside": aside,
                    "after": after,
                    "limit": limit,
                },
            )
        )

    def each_predictions(
        self,
        name: str,
        *,
        subject: str | None = None,
        rank: Literal["money", "probability", "day"] | None = None,
        verb: Literal["act", "ask", "hold", "drop", "none"] | None = None,
        q: str | None = None,
        min_probability: float | None = None,
        deadline_before: str | None = None,
        all: bool | None = None,
        aside: Literal["false", "true", "any"] | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Prediction]:
        """The answers of a question, ranked. Follows `next` from page to page; `limit` is the size of a page.

        name: Question.
        subject: Only about this thing.
        rank: What to rank by.
        verb: Only those about which this was decided last.
        q: Text in the subject's key; of persons the whole key.
        min_probability: At least this likely.
        deadline_before: Day or moment before which the deadline lies.
        all: Answered and expired ones too.
        aside: Whether to list what was set aside.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.predictions(
                name=name,
                subject=subject,
                rank=rank,
                verb=verb,
                q=q,
                min_probability=min_probability,
                deadline_before=deadline_before,
                all=all,
                aside=aside,
                limit=limit,
                after=after,
            ),
            lambda page: page.predictions,
        )

    def rows_predictions(
        self,
        fields: Sequence[str],
        name: str,
        *,
        subject: str | None = None,
        rank: Literal["money", "probability", "day"] | None = None,
        verb: Literal["act", "ask", "hold", "drop", "none"] | None = None,
        q: str | None = None,
        min_probability: float | None = None,
        deadline_before: str | None = None,
        all: bool | None = None,
        aside: Literal["false", "true", "any"] | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The answers of a question, ranked. Of each only the members named in `fields`, as plain mappings.

        name: Question.
        subject: Only about this thing.
        rank: What to rank by.
        verb: Only those about which this was decided last.
        q: Text in the subject's key; of persons the whole key.
        min_probability: At least this likely.
        deadline_before: Day or moment before which the deadline lies.
        all: Answered and expired ones too.
        aside: Whether to list what was set aside.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    f"/v1/questions/{segment(name)}/predictions",
                    dict,
                    query={
                        "subject": subject,
                        "rank": rank,
                        "verb": verb,
                        "q": q,
                        "min_probability": min_probability,
                        "deadline_before": deadline_before,
                        "all": all,
                        "aside": aside,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["predictions"],
        )

    def promote(self, name: str, version: str, *, idempotency_key: str | None = None) -> models.OnDuty:
        """Put a version on duty. One that cannot be read is refused, and what is on duty stays there.

        name: Question.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/questions/{segment(name)}/promote",
                models.OnDuty,
                json={
                    "version": version,
                },
                key=idempotency_key,
            )
        )

    def proof(self, name: str, *, form: Literal["json", "html"] | None = None) -> models.Proof:
        """How far the model on duty can be trusted.

        name: Question.
        form: `html`: as one file; else by the header `Accept`.
        """
        return self._sender.send(
            Call("GET", f"/v1/questions/{segment(name)}/proof", models.Proof, query={"form": form})
        )

    def roll_back(self, name: str, *, idempotency_key: str | None = None) -> models.OnDuty:
        """Put the version before the one on duty back there; again: the one before that.

        name: Question.
        """
        return self._sender.send(
            Call("POST", f"/v1/questions/{segment(name)}/rollback", models.OnDuty, key=idempotency_key)
        )

    def set_schedule(
        self,
        name: str,
        *,
        every_days: int | None = None,
        on_drift: bool | None = None,
        idempotency_key: str | None = None,
    ) -> models.Versions:
        """Have it trained again every so many days or on drift; with neither only when somebody says so.

        name: Question.
        on_drift: When what comes is not what was said.
        """
        return self._sender.send(
            Call(
                "PUT",
                f"/v1/questions/{segment(name)}/schedule",
                models.Versions,
                json={**given({"every_days": every_days, "on_drift": on_drift})},
                key=idempotency_key,
            )
        )

    def suggested(self) -> models.Suggested:
        """Lines to start from, made from what was imported; valid as they are."""
        return self._sender.send(Call("GET", "/v1/questions/suggested", models.Suggested))

    def train(
        self,
        name: str,
        *,
        reason: str | None = None,
        on_duty: bool | None = None,
        admit: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Train and prove a question again on all that is known, as a job. What is on duty stays there until the end.

        name: Question.
        reason: Why, in your words; kept with the version.
        on_duty: Whether it goes on duty at its end; false: it is kept as a challenger, to be looked at first; null:
            it does, unless it may not be used while the one on duty may.
        admit: Suspicious features to let in, each with the reason; the proof names them under `leaks`.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/questions/{segment(name)}/train",
                models.Job,
                json={**given({"reason": reason, "on_duty": on_duty, "admit": admit})},
                key=idempotency_key,
            )
        )

    def versions(self, name: str) -> models.Versions:
        """Every version of the model that is kept, with its verdict and figures, and when it is trained again.

        name: Question.
        """
        return self._sender.send(Call("GET", f"/v1/questions/{segment(name)}/versions", models.Versions))

    def watch(self, name: str) -> models.Watch:
        """What was seen of the model on duty: its promise, what it says, who is asked, another version, and alarms.

        name: Question.
        """
        return self._sender.send(Call("GET", f"/v1/questions/{segment(name)}/watch", models.Watch))

    def what_if(
        self, name: str, subject: str, *, changes: Mapping[str, Any] | None = None, idempotency_key: str | None = None
    ) -> models.WhatIf:
        """What would be said of a subject, were some of its attributes others. Nothing of it is kept.

        name: Question.
        subject: kind/key.
        changes: Attribute to value, or link to kind/key; null for unknown. Nothing: only hints are wanted.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/questions/{segment(name)}/what-if",
                models.WhatIf,
                json={"subject": subject, **given({"changes": changes})},
                key=idempotency_key,
            )
        )


class Routes:
    """Calls of `routes`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def delete(self, name: str, *, idempotency_key: str | None = None) -> None:
        """Forget it. What somebody has stays theirs.

        name: Route.
        """
        self._sender.send(Call("DELETE", f"/v1/routes/{segment(name)}", None, key=idempotency_key))

    def list(self) -> models.Routes:
        """Who is asked what, in the order in which routes are tried."""
        return self._sender.send(Call("GET", "/v1/routes", models.Routes))

    def set(
        self,
        name: str,
        *,
        playbook: str,
        to: Sequence[str],
        whom: str | None = None,
        waiting: bool | None = None,
        dry_run: bool | None = None,
        idempotency_key: str | None = None,
    ) -> models.MadeRoute:
        """Say who is asked what a playbook puts into the inbox from now on; one of that name is changed, in its place.

        name: Route.
        whom: Conditions, such as `age above 60 and probability above 0.3`; empty: everybody.
        to: Users who may decide.
        waiting: Whether what waits and is nobody's, or somebody's who may not decide any more, goes by it too.
        dry_run: Only tell what would go where.
        """
        return self._sender.send(
            Call(
                "PUT",
                f"/v1/routes/{segment(name)}",
                models.MadeRoute,
                json={"playbook": playbook, "to": to, **given({"whom": whom, "waiting": waiting, "dry_run": dry_run})},
                key=idempotency_key,
            )
        )


class Runs:
    """Calls of `runs`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def change(
        self,
        id: str,
        what: Literal["pause", "resume", "cancel", "again"],
        *,
        step: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.RunWhole:
        """Pause, resume or cancel a run, or let it do a step again, under a key of its own. What was sent stays sent.

        id: Run.
        step: With `again`: from which step on; the one it stands at where left out.
        """
        return self._sender.send(
            Call(
                "POST",
                f"/v1/runs/{segment(id)}/change",
                models.RunWhole,
                json={"what": what, **given({"step": step})},
                key=idempotency_key,
            )
        )

    def get(self, id: str) -> models.RunWhole:
        """A run, step by step.

        id: Run.
        """
        return self._sender.send(Call("GET", f"/v1/runs/{segment(id)}", models.RunWhole))

    def list(
        self,
        *,
        state: Literal["running", "paused", "stuck", "ended", "cancelled"] | None = None,
        playbook: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.Runs:
        """What becomes of what was decided to be done, newest first.

        state: Only those in this state.
        playbook: Only of this one.
        after: `next` of the page before, as it was given.
        limit: Items on the page.
        """
        return self._sender.send(
            Call(
                "GET",
                "/v1/runs",
                models.Runs,
                query={"state": state, "playbook": playbook, "after": after, "limit": limit},
            )
        )

    def each(
        self,
        *,
        state: Literal["running", "paused", "stuck", "ended", "cancelled"] | None = None,
        playbook: str | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Run]:
        """What becomes of what was decided to be done, newest first. Follows `next` from page to page; `limit` is the
        size of a page.

        state: Only those in this state.
        playbook: Only of this one.
        limit: Items on the page.
        """
        return pages(
            lambda after: self.list(state=state, playbook=playbook, limit=limit, after=after), lambda page: page.runs
        )

    def rows(
        self,
        fields: Sequence[str],
        *,
        state: Literal["running", "paused", "stuck", "ended", "cancelled"] | None = None,
        playbook: str | None = None,
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """What becomes of what was decided to be done, newest first. Of each only the members named in `fields`, as
        plain mappings.

        state: Only those in this state.
        playbook: Only of this one.
        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call(
                    "GET",
                    "/v1/runs",
                    dict,
                    query={
                        "state": state,
                        "playbook": playbook,
                        "after": after,
                        "limit": limit,
                        "fields": ",".join(fields),
                    },
                )
            ),
            lambda page: page["runs"],
        )


class Session:
    """Calls of `session`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def close(self, *, idempotency_key: str | None = None) -> None:
        """Sign out. A token that came in a header is not ended by this: keys are revoked."""
        self._sender.send(Call("DELETE", "/v1/session", None, key=idempotency_key))

    def open(
        self,
        body: models.ByPassword | Mapping[str, Any] | models.ByCode | models.ByToken,
        *,
        idempotency_key: str | None = None,
    ) -> models.Me:
        """Sign in by name and password, by the code of a link or by an access token; the answer sets a cookie. Open to
        everybody. Refused in the same words and after the same time, whatever is wrong."""
        return self._sender.send(
            Call("POST", "/v1/session", models.Me, json=body, media="application/json", key=idempotency_key)
        )


class Users:
    """Calls of `users`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def code(self, name: str, *, idempotency_key: str | None = None) -> models.ByCode:
        """A new code for a link that signs this user in once, as where the first has expired or a password is lost.

        name: User.
        """
        return self._sender.send(Call("POST", f"/v1/users/{segment(name)}/code", models.ByCode, key=idempotency_key))

    def create(
        self,
        *,
        name: str,
        role: Literal["viewer", "operator", "owner"],
        password: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.UserMade:
        """Let somebody in: with a password, or by the code for a link.

        name: a-z, 0-9 and . _ @ + -; an e-mail address will do.
        password: Without one, the answer holds a code for a link.
        """
        return self._sender.send(
            Call(
                "POST",
                "/v1/users",
                models.UserMade,
                json={"name": name, "role": role, **given({"password": password})},
                key=idempotency_key,
            )
        )

    def delete(self, name: str, *, idempotency_key: str | None = None) -> None:
        """Remove a user; what they did stays in the audit trail. The last owner stays (409).

        name: User.
        """
        self._sender.send(Call("DELETE", f"/v1/users/{segment(name)}", None, key=idempotency_key))

    def list(self, *, limit: int | None = None, after: str | None = None) -> models.Users:
        """The users of the workspace, by name.

        limit: Items on the page.
        after: `next` of the page before, as it was given.
        """
        return self._sender.send(Call("GET", "/v1/users", models.Users, query={"limit": limit, "after": after}))

    def each(self, *, limit: int | None = None) -> Iterator[models.User]:
        """The users of the workspace, by name. Follows `next` from page to page; `limit` is the size of a page.

        limit: Items on the page.
        """
        return pages(lambda after: self.list(limit=limit, after=after), lambda page: page.users)

    def rows(self, fields: Sequence[str], *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """The users of the workspace, by name. Of each only the members named in `fields`, as plain mappings.

        limit: Items on the page.
        """
        return pages(
            lambda after: self._sender.send(
                Call("GET", "/v1/users", dict, query={"limit": limit, "after": after, "fields": ",".join(fields)})
            ),
            lambda page: page["users"],
        )

    def update(
        self,
        name: str,
        *,
        role: Literal["viewer", "operator", "owner"] | None = None,
        disabled: bool | None = None,
        password: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.User:
        """Give a user another role or password, shut them out, or let them in again. Whoever is shut out or gets another
        password is signed out everywhere. The last owner stays one (409).

        name: User.
        """
        return self._sender.send(
            Call(
                "PATCH",
                f"/v1/users/{segment(name)}",
                models.User,
                json={**given({"role": role, "disabled": disabled, "password": password})},
                key=idempotency_key,
            )
        )


class Api:
    """All that the interface offers, by group."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.alarms = Alarms(sender)
        self.asides = Asides(sender)
        self.audit = Audit(sender)
        self.chat_users = ChatUsers(sender)
        self.contacts = Contacts(sender)
        self.decisions = Decisions(sender)
        self.deliveries = Deliveries(sender)
        self.destinations = Destinations(sender)
        self.entities = Entities(sender)
        self.events = Events(sender)
        self.experiments = Experiments(sender)
        self.files = Files(sender)
        self.findings = Findings(sender)
        self.health = Health(sender)
        self.hooks = Hooks(sender)
        self.imports = Imports(sender)
        self.inbox = Inbox(sender)
        self.invariants = Invariants(sender)
        self.jobs = Jobs(sender)
        self.keys = Keys(sender)
        self.me = Me(sender)
        self.playbooks = Playbooks(sender)
        self.predictions = Predictions(sender)
        self.quarantine = Quarantine(sender)
        self.questions = Questions(sender)
        self.routes = Routes(sender)
        self.runs = Runs(sender)
        self.session = Session(sender)
        self.users = Users(sender)

    def catalog(self) -> models.Catalog:
        """What is declared: kinds, events, and how a question is asked."""
        return self._sender.send(Call("GET", "/v1/catalog", models.Catalog))

    def metrics(self) -> str:
        """Figures for Prometheus: of this process, and of the caller's workspace."""
        return self._sender.send(Call("GET", "/v1/metrics", str))

    def search(self, q: str, *, kind: str | None = None, limit: int | None = None) -> models.Finds:
        """Things by their key: what begins with the text first, then what has it inside.

        q: Text in the key; of persons the whole key.
        kind: Of this kind only.
        limit: Things to find.
        """
        return self._sender.send(Call("GET", "/v1/search", models.Finds, query={"q": q, "kind": kind, "limit": limit}))

    def status(self) -> models.Status:
        """How the workspace stands: clock, counts, lags, what waits."""
        return self._sender.send(Call("GET", "/v1/status", models.Status))
