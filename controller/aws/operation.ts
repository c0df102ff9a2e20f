import { HoldfastError } from "../domain/errors.ts";
import type { Target } from "../domain/identity.ts";
import type { Role } from "../domain/outcome.ts";

/** The rate class AWS limits an operation by, per account and Region (calls a second: `aws/pacing.ts`). */
export type Pace = "list" | "get" | "slow" | "delete-point" | "other";

/** One AWS call and the IAM actions it takes. No kind reaches AWS except through one of these. */
export interface Operation<Name extends string, Input, Output> {
  /** `service:Operation`, which is also its IAM action. */
  readonly name: Name;
  readonly access: "read" | "write";
  readonly pace: Pace;
  /** Further IAM actions the caller needs for it beyond `name`: iam:PassRole, kms:CreateGrant… */
  readonly also: readonly string[];
  /** The member of its answer that holds rows, for counting them. Absent: the answer is one thing. */
  readonly rows?: string;
  /** The SDK's command. Its service's client may have to be read first: most runs ask most services nothing. */
  readonly command: () => Promise<CommandClass<Input>>;
  /** Never set: carries the output's type. */
  readonly output?: Output;
}

type CommandClass<Input> = new (input: Input) => { readonly input: object };

// oxlint-disable-next-line no-explicit-any -- the widest operation: only its facts are read
export type AnyOperation = Operation<string, any, any>;
// oxlint-disable-next-line no-explicit-any -- inference positions
export type InputOf<O> = O extends Operation<string, infer Input, any> ? Input : never;
// oxlint-disable-next-line no-explicit-any -- inference positions
export type OutputOf<O> = O extends Operation<string, any, infer Output> ? Output : never;

interface Answering<Output> {
  // oxlint-disable-next-line no-explicit-any -- the SDK's command, of which only the answer's type is drawn
  resolveMiddleware(stack: any, configuration: any, options: any): (args: any) => Promise<{ output: Output }>;
}
// oxlint-disable-next-line no-explicit-any -- inference positions
type AnswerOf<C> = C extends abstract new (...args: any) => Answering<infer Output> ? Output : never;
// oxlint-disable-next-line no-explicit-any -- any SDK command class
type AnyCommand = new (input: any) => { readonly input: object };

/** A command that is read when it is first called for. */
interface Later<C> {
  readonly load: () => Promise<C>;
}

/** The command of that name out of a module that only some runs need. */
export const later = <Name extends string, Module extends Readonly<Record<Name, AnyCommand>>>(
  load: () => Promise<Module>,
  name: Name,
): Later<Module[Name]> => ({ load: async () => (await load())[name] });

interface OperationFacts<Output> {
  readonly pace: Pace;
  readonly also?: readonly string[];
  readonly rows?: keyof Output & string;
}

const operation =
  (access: "read" | "write") =>
  <const Name extends `${string}:${string}`, C extends AnyCommand>(
    name: Name,
    command: C | Later<C>,
    { pace, also = [], rows }: OperationFacts<AnswerOf<C>>,
  ): Operation<Name, ConstructorParameters<C>[0], AnswerOf<C>> => ({
    name,
    access,
    pace,
    also,
    ...(rows === undefined ? {} : { rows }),
    command: "load" in command ? command.load : () => Promise.resolve(command),
  });

/** Declares an operation that looks and never touches. */
export const reads = operation("read");
/** Declares an operation that changes AWS: every try of it is journalled, recorded and reported (law 10). */
export const writes = operation("write");

/**
 * A caller that can make the granted operations and no others. An interface with a contravariant parameter, because the
 * plain function type has a variance hole: a caller granted less would pass for one granted more.
 */
export interface Call<in Granted extends AnyOperation = AnyOperation> {
  <O extends Granted>(operation: O, input: InputOf<O>): Promise<OutputOf<O>>;
  /** Never set: makes `Granted` count in assignability. */
  readonly granted?: (operation: Granted) => void;
}

/** Work in one target with its granted operations, under one role. Calling an operation not in `uses` does not compile. */
export interface Step<Args extends readonly unknown[], Result> {
  readonly role: Role;
  readonly uses: readonly AnyOperation[];
  // oxlint-disable-next-line no-explicit-any -- the grant was checked where the step was declared; `grantedCall` checks it again at run time
  readonly run: (call: Call<any>, target: Target, ...args: Args) => Result;
  /** What it reads in other targets: always under the observe role, whatever its own is. */
  readonly elsewhere: readonly AnyOperation[];
}

export const step =
  (role: Role) =>
  <const Uses extends readonly AnyOperation[], Args extends readonly unknown[], Result>(
    uses: Uses,
    run: (call: Call<Uses[number]>, target: Target, ...args: Args) => Result,
    elsewhere: readonly AnyOperation[] = [],
  ): Step<Args, Result> => ({ role, uses, run, elsewhere });

/** A caller held to a step's own list at run time as well, should a cast have got past the compiler. */
export const granted = (call: Call, uses: readonly AnyOperation[]): Call =>
  ((operation: AnyOperation, input: never) => {
    if (uses.includes(operation)) return call(operation, input);
    throw new HoldfastError("operation-not-granted", `${operation.name} is not among this step's operations`);
  }) as Call;

/** Runs a step in a target, with a caller that can do what the step declares and nothing else. */
export const runStep = <Args extends readonly unknown[], Result>(
  work: Step<Args, Result>,
  call: Call,
  target: Target,
  ...args: Args
): Result => work.run(granted(call, work.uses), target, ...args);
