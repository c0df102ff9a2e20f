import type { Call } from "../../aws/operation.ts";
import type { getSecretValue } from "../../aws/secrets-operations.ts";
import type { Route } from "../../domain/notifications.ts";
import { readSecret, type Secret } from "../../notices/secrets.ts";
import { lookFor, type Fact } from "../fact.ts";

/** A route that leads by a secret: an address that whoever knows it can write to, or the key that requests are signed with. */
export interface SecretRoute {
  readonly name: string;
  /** Name or ARN. */
  readonly secret: string;
  readonly holds: "address" | "key";
}

export const secretRoutes = (routes: readonly Route[]): readonly SecretRoute[] =>
  routes.flatMap(({ name, to }) =>
    "secret" in to ? [{ name, secret: to.secret, holds: to.by === "webhook" ? "key" : "address" }] : [],
  );

/** `undefined`: there is no such secret. Its value goes no further than the judgement of its form. */
export type HeldSecret = Fact<{ readonly current: Secret | undefined } | undefined>;

export const readRouteSecret = (call: Call<typeof getSecretValue>, { secret }: SecretRoute): Promise<HeldSecret> =>
  lookFor(async () => ({ current: await readSecret(call, secret) }));
