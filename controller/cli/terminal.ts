import type { Progress } from "../ports.ts";
import { progressText } from "../views/progress.ts";

/** Where a command writes and what the place can show. Colour follows NO_COLOR and FORCE_COLOR, progress only ever goes to a terminal. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly color: boolean;
  readonly width: number;
  readonly progress: Progress;
  readonly ask: (question: string) => Promise<boolean>;
}

interface Process {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function terminalOf({ stdout, stderr, env }: Process, ask: Terminal["ask"]): Terminal {
  const forced = env["FORCE_COLOR"];
  const capable = stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  const color = forced === undefined ? capable : forced !== "0";
  const lively = stderr.isTTY && env["CI"] === undefined && env["TERM"] !== "dumb";
  const line = lively ? rewrittenLine(stderr) : { show: () => {}, clear: () => {} };
  const print = (stream: NodeJS.WriteStream) => (text: string) => {
    line.clear();
    stream.write(text.endsWith("\n") ? text : `${text}\n`);
  };
  return {
    out: print(stdout),
    err: print(stderr),
    color,
    width: Math.min(stdout.columns ?? 100, 140),
    progress: line.show,
    ask: (question) => {
      line.clear();
      return ask(question);
    },
  };
}

const CLEAR = "\r\u001B[2K";

/** One line that rewrites itself, and is gone before anything else is printed. */
function rewrittenLine(stream: NodeJS.WriteStream): { readonly show: Progress; readonly clear: () => void } {
  let shown = false;
  return {
    show: (event) => {
      stream.write(`${CLEAR}${progressText(event, Math.max(20, (stream.columns ?? 80) - 1))}`);
      shown = true;
    },
    clear: () => {
      if (shown) stream.write(CLEAR);
      shown = false;
    },
  };
}
