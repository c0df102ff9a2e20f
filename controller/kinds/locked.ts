import type { Bar } from "../domain/change.ts";

export const LOCKED: Bar = {
  reason: "locked",
  because: "its vault is locked",
  release: "Holdfast never unlocks a vault in order to act; while it is locked AWS refuses",
};
