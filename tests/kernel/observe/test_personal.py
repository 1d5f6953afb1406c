"""Nothing personal stands in the ledger or anything made of it; whoever may read sees it, until it is erased."""

from __future__ import annotations

from pathlib import Path

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, importing, keeping, reading
from sightline.kernel.observe import mapping_file
from sightline.language.ref import Ref

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
    assert await keeping.erase(desk, workspace, str(jane)) == 2
    async with desk.db.transaction(workspace.number) as tx:
        key = await tx.value("select key from sightline.entities where tenant = :t and kind = 'contact'", t=tx.tenant)
    gone = await reading.thing(desk, workspace, Ref("contact", key))
    assert gone.attributes["name"].startswith("tok_")
    assert gone.links == {"account": "account/ACME"}


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
