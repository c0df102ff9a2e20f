import type { Scope } from "../domain/scope.ts";
import { type Given, readSettings, type Settings } from "../settings.ts";
import type { Terminal } from "./terminal.ts";

export type Format = "text" | "json" | "markdown";

/** Every flag of every command, as commander names them. */
export interface Flags {
  readonly desiredState?: string;
  readonly evidence?: string;
  readonly work?: string;
  readonly signer?: string;
  readonly secondSigner?: string;
  readonly retention?: string;
  readonly trust?: string;
  readonly syncTrust?: string;
  readonly syncSigner?: string;
  readonly nextReportWithin?: string;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly allowHttp?: boolean;
  readonly output?: Format;
  readonly account?: readonly string[];
  readonly onlyRegion?: readonly string[];
  readonly exitCode?: boolean;
  readonly yes?: boolean;
  readonly standalone?: boolean;
  readonly notify?: boolean;
  readonly to?: string;
  readonly secondTo?: string;
  readonly revoke?: string;
  readonly keys?: string;
  readonly head?: string;
  readonly manifests?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly expires?: string;
  readonly for?: string;
  readonly name?: string;
  readonly lastPoint?: readonly string[];
  readonly standing?: string;
  readonly write?: string;
  readonly last?: string;
  readonly due?: boolean;
  readonly from?: string;
  readonly out?: string;
  readonly format?: string;
  readonly pack?: string;
  readonly start?: string;
  readonly function?: string;
}

/** One command as it was called. */
export interface Invocation {
  readonly flags: Flags;
  readonly operands: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

/** The settings an invocation comes to. `fallback`: the desired state where the command needs none. */
export function settingsOf({ flags, environment }: Invocation, fallback?: string): Settings {
  const given: Given = {
    desiredState: flags.desiredState ?? fallback,
    evidence: flags.evidence,
    work: flags.work,
    signer: flags.signer,
    secondSigner: flags.secondSigner,
    retention: flags.retention,
    trust: flags.trust,
    syncTrust: flags.syncTrust,
    nextReportWithin: flags.nextReportWithin,
    endpoint: flags.endpointUrl,
    region: flags.region,
    allowHttp: flags.allowHttp ?? false,
  };
  return readSettings(given, environment);
}

export const formatOf = ({ flags }: Invocation): Format => flags.output ?? "text";

/** The part of the fleet that flags narrow a run to, if they do. */
export const scopeOf = ({ flags }: Invocation): Scope | undefined =>
  flags.account || flags.onlyRegion
    ? {
        ...(flags.account ? { accounts: flags.account } : {}),
        ...(flags.onlyRegion ? { regions: flags.onlyRegion } : {}),
      }
    : undefined;
