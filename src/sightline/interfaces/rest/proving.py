"""How far the model of a question can be trusted: as a document, or as one file to be sent around."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import HTMLResponse, JSONResponse

from sightline.interfaces.rest import models, proof_file
from sightline.interfaces.rest.needs import Reader, RestDep, room
from sightline.interfaces.rest.predictions import QuestionName
from sightline.kernel.desk import reading as desk

AS_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}, "example": "<!doctype html><html>...</html>"}}}
}
"""The other form of a proof."""

router = room()


class Form(StrEnum):
    """How a proof is written."""

    JSON = "json"
    HTML = "html"


@router.get("/questions/{name}/proof", tags=["questions"], response_model=models.Proof, responses=AS_FILE)
async def get_proof(
    request: Request,
    rest: RestDep,
    caller: Reader,
    name: QuestionName,
    form: Annotated[Form | None, Query(description="`html`: as one file; else by the header `Accept`.")] = None,
) -> Any:
    """How far the model on duty can be trusted."""
    found = await desk.proof(rest.desk, caller.tenant, name)
    if (form or _accepted(request)) is Form.JSON:
        # As it stands: an older one may lack what is written today.
        return JSONResponse(found)
    page = await asyncio.to_thread(proof_file.html, found, await desk.worth_unit(rest.desk, caller.tenant, name))
    headers = {"Content-Disposition": f'inline; filename="{name}.html"', "Vary": "Accept"}
    headers |= {"Content-Security-Policy": proof_file.policy(page), "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(page, headers=headers)


def _accepted(request: Request) -> Form:
    """What a caller that names no form gets: a browser that opens the address asks for text/html by name."""
    return Form.HTML if "text/html" in request.headers.get("accept", "").lower() else Form.JSON
