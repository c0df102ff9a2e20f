import fc from "fast-check";
import { isMeddling, meddlings, type MeddlingName } from "../simulator/meddling.ts";
import { ApiError } from "../simulator/service.ts";
import { FRANKFURT, HUB, IRELAND, universe, type Universe } from "../support/universe.ts";
import { place, placement, type Placement } from "./before.ts";
import { isTampering, tamper, tamperings, type TamperingName } from "./tampering.ts";
import { lessOf } from "./less.ts";
import { ACCOUNTS, extent, filesOf, manifests, REGIONS, type Extent, type Manifests } from "./manifests.ts";
import { placePoint, point, type GivenPointIn } from "./points.ts";

/** A small fleet: what was there before anybody declared anything, what an earlier run made of it, and what people did since. */
export interface World {
  readonly extent: Extent;
  readonly placed: readonly Placement[];
  /** What was declared before: its runs are over when the case begins. */
  readonly earlier: Manifests | "the same" | "less" | "nothing";
  readonly points: readonly GivenPointIn[];
  readonly drift: readonly Drift[];
  /** What the runs of the case act upon. */
  readonly manifests: Manifests;
  readonly seed: number;
  readonly pageSize: number;
}

export interface Drift {
  readonly how: MeddlingName | TamperingName;
  /** Which of the fleet's targets, counted round. */
  readonly at: number;
}

const HOWS = [...(Object.keys(meddlings) as MeddlingName[]), ...(Object.keys(tamperings) as TamperingName[])];
const drift: fc.Arbitrary<Drift> = fc.record({ how: fc.constantFrom(...HOWS), at: fc.nat(5) });

export interface Likely {
  readonly placed?: fc.Arbitrary<readonly Placement[]>;
  readonly earlier?: fc.Arbitrary<World["earlier"]>;
  readonly drift?: fc.Arbitrary<readonly Drift[]>;
  readonly extent?: fc.Arbitrary<Extent>;
}

/** Worlds of every sort; a law that needs some sort more often asks for it. */
export const worldsWith = (likely: Likely = {}): fc.Arbitrary<World> =>
  fc.record({
    extent: likely.extent ?? extent,
    placed: likely.placed ?? fc.oneof(fc.constant([]), fc.array(placement, { maxLength: 3 })),
    earlier:
      likely.earlier ??
      fc.oneof(
        { weight: 2, arbitrary: fc.constant("nothing" as const) },
        { weight: 2, arbitrary: fc.constant("the same" as const) },
        { weight: 3, arbitrary: fc.constant("less" as const) },
        { weight: 3, arbitrary: manifests },
      ),
    points: fc.array(point, { maxLength: 4 }),
    drift: likely.drift ?? fc.oneof(fc.constant([]), fc.array(drift, { maxLength: 3 })),
    manifests,
    seed: fc.nat(1_000),
    pageSize: fc.constantFrom(1, 2, 3, 50),
  });

export const drifts = fc.array(drift, { minLength: 1, maxLength: 4 });

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The fleet's targets, the first account's first Region first. */
export const targetsOf = ({ accounts, regions }: Extent): readonly Place[] =>
  ACCOUNTS.slice(0, accounts).flatMap((account) => REGIONS.slice(0, regions).map((region) => ({ account, region })));

export const targetAt = (world: World, at: number): Place => {
  const targets = targetsOf(world.extent);
  return targets[at % targets.length]!;
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Brings a world about, up to the moment before the runs of the case, and commits what these act upon. */
export async function stage(world: World): Promise<Universe> {
  const u = universe({
    files: filesOf(world.manifests, world.extent),
    accounts: [HUB, ...ACCOUNTS],
    regions: [IRELAND, FRANKFURT],
    seed: world.seed,
    pageSize: world.pageSize,
  });
  for (const { account, region } of targetsOf(world.extent)) addResources(u, account, region);
  for (const placed of world.placed) place(u.simulator, targetAt(world, placed.at), placed);
  if (world.earlier !== "nothing") {
    u.commit(filesOf(earlierOf(world), world.extent));
    await u.run();
    // An adoption changes nothing else in its run.
    if (world.placed.length > 0) await u.run();
    u.simulator.clock.advance(HOUR_MS);
  }
  for (const point of world.points) placePoint(u.simulator, targetAt(world, point.at), point);
  for (const one of world.drift) disturb(u, world, one);
  u.commit(filesOf(world.manifests, world.extent));
  // By now AWS shows all of it.
  u.simulator.clock.advance(MINUTE_MS);
  return u;
}

function earlierOf({ earlier, manifests }: World): Manifests {
  if (earlier === "nothing") return [];
  if (earlier === "the same") return manifests;
  return earlier === "less" ? manifests.map(lessOf) : earlier;
}

/** People are refused too: what AWS does not let them do is no drift. */
function disturb({ simulator }: Universe, world: World, { how, at }: Drift): void {
  const target = targetAt(world, at);
  try {
    if (isMeddling(how)) simulator.meddle(how, target);
    else if (isTampering(how)) tamper(simulator, target, how);
    else how satisfies never;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** What can be backed up, the same in every target: with one tag, the other, both and none. */
function addResources({ simulator }: Universe, account: string, region: string): void {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const given = [
    { arn: arn("ec2", "volume/vol-1"), type: "EBS", tags: { backup: "nightly" } },
    { arn: arn("ec2", "volume/vol-2"), type: "EBS", tags: { team: "data" } },
    { arn: arn("ec2", "volume/vol-3"), type: "EBS" },
    { arn: arn("dynamodb", "table/orders"), type: "DynamoDB", tags: { backup: "nightly", team: "data" } },
    { arn: arn("dynamodb", "table/logs"), type: "DynamoDB" },
  ];
  for (const resource of given) simulator.addResource(account, region, resource);
}

/** A world as a person reads it: the files, and the rest as it was drawn. */
export function showWorld({ manifests, extent, earlier, ...rest }: World): string {
  const files = (all: Manifests) =>
    Object.entries(filesOf(all, extent))
      .map(([path, text]) => `# ${path}\n${text}`)
      .join("---\n");
  return [
    files(manifests),
    `earlier: ${typeof earlier === "string" ? earlier : `\n${files(earlier)}`}`,
    fc.stringify(rest),
  ].join("\n");
}
