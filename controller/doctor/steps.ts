import { declaredSteps } from "../kinds/define-kind.ts";
import { crossAccountBackup, regionOptIns } from "./opt-ins/read.ts";
import { backupsOwnRole, memberRole } from "./roles/read.ts";

/** What the observe role's policy is drawn from, besides the kinds and the survey. */
export const DOCTOR_STEPS = declaredSteps("doctor", { memberRole, backupsOwnRole, regionOptIns, crossAccountBackup });
