import { UNSIGNED, type CommitSignature } from "../domain/desired.ts";
import { instant, type Instant } from "../domain/identity.ts";

/** What a commit says of itself in its header. */
export interface CommitHeader {
  /** The committer's time. Null for one that no calendar has. */
  readonly committedOn: Instant | null;
  readonly commitSignature: CommitSignature;
}

/**
 * Reads a raw commit (git's "signature-format" and "commit-object" documentation): header lines, those that go on begin with a space, and
 * an empty line. A signature is the header `gpgsig` whatever made it, and its armour says what that was.
 */
export function parseCommit(raw: string): CommitHeader {
  const header = raw.slice(0, raw.indexOf("\n\n") + 1);
  const seconds = /^committer .*> (\d{1,12}) [+-]\d{4}$/m.exec(header)?.[1];
  const signature = /^gpgsig(?:-sha256)? (.*)$/m.exec(header)?.[1];
  return {
    committedOn: seconds === undefined ? null : instantOf(Number(seconds)),
    commitSignature:
      signature === undefined ? UNSIGNED : { format: formatOf(signature), status: "not-checked", signer: null },
  };
}

function instantOf(seconds: number): Instant | null {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? null : instant(date);
}

function formatOf(armour: string): CommitSignature["format"] {
  switch (armour.trim()) {
    case "-----BEGIN PGP SIGNATURE-----":
    case "-----BEGIN PGP MESSAGE-----":
      return "gpg";
    case "-----BEGIN SSH SIGNATURE-----":
      return "ssh";
    case "-----BEGIN SIGNED MESSAGE-----":
      return "x509";
    default:
      return "unknown";
  }
}
