"""A workshop's repair orders as a German office would export them: made up, always the same for the same day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

HEADER = (
    "Auftragsnr;Werkstatt;Kunde;E-Mail;Gerät;Fehlerbild;Angenommen am;Zugesagt für;Repariert am;Preis (EUR);Techniker"
)
ORDERS = 3_000
SLOW = {"Halle Süd": 0.28, "Bremen": 0.1, "Köln Mitte": 0.04}
HARD = {"Platine": 0.22, "Display": 0.05, "Akku": -0.03, "Gehäuse": 0.0}
DEVICES = ("Bohrhammer", "Laborwaage", "Scanner", "Kaffeevollautomat", "Pumpe")
FIRST = ("Anna", "Björn", "Carla", "Dirk", "Elif", "Frank", "Greta", "Hüseyin", "Ines", "Jörg", "Katja", "Lars")
LAST = ("Ahrens", "Brandt", "Çelik", "Diekmann", "Eilers", "Fricke", "Große", "Hansen", "Iversen", "Jansen")
HISTORY = timedelta(days=900)

BROKEN = (
    "R-90001;Bremen;Lars Hansen;lars.hansen@example.org;Pumpe;Akku;32.13.2025;01.02.2026;;129,90;T2",
    "R-90002;Bremen;Ines Große;ines.grosse@example.org;Scanner;Display;bald;nächste Woche;;89,00;T1",
    "R-90003;Köln Mitte;Jörg Brandt;joerg.brandt@example.org;Pumpe;Akku;01.02.2025;09.02.2025;;etwa hundert;T3",
    "R-90004;Halle Süd;zu;viele;Zellen;in;dieser;Zeile;;;;;;",
)
"""Rows that no reading makes sense of: two without a date, one without a price, one that falls apart."""


def write(path: Path, today: date, seed: int = 20) -> Path:
    """The file. What is promised before `today` has mostly been repaired; what is promised later stands open."""
    draw = random.Random(seed)
    rows = [_row(number, draw, today) for number in range(ORDERS)]
    for place, broken in zip((7, 60, 900, 2000), BROKEN, strict=True):
        rows.insert(place, broken)
    path.write_text("\r\n".join([HEADER, *rows]) + "\r\n", encoding="utf-8")
    return path


def _row(number: int, draw: random.Random, today: date) -> str:
    shop, fault = draw.choice(list(SLOW)), draw.choice(list(HARD))
    name = f"{draw.choice(FIRST)} {draw.choice(LAST)}"
    taken = today - HISTORY + timedelta(days=int(number * (HISTORY.days + 1) / ORDERS))
    promised = taken + timedelta(days=draw.randint(12, 40))
    late = draw.random() < 0.06 + SLOW[shop] + HARD[fault]
    done = promised + timedelta(days=draw.randint(1, 12) if late else -draw.randint(0, 4))
    mail = name.lower().translate(str.maketrans({" ": ".", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ç": "c"}))
    price = 39 + draw.random() * 900
    cells = [
        f"R-{10_000 + number}", shop, name, f"{mail}@example.org", draw.choice(DEVICES), fault, _day(taken),
        _day(promised), _day(done) if done <= today else "", f"{price:,.2f}".translate(str.maketrans(",.", ".,")),
        f"T{draw.randint(1, 9)}",
    ]  # fmt: skip
    return ";".join(cells)


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")
