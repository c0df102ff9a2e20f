import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvHead, csvLines } from "../../controller/exports/csv/csv.ts";
import { csvWriter } from "../../controller/exports/csv/csv-files.ts";
import { Attachments, COMMIT, eventful, fileOf, key } from "./fixture.ts";

type Json = Readonly<Record<string, unknown>>;

/** A reader of RFC 4180, written apart: cells of every line. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        cell += text[at];
        if (text[at] === '"') at++;
      }
      at++;
    } else for (; at < text.length && text[at] !== "," && text[at] !== "\r"; at++) cell += text[at];
    row.push(cell);
    if (text[at] === ",") at++;
    else {
      if (text.slice(at, at + 2) !== "\r\n") throw new SyntaxError(`a record does not end with CRLF at ${at}`);
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const HOSTILE = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"];

describe("cells", () => {
  it.each(HOSTILE)("%j is no formula", (text) => {
    expect(parse(csvLines([[text, "x"]]))).toEqual([[`'${text}`, "x"]]);
  });

  it.each([
    [-5, "-5"],
    [0, "0"],
    [1.5, "1.5"],
    [9007199254740991, "9007199254740991"],
    [true, "yes"],
    [false, "no"],
    [null, ""],
    [undefined, ""],
    ["a-b=c", "a-b=c"],
    ["", ""],
  ])("%j reads as %j", (cell, text) => {
    expect(parse(csvLines([[cell, "x"]]))).toEqual([[text, "x"]]);
  });

  it("any text comes back, but for the mark before what would be a formula", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 2, maxLength: 4 }), { minLength: 1 }),
        (rows) => {
          const marked = (text: string) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);
          expect(parse(csvLines(rows))).toEqual(rows.map((row) => row.map(marked)));
        },
      ),
    );
  });

  it("begins with a byte order mark, since Excel takes a file without one for the local code page", () => {
    expect([...new TextEncoder().encode(csvHead(["é"]))]).toEqual([0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0x0d, 0x0a]);
  });
});

describe("an inventory that many workers made", () => {
  const NAMES = ["inventory-0000.ndjson.gz", "inventory-0007.ndjson.gz", "inventory-0007-2.ndjson.gz"];
  const point = (name: string) => ({
    arn: `arn:aws:ec2:eu-west-1::snapshot/${name}`,
    resourceArn: "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",
    resourceType: "EBS",
    status: "COMPLETED",
    form: "snapshot",
    createdOn: "2027-01-01T00:00:00.000Z",
    deleteOn: null,
    bytes: 8,
  });
  const written = async (attachments: Attachments, parts: readonly unknown[]) => {
    const writer = csvWriter(attachments.read);
    await writer.add(await fileOf(1, { ...eventful, attachments: parts }, attachments));
    return (await writer.finish()).get("recovery-points.csv") ?? "";
  };

  it("is one table", async () => {
    const attachments = new Attachments();
    const csv = await written(
      attachments,
      NAMES.map((name) => attachments.add(name, [point(name)])),
    );
    for (const name of NAMES) expect(csv).toContain(`snapshot/${name}`);
  });

  it("is none where a part of it is missing: part of a list is not exported as if it were all", async () => {
    const [here, elsewhere] = [new Attachments(), new Attachments()];
    const csv = await written(here, [
      here.add("inventory-0000.ndjson.gz", [point("a")]),
      elsewhere.add("inventory-0001.ndjson.gz", [point("b")]),
    ]);
    expect(csv).not.toContain("snapshot/");
  });
});

describe("tables of a report", () => {
  async function tables() {
    const attachments = new Attachments();
    const inventory = attachments.add("inventory.ndjson.gz", [
      {
        arn: "arn:aws:ec2:eu-west-1::snapshot/snap-0001",
        resourceArn: "=1+1",
        resourceType: "EBS",
        status: "COMPLETED",
        form: "snapshot",
        createdOn: "2027-01-01T00:00:00.000Z",
        deleteOn: null,
        bytes: 8,
      },
    ]);
    const observations = attachments.add("observations.ndjson.gz", [
      {
        api: "backup:ListBackupVaults",
        region: "eu-west-1",
        accountId: "011122223333",
        parameters: { MaxResults: 100 },
        pages: 2,
        items: 101,
        requestIds: ["a", "b"],
        from: "x",
        to: "y",
        complete: true,
      },
      { target: "a listing of the older form" },
    ]);
    const writer = csvWriter(attachments.read);
    const files = [
      await fileOf(1, { ...eventful, attachments: [inventory, observations] }, attachments),
      await fileOf(2, { resources: [{ key: key("vault", '=HYPERLINK("x")'), drift: "missing", differences: [] }] }),
    ];
    for (const file of files) await writer.add(file);
    await writer.add({ sequence: 3, envelopeSha256: "0".repeat(64), unreadable: "is not a DSSE envelope" });
    const texts = await writer.finish();
    return { files, rows: (name: string) => parse(texts.get(name) ?? "") };
  }

  it("have a file each, whose first columns say which signed bytes a row is from", async () => {
    const { files, rows } = await tables();
    const [first] = files;
    for (const [file, count] of Object.entries({
      "resources.csv": 4,
      "held.csv": 2,
      "actions.csv": 1,
      "jobs.csv": 1,
      "restore-tests.csv": 1,
      "exceptions.csv": 1,
      "unprotected.csv": 1,
      "vaults.csv": 1,
      "misnamed.csv": 1,
      "restore-times.csv": 1,
      "observations.csv": 1,
      "recovery-points.csv": 1,
    })) {
      const [head, ...body] = rows(file);
      expect(head?.slice(0, 3), file).toEqual(["\uFEFFsequence", "payloadSha256", "commit"]);
      expect(body.length, file).toBe(count);
      expect(new Set(body.map((row) => row.length)), file).toEqual(new Set([head?.length]));
      expect(body[0]?.slice(0, 3), file).toEqual([
        "1",
        first && "payloadSha256" in first ? first.payloadSha256 : "",
        COMMIT,
      ]);
    }
  });

  it("quote a message with a comma, a quote and a line end", async () => {
    const { rows } = await tables();
    const [head, row] = rows("jobs.csv");
    expect(row?.[head?.indexOf("message") ?? -1]).toBe('access, "denied"\nby key');
  });

  it("keep an account's leading zero, and make no formula of a name", async () => {
    const { rows } = await tables();
    expect(rows("observations.csv")[1]).toContain("011122223333");
    expect(rows("resources.csv")[4]).toContain(`'=HYPERLINK("x")`);
    expect(rows("recovery-points.csv")[1]).toContain("'=1+1");
  });

  it("index every file of the chain, one that cannot be read too", async () => {
    const { rows } = await tables();
    const [head, ...body] = rows("reports.csv");
    const column = (name: string) => body.map((row) => row[head?.indexOf(name) ?? -1]);
    expect(column("file")).toEqual(["0000000001.dsse.json", "0000000002.dsse.json", "0000000003.dsse.json"]);
    expect(column("what")).toEqual(["report", "report", "unreadable: is not a DSSE envelope"]);
    expect(column("result")).toEqual(["HELD", "CONVERGED", ""]);
    expect(column("population")).toEqual(["12", "", ""]);
  });

  it("take no row of an attachment that is not what was signed", async () => {
    const [signed, other] = [new Attachments(), new Attachments()];
    const named = signed.add("inventory.ndjson.gz", [{ arn: "arn:signed" }]);
    const put = other.add("inventory.ndjson.gz", [{ arn: "arn:forged" }]);
    const writer = csvWriter(() => other.read((put["digest"] as { readonly sha256: string }).sha256));
    await writer.add(await fileOf(1, { attachments: [named] }));
    expect(parse((await writer.finish()).get("recovery-points.csv") ?? "").length).toBe(1);
  });

  it.each([
    ["jobs.failed", "jobs.csv", { jobs: { ...(eventful["jobs"] as object), failed: [] } }, "jobs"],
    ["vaults", "vaults.csv", { vaults: [] }, "vaults"],
    ["misnamed", "misnamed.csv", { misnamed: [] }, "misnamed"],
    ["restoreTimes", "restore-times.csv", { restoreTimes: [] }, "restoreTimes"],
  ] as const)("find %s moved out of their section", async (section, file, emptied, of) => {
    const attachments = new Attachments();
    const whole = eventful[of] as { readonly failed?: readonly Json[] } & readonly Json[];
    const moved = attachments.add(`${section}.ndjson.gz`, whole.failed ?? whole);
    const writer = csvWriter(attachments.read);
    await writer.add(await fileOf(1, { ...emptied, summary: { [section]: 1 }, attachments: [moved] }, attachments));
    expect(parse((await writer.finish()).get(file) ?? "").length).toBe(2);
  });

  it("find rows that a long report moved out into an attachment", async () => {
    const attachments = new Attachments();
    const moved = attachments.add("held.ndjson.gz", eventful["held"] as readonly Record<string, unknown>[]);
    const writer = csvWriter(attachments.read);
    await writer.add(await fileOf(1, { summary: { held: 2 }, attachments: [moved] }, attachments));
    expect(parse((await writer.finish()).get("held.csv") ?? "").length).toBe(3);
  });
});
