import type { Context } from "../service.ts";
import type { BackupState } from "./state.ts";

export type BackupContext = Context<BackupState>;

/** The SDK's input types say `| undefined` of required members; the wire has refused calls without them before a handler runs. */
export type Checked<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? Checked<Item>[]
    : T extends object
      ? { [K in keyof T]: object extends Pick<T, K> ? Checked<T[K]> : Checked<Exclude<T[K], undefined>> }
      : T;
