import { describe, expect, it } from "vitest";
import type { Report } from "../../controller/domain/report.ts";
import { changesBetween } from "../../controller/views/period/changes-between.ts";
import { diffText } from "../../controller/views/period/diff-text.ts";
import { trendLines, trendOf } from "../../controller/views/period/trend.ts";
import { brokenReport, fullReport, quietReport } from "./report-fixtures.ts";

const golden = (name: string): string => `../golden/views/${name}`;
const plain = { color: false, width: 100 };

/** The same report further on in its chain, with what else changes. */
const at = ({ report }: { readonly report: Report }, sequence: number, change: Partial<Report> = {}): Report => ({
  ...report,
  ...change,
  chain: { ...report.chain, sequence },
});

const quiet = at(quietReport, 117);
const full = at(fullReport, 119, {
  coverage: {
    complete: true,
    population: 12,
    protected: 11,
    unprotected: [{ arn: "arn:aws:s3:::billing-archive", type: "AWS::S3::Bucket", reason: "no-recovery-point" }],
    byPlan: {},
  },
});

describe("what changed between two reports", () => {
  it("tells rows that came, went and say something else, and what was done", async () => {
    await expect(diffText(changesBetween(quiet, full, [at(quietReport, 118), full]), plain)).toMatchFileSnapshot(
      golden("report-diff.txt"),
    );
  });

  it("is the other way round from the other end", () => {
    const [there, back] = [changesBetween(quiet, full, []), changesBetween(full, quiet, [])];
    const mirrored = there.lists.map(({ list, came, went, changed, same }) => ({
      list,
      came: went.map(({ name, was }) => ({ name, is: was })),
      went: came.map(({ name, is }) => ({ name, was: is })),
      changed: changed.map(({ name, was, is }) => ({ name, was: is, is: was })),
      same,
    }));
    expect(back.lists).toEqual(mirrored);
    expect(back.numbers).toEqual(there.numbers.map(({ name, from, to }) => ({ name, from: to, to: from })));
  });

  it("is nothing between a report and itself", () => {
    expect(diffText(changesBetween(full, full, []), plain)).toContain("stand alike; nothing was changed between them");
  });

  it("compares no numbers that a report could not come to", () => {
    const { numbers } = changesBetween(quiet, full, []);
    expect(numbers.find(({ name }) => name === "protected")).toEqual({ name: "protected", from: null, to: 11 });
  });
});

describe("the trend over many reports", () => {
  const period = Array.from({ length: 12 }, (_, n) =>
    at(n % 5 === 4 ? fullReport : quietReport, n + 1, n === 7 ? { summary: brokenReport.report.summary } : {}),
  );

  it("is a line of bars a number, with its least and its most", async () => {
    await expect(trendLines(period, plain).join("\n")).toMatchFileSnapshot(golden("report-trend.txt"));
  });

  it("leaves open what a report does not say", () => {
    expect(
      trendOf(period)
        .find(({ name }) => name === "in sync")
        ?.values.at(7),
    ).toBeNull();
  });
});
