import type { GovernedKind } from "./define-governed-kind.ts";
import type { DeclaredKind } from "./define-kind.ts";
import { plan } from "./plan/plan.ts";
import { protectedResource } from "./protected-resource/protected-resource.ts";
import { recoveryPoint } from "./recovery-point/recovery-point.ts";
import { regionSettings } from "./region-settings/region-settings.ts";
import { restoreTest } from "./restore-test/restore-test.ts";
import { restoreTestingPlan } from "./restore-testing-plan/restore-testing-plan.ts";
import { restoreTestingSelection } from "./restore-testing-selection/restore-testing-selection.ts";
import { selection } from "./selection/selection.ts";
import { vault } from "./vault/vault.ts";
import { vaultLock } from "./vault-lock/vault-lock.ts";
import { vaultNotifications } from "./vault-notifications/vault-notifications.ts";
import { vaultPolicy } from "./vault-policy/vault-policy.ts";

/** Every declared kind. Adding one is a folder and a line here. */
export const kinds: readonly DeclaredKind[] = [
  regionSettings,
  vault,
  vaultLock,
  vaultPolicy,
  vaultNotifications,
  plan,
  selection,
  restoreTestingPlan,
  restoreTestingSelection,
];

/** Every governed kind. */
export const governedKinds: readonly GovernedKind[] = [recoveryPoint, protectedResource, restoreTest];
