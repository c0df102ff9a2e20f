import { Console } from "node:console";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import type { Metafile } from "esbuild";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../controller/version.ts";
import { bundleNpmPackage } from "../../scripts/bundle/npm-package.ts";
import { bundleWorker, type Entries } from "../../scripts/bundle/worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

interface Component {
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly licenses?: readonly { readonly license?: { readonly id?: string } }[];
}
interface BillOfMaterials {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

// The library makes a console of its own, of a class that vitest's has not.
Object.assign(console, { Console });

const root = fileURLToPath(new URL("../..", import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
const readBill = (path: string) => JSON.parse(readFileSync(path, "utf8")) as BillOfMaterials;

/** A bundle, and the file beside it that says what it is made of. */
async function built(entries?: Entries) {
  const folder = temporaryFolder();
  const sbom = join(folder, "worker.sbom.json");
  const metafile = await bundleWorker({ root, ...(entries && { entries }), outdir: join(folder, "worker"), sbom });
  return { metafile, sbom };
}

const PACKAGE = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))/;

/** `name@version` of each package of which a bundle has a file, as the package's own manifest says. */
function packagesIn({ outputs }: Metafile): readonly string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));
  return [...folders]
    .map((folder) => readJson(`${folder}/package.json`) as { readonly name: string; readonly version: string })
    .map(({ name, version }) => `${name}@${version}`)
    .toSorted();
}

const named = ({ group, name, version }: Component): string =>
  `${group === undefined ? "" : `${group}/`}${name}@${version}`;

describe("the bill of materials of what is deployed", async () => {
  const { metafile, sbom } = await built();
  const bill = readBill(sbom);

  it("names each package of which something is in the bundle, and nothing else", () => {
    expect(bill.components.map(named).toSorted()).toEqual(packagesIn(metafile));
    expect(bill.components.length).toBeGreaterThan(20);
  });

  it("says of each its version, its licence and its package URL", () => {
    const lacking = bill.components.filter(
      ({ purl, licenses, group, name, version }) =>
        licenses?.[0]?.license?.id === undefined ||
        !purl?.startsWith(`pkg:npm/${group === undefined ? "" : `${encodeURIComponent(group)}/`}${name}@${version}`),
    );
    expect(lacking).toEqual([]);
  });

  it("has Holdfast as its root, from which everything hangs", () => {
    const { component } = bill.metadata;
    expect(component).toMatchObject({
      name: "holdfast",
      version: VERSION,
      licenses: [{ license: { id: "Apache-2.0" } }],
    });
    const below = new Map(bill.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
    const reached = new Set([component["bom-ref"]]);
    // A set is walked on to what is added on the way.
    for (const ref of reached) for (const further of below.get(ref) ?? []) reached.add(further);
    expect(bill.components.map((one) => one["bom-ref"]).filter((ref) => !reached.has(ref))).toEqual([]);
  });

  it("satisfies CycloneDX's schema", () => {
    const schemas = "node_modules/@cyclonedx/cyclonedx-library/res/schema";
    // Formats of international addresses are for the library to look at: it has checked this before it wrote it.
    const ajv = new Ajv({ strict: false, logger: false });
    formats.default(ajv);
    for (const name of ["spdx", "jsf-0.82", "cryptography-defs"].map((other) => `${other}.SNAPSHOT.schema.json`))
      ajv.addSchema(readJson(`${schemas}/${name}`) as object, `http://cyclonedx.org/schema/${name}`);
    const validate = ajv.compile(readJson(`${schemas}/bom-1.6.SNAPSHOT.schema.json`) as object);
    validate(bill);
    expect(validate.errors).toBeNull();
    expect(validate({ ...bill, components: [{ name: "no type" }] })).toBe(false);
  });

  it("names no path of the machine it was made on", () => {
    expect(readFileSync(sbom, "utf8")).not.toContain(root);
  });
});

describe("a bill of materials", () => {
  it("is the same to the byte for the same bundle, wherever it is put", async () => {
    const entries = { handler: "test/infra/fixtures/handler.ts" };
    const [first, second] = [await built(entries), await built(entries)];
    expect(first.sbom).not.toBe(second.sbom);
    expect(readFileSync(first.sbom)).toEqual(readFileSync(second.sbom));
  });

  it("is made of the published program as well", async () => {
    const folder = temporaryFolder();
    const sbom = join(folder, "npm.sbom.json");
    const manifest = { name: "holdfast", version: VERSION, description: "GitOps.", license: "Apache-2.0" };
    const program = { root, entry: "controller/cli/main.ts", documents: [], manifest, sbom };
    const metafile = await bundleNpmPackage({ ...program, outdir: join(folder, "npm") });
    expect(readBill(sbom).components.map(named).toSorted()).toEqual(packagesIn(metafile));
  });
});
