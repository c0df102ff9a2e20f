import { encodeKeys } from "../../attest/sealing/keys.ts";
import { attachingTo } from "../../attest/attachments/put-attachment.ts";
import { rotate, type Rotated } from "../../attest/chain/rotate.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { Digest } from "../../domain/identity.ts";
import { exitCodeOf } from "../../domain/verdict.ts";
import { checkSigner, isStandalone } from "../../settings.ts";
import { jsonText } from "../../views/visible.ts";
import { openRotation } from "../../world.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";
import { newRun } from "../run.ts";

/** Hands a chain over to other keys (evidence §2.5). Review of `keys.json` in git is the change control of keys: who pins keys pins the new ones first. */
export async function rotateKeysCommand(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const { to, secondTo } = flags;
  const reason = flags.reason ?? "";
  if (reason.trim() === "") throw refused("--reason is empty: it goes into the report that hands the chain over");
  const revoke = flags.revoke === undefined ? undefined : keyidIn(flags.revoke);
  if (to === undefined && secondTo === undefined && revoke === undefined)
    throw refused("nothing would change: name a new key with --to or --second-to, or one to be revoked with --revoke");
  for (const signer of [to, secondTo]) if (signer !== undefined) checkSigner(signer);
  const settings = settingsOf(invocation, ".");
  if (isStandalone(settings) && flags.standalone !== true)
    throw refused(
      "lease and evidence are in folders: give --evidence s3://… and --work s3://… of the fleet, or say --standalone",
    );
  const asked = { ...(to === undefined ? {} : { to }), ...(secondTo === undefined ? {} : { secondTo }) };
  const world = await openRotation(settings, { ...asked, lenient: revoke !== undefined });
  if (flags.yes !== true && !(await terminal.ask(`${QUESTION}\nHand the chain over? Only yes will do: `))) {
    terminal.err("Nothing was written.");
    return 1;
  }
  const wish = { reason, to: world.to, ...(revoke === undefined ? {} : { revoke }) };
  return underLease(world, wish, invocation);
}

const QUESTION = [
  "From the next report on, only the new keys sign. Until its settings name them, the controller publishes nothing: it needs",
  "--signer (HOLDFAST_SIGNER) and --second-signer (HOLDFAST_SECOND_SIGNER) to be the new ones.",
].join("\n");

const refused = (message: string): HoldfastError => new HoldfastError("setting-refused", message);

function keyidIn(text: string): Digest {
  const keyid = Digest.safeParse(text);
  if (keyid.success) return keyid.data;
  throw refused(`--revoke ${text} is not a key's id: 64 hexadecimal digits, as keys.json has them`);
}

type World = Awaited<ReturnType<typeof openRotation>>;
type Wish = Parameters<typeof rotate>[0]["wish"];

async function underLease(world: World, wish: Wish, invocation: Invocation): Promise<number> {
  const { clock, store, trust, to, current, self, leases } = world;
  const { id, reporter } = newRun(clock, undefined, { standalone: false });
  const lease = await leases.take(id);
  if ("heldBy" in lease) {
    invocation.terminal.err(`STOOD DOWN: run ${lease.heldBy} has the lease until ${lease.until}. Nothing was written.`);
    return exitCodeOf("STOOD_DOWN");
  }
  try {
    const attach = (chainId: string) => attachingTo(store, chainId);
    const run = { id, reporter };
    const signers = [...current, ...to];
    const rotated = await rotate({ store, trust, wish, signers, clock, lease, run, self, attach });
    return rotated.result === "offered" ? offer(rotated, invocation) : say(rotated, invocation);
  } finally {
    await lease.release();
  }
}

/** Whoever pins keys pins the next ones before there is a report under them. */
function offer({ keys, sequence }: Extract<Rotated, { result: "offered" }>, { terminal }: Invocation): number {
  terminal.out(new TextDecoder().decode(encodeKeys(keys)));
  terminal.err(
    [
      "The pinned keys are not yet those of the hand-over, so nothing was written.",
      "Above is the keys.json with it. Commit it first, in the place of the pinned one, then run this again with it as --trust.",
      `It holds for report ${sequence}: let no run publish meanwhile, or this prints another one.`,
    ].join("\n"),
  );
  return 1;
}

function say(rotated: Exclude<Rotated, { result: "offered" }>, invocation: Invocation): number {
  const { terminal } = invocation;
  const { published, keys, result } = rotated;
  if (formatOf(invocation) === "json") {
    terminal.out(jsonText({ result, ...published, keys }));
    return 0;
  }
  const { keyids = [] } = keys.policy.at(-1) ?? {};
  terminal.out(
    [
      `Report ${published.sequence} hands the chain over${result === "finished" ? "; an earlier try had published it" : ""}:`,
      `  ${published.url}`,
      `From report ${published.sequence + 1} on it is signed by`,
      ...keyids.map((keyid) => {
        const row = keys.keys.find((key) => key.keyid === keyid);
        return `  ${keyid} (${row?.algorithm}, ${row?.kmsKeyArn ?? row?.protection})`;
      }),
      "Set HOLDFAST_SIGNER and HOLDFAST_SECOND_SIGNER to them, and commit the new keys.json where it is pinned.",
    ].join("\n"),
  );
  return 0;
}
