import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A copy of the manifests, below the working directory, with the two retentions raised that people had raised at the console. Gone when disposed of. */
export async function acceptLongerRetention(
  example: string,
): Promise<{ readonly path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = ".holdfast/demo-manifests";
  await rm(path, { recursive: true, force: true });
  await cp(example, path, { recursive: true });
  const plans = join(path, "plans.yaml");
  await writeFile(plans, accept(await readFile(plans, "utf8")));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Exactly the two daily rules that were raised. */
const accept = (plans: string): string => raise(raise(plans, "bronze", 14, 30), "silver", 35, 60);

const raise = (plans: string, plan: string, from: number, to: number): string =>
  plans.replace(
    new RegExp(`(name: ${plan} \\}[\\s\\S]*?ruleName: daily[\\s\\S]*?deleteAfterDays: )${from}\\b`),
    (_all, before: string) => `${before}${to}`,
  );
