import type { AwsFailure } from "../domain/errors.ts";
import type { Fact } from "./fact.ts";

/** What a check came to, good news first. `unknown`: it could not be looked at, which is neither well nor ill. */
export const HEALTHS = ["ok", "warn", "unknown", "wrong"] as const;
export type Health = (typeof HEALTHS)[number];

/** One check of an installation, and what it came to. */
export interface Finding {
  /** What was looked at, for people: `evidence bucket acme-evidence`. Findings about one thing stand together. */
  readonly about: string;
  /** The check, for machines: the same word for ever. */
  readonly check: string;
  /** The account, or account and Region, of what a fleet has many of. */
  readonly place?: string;
  readonly health: Health;
  /** What was found, in one sentence without its full stop. */
  readonly says: string;
  /** What comes of it. */
  readonly why?: string;
  /** What to do: a command, or a setting and the deployment that brings it about. */
  readonly fix?: string;
}

type Told = Pick<Finding, "says"> & Partial<Pick<Finding, "why" | "fix">>;
type Mended = Required<Told>;

/** Findings about one thing. What is not well always says why it matters and what to do. */
export interface Subject {
  readonly ok: (check: string, says: string) => Finding;
  readonly warn: (check: string, told: Mended) => Finding;
  readonly wrong: (check: string, told: Mended) => Finding;
  readonly unknown: (check: string, told: Mended) => Finding;
  /** Judges a fact, or says that there is none. `what` is read in the sentence "… could not be read". */
  readonly judge: <T>(
    check: string,
    what: string,
    fact: Fact<T>,
    judgement: (value: T) => Finding | readonly Finding[],
  ) => readonly Finding[];
}

export function subject(about: string, place?: string): Subject {
  const finding = (check: string, health: Health, told: Told): Finding => ({
    about,
    check,
    ...(place === undefined ? {} : { place }),
    health,
    ...told,
  });
  return {
    ok: (check, says) => finding(check, "ok", { says }),
    warn: (check, told) => finding(check, "warn", told),
    wrong: (check, told) => finding(check, "wrong", told),
    unknown: (check, told) => finding(check, "unknown", told),
    judge: (check, what, fact, judgement) =>
      fact.seen ? [judgement(fact.value)].flat() : [finding(check, "unknown", unread(what, fact.failure))],
  };
}

const unread = (what: string, { kind, operation, message }: AwsFailure): Mended => ({
  says: `${what} could not be read: ${operation}: ${message.replace(/\.$/, "")}`,
  why: "what is not looked at may be well or ill",
  fix:
    kind === "denied"
      ? `let whoever runs this ${operation}; infra/policies/doctor.json grants all that doctor reads in the hub account`
      : kind === "throttled" || kind === "unavailable"
        ? "run doctor again"
        : "mend that, and run doctor again",
});

export const worstHealth = (findings: readonly Pick<Finding, "health">[]): Health =>
  findings.reduce<Health>(
    (worst, { health }) => (HEALTHS.indexOf(health) > HEALTHS.indexOf(worst) ? health : worst),
    "ok",
  );

const EXIT_CODES: Readonly<Record<Health, number>> = { ok: 0, warn: 2, unknown: 4, wrong: 1 };

/** 1 something stops runs or evidence, 4 something could not be looked at, 2 something is not as it was installed; the worst wins. */
export const doctorExitCode = (findings: readonly Finding[]): number => EXIT_CODES[worstHealth(findings)];
