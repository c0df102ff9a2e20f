/**
 * What auditors ask (evidence §8), each answered by where in a pack the answer stands. A section that a report does not have was not
 * looked at, and that is an answer as well.
 */
export interface Question {
  readonly asked: string;
  readonly frameworks: string;
  readonly answer: string;
}

const NOT_COVERED = "**Not covered.**";

export const QUESTIONS: readonly Question[] = [
  {
    asked: "Which system produced this, which version, which query and parameters?",
    frameworks: "all (IPE)",
    answer: "`reporter` of each report; `csv/observations.csv` has every read with its parameters",
  },
  {
    asked: "How do you know the list is complete? Total population?",
    frameworks: "all (IPE)",
    answer: "`coverage.population` and `summary` of each report; `items` and `complete` in `csv/observations.csv`",
  },
  {
    asked: "How do you know it is accurate and not edited after export?",
    frameworks: "all (IPE)",
    answer: "the signatures: verify as above; INTACT is the answer",
  },
  {
    asked: "Are there gaps in sequence or time in the period?",
    frameworks: "SOC 2 Type II",
    answer: "`csv/reports.csv`: `sequence`, `windowFrom`, `windowTo`, `nextDueBefore`; COMPLETE is the answer",
  },
  {
    asked: "Let me match 25 rows to the source system",
    frameworks: "IPE",
    answer: "`requestId` in `csv/actions.csv`, `requestIds` in `csv/observations.csv`: search them in CloudTrail",
  },
  {
    asked: "What must be backed up, how often, decided by whom?",
    frameworks: "ISO A.8.13, DORA 12(1), NIS2 4.2.2, SOC 2 A1.2",
    answer:
      "the manifests in `v1/*/git/*.pack`, `source` of each report; who approved them is in the repository's history",
  },
  {
    asked: "Is every in-scope critical resource covered? What is excluded and why?",
    frameworks: "ISO, DORA, HIPAA",
    answer: "`csv/unprotected.csv`, `scope.exclusions` of each report, `csv/exceptions.csv`",
  },
  {
    asked: "Show that backups ran each day of the period, and the failures",
    frameworks: "SOC 2, HIPAA",
    answer: "`jobs.byState` of each report for its window; the failures are `csv/jobs.csv`",
  },
  {
    asked: "Who noticed a failure, how fast, was it corrected?",
    frameworks: "SOC 2 CC7, NIS2 4.2.6",
    answer:
      "`retriedBy` in `csv/jobs.csv`, `csv/actions.csv`, and the report after; who was told is not in the reports",
  },
  {
    asked: "Does the running configuration equal the approved policy? Who changed it?",
    frameworks: "SOC 2 CC8, ISO A.8.32",
    answer:
      "`csv/resources.csv` (`drift`, `differences`), `csv/held.csv`, `csv/actions.csv`; who else changed it is in CloudTrail",
  },
  {
    asked: "RPO/RTO: target and achieved",
    frameworks: "ISO, DORA, NIS2 (a)",
    answer:
      "RPO: `rpo` in the CoveragePolicies, `coverage.policies` and `jobs.rpoBreaches` of each report (of a long one its attachment of that name); RTO achieved: `rtoSeconds` in `csv/restore-tests.csv`, and over time in `csv/restore-times.csv`",
  },
  {
    asked: "Last restore test per system, result, who validated, corrective action",
    frameworks: "SOC 2 A1.3, DORA 12(2), NIS2 4.2.6, HIPAA",
    answer: "`csv/restore-tests.csv`; a person's sign-off is not in the reports",
  },
  {
    asked: "Are copies complete, accurate, integrity-checked?",
    frameworks: "NIS2 4.2.2(b), 4.2.3, HIPAA",
    answer: "`validationStatus` in `csv/restore-tests.csv`, `status` in `csv/recovery-points.csv`",
  },
  {
    asked: "Off-site and logically or physically separate copy?",
    frameworks: "NIS2 4.2.2(c), DORA 12(3), ISO",
    answer:
      "accounts, Regions and `type` in `csv/vaults.csv`; copy actions in the manifests; which point is a copy of which is not in the reports yet",
  },
  {
    asked: "Immutable? Since when, can an admin remove it?",
    frameworks: "ransomware questions, insurers",
    answer: "`csv/vaults.csv`: `locked`, `lockDate` (from then on nobody can), `minDays`",
  },
  {
    asked: "Encrypted, with which key, who controls it?",
    frameworks: "SOC 2 CC6/C1, HIPAA, PCI 3",
    answer:
      "`kmsKeyArn` in `csv/vaults.csv`, a finding in `csv/resources.csv` where a point breaks its rule; who controls the key is its key policy, which is not in the reports",
  },
  {
    asked: "Who can delete or read backups?",
    frameworks: "NIS2 4.2.2(d), SOC 2 CC6",
    answer:
      "`policySha256` in `csv/vaults.csv` is the access policy's digest, declared ones are manifests; IAM policies are not in the reports",
  },
  {
    asked: "Retention as required, expired data really gone?",
    frameworks: "ISO, NIS2 (f), PCI 3.2.1",
    answer: "`deleteOn` in `csv/recovery-points.csv`, the manifests, `deletions` of each report",
  },
  {
    asked: "Were exceptions approved, time-limited, reviewed?",
    frameworks: "all",
    answer: "`csv/exceptions.csv`: `approvedIn` is the commit, `expiresOn` its end",
  },
  {
    asked: "Who holds the signing key; separation of duties?",
    frameworks: "SOC 2 CC6",
    answer:
      "`signing` of each report, `keys.json`; who may use a KMS key is its key policy, and its Sign events are in CloudTrail",
  },
  {
    asked: "Is the evidence itself retained and protected?",
    frameworks: "PCI 10.3/10.5.1, HIPAA 6 y",
    answer:
      "not by this pack: ask for the Object Lock state of the bucket; `holdfast report verify` on the bucket lists versions and delete markers",
  },
  {
    asked: "Is the tool itself under change control?",
    frameworks: "SOC 2 CC8",
    answer: "`reporter.version`, `reporter.imageDigest` and `reporter.configSha256` of each report",
  },
  {
    asked: "Physical security of offline media",
    frameworks: "PCI 9.4.1.1/.2",
    answer: NOT_COVERED,
  },
  {
    asked: "Policy document, training, roles, management review",
    frameworks: "ISO, HIPAA, DORA",
    answer: NOT_COVERED,
  },
];
