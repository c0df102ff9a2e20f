import { listProtectedResources } from "../../../aws/backup-operations.ts";
import { describeTable, getTaggedResources } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Rule } from "../../../domain/desired.ts";
import type { Target } from "../../../domain/identity.ts";
import type { Page, Partition, Streamed, TimeWindow } from "../../kind.ts";
import { OWNER_LISTINGS } from "../../../owner-services/service.ts";
import type { ResourceRow } from "../row.ts";
import type { ProtectedResourceRuleSpec } from "../spec.ts";
import { merged } from "./merge.ts";
import { readSources } from "./sources.ts";

/** The one partition of a target. */
export const RESOURCES = "resources";

export const POPULATION_READS = [getTaggedResources, listProtectedResources, describeTable, ...OWNER_LISTINGS] as const;
export type PopulationCall = Call<(typeof POPULATION_READS)[number]>;

/** What the stream must know of the policies: the types that they are about; null: every one. */
interface Facts {
  readonly types: readonly string[] | null;
}

/** All resources of a target are one partition: each source of them lists the target as a whole. */
export async function resourcePartition(
  _call: Call<never>,
  target: Target,
  rules: readonly Rule<ProtectedResourceRuleSpec>[],
): Promise<readonly Partition[]> {
  const types = rules.every(({ spec }) => spec.match.resourceTypes)
    ? [...new Set(rules.flatMap(({ spec }) => spec.match.resourceTypes ?? []))]
    : null;
  const facts = { types } satisfies Facts;
  // Its rows have no creation time that AWS would list them by: one window holds them all.
  return [{ name: RESOURCES, id: `${target.account}/${target.region}`, createdOn: new Date(0), size: 0, facts }];
}

/** Rows a page: what readers hold at a time. */
const PAGE = 1_000;

/**
 * Every resource that some source shows, each once, with all that they say of it together; then the word of a source that broke off.
 * Memory grows with resources.
 */
export async function* streamResources(
  call: PopulationCall,
  target: Target,
  { facts }: Streamed,
  _window: TimeWindow,
): AsyncGenerator<Page<ResourceRow>> {
  const types = (facts as Facts | undefined)?.types ?? null;
  const sources = await readSources(call, target, types);
  let rows: ResourceRow[] = [];
  for (const row of merged(sources)) {
    rows.push(row);
    if (rows.length < PAGE) continue;
    yield { rows, more: true };
    rows = [];
  }
  yield { rows, more: false };
  for (const unread of sources.failures) yield { unread };
}
