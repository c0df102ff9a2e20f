import type { Role } from "../controller/domain/outcome.ts";

/** The roles a member account has, by the names a Fleet manifest expects unless it says otherwise. */
export const memberRoleName = (role: Role): string => `holdfast-${role}`;

/** The controller's own role, in the hub account. Its name is fixed: member accounts trust it by name. */
export const CONTROLLER_ROLE_NAME = "holdfast-controller";
/** The role of those that carry one shard of a large fleet, in the hub account. Member accounts trust it by name as well. */
export const WORKER_ROLE_NAME = "holdfast-worker";
/** The role of the GitHub workflow that publishes desired state, in the hub account, where the settings name a repository. */
export const PUBLISHER_ROLE_NAME = "holdfast-publisher";
/** The role that pull requests of the same repository plan as, in the hub account, where the settings say so. */
export const PLANNER_ROLE_NAME = "holdfast-planner";
/** The managed policy of a member account that bounds its four roles, unless the settings name another. */
export const BOUNDARY_NAME = "holdfast-boundary";
