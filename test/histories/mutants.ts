/** Laws broken on purpose: each an edit or two of the controller's source. The histories must notice every one. */
export interface Mutant {
  readonly breaks: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** Below `controller/`. */
  readonly file: string;
  /** There exactly once. */
  readonly from: string;
  readonly to: string;
}

const edit = (file: string, from: string, to: string): Edit => ({ file, from, to });
const mutant = (breaks: string, ...edits: readonly Edit[]): Mutant => ({ breaks, edits });

const POINTS = "kinds/recovery-point";
const GUARDS = "decide/guardrails.ts";
const EXAMINED = `${POINTS}/examine/destructions.ts`;
const RECHECKED = `${POINTS}/mend/recheck.ts`;
const FINDINGS = `${POINTS}/judge/findings.ts`;
const BUDGET = "decide/destruction-budget.ts";
const CONSENT = "decide/consent.ts";
const ORPHAN = `${POINTS}/judge/orphan.ts`;

export const MUTANTS: readonly Mutant[] = [
  mutant("it is not announced", edit(GUARDS, "return [unasked ? undefined : held,", "return [undefined,")),
  mutant("nobody approves it", edit(GUARDS, "passesRatchet(change.effect) || consents.to(change)\n", "true\n")),
  mutant(
    "half the grace is enough",
    edit("domain/announcement.ts", "+ graceMs + pausedMs)", "+ graceMs / 2 + pausedMs)"),
  ),
  mutant(
    "what keepLast keeps is not kept",
    edit(EXAMINED, "newer.length < keepLast\n    ? {", "newer.length < 1\n    ? {"),
    edit(RECHECKED, "return newer.length >= keepLast ?", "return newer.length >= 1 ?"),
  ),
  mutant(
    "the last may go",
    edit(EXAMINED, "arn === newest || newer.length < keepLast\n    ? {", "(false as boolean)\n    ? {"),
    edit(RECHECKED, "(last ? undefined : await survivorObjection(call, point))", "undefined"),
  ),
  mutant(
    "a flagged point stands in",
    edit(`${POINTS}/judge/survivors.ts`, "const isAmong = !row.flagged && (", "const isAmong = ("),
  ),
  mutant(
    "a point whose key is disabled stands in",
    edit(
      EXAMINED,
      "(keyArn === null || enabled.has(keyArn)) &&",
      "(keyArn === null || enabled.has(keyArn) || true) &&",
    ),
  ),
  mutant(
    "legal holds do not count",
    edit(EXAMINED, "held.has(arn)\n      ?", "(false as boolean)\n      ?"),
    edit(RECHECKED, "(await heldPoints(call, new Set([point.arn]))).has(point.arn) ?", "(false as boolean) ?"),
  ),
  mutant(
    "keep marks do not count",
    edit(EXAMINED, "kept.has(arn)\n      ?", "(false as boolean)\n      ?"),
    edit(RECHECKED, "(await keepObjection(call, point)) ??", "undefined ??"),
  ),
  mutant(
    "locks do not count",
    edit(FINDINGS, "if (touchesLock && facts.locked) yield LOCKED;", ""),
    edit(RECHECKED, "(await lockObjection(call, point)) ??", "undefined ??"),
  ),
  mutant(
    "nothing is looked at again",
    edit(`${POINTS}/mend/delete.ts`, "if (objection !== undefined) return { held: objection };", ""),
  ),
  mutant(
    "air-gapped vaults are judged",
    edit(`${POINTS}/judge/fold.ts`, ': facts.vaultType === "BACKUP_VAULT"', ': facts.vaultType !== ""'),
  ),
  mutant(
    "continuous and nested points are judged",
    edit(`${POINTS}/judge/fold.ts`, 'if (form === "snapshot") return undefined;', "if (form) return undefined;"),
  ),
  mutant(
    "a listing that broke off is whole",
    edit(`${POINTS}/stream.ts`, "    yield { unread: failureOf(error) };", "    failureOf(error);"),
  ),
  mutant(
    "plans that could not be listed are gone",
    edit(
      `${POINTS}/judge/origin.ts`,
      'return { plan: mayBeThere ? "unknown" : "deleted" };',
      'return { plan: mayBeThere ? "deleted" : "deleted" };',
    ),
  ),
  mutant(
    "a renamed database is gone",
    edit(`${POINTS}/owners/gone.ts`, "return renames ? await renamed(", "return renames && false ? await renamed("),
  ),
  mutant(
    "a resource may be missing since just now",
    edit(
      `${POINTS}/examine/missing.ts`,
      "if (now.getTime() - Date.parse(firstOn) >= needed) return undefined;",
      "if (needed) return undefined;",
    ),
  ),
  mutant("backups made by hand are orphans", edit(ORPHAN, 'if (origin.plan === "none") return { is: "owned" };', "")),
  mutant(
    "orphans with a delete date go at once",
    edit(ORPHAN, 'if (row.deleteAfterDays !== undefined) return { is: "ageing-out" };', ""),
  ),
  mutant(
    "days that a policy asks for do not count",
    edit(
      FINDINGS,
      'if (breach.does === "delete" && now.getTime()',
      'if (breach.does === "delete" && !now.getTime() && now.getTime()',
    ),
  ),
  mutant(
    "a shortening may end before its grace",
    edit(
      "decide/announced.ts",
      "const days = Math.max(shorten.wantedDays, earliest);",
      "const days = Math.min(shorten.wantedDays, earliest);",
    ),
  ),
  mutant(
    "the budget of a vault is not kept",
    edit(BUDGET, "if ((used.get(vault) ?? 0) >= most) return", "if ((used.get(vault) ?? 0) >= most + 1_000) return"),
  ),
  mutant(
    "the budget of the fleet is not kept",
    edit(BUDGET, "if (total >= perFleetDay) return", "if (total >= perFleetDay + 1_000) return"),
  ),
  mutant("no canary goes first", edit(BUDGET, "if (flying.has(one))", "if (!one)")),
  mutant(
    "consent is never used up",
    edit(CONSENT, "!isUsed(one.approval, change) && fits(one)", "(!isUsed(one.approval, change) || true) && fits(one)"),
  ),
  mutant("consent never ends", edit(CONSENT, "return left > 0 && left <= LONGEST_MS;", "return left <= LONGEST_MS;")),
  mutant(
    "consent to a group is consent to all",
    edit(
      CONSENT,
      "ids.has(change.id) || isStanding(approval, change)",
      "ids.has(change.id) || ids.size > 0 || isStanding(approval, change)",
    ),
  ),
  mutant(
    "a run over a part of the fleet destroys",
    edit(
      GUARDS,
      '  partial && !passesRatchet(change.effect)\n    ? bar(\n        "partial-scope"',
      '  partial && !change.effect\n    ? bar(\n        "partial-scope"',
    ),
  ),
  mutant(
    "a run of an event destroys",
    edit(
      "memory.ts",
      'if (trigger === "event")',
      'if (trigger === "event" && !standalone)\n    return undefined;\n  if (trigger === "event")',
    ),
  ),
  mutant(
    "an objection does not end an announcement",
    edit("decide/announce.ts", "? [pausedAt(one, now)] : [];", "? [pausedAt(one, now)] : [one];"),
  ),
  mutant(
    "what a dead run did is forgotten",
    edit("attest/report/unreported.ts", "dead.flatMap(({ waves }) =>", "dead.slice(0, 0).flatMap(({ waves }) =>"),
  ),
  mutant(
    "waivers do not count",
    edit(
      "decide/waivers.ts",
      "const waiver = waivers.find((one) => Date.parse(one.expiresOn) > now.getTime() &&",
      "const waiver = waivers.find((one) => Date.parse(one.expiresOn) < now.getTime() - 1e12 &&",
    ),
  ),
  mutant(
    "freezes do not count",
    edit(
      "decide/maintenance.ts",
      "if (!maintenance) return undefined;",
      "if (!maintenance || maintenance) return undefined;",
    ),
  ),
  mutant(
    "a vault that people asked to be let be is not",
    edit(GUARDS, "return live && breakGlass(live, now);", "return live && !live ? breakGlass(live, now) : undefined;"),
  ),
  mutant(
    "what was done is not reported",
    edit(
      "attest/report/report-body.ts",
      "actions: outcomes.flatMap(actionRows),",
      "actions: outcomes.slice(0, 0).flatMap(actionRows),",
    ),
  ),
  mutant(
    "holds that cannot be read hold nothing",
    edit(EXAMINED, '? unknownBar("legal holds", held.failure)', "? undefined"),
    edit(GUARDS, "  if (unread)\n", "  if (unread && !change.id)\n"),
    edit(
      RECHECKED,
      "(await heldPoints(call, new Set([point.arn]))).has(point.arn) ?",
      "(await heldPoints(call, new Set([point.arn])).catch(() => new Set<string>())).has(point.arn) ?",
    ),
  ),
  mutant(
    "the chain is not read: the head is believed",
    edit(
      "decide/announced.ts",
      "return proof?.stands ? {} : { bar: unprovenBar, unproven: announcement };",
      "return {};",
    ),
  ),
];
