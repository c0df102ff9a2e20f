import { describe, expect, it } from "vitest";
import { terminalOf } from "../../controller/cli/terminal.ts";
import { Target } from "../../controller/domain/identity.ts";

interface Fake {
  readonly isTTY: boolean;
  readonly columns?: number;
  readonly written: string[];
  readonly write: (text: string) => boolean;
}

function stream(isTTY: boolean, columns?: number): Fake {
  const written: string[] = [];
  return { isTTY, ...(columns === undefined ? {} : { columns }), written, write: (text) => written.push(text) > 0 };
}

interface Place {
  readonly out?: Fake;
  readonly err?: Fake;
  readonly env?: Readonly<Record<string, string>>;
}

function terminalIn({ out = stream(true), err = stream(true), env = {} }: Place) {
  // As much of a stream as a terminal takes.
  const process = { stdout: out as unknown as NodeJS.WriteStream, stderr: err as unknown as NodeJS.WriteStream, env };
  return { terminal: terminalOf(process, () => Promise.resolve(false)), out, err };
}

const observing = {
  stage: "observe",
  done: 1,
  of: 4,
  target: Target.parse({ account: "444455556666", region: "eu-west-1" }),
} as const;

describe("a terminal", () => {
  it.each<[string, Place, boolean]>([
    ["a person's", {}, true],
    ["a pipe", { out: stream(false) }, false],
    ["NO_COLOR", { env: { NO_COLOR: "1" } }, false],
    ["NO_COLOR set to nothing, which by its convention says nothing", { env: { NO_COLOR: "" } }, true],
    ["a dumb one", { env: { TERM: "dumb" } }, false],
    ["a pipe, forced", { out: stream(false), env: { FORCE_COLOR: "1" } }, true],
    ["forced to none", { env: { FORCE_COLOR: "0" } }, false],
  ])("%s: colour %o", (_which, place, color) => {
    expect(terminalIn(place).terminal.color).toBe(color);
  });

  it.each<[string, Place, boolean]>([
    ["a person's", {}, true],
    ["stderr in a file", { err: stream(false) }, false],
    ["stdout in a file, a person watching stderr", { out: stream(false) }, true],
    ["CI, whatever it pretends to be", { env: { CI: "true" } }, false],
    ["a dumb one", { env: { TERM: "dumb" } }, false],
  ])("%s: progress %o, and never on stdout", (_which, place, shown) => {
    const { terminal, out, err } = terminalIn(place);
    terminal.progress(observing);
    expect(err.written.join("").includes("444455556666/eu-west-1")).toBe(shown);
    expect(out.written).toEqual([]);
  });

  it("takes its progress away before it prints, so that nothing is left standing beside the answer", () => {
    const { terminal, out, err } = terminalIn({});
    terminal.progress(observing);
    terminal.out("the plan");
    expect(err.written.at(-1)).toBe("\r\u001B[2K");
    expect(out.written.join("")).toBe("the plan\n");
  });

  it.each([
    [80, 80],
    [400, 140],
    [undefined, 100],
  ])("of %s columns is written %d wide", (columns, width) => {
    expect(terminalIn({ out: stream(true, columns) }).terminal.width).toBe(width);
  });
});
