"""What every shape of an answer has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Members that a newer server adds are kept (`model_extra`); what does not fit is told without its values."""

    model_config = ConfigDict(
        extra="allow",
        hide_input_in_errors=True,
        protected_namespaces=(),
        ser_json_inf_nan="constants",
        validate_by_alias=True,
        validate_by_name=True,
    )
