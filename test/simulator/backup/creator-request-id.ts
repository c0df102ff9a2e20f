import { invalidParameter } from "./errors.ts";

/** Creates may name themselves, so that a repeated call is known again (semantics §0.4). */
export function checkCreatorRequestId(id: string | undefined): void {
  if (id !== undefined && !/^[A-Za-z0-9\-_.]{1,50}$/.test(id)) {
    throw invalidParameter("CreatorRequestId has 1 to 50 letters, digits or -_.");
  }
}
