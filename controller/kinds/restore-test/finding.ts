import type { Bar, Finding, Mend } from "../../domain/change.ts";
import type { JudgedClass, TestFold } from "./fold.ts";
import { PARTITION } from "./stream.ts";

/** What is wrong with one test, one class or one thing left over. */
interface About {
  readonly subject: string;
  readonly resource: string;
  readonly type: string;
  /** What was backed up, where that is not the resource itself. */
  readonly source?: string;
  readonly cause: string;
  readonly because: string;
  readonly bytes?: number;
  readonly bars?: readonly Bar[];
  readonly mend?: Mend;
}

export const findingOf = (
  { target }: Pick<TestFold, "target">,
  { rule }: Pick<JudgedClass, "rule">,
  { subject, resource, type, source, cause, because, bytes = 0, bars = [], mend }: About,
): Finding => ({
  key: { target, kind: "restore-test", name: subject },
  subject,
  partition: PARTITION,
  judgedIn: target,
  within: { target, kind: "restore-testing-plan", name: rule.spec.plan },
  of: { resource, type, ...(source === undefined ? {} : { source }) },
  rule: { name: rule.name, source: rule.source },
  cause,
  because,
  bars,
  bytes,
  management: rule.management.mode === "enforce" ? "enforce" : "observe",
  ...(mend ? { mend } : {}),
});

export const noMend = (release: string, because: string): Bar => ({ reason: "cannot-mend", because, release });
