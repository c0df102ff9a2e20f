/**
 * Where everything of a chain lies below the evidence store's prefix. A key holds the sequence number and nothing else, so that the store
 * itself settles who comes first: never a date or a digest in a report's name. A store holds one chain, the one its `keys.json` names.
 */
export const KEYS_FILE = "keys.json";
/** Everything a chain has written lies below this. */
export const CHAINS = "v1/";
export const chainPrefix = (chainId: string): string => `${CHAINS}${chainId}/`;

/** Ten digits sort as numbers do, for a report an hour through a million years. */
const DIGITS = 10;

export const reportsPrefix = (chainId: string): string => `${chainPrefix(chainId)}reports/`;
export const reportName = (sequence: number): string => `${String(sequence).padStart(DIGITS, "0")}.dsse.json`;
export const reportKey = (chainId: string, sequence: number): string =>
  `${reportsPrefix(chainId)}${reportName(sequence)}`;

export const attachmentKey = (chainId: string, sha256: string): string =>
  `${chainPrefix(chainId)}attachments/${sha256}`;

/** Once per commit: the objects that show what its manifests were. */
export const packKey = (chainId: string, commit: string): string => `${chainPrefix(chainId)}git/${commit}.pack`;

/** Records without a place in the chain lie in folders of their own, so that none is ever taken for a report. */
export const openingKey = (chainId: string, run: string): string =>
  `${chainPrefix(chainId)}openings/${encodeURIComponent(run)}.dsse.json`;
export const standDownsPrefix = (chainId: string): string => `${chainPrefix(chainId)}stand-downs/`;
/** `after`: the chain's last sequence when the record was made, so that the few that may still be unlisted are found by name. */
export const standDownKey = (chainId: string, after: number, run: string): string =>
  `${standDownsPrefix(chainId)}${String(after).padStart(DIGITS, "0")}.${encodeURIComponent(run)}.dsse.json`;

/** The sequence in a report's file name, wherever the file lies; undefined for any other name. */
export function sequenceOf(path: string): number | undefined {
  const digits = /(?:^|\/)(\d{10})\.dsse\.json$/.exec(path)?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** The sequence that a stand-down's file name begins with. */
export function standDownSequence(path: string): number | undefined {
  const digits = /\/stand-downs\/(\d{10})\.[^/]+\.dsse\.json$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
