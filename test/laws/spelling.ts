import type { Manifest } from "./manifests.ts";

/** The same manifest in other words: what AWS takes for sets turned round, and what it fills in by itself spelled out. */
export function otherwiseSpelled({ kind, name, spec }: Manifest): Manifest {
  return { kind, name, spec: turnedRound(kind === "BackupPlan" ? spelledOut(spec) : spec) as Manifest["spec"] };
}

/** Lists in the other order. All of a manifest's lists are sets to AWS: rules, statements, actions, events, tags, patterns. */
function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound).toReversed();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, turnedRound(member)]),
  );
}

/** AWS's documented defaults of a backup rule. */
const DEFAULTS = {
  scheduleExpression: "cron(0 5 ? * * *)",
  scheduleExpressionTimezone: "Etc/UTC",
  startWindowMinutes: 480,
  completionWindowMinutes: 10_080,
  enableContinuousBackup: false,
  copyActions: [],
  recoveryPointTags: {},
};

function spelledOut(spec: Manifest["spec"]): Manifest["spec"] {
  const { rules, ...rest } = spec as { readonly rules: readonly object[] };
  return {
    advancedBackupSettings: [{ resourceType: "EC2", backupOptions: { WindowsVSS: "disabled" } }],
    selections: [],
    ...rest,
    rules: rules.map((rule) => ({ ...DEFAULTS, ...rule })),
  };
}
