/** A text that depends on a number; {count} stands for it. */
export type Plural = { one: string; other: string };
export type Text = string | Plural;
export type Catalogue = Readonly<Record<string, Text>>;
/** A catalogue with the same keys, and texts of the same sort: a missing key does not compile. */
export type Same<C extends Catalogue> = { readonly [K in keyof C]: C[K] extends string ? string : Plural };
