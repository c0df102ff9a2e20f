import { describe, expect, it } from "vitest";
import { CSV_FILES } from "../../controller/exports/csv/csv-files.ts";
import { Gathered, type Answers, type Period } from "../../controller/exports/pack/facts.ts";
import { QUESTIONS } from "../../controller/exports/pack/questions.ts";
import { readme } from "../../controller/exports/pack/readme.ts";
import { eventful, fileOf, keys } from "./fixture.ts";

const WELL: Answers = {
  intact: "yes",
  complete: "yes",
  sourced: "not-checked",
  anchored: "not-checked",
  problems: [],
  limitations: [],
};
const PERIOD: Period = { from: 1, to: 1, asked: { from: undefined, to: undefined }, widenedBy: 0, newest: 1 };

async function readmeOf(verification: Partial<Answers> = {}, period: Partial<Period> = {}): Promise<string> {
  const gathered = new Gathered({
    keys,
    period: { ...PERIOD, ...period },
    verification: { ...WELL, ...verification },
    viewerScript: "sha256-abc",
  });
  gathered.add(await fileOf(1, eventful));
  return readme(gathered.facts(), () => true);
}

describe("the README of a pack", () => {
  it("answers each of the auditors' 24 questions by a file of the pack, or says that it does not", async () => {
    const text = await readmeOf();
    expect(QUESTIONS.length).toBe(24);
    for (const [at, { asked, answer }] of QUESTIONS.entries()) {
      expect(text).toContain(`| ${at + 1}. ${asked} |`);
      expect(text).toContain(answer);
    }
    expect(QUESTIONS.filter(({ answer }) => answer.includes("Not covered")).map(({ asked }) => asked)).toEqual([
      "Physical security of offline media",
      "Policy document, training, roles, management review",
    ]);
  });

  it("names every table that a pack has, and no other", async () => {
    const named = [...(await readmeOf()).matchAll(/`csv\/([a-z-]+\.csv)`/g)].flatMap(([, file]) => file ?? []);
    expect([...new Set(named)].toSorted()).toEqual(CSV_FILES.map(({ file }) => file).toSorted());
  });

  it("gives every fingerprint, and the last report's hash, to be compared with what came another way", async () => {
    const text = await readmeOf();
    const file = await fileOf(1, eventful);
    expect(text).toContain(keys.keys[0]?.keyid);
    expect(text).toContain(`\`1:${"payloadSha256" in file ? file.payloadSha256 : ""}\``);
  });

  it("begins with what does not verify, each problem in one line of plain text", async () => {
    const problems = [
      { file: "0000000001.dsse.json", check: "signature", message: "has\n| no `good` <b>signature</b>" },
    ];
    const [head, , warning, , problem] = (await readmeOf({ intact: "no", problems })).split("\n");
    expect(head).toBe("# Evidence pack");
    expect(warning).toContain("THIS CHAIN DOES NOT VERIFY: INTACT");
    expect(problem).toContain("signature: has \\| no \\`good\\` \\<b\\>signature");
  });

  it("says so where the period is not all there is, and where it was widened", async () => {
    const text = await readmeOf({}, { newest: 9, widenedBy: 1, asked: { from: "2", to: undefined } });
    expect(text).toContain("asked for as 2 to the newest report; the newest of the chain was 9");
    expect(text).toContain("1 of them come before the period asked for");
  });
});
