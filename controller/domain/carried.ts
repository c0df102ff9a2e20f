import * as z from "zod";
import { Canary, Consumed, Deletion, PolicySeen, Spent } from "./announcement.ts";
import { Digest, Instant, ResourceKey } from "./identity.ts";
import { LeftOff } from "./survey.ts";

/** A list of the signed memory that is an attachment, bound by its digest (rule 7). */
const CarriedList = z.object({ count: z.int().min(1), sha256: Digest });

const Since = { since: z.int().min(1) }; // the sequence of the report that began the entry (rule 31)

/** The signed memory handed from report to report. Nothing destructive rests on anything else (law 3). */
export const Carried = z.object({
  /** Corrections per resource field in the last 24 h, to notice a second controller (rule 17). */
  corrections: z.array(z.object({ key: ResourceKey, path: z.string(), on: z.array(Instant), ...Since })),
  /** Declared resources per kind at the last whole run, to notice a desired state that shrank. */
  declared: z.object({ counts: z.record(z.string(), z.int()), ...Since }).nullable(),
  /** Ids taken under management where AWS has no tags (rule 19). */
  adopted: z.array(z.object({ key: ResourceKey, id: z.string(), ...Since })),
  /**
   * API calls per class at the last whole run, to predict the next one's time; and the recovery points that it streamed, with those of the
   * biggest vault. Points absent: an older report, or none were streamed.
   */
  calls: z
    .object({
      perClass: z.record(z.string(), z.int()),
      points: z.object({ all: z.int().min(0), biggestVault: z.int().min(0) }).optional(),
      ...Since,
    })
    .nullable(),
  /** The last commit acted on, and HEAD's sequence (rule 25). */
  source: z.object({ commit: z.string().nullable(), sequence: z.int().nullable(), ...Since }).nullable(),
  /** Open announcements of destruction, sorted by change id, in an attachment (rule 7). Empty: there are none. */
  announcements: z.union([z.array(z.never()), CarriedList]),
  /** Resources seen to be missing, in an attachment. Absent: none. */
  missing: CarriedList.optional(),
  /** What is wrong with protection, and what was so lately, in an attachment. Absent: nothing. */
  concerns: CarriedList.optional(),
  /** What is known of each class that restores are tested of, in an attachment: AWS forgets its jobs. Absent: of none. */
  tested: CarriedList.optional(),
  /** Restore jobs whose validators were asked and put the result themselves. Absent: none. */
  handed: z.array(z.object({ jobId: z.string(), on: Instant, since: z.int().min(1).optional() })).optional(),
  /** Deletions under way, and refused ones. */
  deletions: z.array(Deletion).optional(),
  /** Types whose deletions are known to work. */
  canaries: z.array(Canary).optional(),
  /** What counts against the budgets of a rolling 24 h. */
  spent: z.array(Spent).optional(),
  /** Approvals used up, until they would have run out. */
  consumed: z.array(Consumed).optional(),
  /** Since when policies are known. */
  policies: z.array(PolicySeen).optional(),
  /** Where the last survey of the whole fleet left off. Absent: there was none. */
  surveyed: LeftOff.extend(Since).optional(),
  /**
   * The compact range of the tree that `chain.log` is the root of (RFC 6962): one hash for each one in the number of reports before, the
   * largest subtree first. Whoever appends needs the head alone.
   */
  frontier: z.array(Digest),
  /** The last report that said everything in full, for those that say "no change". Absent: none can be referred to. */
  full: z
    .object({
      sequence: z.int().min(1),
      /** Null in that report itself. */
      payloadSha256: Digest.nullable(),
      on: Instant,
      /** SHA-256 of each list as it stood there, but for when it was looked at. */
      sections: z.record(z.string(), Digest),
    })
    .optional(),
});
export type Carried = z.infer<typeof Carried>;
