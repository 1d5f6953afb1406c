const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** 1.4 MB, as the locale writes it. */
export function bytes(count: number, locale: string): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), UNITS.length - 1);
  const unit = UNITS[step] ?? "byte";
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, style).format(count / 1000 ** step);
}
