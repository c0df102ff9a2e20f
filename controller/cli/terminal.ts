import { showTarget } from "../domain/identity.ts";
import type { Progress } from "../ports.ts";

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
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const color = forced || (stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb");
  const lively = stderr.isTTY && env["CI"] === undefined && env["TERM"] !== "dumb";
  return {
    out: (text) => void stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    err: (text) => void stderr.write(text.endsWith("\n") ? text : `${text}\n`),
    color,
    width: Math.min(stdout.columns ?? 100, 140),
    progress: lively ? lineProgress(stderr) : () => {},
    ask,
  };
}

/** One line that rewrites itself and is gone when the stage is. */
function lineProgress(stream: NodeJS.WriteStream): Progress {
  return (event) => {
    const text = progressText(event);
    stream.write(`\r[2K${text ?? ""}`);
  };
}

function progressText(event: Parameters<Progress>[0]): string | undefined {
  switch (event.stage) {
    case "load":
      return "Loading the desired state …";
    case "observe":
      return event.done === event.of
        ? undefined
        : `Observing ${event.done}/${event.of} targets, last ${showTarget(event.target)} …`;
    case "decide":
      return undefined;
    case "apply":
      return event.done === event.of
        ? undefined
        : `Applying wave ${event.wave}/${event.waves}: ${event.done}/${event.of} changes …`;
    case "publish":
      return undefined;
    default:
      return event satisfies never;
  }
}
