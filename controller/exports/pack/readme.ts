import { QUESTIONS as VERDICTS } from "../../domain/verification.ts";
import { CSV_FILES } from "../csv/csv-files.ts";
import type { PackFacts } from "./facts.ts";
import { QUESTIONS } from "./questions.ts";
import { recipesOf } from "./recipes.ts";

/** What an auditor reads first. Everything in it follows from the pack's files: no date of today, no name of a machine. */
export function readme(facts: PackFacts, has: (path: string) => boolean): string {
  return [
    "# Evidence pack",
    ...verdictLines(facts),
    "## What this is",
    ...whatLines(facts),
    "## Verify it yourself",
    ...verifyLines(facts, has),
    "## What is in it",
    ...contentLines(facts, has),
    "## What auditors ask, and where the answer is",
    ...questionLines(),
    "## What it does not prove",
    ...limitLines(facts),
  ]
    .join("\n\n")
    .concat("\n");
}

/** A pack of a chain that does not verify is the one an auditor needs most: it is made all the same, and says so first. */
function verdictLines({ verification }: PackFacts): readonly string[] {
  const wrong = VERDICTS.filter((question) => verification[question] === "no");
  if (wrong.length === 0) return [];
  return [
    `> **THIS CHAIN DOES NOT VERIFY: ${wrong.map((question) => question.toUpperCase()).join(", ")} answered no** when the pack was made. Do not rely on it before the reason is known.`,
    verification.problems
      .map(
        ({ file, check, message }) => `- \`${oneLine(file === "" ? "chain" : file)}\`: ${check}: ${oneLine(message)}`,
      )
      .join("\n"),
  ];
}

function whatLines(facts: PackFacts): readonly string[] {
  const { keys, period, files, window, verdicts, head, start } = facts;
  const asked = [period.asked.from ?? "the first report", period.asked.to ?? "the newest report"].join(" to ");
  return [
    "Holdfast is a controller that keeps AWS Backup as a git repository declares it. Every run, those that failed too, ends in a signed report: what was declared, what was found, what was changed, what was held and why. Reports are numbered and each names the one before by its hash, so that none can be taken away, put in or altered unseen. This folder is a stretch of that chain with all it takes to check it without the system that made it, without AWS and without Holdfast.",
    table([
      ["Chain", code(keys.chainId)],
      [
        "Reports",
        `${period.from} to ${period.to}, asked for as ${oneLine(asked)}; the newest of the chain was ${period.newest}`,
      ],
      ...(period.widenedBy > 0
        ? [
            [
              "",
              `${period.widenedBy} of them come before the period asked for: later ones say “no change since” and refer to them`,
            ],
          ]
        : []),
      ["Files of the chain", String(files)],
      ...(window ? [["Time covered", `${window.from} to ${window.to}`]] : []),
      ["Verdicts", verdicts.map(([verdict, count]) => `${oneLine(verdict)} ${count}`).join(", ") || "none"],
      ...(start
        ? [
            [
              "First report",
              `${code(start)}: the chain begins before it, so a verifier takes it as given (\`START.txt\`)`,
            ],
          ]
        : []),
      ["Last report", head ? code(head) : "cannot be read"],
    ]),
  ];
}

