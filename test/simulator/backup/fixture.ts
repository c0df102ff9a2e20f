/** A small world for the tests of this folder: one organization, every role and key there unless said otherwise, and a clock to turn. */
import { ApiError, type Principal } from "../service.ts";
import type { Announcement } from "./announcements.ts";
import { backup } from "./service.ts";
import { createState, type BackupState } from "./state.ts";
import {
  defaultOptions,
  newGlobalSettings,
  type BackupOptions,
  type BackupWorld,
  type EncryptionKey,
  type ProtectableResource,
} from "./world.ts";

export const home = "111122223333";
export const other = "444455556666";
export const foreign = "999900001111";
export const region = "eu-west-1";
export const role = `arn:aws:iam::${home}:role/backup`;

type Operation = keyof typeof backup.handlers;
type InputOf<Name extends Operation> = Parameters<(typeof backup.handlers)[Name]>[0];
type OutputOf<Name extends Operation> = ReturnType<(typeof backup.handlers)[Name]>;

/** Where and as whom a call is made; by default in the home account, by its administrator. */
interface From {
  readonly account?: string;
  readonly region?: string;
  readonly principal?: Partial<Principal>;
}

export class TestWorld implements BackupWorld {
  readonly managementAccount = home;
  readonly globalSettings = newGlobalSettings(true);
  readonly missingRoles = new Set<string>();
  readonly denied = new Set<string>();
  readonly missingPrincipals = new Set<string>();
  readonly withoutServiceLinkedRole = new Set<string>();
  readonly keys = new Map<string, EncryptionKey>();
  readonly resources: ProtectableResource[] = [];
  /** All that was told to EventBridge, by whom. */
  readonly announced: (Announcement & { readonly account: string; readonly region: string; readonly at: Date })[] = [];
  readonly #states = new Map<string, BackupState>();
  pageSize = 100;
  options: BackupOptions = defaultOptions;
  #now = new Date("2026-03-01T00:00:00Z");
  #uuids = 0;

  states(): Iterable<BackupState> {
    return this.#states.values();
  }

  state(account = home, inRegion = region): BackupState {
    const name = `${account}/${inRegion}`;
    const known = this.#states.get(name);
    if (known !== undefined) return known;
    const made = createState(account, inRegion, this);
    this.#states.set(name, made);
    return made;
  }

  organizationOf(account: string): string | undefined {
    return account === foreign ? undefined : "o-example";
  }

  accountExists(account: string): boolean {
    return [home, other, foreign].includes(account);
  }

  roleExists(arn: string): boolean {
    return !this.missingRoles.has(arn);
  }

  roleAllows(_role: string, action: string): boolean {
    return !this.denied.has(action);
  }

  serviceLinkedRoleExists(account: string): boolean {
    return !this.withoutServiceLinkedRole.has(account);
  }

  principalExists(arn: string): boolean {
    return !this.missingPrincipals.has(arn);
  }

  userOf(): undefined {
    return undefined;
  }

  key(account: string, inRegion: string, id: string): EncryptionKey | undefined {
    if (id === "alias/aws/backup") {
      return { arn: `arn:aws:kms:${inRegion}:${account}:key/aws-backup`, manager: "AWS", enabled: true };
    }
    return this.keys.get(id);
  }

  placeRestored(_account: string, _region: string, restored: ProtectableResource): void {
    this.resources.push(restored);
  }

  removeRestored(_account: string, _region: string, arn: string): void {
    this.resources.splice(
      this.resources.findIndex((one) => one.arn === arn),
      1,
    );
  }

  announce({ account, region: inRegion }: BackupState, at: Date, say: () => Announcement): void {
    this.announced.push({ ...say(), account, region: inRegion, at });
  }

  /** A volume of the home account, tagged `backup=true` unless said otherwise. */
  addVolume(id: string, over: Partial<ProtectableResource> = {}): ProtectableResource {
    const arn = `arn:aws:ec2:${region}:${home}:volume/${id}`;
    const volume = { arn, type: "EBS", tags: { backup: "true" }, sizeBytes: 2 ** 30, ...over };
    this.resources.push(volume);
    return volume;
  }

  *protectedResources(account: string, inRegion: string): Generator<ProtectableResource> {
    for (const resource of this.resources) {
      if (resource.arn.includes(`:${inRegion}:${account}:`) || resource.arn.startsWith("arn:aws:s3:::")) yield resource;
    }
  }

  now(): Date {
    return this.#now;
  }

  uuid(): string {
    this.#uuids += 1;
    return `00000000-0000-4000-8000-${String(this.#uuids).padStart(12, "0")}`;
  }

  /** Lets time pass. */
  advance(duration: {
    readonly days?: number;
    readonly hours?: number;
    readonly minutes?: number;
    readonly seconds?: number;
  }): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0 } = duration;
    const from = this.#now;
    this.#now = new Date(from.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
    backup.advance(this, from, this.#now);
  }

  call<Name extends Operation>(operation: Name, input: InputOf<Name>, from: From = {}): OutputOf<Name> {
    const account = from.account ?? home;
    const principal = { account, arn: `arn:aws:iam::${account}:user/admin`, accessKeyId: "AKIA", ...from.principal };
    const state = this.state(account, from.region);
    const context = { principal, account, region: state.region, now: this.#now, state, uuid: () => this.uuid() };
    // A union of handlers takes the intersection of their inputs; `InputOf<Name>` is the input of this one.
    const handler = backup.handlers[operation] as (input: InputOf<Name>, context: unknown) => OutputOf<Name>;
    return handler(input, context);
  }

  /** The refusal a call meets; a test fails where there is none. */
  refusal<Name extends Operation>(operation: Name, input: InputOf<Name>, from: From = {}): ApiError {
    try {
      this.call(operation, input, from);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    throw new Error(`${operation} was not refused`);
  }

  /** Every item of a listing, page by page. */
  all<Name extends Operation, Item>(
    operation: Name,
    input: InputOf<Name>,
    items: (output: OutputOf<Name>) => readonly Item[] | undefined,
  ): Item[] {
    const found: Item[] = [];
    let token: string | undefined;
    do {
      const output = this.call(operation, { ...input, NextToken: token });
      found.push(...(items(output) ?? []));
      token = (output as { readonly NextToken?: string | undefined }).NextToken;
    } while (token !== undefined);
    return found;
  }
}
