import { declaredSteps } from "../kinds/define-kind.ts";
import { forwardingRules } from "./forwarding/read.ts";
import { crossAccountBackup, regionOptIns } from "./opt-ins/read.ts";
import { backupsOwnRole, memberRole } from "./roles/read.ts";
import { liveValidator } from "./validators/read.ts";

/** What the observe role's policy is drawn from, besides the kinds and the survey. */
export const DOCTOR_STEPS = declaredSteps("doctor", {
  memberRole,
  backupsOwnRole,
  regionOptIns,
  crossAccountBackup,
  forwardingRules,
  liveValidator,
});
