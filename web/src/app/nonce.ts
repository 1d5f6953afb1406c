import { setNonce } from "get-nonce";

/** The nonce of this answer, under which the content security policy accepts style elements; empty while developing. */
export function styleNonce(): string {
  const told = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
  return told === "SIGHTLINE_NONCE" ? "" : told;
}

/** Hand it to what makes style elements of its own (the scroll lock under dialogs). */
export function spreadNonce(): void {
  const nonce = styleNonce();
  if (nonce) setNonce(nonce);
}
