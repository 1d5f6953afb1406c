/** What somebody typed to look for, as the interface takes it: without blanks around it, undefined where none is left. */
export const words = (typed: string | undefined): string | undefined => typed?.trim() || undefined;
