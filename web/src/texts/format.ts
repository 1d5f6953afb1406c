const DAY = 86_400_000;

/** How a locale writes days, numbers, money and shares. Days are those of UTC, as the interface tells them. */
export class Format {
  readonly #day: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;
  readonly #clock: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #share: Intl.NumberFormat;
  readonly plain: Intl.NumberFormat;
  readonly plural: Intl.PluralRules;
  readonly #money = new Map<string, Intl.NumberFormat>();

  constructor(readonly locale: string) {
    const utc = { timeZone: "UTC", year: "numeric", month: "short", day: "numeric" } as const;
    this.#day = new Intl.DateTimeFormat(locale, utc);
    this.#short = new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "short", day: "numeric" });
    this.#clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
    this.#moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    this.#share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
    this.plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    this.plural = new Intl.PluralRules(locale);
  }

  /** 14 Jan 2015 */
  day = (time: string): string => this.#day.format(new Date(time));

  /** 14 Jan: where the year is plain from what stands around it. */
  shortDay = (time: string): string => this.#short.format(new Date(time));

  /** The time of day where the reader is: 14:05 */
  clock = (time: number): string => this.#clock.format(time);

  /** Day and time where the reader is. */
  moment = (time: string): string => this.#moment.format(new Date(time));

  /** 31 % */
  share = (part: number): string => this.#share.format(part);

  number = (value: number): string => this.plain.format(value);

  /** Whole money; `unit` is a currency (USD) or any other word, which then follows the number. */
  money = (value: number, unit?: string | null): string =>
    this.#moneyIn(unit, "standard").format(value) + after(unit);

  /** Money for headlines: 1.2M */
  roundMoney = (value: number, unit?: string | null): string =>
    this.#moneyIn(unit, "compact").format(value) + after(unit);

  #moneyIn(unit: string | null | undefined, notation: "standard" | "compact"): Intl.NumberFormat {
    const name = `${unit ?? ""}/${notation}`;
    const known = this.#money.get(name);
    if (known !== undefined) return known;
    const digits = { maximumFractionDigits: notation === "compact" ? 1 : 0, notation } as const;
    const money = { style: "currency", currency: unit ?? "", currencyDisplay: "narrowSymbol" } as const;
    const made = new Intl.NumberFormat(this.locale, isCurrency(unit) ? { ...digits, ...money } : digits);
    this.#money.set(name, made);
    return made;
  }
}

function isCurrency(unit: string | null | undefined): unit is string {
  return typeof unit === "string" && /^[A-Z]{3}$/.test(unit);
}

function after(unit: string | null | undefined): string {
  return unit && !isCurrency(unit) ? ` ${unit}` : "";
}

/** Whole days from one moment's day to another's, both in UTC: 0 is the same day. */
export function daysBetween(from: string, to: string): number {
  return Math.floor(Date.parse(to) / DAY) - Math.floor(Date.parse(from) / DAY);
}
