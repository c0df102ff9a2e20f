import { instant } from "../../domain/identity.ts";
import type { Verification, VerificationProblem } from "../../domain/verification.ts";
import type { ObjectStore, VersionAudit } from "../../ports.ts";
import { chainPrefix } from "./names.ts";

/** What was found below the current objects of a store, or why nobody looked. */
export type Looked = { readonly audit: VersionAudit } | { readonly notLooked: string };

/** Looks at the versions of everything that a chain wrote. A store that keeps none, or does not let itself be asked, says so. */
export async function lookAtVersions(store: ObjectStore, chainId: string): Promise<Looked | undefined> {
  if (!store.audit) return undefined;
  try {
    const { findings, unversioned } = await store.audit(chainPrefix(chainId));
    return { audit: { findings: findings.filter(({ key }) => !isReplaceable(key, chainId)), unversioned } };
  } catch (error) {
    return { notLooked: error instanceof Error ? error.message : String(error) };
  }
}

/** Views are derived from reports, and made anew by who wants them. */
const isReplaceable = (key: string, chainId: string): boolean => key.startsWith(`${chainPrefix(chainId)}views/`);

/**
 * A verification with what the store's versions say. Every object of a chain is written once: another version, or a marker that hides one, is
 * somebody's work, and a report that is missing below it is none that was never written. Not having looked is a limit, never a yes.
 */
export function withVersions(verification: Verification, looked: Looked | undefined): Verification {
  if (looked === undefined) return verification;
  const limited = (limitation: string): Verification => ({
    ...verification,
    limitations: [...verification.limitations, limitation],
  });
  if ("notLooked" in looked)
    return limited(`Versions were not looked at: ${looked.notLooked}. A report that was written over would not show.`);
  const { findings, unversioned } = looked.audit;
  if (findings.length > 0)
    return {
      ...verification,
      complete: "no",
      problems: [...verification.problems, ...findings.map(problemOf)],
    };
  return unversioned === 0
    ? verification
    : limited(
        `The bucket kept no versions when ${unversioned} of these objects were written: one that was written over would not show.`,
      );
}

function problemOf({ key, versions }: VersionAudit["findings"][number]): VerificationProblem {
  const told = versions
    .toSorted((a, b) => a.on.getTime() - b.on.getTime())
    .map(({ id, on, deleted }) => `${deleted ? "deleted" : "written"} ${instant(on)} (${id})`);
  return {
    file: key,
    check: "versions",
    message: `was to be written once and never deleted, and the bucket has of it: ${told.join(", ")}`,
  };
}
