/**
 * Services that only some runs ask. Each module has one service's client and the commands that operations name, and is imported when
 * a call is made, so that a run which makes none does not read it (decision 10). Bundlers cannot tell what an import at run time will
 * use, so that what is not listed in these modules is not in the bundle.
 */
export const dynamodb = () => import("./dynamodb.ts");
export const ec2 = () => import("./ec2.ts");
export const eventBridge = () => import("./eventbridge.ts");
export const efs = () => import("./efs.ts");
export const fsx = () => import("./fsx.ts");
export const iam = () => import("./iam.ts");
export const lambda = () => import("./lambda.ts");
export const organizations = () => import("./organizations.ts");
export const rds = () => import("./rds.ts");
export const redshift = () => import("./redshift.ts");
export const secretsManager = () => import("./secrets-manager.ts");
export const sns = () => import("./messages.ts");
export const tagging = () => import("./tagging.ts");
