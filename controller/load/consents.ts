import type { Approval, Exclusion, Problem, Rule, Waiver } from "../domain/desired.ts";
import { RecoveryPointRuleSpec } from "../kinds/recovery-point/spec.ts";
import { hasExpired, lastDayOf } from "./expiry.ts";
import { positionOf, showPath, type Path } from "./located.ts";
import type { ConsentManifest, Manifest } from "./manifest.ts";
import { approval } from "./manifests/approval.ts";
import type { ConsentKind } from "./manifests/consent-kind.ts";
import { waiver } from "./manifests/waiver.ts";
import { didYouMean, warningAt } from "./problems.ts";
import type { ProblemSet } from "./problem-set.ts";
import type { Roster } from "./roster.ts";

/** What was agreed to, still knowing where each field of it was written. */
export interface Agreed<As> {
  readonly manifest: Manifest;
  readonly as: As;
}

/** Approvals and waivers that are right in themselves, each in order of their names. */
export interface Consents {
  readonly approvals: readonly Agreed<Approval>[];
  readonly waivers: readonly Agreed<Waiver>[];
}

export function readConsents(
  manifests: readonly ConsentManifest[],
  now: Date | undefined,
  problems: ProblemSet,
): Consents {
  const all = <As>(kind: ConsentKind<As>): readonly Agreed<As>[] =>
    manifests
      .filter((manifest) => manifest.kind.kind === kind.kind)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((manifest) => {
        const read = kind.read(manifest.spec, { name: manifest.name, source: manifest.at }, now);
        problems.addAll(read.problems);
        return read.as === undefined ? [] : [{ manifest, as: read.as }];
      });
  return { approvals: all(approval), waivers: all(waiver) };
}

/** Accounts that a waiver says are out of reach, each with the reason why it is left out (rule 27). One that has expired excuses nothing. */
export function expectedUnreachable(
  waivers: Consents["waivers"],
  now: Date | undefined,
): ReadonlyMap<string, Exclusion> {
  const holding = waivers.filter(({ as }) => now && !hasExpired(as.expiresOn, now));
  return new Map(
    holding.toReversed().flatMap(({ as: { name, owner, reason: given, expiresOn, expectUnreachable, source } }) => {
      const reason = `expected unreachable until ${lastDayOf(expiresOn)} (waiver ${name}, ${owner}): ${given}`;
      return expectUnreachable.map((account) => [account, { account, reason, manifest: source.path }] as const);
    }),
  );
}

/** What a consent is about, as far as the rest of the desired state says. */
export interface Subjects {
  /** Names of the policies that there are, sound or not. */
  readonly policies: readonly string[];
  /** Rules that were placed. */
  readonly rules: readonly Rule[];
  readonly roster: Roster;
}

/** Consents that are about nothing there is. */
export function* consentProblems({ approvals, waivers }: Consents, subjects: Subjects): Generator<Problem> {
  for (const one of approvals) yield* idleStanding(one, subjects);
  for (const one of waivers) {
    yield* unknownPolicies(one, subjects);
    yield* strangers(one, subjects);
  }
}

function* idleStanding({ manifest, as }: Agreed<Approval>, { policies, rules, roster }: Subjects): Generator<Problem> {
  for (const [index, { policy }] of as.standing.entries()) {
    const path = ["standing", index, "policy"];
    const placed = rules.filter(({ kind, name }) => kind === "recovery-point" && name === policy);
    if (!policies.includes(policy)) yield noSuchPolicy(manifest, path, policy, policies);
    else if (roster.complete && placed.length > 0 && !placed.some(deletesExpired))
      yield warningAt(
        positionOf(manifest.spec, path),
        `${showPath(path)} names ${policy}, which does not delete what is expired: there is nothing to approve`,
        "orphans: { when: [expired], action: delete } would",
      );
  }
}

function deletesExpired({ spec }: Rule): boolean {
  const { orphans } = RecoveryPointRuleSpec.parse(spec);
  return orphans?.action === "delete" && orphans.when.includes("expired");
}

function* unknownPolicies({ manifest, as }: Agreed<Waiver>, { policies }: Subjects): Generator<Problem> {
  for (const [index, policy] of (as.findings?.policies ?? []).entries())
    if (!policies.includes(policy)) yield noSuchPolicy(manifest, ["findings", "policies", index], policy, policies);
}

const noSuchPolicy = ({ spec }: Manifest, path: Path, policy: string, policies: readonly string[]): Problem =>
  warningAt(
    positionOf(spec, path),
    `${showPath(path)} names ${policy}, and there is no policy of that name`,
    didYouMean(policy, policies),
  );

function* strangers({ manifest, as }: Agreed<Waiver>, { roster }: Subjects): Generator<Problem> {
  const known = new Set([...roster.targets, ...roster.excluded].map(({ account }): string => account));
  for (const [index, account] of as.expectUnreachable.entries())
    if (roster.complete && !known.has(account))
      yield warningAt(
        positionOf(manifest.spec, ["expectUnreachable", "accounts", index]),
        `${account} is not an account of the fleet: nobody expects to reach it`,
      );
}
