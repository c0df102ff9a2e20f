import { approval } from "./approval.ts";
import { backupPlan } from "./backup-plan.ts";
import { backupSelection } from "./backup-selection.ts";
import { backupVault } from "./backup-vault.ts";
import { coveragePolicy } from "./coverage-policy.ts";
import type { ConsentKind } from "./consent-kind.ts";
import { FLEET } from "./fleet.ts";
import type { ManifestKind } from "./manifest-kind.ts";
import { recoveryPointPolicy } from "./recovery-point-policy.ts";
import { regionSettings } from "./region-settings.ts";
import { restoreTestingPlan } from "./restore-testing-plan.ts";
import { waiver } from "./waiver.ts";

export const API_VERSION = "holdfast/v1";

/** Every kind of manifest that is placed on targets. Adding one is a file and a line here. */
export const manifestKinds: readonly ManifestKind[] = [
  backupVault,
  backupPlan,
  backupSelection,
  recoveryPointPolicy,
  coveragePolicy,
  regionSettings,
  restoreTestingPlan,
];

/** Every kind that is placed nowhere. */
export const consentKinds: readonly ConsentKind[] = [approval, waiver];

export const MANIFEST_KINDS: readonly string[] = [
  FLEET,
  ...[...manifestKinds, ...consentKinds].map(({ kind }) => kind),
];
