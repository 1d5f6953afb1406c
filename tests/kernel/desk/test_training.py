"""What training is given by the settings."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from typing import Any

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.kernel.desk.training import train
from sightline.kernel.predict import engine
from sightline.language.errors import Misconfigured
from sightline.packs.supply.predict import ARRIVES_LATE


async def test_the_settings_have_what_takes_long_tried_where_it_is_installed(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bool] = []

    def trained(*given: Any, extras: bool, **more: Any) -> engine.Trained:
        heard.append(extras)
        return real(*given, extras=extras, **more)

    real = engine.train
    monkeypatch.setattr(engine, "train", trained)
    chosen = desk.settings.predict.model_copy(update={"extras": True})
    asked = replace(desk, settings=desk.settings.model_copy(update={"predict": chosen}))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    await train(desk, standing, ARRIVES_LATE)
    await train(asked, standing, ARRIVES_LATE)
    assert heard == [False, True]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Misconfigured, match="CatBoost"):
        await train(asked, standing, ARRIVES_LATE)
