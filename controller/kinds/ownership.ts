import { Instant } from "../domain/identity.ts";
import type { Live, Ownership } from "../domain/live.ts";
import { FLEET_TAG, RESOURCE_TAG, SUSPEND_TAG, type Tags } from "./tags.ts";

/** Both marks, to be set in the create call itself: a resource is never ours for want of a second call (rule 19). */
export const ownershipTags = (fleet: string, kind: string, name: string): Readonly<Record<string, string>> => ({
  [FLEET_TAG]: fleet,
  [RESOURCE_TAG]: `${kind}/${name}`,
});

/** Whose a tagged resource is. One mark without the other is not enough to call it ours. */
export function ownershipOf(
  tags: Readonly<Record<string, string>>,
  fleet: string,
  kind: string,
  name: string,
): Ownership {
  const owner = tags[FLEET_TAG];
  if (owner !== undefined && owner !== fleet) return "foreign";
  return owner === fleet && tags[RESOURCE_TAG] === `${kind}/${name}` ? "ours" : "none";
}

/** What tags say beyond ownership: another manager, or a person's break glass (rules 17, 27). */
export function marksOf(tags: Readonly<Record<string, string>>): Pick<Live, "managedBy" | "suspendedUntil"> {
  const stack = tags["aws:cloudformation:stack-name"] ?? tags["aws:cloudformation:stack-id"];
  const until = Instant.safeParse(
    new Date(tags[SUSPEND_TAG] ?? "").getTime() ? new Date(tags[SUSPEND_TAG]!).toISOString() : "",
  );
  return {
    ...(stack === undefined ? {} : { managedBy: `CloudFormation stack ${stack}` }),
    ...(until.success ? { suspendedUntil: until.data } : {}),
  };
}

/** The live tags that a manifest manages: those it names. Everybody else's are left alone. */
export const managedTags = (live: Tags | undefined, desired: Tags | undefined): Tags | undefined =>
  live && desired && Object.fromEntries(Object.entries(live).filter(([key]) => key in desired));

/** Live tags as a spec may hold them: without AWS's own and our marks. */
export const ordinaryTags = (tags: Readonly<Record<string, string>>): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !/^(aws|holdfast):/i.test(key)));
