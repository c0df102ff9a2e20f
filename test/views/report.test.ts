import { describe, expect, it } from "vitest";
import { Report } from "../../controller/domain/report.ts";
import { reportList } from "../../controller/views/report-list.ts";
import { reportMarkdown } from "../../controller/views/report-markdown.ts";
import { reportText } from "../../controller/views/report-text.ts";
import { digest } from "./plan-fixtures.ts";
import { brokenReport, fullReport, quietReport } from "./report-fixtures.ts";

const plain = { color: false, width: 100 };
const golden = (name: string): string => `../golden/views/${name}`;

describe("a report as text", () => {
  it("tells verdict, targets, changes with their request ids, holds, unknowns and a dead run's writes", async () => {
    await expect(reportText(fullReport, plain)).toMatchFileSnapshot(golden("report.txt"));
  });

  it("says where it is and how to verify it even when it has nothing else to say", async () => {
    await expect(reportText(quietReport, plain)).toMatchFileSnapshot(golden("report-quiet.txt"));
  });

  it("says what broke a run off", async () => {
    await expect(reportText(brokenReport, plain)).toMatchFileSnapshot(golden("report-broken.txt"));
  });

  it("names every request id, so that CloudTrail can be asked", () => {
    const text = reportText(fullReport, plain);
    const { actions, recovered } = fullReport.report;
    const ids = [...actions, ...recovered.flatMap(({ attempts }) => attempts)].flatMap(
      ({ requestId }) => requestId ?? [],
    );
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(text).toContain(id);
  });

  it("does not take rows that moved into an attachment for none", () => {
    const text = reportText(
      {
        ...fullReport,
        report: {
          ...fullReport.report,
          held: [],
          summary: { ...fullReport.report.summary, held: 5_000 },
          attachments: [
            { name: "held.ndjson.gz", mediaType: "application/x-ndjson", size: 99, digest: { sha256: digest("c") } },
          ],
        },
      },
      { color: false, width: 200 },
    );
    expect(text).toContain("5000 held");
    expect(text).toContain(`5000 rows of held, in held.ndjson.gz, SHA-256 ${digest("c")}`);
  });
});

describe("a report as Markdown", () => {
  it("folds the details and shows how to verify", async () => {
    await expect(reportMarkdown(fullReport)).toMatchFileSnapshot(golden("report.md"));
  });
});

describe("the list of reports", () => {
  it("has one line a report", async () => {
    const reports = [brokenReport, fullReport, quietReport].map(({ report }) => report);
    await expect(reportList(reports, plain)).toMatchFileSnapshot(golden("report-list.txt"));
  });
});

describe("a report of the first form", () => {
  const {
    announced: _announced,
    groups: _groups,
    deletions: _deletions,
    tallies: _tallies,
    misnamed: _misnamed,
    restoreTimes: _restoreTimes,
    ...older
  } = fullReport.report;
  const { deletions, groups, tallies, ...counted } = older.summary;
  const first = Report.parse({
    ...older,
    summary: counted,
    resources: older.resources.map(({ change: _change, finding, ...row }) => ({
      ...row,
      ...(finding ? { finding: bareNote(finding) } : {}),
    })),
    changes: older.changes.map(({ finding, ...row }) => ({
      ...row,
      ...(finding ? { finding: bareNote(finding) } : {}),
    })),
  });

  it("is a report still, and is told as far as it goes", () => {
    expect([deletions, groups, tallies]).toEqual([undefined, undefined, undefined]);
    const text = reportText({ ...fullReport, report: first }, plain);
    expect(text).toContain("amend recovery-point arn:aws:ec2:eu-west-1::snapshot/snap-0a77 in legacy (8.0 GiB)");
    expect(text).not.toContain("Announced");
    expect(text).not.toContain("What a clean-up frees");
  });
});

const bareNote = ({ cause, policy, partition, bytes }: NonNullable<Report["changes"][number]["finding"]>) => ({
  cause,
  policy,
  partition,
  bytes,
});
