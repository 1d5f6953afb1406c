import { describe, expect, it } from "vitest";
import {
  asName,
  datedBy,
  eventNameFor,
  lostWith,
  type MappingDocument,
  renamed,
  roleOf,
  withColumn,
  withKind,
  withRole,
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
