/**
 * What the controller's role may do besides, from within the controller's own function and no other that runs as it: become the member role that
 * destroys (rules 8, 22). The coordinator's function may as well, by the policy that it has anyway.
 */
import { enterToDestroy } from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

export const destroyerPolicy = policyDocument([...enterToDestroy("${ControllerFunction}")]);
