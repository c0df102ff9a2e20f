/** Ways into member accounts: the four roles, assumed in the run's name (rules 28, 29). */
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { FleetAccess } from "../domain/desired.ts";
import { AwsError, HoldfastError } from "../domain/errors.ts";
import { partitionOf, type Target } from "../domain/identity.ts";
import type { Role } from "../domain/outcome.ts";
import type { Clock } from "../ports.ts";
import type { Identity, IdentityProvider } from "./clients.ts";
import { reads, type Call } from "./operation.ts";

/** Changes nothing that outlives the session. The run's id travels as source identity. */
export const assumeRole = reads("sts:AssumeRole", AssumeRoleCommand, {
  pace: "other",
  also: ["sts:SetSourceIdentity"],
});

/** Seconds. What STS grants at most to a caller that is itself a role, as the controller is (semantics §9.3). */
const SESSION_SECONDS = 3600;
/** A session is renewed this long before it ends, lest it end between the pages of a list. */
const RENEW_BEFORE_MS = 5 * 60_000;
/** A refused role is not asked for again by every kind and page of its account. */
const REFUSED_FOR_MS = 60_000;

/** The account and Region of a target have the same role in common. */
export interface RoleCredentials {
  of(target: Target, role: Role): IdentityProvider;
}

export function createRoleCredentials(
  access: FleetAccess,
  run: string,
  { assume, clock }: { readonly assume: Call<typeof assumeRole>; readonly clock: Clock },
): RoleCredentials {
  const providers = new Map<string, IdentityProvider>();
  const session = sessionName(run);
  return {
    of: (target, role) => {
      const arn = roleArn(access, target, role);
      const provider = providers.get(arn) ?? keepFresh(() => enter(assume, arn, session, access.externalId), clock);
      providers.set(arn, provider);
      return provider;
    },
  };
}

export const roleArn = ({ rolePath, roles }: FleetAccess, { account, region }: Target, role: Role): string => {
  const path = `/${rolePath}/`.replaceAll(/\/+/g, "/");
  return `arn:${partitionOf(region)}:iam::${account}:role${path}${roles[role]}`;
};

/** A run's id as STS takes it, for session name and source identity alike: 2 to 64 of `[\w+=,.@-]` (semantics §9.3). */
export const sessionName = (run: string): string =>
  run
    .replaceAll(/[^\w+=,.@-]/g, "-")
    .slice(0, 64)
    .padEnd(2, "-");

interface Session {
  readonly identity: Identity;
  readonly expiresOn: Date;
}

async function enter(
  assume: Call<typeof assumeRole>,
  arn: string,
  session: string,
  externalId: string | undefined,
): Promise<Session> {
  const { Credentials: granted } = await assume(assumeRole, {
    RoleArn: arn,
    RoleSessionName: session,
    SourceIdentity: session,
    DurationSeconds: SESSION_SECONDS,
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  }).catch((error: unknown) => {
    throw error instanceof AwsError ? unreachable(error, arn) : error;
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = granted ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined || !Expiration) {
    throw new HoldfastError("internal", `STS let us in as ${arn}, but with credentials that are not whole`);
  }
  return {
    identity: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiresOn: Expiration,
  };
}

/** STS answers a role that does not exist as it answers one that does not let us in (semantics §9.3). */
function unreachable(error: AwsError, arn: string): AwsError {
  const { kind, message } = error.failure;
  const advice =
    kind === "denied"
      ? ". Check that the role exists, that its trust policy names the caller's role with this fleet's external id and allows sts:SetSourceIdentity, and that no service control policy denies it"
      : "";
  return new AwsError(
    { ...error.failure, kind: "unreachable", message: `could not become ${arn}: ${message}${advice}` },
    { cause: error },
  );
}

/** Credentials that are renewed by the injected clock, one AssumeRole at a time. */
function keepFresh(assume: () => Promise<Session>, clock: Clock): IdentityProvider {
  let inFlight: Promise<Identity> | undefined;
  let kept: { readonly answer: () => Identity; readonly until: number } | undefined;

  const renew = async (): Promise<Identity> => {
    try {
      const { identity, expiresOn } = await assume();
      kept = { answer: () => identity, until: expiresOn.getTime() - RENEW_BEFORE_MS };
      return identity;
    } catch (error) {
      const refuse = (): never => {
        throw error;
      };
      kept = { answer: refuse, until: clock.now().getTime() + REFUSED_FOR_MS };
      return refuse();
    } finally {
      inFlight = undefined;
    }
  };
  const provide = async ({ forceRefresh = false } = {}): Promise<Identity> => {
    if (inFlight !== undefined) return inFlight;
    if (kept !== undefined && !forceRefresh && clock.now().getTime() < kept.until) return kept.answer();
    inFlight = renew();
    return inFlight;
  };
  return Object.assign(provide, { memoized: true as const });
}
