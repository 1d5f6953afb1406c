"""Nothing personal stands in the ledger or anything made of it; whoever may read sees it, until it is erased."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, importing, keeping, reading, replaying
from sightline.kernel.observe import mapping_file, quarantine
from sightline.kernel.observe.personal import token_ref
from sightline.kernel.observe.rows import RowReader
from sightline.kernel.observe.table import Row
from sightline.kernel.predict import registry
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.listing import Wanted
from sightline.language.errors import Invalid, NotFound
from sightline.language.prediction import Prediction, Reason
from sightline.language.ref import Ref
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make

MAPPING = """
source = "crm"
kind = "contact"
key = ["Email"]
person = true

[events]
"contact.met" = { time = "Met" }

[columns]
Name = { name = "name", sort = "text", personal = true }
Account = { name = "account", link = "account" }
"""


async def test_a_person_is_a_token_everywhere_until_asked_for_and_nothing_once_erased(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Email,Name,Account,Met\njane@example.com,Jane Roe,ACME,2024-01-05\n,Nobody,ACME,2024-01-05\n")
    mapping = mapping_file.parse(MAPPING)
    done = await importing.import_file(desk, workspace, file, mapping)
    assert (done.events, done.quarantined) == (2, 1)
    assert await in_the_clear(desk, workspace) == []
    jane = Ref("contact", "jane@example.com")
    found = await reading.thing(desk, workspace, jane)
    assert found.ref == jane
    assert found.attributes["name"] == "Jane Roe"
    assert [one.id for one in found.timeline][-1] == "jane@example.com:contact.met"
    again = await importing.import_file(desk, workspace, file, mapping)
    assert (again.events, again.repeated) == (0, 2)
    assert (await keeping.erase(desk, workspace, str(jane))).values == 2
    async with desk.db.transaction(workspace.number) as tx:
        key = await tx.value("select key from sightline.entities where tenant = :t and kind = 'contact'", t=tx.tenant)
    for _ in range(2):
        gone = await reading.thing(desk, workspace, Ref("contact", key))
        assert gone.attributes["name"].startswith("tok_")
        assert gone.links == {"account": "account/ACME"}
        again = await importing.import_file(desk, workspace, file, mapping)
        assert (again.events, again.repeated) == (0, 2)
    with pytest.raises(NotFound):
        await reading.thing(desk, workspace, jane)


CARELESS = MAPPING + 'Phone = { name = "phone", sort = "number", personal = true }\n'


async def test_reasons_of_quarantine_quote_nothing_personal_and_its_rows_are_erased_too(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    rows = ["jane@example.com,Jane,ACME,2024-01-05,5", "jane@example.com,Roe,ACME,2024-01-05,5"]
    unread = ["jane@x.org,Jane,ACME,2024-01-06,by Jane", "joe@x.org,Joe,ACME,soon,5"]
    file.write_text("\n".join(["Email,Name,Account,Met,Phone", *rows, *unread]) + "\n")
    assert (await importing.import_file(desk, workspace, file, mapping_file.parse(CARELESS))).quarantined == 3
    assert await in_the_clear(desk, workspace) == []
    reasons = [one.reason for one in await importing.waiting(desk, workspace)]
    assert reasons[0].startswith("The key of this row stands in line 2 too.")
    assert reasons[1].startswith("Column 'Phone' holds a value, which is no number")
    assert "'soon'" in reasons[2]
    erased = await keeping.erase(desk, workspace, "contact/jane@example.com")
    assert (erased.values, erased.rows) == (3, 1)
    assert await keeping.erase(desk, workspace, "by Jane") == keeping.Erased(values=0, rows=1)
    assert [one.line for one in await importing.waiting(desk, workspace)] == [5]


async def test_a_row_of_quarantine_that_was_erased_stays_empty_when_its_file_is_read_again(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    file, mapping = tmp_path / "contacts.csv", mapping_file.parse(MAPPING)
    file.write_text("Email,Name,Account,Met\njane@example.com,Jane Roe,ACME,soon\n")
    assert (await importing.import_file(desk, workspace, file, mapping)).quarantined == 1
    (held,) = await importing.waiting(desk, workspace)
    assert (await keeping.erase(desk, workspace, "contact/jane@example.com")).rows == 1
    assert (await keeping.erase(desk, workspace, "contact/jane@example.com")).rows == 0
    for _ in range(2):
        async with desk.db.transaction(workspace.number) as tx:
            row, raw = await quarantine.show(tx, desk.vault, held.number)
            assert await tx.value("select sealed from sightline.quarantine where tenant = :t", t=tx.tenant) == b""
        assert (row.reason, row.discarded_at is None, raw) == ("Erased.", False, '{"raw":"Erased."}')
        assert await importing.waiting(desk, workspace) == []
        assert (await importing.import_file(desk, workspace, file, mapping)).quarantined == 0
    nothing, (wrong,) = await replaying.replay(desk, workspace, [held.number], {})
    assert (nothing, wrong.reason) == (None, replaying.GONE)


async def test_a_person_named_by_two_columns_is_erased_from_quarantine_too(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("First,Last,Name,Met\n Jane,Roe  Poe,J,soon\nJane,Poe,J,soon\nRoe Poe,Jane,J,soon\n")
    mapping = mapping_file.parse(MAPPING.replace('"Email"', '"First", "Last"').replace("Account =", "# Account ="))
    assert (await importing.import_file(desk, workspace, file, mapping)).quarantined == 3
    assert (await keeping.erase(desk, workspace, "contact/Jane/Roe Poe")).rows == 1
    assert [one.line for one in await importing.waiting(desk, workspace)] == [3, 4]


async def test_a_person_who_agreed_anew_is_somebody_new(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Email,Name,Account,Met\nann@a/b.org,Ann,ACME,2024-01-05\n")
    mapping = mapping_file.parse(MAPPING)
    await importing.import_file(desk, workspace, file, mapping)
    ann = Ref("contact", "ann@a/b.org")
    assert (await keeping.erase(desk, workspace, str(ann))).values == 2
    await keeping.lift(desk, workspace, str(ann))
    assert (await importing.import_file(desk, workspace, file, mapping)).events == 2
    await keeping.replay_erasures(desk)
    assert (await reading.thing(desk, workspace, ann)).attributes["name"] == "Ann"
    with pytest.raises(NotFound, match="was not erased"):
        await keeping.lift(desk, workspace, str(ann))


async def test_a_value_with_a_slash_is_erased_as_it_is_written(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    mapping = mapping_file.parse(
        'source = "sites"\nkind = "site"\nkey = "id"\n[columns]\nRep = { sort = "text", personal = true }\n'
    )
    file = tmp_path / "sites.csv"
    file.write_text("id,Rep\n1,c/o Jane Roe\n")
    await importing.import_file(desk, workspace, file, mapping)
    assert (await keeping.erase(desk, workspace, "c/o Jane Roe")).values == 1
    with pytest.raises(Invalid, match="Nobody is named"):
        await keeping.erase(desk, workspace, " ")


async def test_a_person_is_one_whichever_mapping_speaks_of_them(desk: Desk, workspace: Tenant, tmp_path: Path) -> None:
    contacts, orders = tmp_path / "contacts.csv", tmp_path / "orders.csv"
    contacts.write_text("Email,Name,Account,Met\njane@example.com,Jane Roe,ACME,2024-01-05\n")
    orders.write_text("No,Buyer\n7,jane@example.com\n")
    await importing.import_file(desk, workspace, contacts, mapping_file.parse(MAPPING))
    careless = 'source = "orders"\nkind = "order"\nkey = "No"\n[columns]\nBuyer = { link = "contact" }\n'
    await importing.import_file(desk, workspace, orders, mapping_file.parse(careless))
    assert await in_the_clear(desk, workspace) == []
    jane = await reading.thing(desk, workspace, Ref("contact", "jane@example.com"))
    assert jane.linked_from == {"order": 1}


async def test_ids_of_rows_that_persons_tell_apart_cannot_be_tried(
    desk: Desk, workspace: Tenant, tmp_path: Path
) -> None:
    mapping = mapping_file.parse(
        'source = "visits"\nkind = "contact"\nkey = "Email"\nperson = true\nrows = "events"\n'
        '[events]\n"contact.visited" = { time = "On" }\n'
    )
    row = Row(1, {"Email": "jane@example.com", "On": "2024-01-05"})
    file = tmp_path / "visits.csv"
    file.write_text("Email,On\njane@example.com,2024-01-05\n")
    await importing.import_file(desk, workspace, file, mapping)
    async with desk.db.transaction(workspace.number) as tx:
        id_ = await tx.value("select id from sightline.ledger where tenant = :t and source = 'visits'", t=tx.tenant)
    tails = [RowReader(mapping, pepper).key_of(row).rpartition(":")[2] for pepper in (b"", desk.vault.pepper)]
    assert [tail in id_ for tail in tails] == [False, True]


async def test_what_is_predicted_of_a_person_is_told_by_name(desk: Desk, standing: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("Email,Name,Account,Met\njane@example.com,Jane Roe,ACME,2020-01-05\n")
    await importing.import_file(desk, standing, file, mapping_file.parse(MAPPING))
    jane, name = Ref("contact", "jane@example.com"), ARRIVES_LATE.name
    model = registry.Model(
        question=name, version="m1", line=canonical(ARRIVES_LATE), document={}, proof={"verdict": "use"},
        trained_at=make.day(1), as_of=make.day(1), position=1,
    )  # fmt: skip
    async with desk.db.transaction(standing.number) as tx:
        token = await token_ref(tx, desk.vault, jane, (await desk.catalog(standing)).kinds)
        why = Reason(text=f"As {token.key}.", contribution=1)
        said = Prediction(
            question=name, subject=token, cutoff=make.day(990), deadline=make.day(1010), probability=0.5, low=0.4,
            high=0.6, worth=None, expected_loss=None, model="m1", reasons=(why,),
        )  # fmt: skip
        await registry.store(tx, model)
        await registry.keep(tx, [said], grace=timedelta(0), at=make.day(1000))
    assert token != jane
    about = await reading.ranking(desk, standing, Wanted(subject=jane, open_only=False))
    for (one,) in (about.found, await reading.predictions(desk, standing, name)):
        assert one.subject == str(jane)
        assert one.reasons[0]["text"] == "As jane@example.com."


async def in_the_clear(desk: Desk, tenant: Tenant) -> list[str]:
    """The tables and files in which the name or the address can be read."""
    found = []
    async with desk.db.transaction(tenant.number) as tx:
        tables = await tx.rows(
            "select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname in ('sightline', 'sightline_keys') and c.relkind in ('r', 'p') and not c.relispartition"
            " and has_table_privilege(c.oid, 'select')"
        )
        for name in (row["name"] for row in tables if not row["name"].endswith("_next")):
            hits = await tx.value(
                f"select count(*) from {name} x where x::text ilike '%jane%' or x::text ilike '%roe%'"
            )
            found += [name] if hits else []
    files = [path for path in (desk.settings.home / "lake" / str(tenant.number)).rglob("*") if path.is_file()]
    assert files
    return found + [path.name for path in files if b"jane@" in path.read_bytes() or b"Jane Roe" in path.read_bytes()]
