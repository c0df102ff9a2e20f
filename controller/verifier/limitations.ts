import type { Keys } from "./keys.ts";
import type { VerifyOptions, Walk } from "./walk.ts";

/** What a verification could not prove even where it says yes. One sentence each. */
export function limitationsOf(walk: Walk, keys: Keys, options: VerifyOptions): readonly string[] {
  return [
    "A signature proves who said this and that it was not altered since, not that it is true: match request ids with CloudTrail.",
    ...genesisLimits(walk),
    ...keyLimits(walk, keys),
    ...attachmentLimits(walk, options),
    ...sourceLimits(walk, options),
    ...headLimits(walk, options),
  ];
}

function genesisLimits({ first }: Walk): readonly string[] {
  const { chain, supersedes } = first?.statement.predicate ?? {};
  if (supersedes)
    return [
      `It supersedes chain ${supersedes.chain} after ${supersedes.reports} reports, on ${supersedes.on}: ${supersedes.reason}. Nothing that those reports say is proven by this chain.`,
    ];
  const before = chain?.genesis?.supersedes;
  if (!before) return [];
  return [
    `It supersedes chain ${before.chainId} after ${before.sequence} reports: ${chain.genesis?.reason}. Nothing that those reports say is proven by this chain.`,
  ];
}

function keyLimits({ signed }: Walk, { keys }: Keys): readonly string[] {
  const limits: string[] = [];
  if ([...signed.values()].some(({ unchecked }) => unchecked > 0))
    limits.push("P-256 only, ML-DSA not checked: this platform cannot verify the second signature.");
  if (keys.some(({ keyid, protection }) => protection === "local-file" && signed.has(keyid)))
    limits.push("A signing key is a file: integrity against outsiders only, not against those who can read the file.");
  for (const { keyid } of keys.filter(({ status }) => status === "revoked"))
    limits.push(`Key ${keyid} was revoked: what it alone signed rests on the reports after it.`);
  return limits;
}

const attachmentLimits = ({ unfollowed }: Walk, { attachment }: VerifyOptions): readonly string[] => [
  ...(attachment ? [] : ["No attachment was at hand: their digests are signed, their bytes were not looked at."]),
  ...(unfollowed.length === 0
    ? []
    : [
        `${unfollowed.length} short reports, the first ${unfollowed[0]}, refer to a full report that is not among these.`,
      ]),
];

function sourceLimits({ unmatched, signedCommits }: Walk, { repository }: VerifyOptions): readonly string[] {
  return [
    ...[...unmatched].map(([why, count]) => `${count} reports could not be compared with their commit: each ${why}.`),
    ...(repository && signedCommits > 0
      ? ["Commits have signatures of their own, which were not checked: git verify-commit checks them."]
      : []),
    "Timestamp tokens and CloudTrail's Sign events, where there are any, are for other tools to check.",
  ];
}

const headLimits = ({ last }: Walk, { head, sample = false }: VerifyOptions): readonly string[] => [
  ...(head
    ? []
    : [
        "Without a pin from outside the store, a cut-off tail and a chain written anew with the same keys do not show.",
      ]),
  ...(head && last && last.sequence > head.sequence
    ? [`Reports after ${head.sequence} are newer than the pin: a cut-off tail would not show.`]
    : []),
  ...(sample ? ["Reports were picked one by one: which others there are was not asked."] : []),
];
