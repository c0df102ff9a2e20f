import type { Finding } from "../../../domain/change.ts";
import type { Settled } from "../../../domain/inventory.ts";
import { isMissing } from "../judge/findings.ts";
import { askOutside, type OutsideCall } from "../outside/ask.ts";
import { type Heard, outsideText, unreadText } from "../outside/outside.ts";

/** Tells of resources without a young enough point what else keeps backups of them, where no listing did; the gravest are asked about first. */
export async function tellOutside(call: OutsideCall, parts: readonly Settled[]): Promise<readonly Settled[]> {
  const asked = parts.flatMap(({ findings }) => findings.filter(isMissing)).map(resourceOf);
  const heard = await askOutside(call, asked);
  if (heard.size === 0) return parts;
  return parts.map((part) => ({
    ...part,
    findings: part.findings.map((finding) =>
      isMissing(finding) ? withOutside(finding, heard.get(finding.subject)) : finding,
    ),
  }));
}

const resourceOf = ({ subject: arn, of: { type } }: Finding) => ({ arn, type });

function withOutside(finding: Finding, heard: Heard | undefined): Finding {
  const words = heard && wordsOf(heard, finding);
  if (words === undefined) return finding;
  const because = `${finding.because}; ${words}`;
  // What else forbids it stands as it was said.
  const bars = finding.bars.map((bar) => (bar.because === finding.because ? { ...bar, because } : bar));
  return { ...finding, because, bars };
}

function wordsOf(heard: Heard, finding: Finding): string | undefined {
  if ("unread" in heard) return unreadText(heard.unread, finding.of);
  return heard.kept && `outside AWS Backup ${outsideText(heard.kept, resourceOf(finding))}`;
}
