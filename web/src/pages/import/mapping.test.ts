import { describe, expect, it } from "vitest";
import {
  asName,
  datedBy,
  eventNameFor,
  isChoosable,
  lostWith,
  type MappingDocument,
  renamed,
  roleOf,
  withColumn,
  withEvent,
  withKind,
  withPersonal,
  withRole,
  withSort,
} from "./mapping.ts";

const document: MappingDocument = {
  source: "orders",
  kind: "order",
  key: "Nr",
  zone: "Europe/Berlin",
  events: { "order.finished": { time: "Fertig", known: ["Gebucht"], begins: false } },
  columns: {
    Kunde: { link: "customer" },
    Preis: { sort: "number", unit: "EUR", known: "order.finished" },
    Zusage: { sort: "day" },
  },
};

describe("roleOf", () => {
  it("tells what each column is", () => {
    const roles = ["Nr", "Fertig", "Gebucht", "Kunde", "Preis", "Leer"].map((name) => roleOf(document, name));
    expect(roles).toEqual(["key", "event", "recorded", "link", "attribute", "out"]);
  });
});

describe("withRole", () => {
  it("takes away what the column was", () => {
    const made = withRole(document, "Kunde", "attribute", "text");
    expect(made.columns?.Kunde).toEqual({ sort: "text" });
    expect(withRole(made, "Kunde", "out").ignored).toEqual(["Kunde"]);
  });

  it("leaves nothing waiting for an event that is gone", () => {
    expect(lostWith(document, "Fertig")).toEqual(["Preis"]);
    const made = withRole(document, "Fertig", "attribute", "day");
    expect(made.events).toEqual({});
    expect(made.columns?.Preis).toEqual({ sort: "number", unit: "EUR" });
  });

  it("names a new event after the column", () => {
    expect(datedBy(withRole(document, "Zusage", "event"), "Zusage")).toBe("order.zusage");
  });

  it("keeps what the app does not edit", () => {
    expect(withRole(document, "Kunde", "out").zone).toBe("Europe/Berlin");
  });
});

describe("what the business chooses", () => {
  const values = ["Air", "Ocean"];
  const chosen: MappingDocument = {
    ...document,
    columns: { ...document.columns, Weg: { sort: "category", label: "way", actionable: values } },
  };

  it("survives every other edit", () => {
    const edited = withKind(withEvent(chosen, "order.finished", { lag: "2 days" }), "repair");
    const made = withColumn(withRole(edited, "Zusage", "out"), "Weg", { known: "repair.finished" });
    expect(made.columns?.Weg).toEqual({ ...chosen.columns?.Weg, known: "repair.finished" });
  });

  it("stays with a date that dates an event no longer, which then is known from the start", () => {
    const says = { sort: "day" as const, known: "order.finished", actionable: true };
    const both = { ...document, columns: { ...document.columns, Fertig: says } };
    expect(roleOf(both, "Fertig")).toBe("event");
    const made = withRole(both, "Fertig", "attribute");
    expect(made.columns?.Fertig).toEqual({ sort: "day", actionable: true });
  });

  it("is no link, no text and nothing personal", () => {
    expect(withRole(chosen, "Weg", "link").columns?.Weg).toEqual({ link: "weg" });
    expect(withSort(chosen, "Weg", "text").columns?.Weg).toEqual({ sort: "text", label: "way" });
    const personal = withPersonal(chosen, "Weg", true).columns?.Weg ?? {};
    expect(personal).toEqual({ sort: "category", label: "way", personal: true });
    expect([isChoosable(personal), isChoosable({ sort: "text" }), isChoosable({})]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("is any value of another sort, since those that were named are of the former", () => {
    expect(withSort(chosen, "Weg", "number").columns?.Weg?.actionable).toBe(true);
    expect(withSort(document, "Zusage", "instant").columns?.Zusage).toEqual({ sort: "instant" });
  });
});

describe("renamed", () => {
  it("follows into the columns it makes known", () => {
    const made = renamed(document, "order.finished", "order.done");
    expect(Object.keys(made.events ?? {})).toEqual(["order.done"]);
    expect(made.columns?.Preis?.known).toBe("order.done");
  });
});

describe("withKind", () => {
  it("takes the events along that are called after it", () => {
    const made = withKind(document, "repair");
    expect([made.kind, ...Object.keys(made.events ?? {})]).toEqual(["repair", "repair.finished"]);
    expect(made.columns?.Preis?.known).toBe("repair.finished");
  });
});

describe("names", () => {
  it("are made as the server makes them", () => {
    expect([asName("customerID"), asName("PO / SO #"), asName("2nd date"), asName("Größe")]).toEqual([
      "customer_id",
      "po_so",
      "n2nd_date",
      "groe",
    ]);
    expect(eventNameFor("order", "Finished_On")).toBe("order.finished");
  });

  it("disappear when they are emptied", () => {
    expect(withColumn(document, "Preis", { unit: "" }).columns?.Preis).not.toHaveProperty("unit");
  });
});