function verifyLines(facts: PackFacts, has: (path: string) => boolean): readonly string[] {
  const { keys } = facts;
  return [
    "Two things must come to you by another way than this pack, or it proves nothing but that it agrees with itself: the **fingerprints of the keys** (they are in `keys.json` of the git repository, where review is the change control of keys) and, for the end of the chain, the **hash of the last report** (printed by every run, in mails, tickets and alarms). Compare:",
    table(
      keys.keys.map(({ keyid, algorithm, protection, kmsKeyArn }) => [
        `${algorithm}, ${protection === "local-file" ? "a local file: integrity against outsiders only" : oneLine(kmsKeyArn ?? protection)}`,
        code(keyid),
      ]),
      ["Key", "Fingerprint: SHA-256 of its SubjectPublicKeyInfo"],
    ),
    "All commands are run in this folder.",
    ...recipesOf(facts, has).flatMap(({ title, says, script }) => [
      `### ${title}`,
      says,
      `\`\`\`sh\n${script}\n\`\`\``,
    ]),
    ...(has("viewer.html")
      ? [
          "### Everything, in a browser",
          `Open \`viewer.html\` from the disk, with the network off if you like, and drop the \`.tar\` or this folder on it. It verifies before it shows anything. A forged page can lie, so take a copy that came another way, or compare the hash of its script, which its content security policy pins and of which a release has but one: \`${facts.viewerScript}\`.`,
        ]
      : []),
    "### Everything, with Holdfast",
    'In a copy of Holdfast of your own: `holdfast report verify --pack . --keys keys.json --head "$(cat HEAD.txt)"`. It reads this folder or the `.tar` it came in.',
    "| Answer | Question |\n| --- | --- |\n| INTACT | is every report signed by the keys that had to sign it, and byte for byte what was signed? |\n| COMPLETE | is no report missing, inserted or out of order, and no time left out? |\n| SOURCED | are the manifests that the reports name the ones in git? |\n| ANCHORED | is the last report the one that was written down elsewhere? |",
  ];
}

function contentLines({ keys }: PackFacts, has: (path: string) => boolean): readonly string[] {
  const chain = `v1/${keys.chainId}`;
  return [
    table(
      [
        ["`keys.json`", "public keys and who had to sign from which report on"],
        [
          `\`${chain}/reports/\``,
          "the signed reports, as the evidence store has them: DSSE envelopes around in-toto statements",
        ],
        [`\`${chain}/attachments/\``, "long lists that reports bind by digest, each file named by its SHA-256"],
        [`\`${chain}/git/\``, "the manifests of each commit, as git packs"],
        ...CSV_FILES.map(({ file, says }) => [`\`csv/${file}\``, says]),
        ["`ocsf/findings.ndjson`", "one OCSF Compliance Finding (class 2003, schema 1.5.0) a line, for a SIEM"],
        ["`oscal/`", "OSCAL 1.1.2 assessment results with the plan they name, for a GRC system"],
        ["`sigstore/`", "each report as a Sigstore bundle with its ECDSA signature, for cosign"],
        [
          "`HEAD.txt`, `START.txt`",
          "`sequence:sha256` of the last report; of the first, where the chain begins before it",
        ],
        ["`SHA256SUMS`", "of every other file"],
      ].filter(([path = ""]) => !path.startsWith("`oscal") || has("oscal/assessment-results.json")),
      ["File", "What it is"],
    ),
    'Files in `csv`, `ocsf`, `oscal` and `sigstore` are drawn from the reports and carry no signature of their own: each row and finding names the hash of the report it is from. CSV is UTF-8 with a byte order mark (Python: `encoding="utf-8-sig"`), and a text that a spreadsheet would take for a formula begins with `\'`. A report that says “no change” leaves out the rows of the report it refers to. OCSF severities: high for a resource without a recovery point and for protection weaker than declared, medium for what could not be read or waits for a person, low for what is there and should not be, informational for what was mended.',
  ];
}

const questionLines = (): readonly string[] => [
  table(
    QUESTIONS.map(({ asked, frameworks, answer }, at) => [`${at + 1}. ${asked}`, frameworks, answer]),
    ["Question", "Asked by", "Answer"],
  ),
  "A section that a report does not have was not looked at in that run. Clause numbers are signposts: check them against the edition you work with.",
];

const limitLines = ({ verification }: PackFacts): readonly string[] => [
  [
    ...verification.limitations.map(oneLine),
    "Sources independent of the controller are CloudTrail, AWS Backup Audit Manager, AWS Config, and a look at the accounts.",
  ]
    .map((limit) => `- ${limit}`)
    .join("\n"),
];

/** Text of a report inside Markdown: one line, and nothing that a renderer takes for markup or a cell's end. */
const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, " ").replaceAll(/[|<>`*_[\]\\]/g, (one) => `\\${one}`);

const code = (text: string): string => `\`${text.replaceAll("`", "")}\``;

const table = (rows: readonly (readonly string[])[], heads: readonly string[] = ["", ""]): string =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
