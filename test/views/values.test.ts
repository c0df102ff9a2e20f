import { describe, expect, it } from "vitest";
import { columnsOf, cut, padTo, wrap } from "../../controller/views/layout.ts";
import { differences, leavesOf } from "../../controller/views/value-diff.ts";
import { valueText } from "../../controller/views/value-text.ts";
import { bytesText, countOf, failureHeadline, shortList } from "../../controller/views/words.ts";

describe("a value as text", () => {
  it.each([
    { value: undefined, text: "(not set)", because: "absent is not null" },
    { value: "(not set)", text: '"(not set)"', because: "a text must not pass for an absence" },
    { value: null, text: "null", because: "AWS may well say null" },
    { value: 35, text: "35", because: "a number is a number" },
    { value: "35", text: '"35"', because: "a text that looks like a number is not one" },
    { value: "true", text: '"true"', because: "nor is one that looks like a truth" },
    { value: "", text: '""', because: "an empty text must be seen" },
    { value: " a", text: '" a"', because: "so must a space at the edge" },
    { value: 'say "hi"', text: '"say \\"hi\\""', because: "quotes in a quoted text are escaped" },
    { value: "35 → 7", text: '"35 → 7"', because: "a text must not pass for a change" },
    { value: "cron(0 5 ? * MON,FRI *)", text: "cron(0 5 ? * MON,FRI *)", because: "a comma alone needs no quotes" },
    { value: ["a,b", "c"], text: '["a,b", c]', because: "between brackets it does" },
    { value: { a: 1, b: undefined, c: [] }, text: "{a: 1, c: []}", because: "what is undefined is not there" },
    { value: { "cost centre": "4711" }, text: '{cost centre: "4711"}', because: "tag keys have spaces" },
  ])("$value is $text, because $because", ({ value, text }) => {
    expect(valueText(value)).toBe(text);
  });
});

describe("differences of two values", () => {
  const deny = { Sid: "NoDeletion", Effect: "Deny", Action: ["backup:DeleteRecoveryPoint"] };
  const allow = { Sid: "Copies", Effect: "Allow", Action: ["backup:CopyIntoBackupVault"] };
  const wider = { ...deny, Action: [...deny.Action, "backup:DeleteBackupVault"] };

  it.each([
    { live: 1, desired: 1, found: [], because: "equal is equal" },
    { live: { a: 1, b: 2 }, desired: { b: 2, a: 1 }, found: [], because: "members have no order" },
    { live: 1, desired: 2, found: [{ path: "", live: 1, desired: 2 }], because: "a leaf is its own difference" },
    {
      live: { a: { b: 1, c: 1 } },
      desired: { a: { b: 2, c: 1 } },
      found: [{ path: "a.b", live: 1, desired: 2 }],
      because: "what is the same is left out",
    },
    {
      live: { tags: { owner: "x" } },
      desired: { tags: {} },
      found: [{ path: "tags.owner", live: "x", desired: undefined }],
      because: "a member that is gone is gone from its place",
    },
    {
      live: ["a", "b"],
      desired: ["c", "b"],
      found: [
        { path: "", live: "a", desired: undefined, element: true },
        { path: "", live: undefined, desired: "c", element: true },
      ],
      because: "lists are sets",
    },
    {
      live: ["a", "b"],
      desired: ["b", "a"],
      found: [{ path: "", live: ["a", "b"], desired: ["b", "a"] }],
      because: "where order is all that differs, it must be seen all the same",
    },
    {
      live: [deny, allow],
      desired: [allow, wider],
      found: [{ path: "[NoDeletion].Action", live: undefined, desired: "backup:DeleteBackupVault", element: true }],
      because: "statements of one Sid are one statement",
    },
    {
      live: "not a policy",
      desired: { Statement: [deny] },
      found: [{ path: "", live: "not a policy", desired: { Statement: [deny] } }],
      because: "values of two shapes have nothing in common",
    },
  ])("$live and $desired: $because", ({ live, desired, found }) => {
    expect(differences(live, desired)).toEqual(found);
  });

  it("lists the leaves of a value that stands alone", () => {
    expect(leavesOf({ a: { b: 1, none: undefined }, c: ["d"] })).toEqual([
      { path: "a.b", value: 1 },
      { path: "c", value: ["d"] },
    ]);
  });
});

describe("layout", () => {
  it.each([
    { text: "abc", columns: 3, because: "a letter is a column" },
    { text: "夜間", columns: 4, because: "East Asian letters are two" },
    { text: "e\u0301", columns: 1, because: "a combining mark is none" },
  ])("counts $columns columns for $text, because $because", ({ text, columns }) => {
    expect(columnsOf(text)).toBe(columns);
    expect(columnsOf(padTo(text, 10))).toBe(10);
  });

  it("breaks at spaces, never in a word, nor between a name and its value", () => {
    const arn = `arn:aws:backup:eu-west-1:444455556666:backup-vault:${"x".repeat(30)}`;
    expect(wrap(`vault: ${arn} is not there any more, says AWS Backup`, 40, 2, 2)).toEqual([
      `  vault: ${arn}`,
      "    is not there any more, says AWS",
      "    Backup",
    ]);
  });

  it("cuts with an ellipsis, and only where it must", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(cut("夜間夜間", 5)).toBe("夜間…");
  });
});

describe("words", () => {
  it.each([
    { count: 1, noun: "recovery-point", text: "1 recovery-point" },
    { count: 2, noun: "recovery-point", text: "2 recovery points" },
    { count: 3, noun: "vault-policy", text: "3 vault policies" },
    { count: 4, noun: "vault-notifications", text: "4 vault notifications" },
    { count: 0, noun: "vault-key", text: "0 vault keys" },
  ])("$text", ({ count, noun, text }) => {
    expect(countOf(count, noun)).toBe(text);
  });

  it.each([
    { bytes: 0, text: "0 bytes" },
    { bytes: 1023, text: "1023 bytes" },
    { bytes: 1024, text: "1.0 KiB" },
    { bytes: 1.5 * 1024 ** 4, text: "1.5 TiB" },
    { bytes: 1024 ** 6, text: "1024.0 PiB" },
  ])("$bytes are $text", ({ bytes, text }) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it("say what a failure was, and keep a word that a later release may bring", () => {
    expect(failureHeadline({ operation: "backup:ListTags", kind: "denied", message: "" })).toBe(
      "backup:ListTags was denied",
    );
    expect(failureHeadline({ operation: "backup:ListTags", kind: "novel", message: "" })).toBe("backup:ListTags novel");
  });

  it("name the first few and count the rest, never leaving out a single one", () => {
    expect(shortList(["a", "b", "c", "d", "e"])).toBe("a, b, c, d, e");
    expect(shortList(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d and 2 more");
  });
});
