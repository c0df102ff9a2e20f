import type { Guardrails, Maintenance } from "../domain/desired.ts";
import { bytesOf, type FleetSpec } from "./manifests/fleet.ts";
import { frozenFrom, frozenUntil, type Maintenance as WrittenMaintenance } from "./manifests/maintenance.ts";

/** Guardrails as a run keeps them: sizes in bytes, freezes from minute to minute. */
export const guardrailsOf = ({ copies, maintenance, ...others }: FleetSpec["guardrails"]): Guardrails => ({
  ...others,
  copies: { perTargetDay: copies.perTargetDay, bytesPerTargetDay: bytesOf(copies.bytesPerTargetDay) },
  ...(maintenance === undefined ? {} : { maintenance: maintenanceOf(maintenance) }),
});

const maintenanceOf = (written: WrittenMaintenance): Maintenance => ({
  ...written,
  freezes: written.freezes.map(({ from, to, reason }) => ({ from: frozenFrom(from), to: frozenUntil(to), reason })),
});
