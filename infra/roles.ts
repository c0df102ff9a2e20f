import type { Role } from "../controller/domain/outcome.ts";

/** The roles a member account has, by the names a Fleet manifest expects unless it says otherwise. */
export const memberRoleName = (role: Role): string => `holdfast-${role}`;

/** The controller's own role, in the hub account. Its name is fixed: member accounts trust it by name. */
export const CONTROLLER_ROLE_NAME = "holdfast-controller";
