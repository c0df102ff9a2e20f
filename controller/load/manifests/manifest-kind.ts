import type * as z from "zod";
import type { Target } from "../../domain/identity.ts";
import type { Limit } from "../limits/limit.ts";
import type { Path } from "../located.ts";
import { fieldNames } from "../schema-names.ts";
import type { PlacedSpec } from "./common.ts";
import type { FleetSpec } from "./fleet.ts";

/** One thing that a manifest asks for in a target, and the path in its spec that says so. */
export type Part = {
  readonly kind: string;
  readonly name: string;
  readonly path: Path;
  /** The part of the same manifest that this one is within. */
  readonly within?: { readonly kind: string; readonly name: string };
} & (
  | { readonly want: "present"; readonly spec: unknown }
  /** `resourceTypes`: what it is about, where that is not everything. */
  | { readonly want: "rule"; readonly spec: unknown; readonly resourceTypes?: readonly string[] }
  | { readonly want: "absent" }
);

/** Where a manifest's spec is looked at. Before any target is known there is none: what depends on it is not checked. */
export interface Setting {
  readonly target: Target | undefined;
  readonly now: Date | undefined;
}

/** What the Fleet says that manifests may rest on. */
export type FleetWide = Pick<FleetSpec, "ownership">;

export interface ManifestDefinition<Spec extends PlacedSpec> {
  readonly kind: string;
  /** One sentence: what it declares. */
  readonly declares: string;
  /** AWS's alphabet for the name, where the name goes to AWS. */
  readonly name: z.ZodType<string>;
  readonly spec: z.ZodType<Spec>;
  /** What AWS refuses or a person would regret, across fields: what no schema of one field can say. */
  readonly limits: (name: string, spec: Spec, setting: Setting) => Iterable<Limit>;
  readonly parts: (name: string, spec: Spec, fleet: FleetWide) => Iterable<Part>;
  /** The smallest manifest of this kind, as a person would write it. */
  readonly smallest: string;
}

/** A kind of manifest with its types sealed in: specs go through the schema on their way back in. */
export interface ManifestKind extends Omit<ManifestDefinition<PlacedSpec>, "limits" | "parts"> {
  readonly fieldNames: (path: Path) => readonly string[];
  readonly limits: (name: string, spec: PlacedSpec, setting: Setting) => Iterable<Limit>;
  readonly parts: (name: string, spec: PlacedSpec, fleet: FleetWide) => Iterable<Part>;
}

export function defineManifest<Spec extends PlacedSpec>(definition: ManifestDefinition<Spec>): ManifestKind {
  return {
    ...definition,
    fieldNames: fieldNames(definition.spec),
    // The two casts of the seal: both are only ever handed what `spec` of the same definition has parsed.
    limits: (name, spec, setting) => definition.limits(name, spec as Spec, setting),
    parts: (name, spec, fleet) => definition.parts(name, spec as Spec, fleet),
  };
}
