"""Proposals: what a file looks like decides, what is doubtful is said."""

from __future__ import annotations

import gzip
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.mapping import LINE
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.sniff import Proposal, propose
from sightline.language.errors import Invalid
from sightline.language.kind import Sort
from sightline.packs.supply.observe import DELIVERIES
from sightline.vocabulary.words import WORDS

SHIPPED = Path(str(files("sightline.packs.supply") / "data" / "scms_delivery.csv.gz"))


def look(folder: Path, name: str, text: str) -> Proposal:
    """The proposal for a file with that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return propose(path, words=WORDS)


def table(header: str, rows: list[str]) -> str:
    """A CSV text."""
    return "\n".join([header, *rows]) + "\n"


def invoices(count: int = 60) -> str:
    """Open and settled invoices, American dates."""
    rows = []
    for n in range(count):
        settled = f"{n % 12 + 1}/{n % 28 + 1}/2023" if n % 2 else ""
        late = str(n % 5) if settled else ""
        rows.append(f"00{n:05d},C-{n % 9},1/{n % 28 + 1}/2023,3/{n % 28 + 1}/2023,{n}.5,{settled},{late}")
    return table("invoiceNumber,customerID,InvoiceDate,DueDate,Amount (USD),SettledDate,DaysLate", rows)


class TestTheDeliveries:
    """The shipped file, without its declaration."""

    proposal = propose(SHIPPED, words=WORDS)

    def test_it_finds_key_events_and_their_known_at(self) -> None:
        mapping = self.proposal.mapping
        assert mapping.key == DELIVERIES.key
        found = {e.type.replace(mapping.kind, "line"): (e.time, e.known, e.begins) for e in mapping.events_}
        assert found == {e.type: (e.time, e.known, e.begins) for e in DELIVERIES.events_ if e.past is None}

    def test_it_finds_the_links(self) -> None:
        found = {c.column: c.link for c in self.proposal.mapping.columns if c.link}
        assert found == {c.column: c.link for c in DELIVERIES.columns if c.link}

    def test_it_finds_the_numbers_and_the_promise(self) -> None:
        found = {c.column: c.sort for c in self.proposal.mapping.columns if not c.link}
        for one in DELIVERIES.columns:
            if not one.link and one.column != "First Line Designation":
                assert found[one.column] is one.sort

    def test_it_finds_the_words_for_nothing(self) -> None:
        assert set(DELIVERIES.missing) <= set(self.proposal.mapping.missing)
        incoterm = next(c for c in self.proposal.mapping.columns if c.column == "Vendor INCO Term")
        assert incoterm.missing == ()

    def test_it_finds_the_currency(self) -> None:
        assert self.proposal.mapping.currency == "USD"
        assert {c.column for c in self.proposal.mapping.columns if c.unit == "USD"} >= {
            "Line Item Value", "Pack Price", "Unit Price", "Freight Cost (USD)",
        }  # fmt: skip

    def test_it_says_what_the_file_cannot_show(self) -> None:
        assert any("Every row has 'Delivered to Client Date'" in doubt for doubt in self.proposal.doubts)

    def test_no_row_is_set_aside_and_the_file_reads_back(self) -> None:
        assert (self.proposal.rows, self.proposal.whole, self.proposal.set_aside) == (10_324, True, 0)
        assert mapping_file.parse(self.proposal.text) == self.proposal.mapping
        assert self.proposal.events


def test_open_and_settled_rows_show_what_the_ending_brings(tmp_path: Path) -> None:
    mapping = look(tmp_path, "ar.csv", invoices()).mapping
    assert (mapping.kind, mapping.key, mapping.dates) == ("invoice", ("invoiceNumber",), "MM/DD/YYYY")
    assert [(e.type, e.begins) for e in mapping.events_] == [("invoice.dated", True), ("invoice.settled", False)]
    columns = {c.column: c for c in mapping.columns}
    assert columns["customerID"].link == "customer"
    assert columns["DueDate"].sort is Sort.DAY
    assert columns["Amount (USD)"].unit == "USD"
    assert (columns["DaysLate"].known, columns["DaysLate"].otherwise) == ("invoice.settled", "unknown")


def test_a_state_is_known_with_the_event_that_turns_it(tmp_path: Path) -> None:
    rows = [
        f"D{n},{'Won' if n % 3 else 'Open'},2024-01-{n % 28 + 1:02d},{'2024-05-01' if n % 3 else ''}" for n in range(90)
    ]
    mapping = look(tmp_path, "deals.csv", table("opportunity_id,stage,engage_date,close_date", rows)).mapping
    stage = next(c for c in mapping.columns if c.column == "stage")
    assert (stage.known, stage.otherwise) == ("opportunity.closed", "unknown")


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("Won", "Lost", "Open"), {"opportunity.won": "Won", "opportunity.lost": "Lost"}),
        (("Won", "Won", "Open"), {}),
        (("won", "赢", "Open"), {"opportunity.won": "won"}),
        (("Closed", "Lost", "Open"), {"opportunity.lost": "Lost"}),
    ],
)
def test_states_that_stand_only_with_an_ending_are_its_outcomes(
    tmp_path: Path, states: tuple[str, ...], told: dict[str, str]
) -> None:
    rows = [f"D{n},{states[n % 3]},2024-01-{n % 28 + 1:02d},{'2024-05-01' if n % 3 < 2 else ''}" for n in range(120)]
    proposal = look(tmp_path, "deals.csv", table("opportunity_id,stage,engage_date,close_date", rows))
    found = {e.type: e.where.is_[0] for e in proposal.mapping.events_ if e.where}
    assert found == told
    assert {e.time for e in proposal.mapping.events_ if e.where} <= {"close_date"}
    assert mapping_file.parse(proposal.text) == proposal.mapping
    assert not proposal.set_aside


def test_days_between_two_dates_are_known_with_the_later(tmp_path: Path) -> None:
    rows = [f"{n},2024-01-{n % 9 + 1:02d},2024-02-{n % 28 + 1:02d},{31 + n % 28 - n % 9}" for n in range(60)]
    mapping = look(tmp_path, "a.csv", table("case id,opened,closed,took", rows)).mapping
    assert next(c for c in mapping.columns if c.column == "took").known == "case.closed"


def test_many_dated_rows_about_one_thing_are_events(tmp_path: Path) -> None:
    rows = [f"{n % 7:05d} 199701{n % 28 + 1:02d} {n % 3} {n}.5" for n in range(80)]
    proposal = look(tmp_path, "cds.txt", table("customer_id date number_of_cds dollar_value", rows))
    mapping = proposal.mapping
    assert (mapping.kind, mapping.key, mapping.rows, mapping.dates) == (
        "customer",
        ("customer_id",),
        "events",
        "YYYYMMDD",
    )
    assert {c.column: (c.sort, c.known) for c in mapping.columns} == {
        "number_of_cds": (Sort.NUMBER, "customer.dated"),
        "dollar_value": (Sort.NUMBER, "customer.dated"),
    }
    assert any("give it a verb" in doubt for doubt in proposal.doubts)


def test_a_flat_table_without_key_is_numbered_by_line_and_says_so(tmp_path: Path) -> None:
    rows = [f"{20 + n % 50};admin;{'yes' if n % 4 else 'no'};{n % 7},5" for n in range(200)]
    proposal = look(tmp_path, "bank.csv", table("age;job;loan;rate", rows))
    assert (proposal.mapping.key, proposal.mapping.kind) == ((LINE,), "bank")
    assert proposal.mapping.dialect.delimiter == ";"
    assert proposal.mapping.numbers == "1.234,56"
    assert {c.column: c.sort for c in proposal.mapping.columns}["loan"] is Sort.FLAG
    assert proposal.doubts[0].startswith("No column names the rows. They are numbered by line")


def test_personal_data_are_marked(tmp_path: Path) -> None:
    rows = [f"a{n}@x.org,Ann{n},Berg,+49 30 {n:06d},ACME {n % 5},Max Muster {n % 4}x" for n in range(40)]
    proposal = look(tmp_path, "contacts.csv", table("email,first name,last name,phone,company,sales rep", rows))
    mapping = proposal.mapping
    assert (mapping.kind, mapping.key, mapping.person) == ("contact", ("email",), True)
    assert {c.column for c in mapping.columns if c.personal} >= {"first name", "last name", "phone"}
    assert next(c for c in mapping.columns if c.column == "company").link == "company"
    assert any("Taken for personal data" in doubt for doubt in proposal.doubts)


def test_people_named_in_a_link_are_personal(tmp_path: Path) -> None:
    names = ("Ada Low", "Bo Mey", "Cy Nor", "Di Oak", "Ed Poe")
    rows = [f"{n},{names[n % 5]},2024-01-{n % 28 + 1:02d}" for n in range(50)]
    link = look(tmp_path, "a.csv", table("order id,sales agent,placed", rows)).mapping.columns[0]
    assert (link.link, link.personal) == ("agent", True)


@pytest.mark.parametrize(
    ("texts", "doubt"),
    [
        (
            [f"0{n % 9 + 1}/0{n % 7 + 1}/2024" for n in range(40)],
            "may be DD/MM/YYYY or MM/DD/YYYY: no value seen tells",
        ),
        (["13/02/2024", "14/02/2024", "02/15/2024"] * 10, "mixes day and month: 1 values can only be MM/DD/YYYY"),
    ],
)
def test_dates_that_cannot_be_told_are_asked_about(tmp_path: Path, texts: list[str], doubt: str) -> None:
    rows = [f"{n},{text}" for n, text in enumerate(texts)]
    assert any(doubt in one for one in look(tmp_path, "a.csv", table("id,sent", rows)).doubts)


def test_a_neighbour_tells_day_from_month(tmp_path: Path) -> None:
    rows = [f"{n},0{n % 9 + 1}/0{n % 7 + 1}/2024,12/{n % 28 + 1}/2024" for n in range(40)]
    proposal = look(tmp_path, "a.csv", table("id,sent,due", rows))
    assert proposal.mapping.dates == "MM/DD/YYYY"
    assert not any("may be" in doubt for doubt in proposal.doubts)


def test_a_key_that_repeats_is_told(tmp_path: Path) -> None:
    rows = [f"{n if n != 30 else 29},2024-02-0{n % 9 + 1}" for n in range(60)]
    proposal = look(tmp_path, "a.csv", table("id,sent", rows))
    assert proposal.mapping.key == ("id",)
    assert "'id' repeats in 1 and is empty in 0 of 60 rows seen" in proposal.doubts[0]


def test_two_columns_may_name_a_row_together(tmp_path: Path) -> None:
    rows = [f"PO{n // 3},{n % 3},{n}.5" for n in range(60)]
    mapping = look(tmp_path, "po.csv", table("order id,line,amount", rows)).mapping
    assert mapping.key == ("order id", "line")


def test_one_row_is_enough(tmp_path: Path) -> None:
    proposal = look(tmp_path, "orders.csv", "id,sent on,value\n7,2024-01-31,3.5\n")
    assert (proposal.mapping.kind, proposal.mapping.key) == ("order", ("id",))
    assert [e.type for e in proposal.events] == ["order.described", "order.sent"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            table("comment", [f"a long free text that somebody wrote about {n} things" for n in range(50)]),
            "does not look like a table: each of its lines is one piece of text. CSV, TSV, Parquet and JSON Lines",
        ),
        ((Path(__file__).parents[3] / "LICENSE").read_text(encoding="utf-8"), "does not look like a table"),
        (
            table("a,b", ["x,y"] * 30),
            "no usable column: none names its rows and none varies. Export it with an identifier",
        ),
        (table("size", ["5"] * 30), "no usable column: none names its rows and none varies."),
        (table("paid", ["yes"] * 30), "no usable column: none names its rows and none varies."),
        ("id,sent\n", "has a header and no rows"),
        (table("id,v", ["1,2,3", "4,5,6"]), "None of the first 2 rows of 'a.csv' can be read. Line 2: has 3 fields"),
    ],
)
def test_nothing_to_go_by_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        look(tmp_path, "a.csv", text)
    assert message in str(caught.value)


def test_broken_rows_and_misfits_are_shown_beside_the_proposal(tmp_path: Path) -> None:
    rows = [f"{n},2024-01-{n % 28 + 1:02d}" for n in range(60)]
    rows[10], rows[20] = "10,2024-99-99", "20"
    proposal = look(tmp_path, "a.csv", table("id,sent", rows))
    assert proposal.set_aside == 2
    assert proposal.broken[0].line == 22
    assert "'2024-99-99', which is no date" in proposal.misfits[0].reason


def test_headers_in_other_scripts_keep_their_words_as_labels(tmp_path: Path) -> None:
    mapping = look(tmp_path, "a.csv", table("id,город,цена", [f"{n},М{n % 3},{n}.5" for n in range(30)])).mapping
    assert [(c.name, c.label) for c in mapping.columns] == [("column", "город"), ("column_2", "цена")]


def test_a_large_file_is_looked_into_further_down(tmp_path: Path) -> None:
    rows = [f"{n},{'unknown so far' if n > 60_000 else n}" for n in range(120_000)]
    path = tmp_path / "a.csv"
    path.write_text(table("id,amount", rows), encoding="utf-8")
    proposal = propose(path, words=WORDS)
    assert not proposal.whole
    assert "unknown so far" in proposal.mapping.missing
    with path.open("rb") as plain, gzip.open(tmp_path / "a.csv.gz", "wb") as packed:
        shutil.copyfileobj(plain, packed)
    assert propose(tmp_path / "a.csv.gz", words=WORDS).rows == 20_000


def test_without_words_a_table_is_still_read(tmp_path: Path) -> None:
    from sightline.kernel.observe.words import Words

    path = tmp_path / "a.csv"
    path.write_text(invoices(), encoding="utf-8")
    mapping = propose(path, words=Words()).mapping
    assert mapping.key == ("invoiceNumber",)
    mapping.check(open_table(path).columns)
