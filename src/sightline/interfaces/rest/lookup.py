"""`GET /v1/questions/{name}/predictions/{kind}/{key}`: one prediction, for programs that ask often."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Path, Request
from starlette.responses import Response

from sightline.foundation.identity import Right
from sightline.interfaces.rest import models
from sightline.interfaces.rest.answers import fresh
from sightline.interfaces.rest.context import Rest
from sightline.interfaces.rest.needs import Reader, RestDep, room
from sightline.interfaces.rest.predictions import QuestionName, shown
from sightline.kernel.desk.lookup import Answer
from sightline.language.errors import NotFound
from sightline.language.ref import Ref

router = room("questions")

HOT = re.compile(r"/v1/questions/(?P<name>[^/\0]+)/predictions/(?P<kind>[^/\0]+)/(?P<key>[^\0]+)")


@router.get("/questions/{name}/predictions/{kind}/{key:path}")
async def get_prediction(
    rest: RestDep,
    caller: Reader,
    name: QuestionName,
    kind: Annotated[str, Path(description="Kind.", examples=["line"])],
    key: Annotated[str, Path(description="Key; it may contain slashes.", examples=["82108"])],
) -> models.Prediction:
    """The newest answer of the model on duty about one thing."""
    return _told(name, Ref.parse(f"{kind}/{key}"), await rest.look_up(caller, (name, Ref.parse(f"{kind}/{key}"))))


ROUTE = router.routes[0]


async def prediction(rest: Rest, request: Request) -> Response:
    """The same, without the layers before a route: they would cost more than the answer."""
    given = request.scope["path_params"]
    caller = await rest.admit(request, Right.READ)
    ref = Ref.parse(f"{given['kind']}/{given['key']}")
    found = _told(given["name"], ref, await rest.look_up(caller, (given["name"], ref)))
    return fresh(request, found.__pydantic_serializer__.to_json(found), models.Prediction)


def _told(name: str, ref: Ref, answer: Answer | None) -> models.Prediction:
    if answer is None or answer.question is None:
        raise NotFound(f"There is no question '{name}'.", hint="GET /v1/questions lists them.")
    if answer.found is None:
        raise NotFound(
            f"Nothing is forecast of {ref} to '{name}'.",
            hint="GET /v1/predictions?subject= lists what is said of it; .../population tells who is asked later.",
        )
    return shown(answer.found, answer.catalog)
