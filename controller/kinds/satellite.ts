import type { AnyOperation, Call } from "../aws/operation.ts";
import { listBackupVaults, listTags } from "../aws/backup-operations.ts";
import { failureOf } from "../domain/errors.ts";
import type { Target } from "../domain/identity.ts";
import type { Live, Unread } from "../domain/live.ts";
import type { ListContext } from "./kind.ts";
import { isReserved, tagsOf, vaultsOf, type VaultMember } from "./listing.ts";
import { marksOf, ownershipOf } from "./ownership.ts";

/**
 * The listing of a part of a vault that AWS keeps behind calls of its own: lock, policy, notifications. A satellite has its vault's
 * name and follows its vault: it is as much ours as the vault is (rule 19). `read` answers undefined where the vault has none.
 */
export const satellitesOf = <State, More extends AnyOperation>(
  kind: string,
  read: (
    call: Call<typeof listBackupVaults | typeof listTags | More>,
    vault: VaultMember,
  ) => Promise<State | undefined>,
) =>
  async function* (
    call: Call<typeof listBackupVaults | typeof listTags | More>,
    target: Target,
    { fleet }: ListContext,
  ): AsyncGenerator<Live<State> | Unread> {
    for await (const vault of vaultsOf(call)) {
      if (isReserved(vault.name)) continue;
      const key = { target, kind, name: vault.name };
      try {
        const state = await read(call, vault);
        if (state === undefined) continue;
        const tags = await tagsOf(call, vault.arn);
        const ownership = ownershipOf(tags, fleet, "vault", vault.name);
        yield { key, id: vault.arn, state, ownership, ...marksOf(tags) };
      } catch (error) {
        yield { unread: vault.arn, key, failure: failureOf(error) };
      }
    }
  };
