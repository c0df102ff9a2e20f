import { readDocument, type Said } from "./document.ts";
import reviewed from "./reviewed-hub.json" with { type: "json" };

/** Policies of the hub as `infra/` deploys them, with names left open (`npm run generate`). */
export const REVIEWED_HUB = {
  /** By the name that the controller's role carries them under. */
  controllerRole: new Map<string, readonly Said[]>(
    Object.entries(reviewed.controllerRole).map(([name, one]) => [name, readDocument(one)]),
  ),
  workerRole: readDocument(reviewed.workerRole),
  /** Whom roles that functions run as trust: Lambda alone. */
  trust: readDocument(reviewed.trust),
  evidenceBucket: readDocument(reviewed.evidenceBucket),
} as const;
