import { addRecoveryPoint, addVault } from "../../simulator/backup/build.ts";
import type { RecoveryPoint } from "../../simulator/backup/state.ts";
import { type Bench, HUB, over } from "./bench.ts";
import { ruleOf } from "./facts.ts";

const copiesIn = (vault: string) => ({
  to: { account: HUB, region: over.region, vault },
  since: "2025-01-01T00:00:00Z",
  afterCopy: { keepLocalDays: 30 },
});

/** A point of sixty days with its copy in a vault elsewhere, a newer one of five, and a policy that keeps points beside copies for thirty days. */
export function beside(on: Bench) {
  const there = on.simulator.backup(HUB, over.region);
  const key = on.simulator.addKey(HUB, over.region, { alias: "alias/central" });
  const central = addVault(there, { name: "central", encryptionKeyArn: key.arn });
  const lifecycle = { DeleteAfterDays: 400 };
  const newer = on.point(5, { lifecycle });
  const old = on.point(60, { lifecycle });
  const copyOf = ({ creationDate, resourceArn, resourceType }: RecoveryPoint, more: object = {}): RecoveryPoint =>
    addRecoveryPoint(there, {
      vault: central,
      resourceArn,
      resourceType,
      creationDate,
      lifecycle,
      sourceBackupVaultArn: on.vault.arn,
      encryptionKeyArn: key.arn,
      ...more,
    });
  const copy = copyOf(old);
  copyOf(newer);
  const rule = ruleOf({ copies: [copiesIn("central")] });
  return { old, newer, copy, copyOf, central, there, key, rule };
}

/** The same with copies in a second vault, under a key of its own, which the policy asks for after those in the first. */
export function besideTwo(on: Bench) {
  const first = beside(on);
  const otherKey = on.simulator.addKey(HUB, over.region, { alias: "alias/second" });
  const second = addVault(first.there, { name: "second", encryptionKeyArn: otherKey.arn });
  const inSecond = { vault: second, encryptionKeyArn: otherKey.arn };
  first.copyOf(first.newer, inSecond);
  const otherCopy = first.copyOf(first.old, inSecond);
  return { ...first, otherKey, second, otherCopy, rule: ruleOf({ copies: [copiesIn("central"), copiesIn("second")] }) };
}
