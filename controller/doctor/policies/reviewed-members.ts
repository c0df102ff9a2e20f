import type { Role } from "../../domain/outcome.ts";
import { readDocument, type Said } from "./document.ts";
import reviewed from "./reviewed-members.json" with { type: "json" };

/** What member roles may do and whom they trust, as `infra/` deploys them, with names left open (`npm run generate`). */
export const REVIEWED_MEMBERS = {
  role: (role: Role): readonly Said[] => readDocument(reviewed.roles[role]),
  /** Of the controller alone, and of the workers of large fleets too. */
  trust: { inline: readDocument(reviewed.trust.inline), durable: readDocument(reviewed.trust.durable) },
} as const;
