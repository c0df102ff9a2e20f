import { type Concern, concernId } from "../../../controller/domain/concern.ts";
import { AccountId, Instant, Region } from "../../../controller/domain/identity.ts";
import { compose, type Occasion } from "../../../controller/notices/compose.ts";
import type { DueNotice } from "../../../controller/notices/due.ts";
import type { Notice } from "../../../controller/notices/notice.ts";

/** One night of one company: what every message in the documentation is drawn from. */

const SHOP = { account: AccountId.parse("444455556666"), region: Region.parse("eu-west-1") };
const DATA = { account: AccountId.parse("777788889999"), region: Region.parse("eu-central-1") };
const NAMES = new Map([
  [SHOP.account as string, "shop-production"],
  [DATA.account as string, "data-production"],
]);

const at = (time: string): Instant => Instant.parse(`2026-11-2${time}:00.000Z`);

const concern = (one: Omit<Concern, "id" | "count" | "firstOn" | "lastOn"> & Partial<Concern>): Concern => ({
  id: concernId({ example: one.subject, cause: one.cause }),
  count: 1,
  firstOn: at("6T03:10"),
  lastOn: at("6T03:10"),
  ...one,
});

const bucket = (name: string, firstOn = at("6T03:10")): Concern =>
  concern({
    cause: "unprotected",
    severity: "high",
    target: DATA,
    subject: `arn:aws:s3:::${name}`,
    owner: "team-data",
    because: "no plan selects it, and its policy asks for a backup a day",
    fix: "tag it backup=nightly, as the selection tagged of plan nightly takes it in by that",
    basis: { by: "finding", kind: "protected-resource", policy: "everything-tagged" },
    firstOn,
  });

const BILLING = concern({
  cause: "backup-failed",
  severity: "high",
  target: SHOP,
  subject: `arn:aws:rds:${SHOP.region}:${SHOP.account}:db:billing`,
  owner: "team-billing",
  because:
    "backup job 1b9d6bcd of plan nightly ended as FAILED: The IAM role is not authorized to use key alias/billing & may not create grants",
  fix: "give the plan's role the rights that the message names; it is over once a later backup of it completes",
  basis: { by: "job", work: "backup billing", endedOn: at("6T03:02") },
});
const LEDGER = concern({
  cause: "lastPointExpiring",
  severity: "critical",
  target: SHOP,
  subject: `arn:aws:dynamodb:${SHOP.region}:${SHOP.account}:table/ledger`,
  owner: "team-billing",
  because: "its newest recovery point expires on 2026-11-30, and nothing comes after it",
  fix: "back it up now, or give the point a longer life",
  basis: { by: "finding", kind: "recovery-point", policy: "production-retention" },
});
const BUCKETS = ["invoices-raw", "invoices-clean", "clickstream"].map((name) => bucket(name));
const OLD = bucket("landing-zone", at("0T03:10"));

const OPEN = [LEDGER, BILLING, ...BUCKETS, OLD];

const occasion = (now: string): Occasion => ({
  fleet: "acme",
  route: "on-call",
  report: { sequence: 42, url: "s3://acme-evidence/v1/0000000042.dsse.json", result: "HELD" },
  now: new Date(at(now)),
  names: NAMES,
  open: OPEN,
});

const opened: DueNotice = {
  type: "concern.opened",
  about: [
    ...[LEDGER, BILLING, ...BUCKETS].map((one) => ({ concern: one })),
    { concern: OLD, again: "still-open", last: at("0T03:10") },
  ],
};
const resolved: DueNotice = {
  type: "concern.resolved",
  about: [
    {
      concern: {
        ...BILLING,
        resolved: { on: at("6T09:40"), because: "job 9c5b94b1 completed on 2026-11-26T09:31:07.000Z" },
      },
    },
  ],
};

/** Every type of notice there is. */
export const NOTICES: Readonly<Record<"opened" | "resolved" | "digest" | "run", Notice>> = {
  opened: compose(opened, occasion("6T03:10")),
  resolved: compose(resolved, { ...occasion("6T09:40"), open: [LEDGER, ...BUCKETS, OLD] }),
  digest: compose(
    { type: "digest", about: [LEDGER, ...BUCKETS, OLD].map((one) => ({ concern: one })), digest: "2026-11-27T08:00" },
    { ...occasion("7T07:00"), open: [LEDGER, ...BUCKETS, OLD] },
  ),
  run: compose({ type: "run.completed", about: [] }, occasion("6T03:10")),
};

/** A key for the documentation: everybody has it. */
export const EXAMPLE_KEYS = {
  current: "example-key-that-everybody-has-read-by-now-",
  previous: "example-key-of-last-quarter-which-is-still-",
};
