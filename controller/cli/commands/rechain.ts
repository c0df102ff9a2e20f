import { type BrokenChain, examineChain } from "../../attest/chain/broken-chain.ts";
import { encodeKeys, firstKeys, type Keys } from "../../attest/sealing/keys.ts";
import { attachingTo } from "../../attest/attachments/put-attachment.ts";
import { supersede } from "../../attest/chain/supersede.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { exitCodeOf } from "../../domain/verdict.ts";
import { load } from "../../load/load.ts";
import type { PublishedReport } from "../../ports.ts";
import { isStandalone } from "../../settings.ts";
import { jsonText, visible } from "../../views/visible.ts";
import { openRechaining } from "../../world.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";
import { newRun } from "../run.ts";
import { parseHead } from "./verify.ts";

type Rechaining = Awaited<ReturnType<typeof openRechaining>>;

/**
 * Begins a chain anew where the one there is does not verify (rule 27). Nothing that the old one says is taken over, since nothing of
 * it is proven: what was announced is announced anew, and approvals that may have been used count as used.
 */
export async function rechainCommand(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const reason = flags.reason ?? "";
  if (reason.trim() === "") throw refused("--reason is empty: it goes into the new chain's first report");
  const settings = settingsOf(invocation);
  if (isStandalone(settings) && flags.standalone !== true)
    throw refused(
      "lease and evidence are in folders: give --evidence s3://… and --work s3://… of the fleet, or say --standalone",
    );
  const world = await openRechaining(settings);
  const broken = await brokenChain(world, invocation);
  const keys = world.trust ?? firstKeys(world.uuid(), world.signers);
  if (keys.chainId === broken.chainId) return offerKeys(world, broken, invocation);
  if (flags.yes !== true && !(await isWanted(broken, invocation))) {
    terminal.err("Nothing was written.");
    return 1;
  }
  return underLease({ world, broken, keys, reason }, invocation);
}

const refused = (message: string): HoldfastError => new HoldfastError("setting-refused", message);

async function brokenChain({ store }: Rechaining, { flags }: Invocation): Promise<BrokenChain> {
  const broken = await examineChain(store, flags.head === undefined ? undefined : parseHead(flags.head));
  if (broken.problems.length === 0)
    throw refused(
      `the ${broken.reports} reports of chain ${broken.chainId} in ${store.url} verify: there is nothing to mend. A chain that was cut off shows against --head`,
    );
  return broken;
}

/** Whoever pins keys pins a chain: the new one's go the way that the old one's went, before it begins. */
function offerKeys({ signers, uuid }: Rechaining, { chainId }: BrokenChain, { terminal }: Invocation): number {
  terminal.out(new TextDecoder().decode(encodeKeys(firstKeys(uuid(), signers))));
  terminal.err(
    [
      `The pinned keys are those of chain ${chainId}, which does not verify, so nothing was written.`,
      "Above is a keys.json for a new chain, with the signers' keys. Commit it in the place of the pinned one, give it to every",
      "controller and verifier (--trust, HOLDFAST_TRUST), and run this again with it.",
    ].join("\n"),
  );
  return 1;
}

/** How many problems are told before the question. */
const TOLD = 5;

function isWanted({ chainId, reports, problems }: BrokenChain, { terminal }: Invocation): Promise<boolean> {
  const rest = problems.length - TOLD;
  terminal.err(
    [
      `Chain ${chainId}, ${reports} reports, does not verify:`,
      ...problems.slice(0, TOLD).map((problem) => `  ${visible(problem)}`),
      ...(rest > 0 ? [`  … and ${rest} more`] : []),
      "A new chain carries nothing over: every destruction is announced anew and has its whole grace before it, what is adopted",
      "by id is adopted anew, and approvals that are in the desired state now count as used. The old reports stay where they are.",
    ].join("\n"),
  );
  return terminal.ask("Begin a new chain? Only yes will do: ");
}

interface Wanted {
  readonly world: Rechaining;
  readonly broken: BrokenChain;
  readonly keys: Keys;
  readonly reason: string;
}

async function underLease({ world, broken, keys, reason }: Wanted, invocation: Invocation): Promise<number> {
  const { clock, store, signers, source, organization, leases, trust, self } = world;
  const { id, reporter } = newRun(clock, undefined, { standalone: false });
  const lease = await leases.take(id);
  if ("heldBy" in lease) {
    invocation.terminal.err(`STOOD DOWN: run ${lease.heldBy} has the lease until ${lease.until}. Nothing was written.`);
    return exitCodeOf("STOOD_DOWN");
  }
  try {
    const snapshot = await source.read();
    const { approvals, revision } = await load(snapshot, organization, clock.now());
    const run = { id, reporter };
    const pinned = trust !== undefined;
    const attach = attachingTo(store, keys.chainId);
    const begun = {
      store,
      signers,
      clock,
      lease,
      broken,
      keys,
      pinned,
      run,
      self,
      attach,
      reason,
      revision,
      approvals,
      ...(snapshot.pack ? { pack: snapshot.pack } : {}),
    };
    say(await supersede(begun), broken, invocation);
    return 0;
  } finally {
    await lease.release();
  }
}

function say(published: PublishedReport, { chainId }: BrokenChain, invocation: Invocation): void {
  const { terminal } = invocation;
  if (formatOf(invocation) === "json") return terminal.out(jsonText(published));
  const { report, url, payloadSha256 } = published;
  const used = report.carried.consumed ?? [];
  terminal.out(
    [
      `Chain ${report.chain.id} takes the place of chain ${chainId}. Its first report is at`,
      `  ${url}`,
      ...(used.length > 0
        ? [
            `Approvals that count as used: ${used.map(({ approval }) => visible(approval)).join(", ")}. Approve anew what is still meant.`,
          ]
        : []),
      "Every destruction is announced anew by the next run. Verify with",
      `  holdfast report verify --head 1:${payloadSha256}`,
    ].join("\n"),
  );
}
