import { AwsError, HoldfastError, type AwsFailure } from "../domain/errors.ts";

/** What was read, or why it could not be: whoever judges it cannot take the one for the other. */
export type Fact<T> =
  { readonly seen: true; readonly value: T } | { readonly seen: false; readonly failure: AwsFailure };

/** Reads one fact. A failure of AWS is its value; anything else is a fault of our own and is thrown. */
export async function look<T>(read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { seen: true, value: await read() };
  } catch (error) {
    if (error instanceof AwsError) return { seen: false, failure: error.failure };
    throw error;
  }
}

/**
 * Reads what may not be there: `undefined` where the service says so, and only then. `code`: the one error that says it, where what holds the
 * thing may be missing as well.
 */
export const lookFor = <T>(read: () => Promise<T>, code?: string): Promise<Fact<T | undefined>> =>
  look(async () => {
    try {
      return await read();
    } catch (error) {
      if (
        error instanceof AwsError &&
        error.failure.kind === "missing" &&
        error.failure.code === (code ?? error.failure.code)
      )
        return undefined;
      throw error;
    }
  });

/** Reads what a store holds. What is wrong with it is an answer; that nobody could look is none. */
export const lookInto = <T>(read: () => Promise<T>): Promise<Fact<T | HoldfastError>> =>
  look(async () => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      const cause = awsErrorBehind(error);
      if (cause === undefined || cause.failure.kind === "missing") return error;
      throw cause;
    }
  });

/** A source that could not be read says so of a store that could not be reached, which says so of a call. */
const awsErrorBehind = (error: unknown): AwsError | undefined =>
  error instanceof AwsError ? error : error instanceof HoldfastError ? awsErrorBehind(error.cause) : undefined;
