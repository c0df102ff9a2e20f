import type { CommitPack, Revision } from "../../domain/desired.ts";
import { digestOf } from "../../domain/digest.ts";
import type { ReportBody } from "../../domain/report.ts";
import type { ObjectStore } from "../../ports.ts";
import { packKey } from "../chain/names.ts";

/** The commit's pack as the evidence store has it, and what a report has to say where it has none. */
export interface KeptPack {
  readonly pack: CommitPack | null;
  readonly limitations: readonly string[];
}

const PACK_MEDIA_TYPE = "application/x-git-packed-objects";

/**
 * Stores a commit's pack beside the reports, once for each commit, so that the desired state can be checked when its repository is gone. The
 * first one stays: another git packs the same objects into other bytes. It is named only once it is known to hold the commit and its manifests.
 */
export async function keepPack(
  store: ObjectStore,
  chainId: string,
  revision: Revision,
  pack: Uint8Array | undefined,
): Promise<KeptPack> {
  const { commit, manifestRoot, files, dirty, unpacked } = revision;
  if (commit === null || dirty) return NOTHING;
  if (pack === undefined) return unpacked === null ? NOTHING : notKept(commit, unpacked);
  // Only a run of a clean commit reads the code for it (decision 10).
  const { packProblem } = await import("./git-pack.ts");
  const own = packProblem(pack, { commit, manifestRoot, files });
  if (own !== undefined) return notKept(commit, own);
  const key = packKey(chainId, commit);
  const put = await store.put(key, pack, { condition: { ifAbsent: true }, contentType: PACK_MEDIA_TYPE });
  if (put !== "conflict") return kept(pack);
  const first = (await store.get(key))?.body ?? new Uint8Array();
  const problem = packProblem(first, { commit, manifestRoot, files });
  return problem === undefined ? kept(first) : notKept(commit, `another is in its place at ${key}: ${problem}`);
}

const NOTHING: KeptPack = { pack: null, limitations: [] };

const kept = (pack: Uint8Array): KeptPack => ({
  pack: { sha256: digestOf(pack), size: pack.length },
  limitations: [],
});

const notKept = (commit: string, why: string): KeptPack => ({
  pack: null,
  limitations: [`The git pack of commit ${commit} is not kept beside this report: ${why}.`],
});

/** A report names the pack that is stored, which need not be the one this run has. */
export const withPack = (body: ReportBody, { pack, limitations }: KeptPack): ReportBody => ({
  ...body,
  source: body.source && { ...body.source, pack },
  limitations: [...body.limitations, ...limitations],
});
