import type { Told } from "../told.ts";

/** What a report says of one control, or undefined where it did not look: silence is no verdict. */
interface Judgement {
  readonly satisfied: boolean;
  readonly because: string;
}

/** A control of NIST SP 800-53 revision 5 that a report has something to say about. Its statement is named as NIST's catalog names it. */
export interface Control {
  readonly id: string;
  readonly title: string;
  /** Of a "no change" report whose rows were filled in, where they were at hand. */
  readonly judge: (told: Told) => Judgement | undefined;
}

/** The three whose statements the sections of a report speak to. Whether that is enough for an assessor is for the assessor to say. */
export const CONTROLS: readonly Control[] = [
  {
    id: "cm-6",
    title: "Configuration Settings: what runs is what was approved in git",
    judge: configuration,
  },
  { id: "cp-9", title: "System Backup: what should be backed up is", judge: backup },
  {
    id: "cp-9.1",
    title: "System Backup | Testing for Reliability and Integrity: backups were restored as tests",
    judge: restores,
  },
];

export const statementOf = ({ id }: Control): string => `${id}_smt`;

function configuration({ result, summary }: Told): Judgement {
  const satisfied = result === "CONVERGED" || result === "CORRECTED";
  const count = (section: string) => summary[section] ?? 0;
  return {
    satisfied,
    because: `verdict ${result}: ${count("inSync")} resources in sync, ${count("resources")} not, ${count("held")} changes held`,
  };
}

function backup(told: Told): Judgement | undefined {
  const { coverage, jobs } = told;
  if (!coverage || !jobs || isElsewhere(told, "coverage.unprotected") || isElsewhere(told, "jobs.failed"))
    return undefined;
  // Where nothing could be read, or nobody looked, there is no population: that is no finding about backups.
  if (coverage.population === 0 && !coverage.complete) return undefined;
  const open = jobs.failed.filter(({ retriedBy }) => retriedBy === undefined).length;
  return {
    satisfied: coverage.complete && jobs.complete && coverage.unprotected.length === 0 && open === 0,
    because: [
      `${coverage.protected} of ${coverage.population} resources have a recovery point`,
      `${coverage.unprotected.length} have none`,
      `${open} failed jobs without a later success between ${jobs.window.from} and ${jobs.window.to}`,
      ...(coverage.complete && jobs.complete ? [] : ["not everything could be read"]),
    ].join("; "),
  };
}

function restores(told: Told): Judgement | undefined {
  const { restoreTests } = told;
  if (!restoreTests || restoreTests.length === 0 || isElsewhere(told, "restoreTests")) return undefined;
  const good = restoreTests.filter(
    ({ status, validationStatus }) => status === "COMPLETED" && validationStatus === "SUCCESSFUL",
  ).length;
  return {
    satisfied: good === restoreTests.length,
    because: `${good} of ${restoreTests.length} restore tests completed and were validated as successful`,
  };
}

/** A list that stands in the report which a "no change" report refers to. */
const isElsewhere = ({ unchanged }: Told, section: string): boolean => unchanged?.sections.includes(section) ?? false;
