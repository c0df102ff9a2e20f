import { serving, type Read as ReadOf, type Served as ServedOf } from "../processes.ts";
import { MANIFESTS } from "./scene.ts";

/** What was asked of the vault since that was last told: pages, and the seconds from the first request to the last answer. */
export interface Asked {
  readonly pages: number;
  readonly seconds: number;
}
export type Served = ServedOf<Asked>;
export type Read = ReadOf<Asked>;

/** A vault of so many points, whose pages take so many milliseconds each, for as long as `use` takes. */
export const servingVault = (
  { points, delayMs = 0 }: { readonly points: number; readonly delayMs?: number },
  use: (served: Served) => Promise<void>,
): Promise<void> =>
  serving(
    {
      server: "vault/page-server",
      args: [String(points), String(delayMs)],
      manifests: MANIFESTS,
      paginate: "vault/paginate",
    },
    use,
  );
