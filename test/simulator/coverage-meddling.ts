/** What people do to resources and settings, by which these are protected or not: done only when it is asked for by name. */
import type { Meddling } from "./meddling-scene.ts";
import type { Random } from "./random.ts";
import type { Resource } from "./world.ts";

export const coverageMeddlings = {
  /** Of a type that is there, where one is: plans go on, and leave it out. */
  "change-opt-in": ({ state, act, random, resources }) => {
    const used = [...new Set([...resources.values()].map(({ type }) => type))].filter((type) => state.optIn.get(type));
    if (used.length === 0) return undefined;
    const type = random.pick(used);
    act("backup", "UpdateRegionSettings", { ResourceTypeOptInPreference: { [type]: false } });
    return `opted ${type} out`;
  },
  "untag-resource": ({ act, random, resources }) => {
    const resource = pickTagged(resources, random);
    if (resource === undefined) return undefined;
    const key = random.pick(Object.keys(resource.tags));
    act("tagging", "UntagResources", { ResourceARNList: [resource.arn], TagKeys: [key] });
    return `took the tag ${key} off ${resource.arn}`;
  },
  /** A slip of the shift key: to AWS Backup it is another tag. */
  "mistype-tag": ({ act, random, resources }) => {
    const resource = pickTagged(resources, random);
    if (resource === undefined) return undefined;
    const key = random.pick(Object.keys(resource.tags));
    const slipped = key.charAt(0).toUpperCase() + key.slice(1);
    if (slipped === key) return undefined;
    const value = resource.tags[key];
    act("tagging", "UntagResources", { ResourceARNList: [resource.arn], TagKeys: [key] });
    act("tagging", "TagResources", { ResourceARNList: [resource.arn], Tags: { [slipped]: value } });
    return `wrote the tag ${key} of ${resource.arn} as ${slipped}`;
  },
  /** At its own service, where no simulated call does it: the log has nothing of it. */
  "idle-resource": ({ random, resources }) => {
    const busy = [...resources.values()].filter(({ arn, idle }) => !idle && idling.test(arn));
    if (busy.length === 0) return undefined;
    const resource = random.pick(busy);
    resource.idle = true;
    return `stopped or detached ${resource.arn}`;
  },
} as const satisfies Readonly<Record<string, Meddling>>;

/** What can be stopped, detached or paused. */
const idling = /:ec2:.*:(?:instance|volume)\/|:rds:.*:(?:db|cluster):|:redshift:.*:cluster:/;

function pickTagged(resources: ReadonlyMap<string, Resource>, random: Random): Resource | undefined {
  const tagged = [...resources.values()].filter(({ tags }) => Object.keys(tags).length > 0);
  return tagged.length === 0 ? undefined : random.pick(tagged);
}
