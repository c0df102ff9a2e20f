import { Webhook } from "standardwebhooks";

/** The key that our own webhooks are signed with, as rotation leaves it: the new one, and the one before while receivers may still have that. */
export interface SigningKeys {
  readonly current: string;
  readonly previous?: string;
}

/**
 * Headers by which a receiver knows who sent a body and when (Standard Webhooks, "Verifying webhooks"). One signature a key: whoever has
 * either of them can verify it, so that an exchange of keys needs no appointment.
 */
export function signedHeaders(
  { current, previous }: SigningKeys,
  { id, body, at }: { readonly id: string; readonly body: string; readonly at: Date },
): Readonly<Record<string, string>> {
  const keys = previous === undefined ? [current] : [current, previous];
  const signatures = keys.map((key) => new Webhook(bytesOf(key), { format: "raw" }).sign(id, at, body));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}

const ROTATED = /^[A-Za-z0-9_-]{43}$/;
const BY_HAND = /^(whsec_)?[A-Za-z0-9+/]+={0,2}$/;

/** Rotation makes keys of 32 bytes in base64url. A key that somebody put there by hand is what Standard Webhooks calls a secret. */
const bytesOf = (key: string): Uint8Array =>
  ROTATED.test(key) ? Buffer.from(key, "base64url") : Buffer.from(key.replace(/^whsec_/, ""), "base64");

/** Whether a secret's text is a key: of 24 to 64 bytes, as Standard Webhooks ("Signature scheme") has it. */
export function isKey(text: string): boolean {
  const { length } = bytesOf(text);
  return (ROTATED.test(text) || BY_HAND.test(text)) && length >= 24 && length <= 64;
}
