import { readDocument, type Said } from "./document.ts";
import type { Role } from "../../domain/outcome.ts";
import reviewed from "./reviewed.json" with { type: "json" };

/** The reviewed policies of an installation, as `infra/` deploys them, with names left open (`npm run generate`). */
export const REVIEWED = {
  role: (role: Role): readonly Said[] => readDocument(reviewed.roles[role]),
  /** By the name that the controller's role carries them under. */
  hub: new Map<string, readonly Said[]>(Object.entries(reviewed.hub).map(([name, one]) => [name, readDocument(one)])),
  /** Of the controller alone, and of the workers of large fleets too. */
  memberTrust: {
    inline: readDocument(reviewed.memberTrust.inline),
    durable: readDocument(reviewed.memberTrust.durable),
  },
  evidenceBucket: readDocument(reviewed.evidenceBucket),
} as const;
