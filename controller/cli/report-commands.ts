import { Option, type Command } from "commander";
import { FORMATS } from "../exports/formats.ts";
import { reportExport } from "./commands/export.ts";
import { reportPack } from "./commands/pack.ts";
import { rechainCommand } from "./commands/rechain.ts";
import { reportDiff, reportList, reportShow } from "./commands/report.ts";
import { reportHtml, reportViewer } from "./commands/report-html.ts";
import { rotateKeysCommand } from "./commands/rotate-keys.ts";
import { reportVerify } from "./commands/verify.ts";
import { evidence, manifests, printing, reaching, spanning, syncTrust, writing } from "./options.ts";
import type { AddCommand } from "./program.ts";

/** `holdfast report …`: reading, proving and handing on evidence, and what is done to a chain itself. */
export function addReportCommands(program: Command, add: AddCommand): void {
  const report = program.command("report").description("signed reports: read, verify, hand over").exitOverride();
  const reports = (one: Command): Command => reaching(evidence(one));
  printing(reports(add(report, "list", "one line a report, newest first, and the trend", reportList))).option(
    "--last <count>",
    "the newest reports alone",
  );
  printing(reports(add(report, "diff [from] [to]", "what changed between two reports", reportDiff)));
  printing(reports(add(report, "show [sequence]", "one report; the newest by default", reportShow)), "markdown");
  const check = "check every signature and the chain, or one report by itself; exits 5 on any no";
  printing(reports(add(report, "verify [sequence]", check, reportVerify)))
    .option("--pack <file.tar|dir>", "an evidence pack, as it is or unpacked, in place of the evidence store")
    .option(
      "--start <sequence:sha256>",
      "the first report, where the chain begins before it; by default what a pack says",
    )
    .option("--keys <keys.json>", "keys you got from elsewhere than the evidence store")
    .option("--head <sequence:sha256>", "the newest report as you know it from elsewhere: answers ANCHORED")
    .option("--manifests <dir>", "the manifests as you know them from git: answers SOURCED for the newest report")
    .option("--due", "ask as well whether the next report should have come by now");
  const html = "a month of reports as one page that verifies itself; a report's number to show that one first";
  spanning(reports(add(report, "html [sequence]", html, reportHtml)), "by default a month before the last")
    .requiredOption("--out <file.html>", "the page to write")
    .option("--keys <keys.json>", "keys you got from elsewhere than the evidence store, to put on the page");
  add(report, "viewer", "the page without data: verifies files that are dropped on it", reportViewer).requiredOption(
    "--out <file>",
    "the page to write",
  );
  const pack = "one file with everything that an auditor needs to check a period alone";
  spanning(reports(add(report, "pack", pack, reportPack))).requiredOption("--out <file.tar>", "where to write it");
  const other = "reports in a form that other tools read";
  spanning(reports(add(report, "export [sequence]", other, reportExport)))
    .addOption(new Option("--format <format>", "which form").choices([...FORMATS]).makeOptionMandatory())
    .requiredOption("--out <dir>", "folder to write into");
  const anew = "begin a chain anew in place of one that does not verify: all grace begins anew, no approval is left";
  writing(reports(syncTrust(manifests(printing(add(report, "rechain", anew, rechainCommand))))))
    .requiredOption("--reason <text>", "why; it goes into the new chain's first report")
    .option(
      "--head <sequence:sha256>",
      "the newest report as you know it from elsewhere: shows a chain that was cut off",
    )
    .option("--yes", "do not ask");
  const handOver = "hand the chain over to other keys, by a report that the old ones and the new sign";
  writing(reports(syncTrust(manifests(printing(add(report, "rotate-keys", handOver, rotateKeysCommand))))))
    .requiredOption("--reason <text>", "why; it goes into the report")
    .option("--to <key>", "kms:KEY or file:PATH that signs from now on, in the place of the P-256 key")
    .option("--second-to <key>", "the same of ML-DSA-65, in the place of the second key or as the first one")
    .option("--revoke <keyid>", "a key that is lost or stolen: it does not sign this report, and none after it")
    .option("--yes", "do not ask");
}
