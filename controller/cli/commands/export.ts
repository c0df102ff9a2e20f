import { reportsPrefix, attachmentKey, reportKey, sequenceOf } from "../../attest/chain/names.ts";
import { join } from "node:path";
import { HoldfastError } from "../../domain/errors.ts";
import { EXPORTS, isExportFormat } from "../../exports/formats.ts";
import type { Invocation } from "../invocation.ts";
import { chainToExport } from "./pack.ts";
import { periodOf } from "./period.ts";

/** Reports in a form that other tools read: a file or several in a folder. */
export async function reportExport({ flags, operands, ...rest }: Invocation): Promise<number> {
  const invocation: Invocation = { flags, operands, ...rest };
  const { format, out } = flags;
  if (!isExportFormat(format)) throw new HoldfastError("setting-refused", "say which form with --format");
  if (out === undefined) throw new HoldfastError("setting-refused", "say where to with --out DIR");
  const [one] = operands;
  if (one !== undefined && (flags.from !== undefined || flags.to !== undefined))
    throw new HoldfastError("setting-refused", "give one report's sequence or a period with --from and --to, not both");
  const { store, keys } = await chainToExport(invocation);
  const period = await periodOf(
    store,
    keys.chainId,
    one === undefined ? { from: flags.from, to: flags.to } : { from: one, to: one },
  );
  const from = period.from + (one === undefined ? 0 : period.widenedBy);
  const files = await EXPORTS[format]({
    keys,
    sequences: (await store.list(reportsPrefix(keys.chainId)))
      .flatMap((key) => sequenceOf(key) ?? [])
      .filter((sequence) => from <= sequence && sequence <= period.to),
    report: async (sequence) => (await store.get(reportKey(keys.chainId, sequence)))?.body,
    attachment: async (sha256) => (await store.get(attachmentKey(keys.chainId, sha256)))?.body,
    url: (sequence) => `${store.url}/${reportKey(keys.chainId, sequence)}`,
  });
  const { writeFiles } = await import("../../local/write-files.ts");
  await writeFiles(out, files);
  invocation.terminal.out([...files.keys()].map((path) => join(out, path)).join("\n"));
  return 0;
}
