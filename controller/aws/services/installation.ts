/** The same of services that only doctor asks. In a module of their own: a bundler keeps whatever a module it takes could import. */
export const cloudwatch = () => import("./cloudwatch.ts");
export const lambda = () => import("./lambda-settings.ts");
export const scheduler = () => import("./scheduler.ts");
export const sns = () => import("./sns.ts");
export const sqs = () => import("./sqs.ts");
