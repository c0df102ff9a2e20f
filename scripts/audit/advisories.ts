import * as z from "zod";

/** What the registry says of the packages that a program is made of. */
export type Advisories =
  | {
      readonly is: "audited";
      readonly dependencies: number;
      readonly lesser: number;
      readonly known: readonly string[];
    }
  /** Nobody looked, which is not the same as nothing found. */
  | { readonly is: "not-audited"; readonly because: string };

/** Levels that fail the check, as `npm audit --audit-level=high` counts them. */
const GRAVE = new Set(["high", "critical"]);

const Advisory = z.object({ title: z.string(), url: z.string(), severity: z.string() });
/** npm's report, version 2 (npm CLI documentation, "npm audit"), as far as it is read. */
const Report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({ severity: z.string(), range: z.string(), via: z.array(z.union([z.string(), Advisory])) }),
  ),
  metadata: z.object({
    vulnerabilities: z.object({ total: z.int() }),
    dependencies: z.object({ prod: z.int() }),
  }),
});
/** What npm prints in its place where the registry did not answer. */
const Refusal = z.object({ message: z.string() });

/** Reads what `npm audit --json` printed. Anything but a report means that nobody looked. */
export function readAdvisories(printed: string): Advisories {
  const value = parse(printed);
  const report = Report.safeParse(value);
  if (!report.success) {
    const refusal = Refusal.safeParse(value);
    return { is: "not-audited", because: refusal.success ? refusal.data.message : "npm audit printed no report" };
  }
  const { vulnerabilities, metadata } = report.data;
  const grave = Object.entries(vulnerabilities).filter(([, { severity }]) => GRAVE.has(severity));
  return {
    is: "audited",
    dependencies: metadata.dependencies.prod,
    lesser: Object.keys(vulnerabilities).length - grave.length,
    known: grave.map(([name, { severity, range, via }]) => `${name} ${range}: ${severity}: ${reasons(via)}`).toSorted(),
  };
}

/** What is known of the package itself, or the names of those it depends on that it is in the list for. */
const reasons = (via: readonly (string | z.infer<typeof Advisory>)[]): string =>
  via.map((one) => (typeof one === "string" ? `by way of ${one}` : `${one.title} (${one.url})`)).join("; ");

function parse(printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch {
    return undefined;
  }
}
