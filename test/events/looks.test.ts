import { expect, it } from "vitest";
import type { ChainReader, ChainReport } from "../../controller/attest/chain/chain.ts";
import { looksSince } from "../../controller/attest/memory/looks.ts";
import type { ReportBody } from "../../controller/domain/report.ts";
import { bodyOf, governed, MORNING, partOf, SHOP } from "../concerns/bodies.ts";

const incomplete = { targets: [{ target: SHOP, result: "INCOMPLETE" as const }] };

it.each<readonly [because: string, body: ReportBody, whole: boolean]>([
  ["read it all", bodyOf(), true],
  ["left something unread there", partOf(SHOP, { ...incomplete, governed: [governed(SHOP, false)] }), false],
  ["was narrow, and read all but what it is judged by elsewhere", partOf(SHOP, incomplete), true],
  ["was over the whole fleet, and did not read what it is judged by elsewhere", bodyOf(incomplete), false],
  ["has its listings elsewhere, for their size", partOf(SHOP, { ...incomplete, listings: [], governed: [] }), false],
  ["failed there", partOf(SHOP, { targets: [{ target: SHOP, result: "FAILED" }] }), false],
  ["was broken off", bodyOf({ run: { ...bodyOf().run, failure: { code: "internal", message: "no" } } }), false],
])(
  "a look at a target is one that need not be repeated, or is not, where its run %s",
  async (_because, body, whole) => {
    const tip = { report: { ...body, chain: { previous: null } } } as unknown as ChainReport;
    const looks = await looksSince(tip, MORNING, {} as ChainReader);
    expect(looks.find(({ target }) => target === SHOP)).toMatchObject({ whole });
  },
);
