import { relative } from "node:path";
import { cyclonedxEsbuildPlugin } from "@cyclonedx/cyclonedx-esbuild";
import type { Metafile, Plugin } from "esbuild";

/**
 * Writes down what a bundle is made of, as a CycloneDX document: every package of which something is in it, with version, licence and
 * package URL, and what each was imported by, Holdfast itself first. The same bundle makes the same bytes: no serial number and no time.
 * What does not satisfy CycloneDX's own schema fails the build.
 */
export function billOfMaterials(file: string, outdir: string): Plugin {
  const { name, setup } = cyclonedxEsbuildPlugin({
    specVersion: "1.6",
    // It reads the path as one below the bundle's folder, where nothing but the bundle should be.
    outputFile: relative(outdir, file),
    outputReproducible: true,
    validate: true,
    // What goes wrong is thrown; that it begins and ends is nothing to tell.
    logLevel: "silent",
  });
  return {
    name,
    setup: (build) =>
      setup({
        ...build,
        onEnd: (write) =>
          build.onEnd((result) =>
            write(result.metafile ? { ...result, metafile: withPassages(result.metafile) } : result),
          ),
      }),
  };
}

/**
 * A bundle keeps nothing of a module that only hands on what others export, as most packages' first one does, and the document would not
 * see who imports them. So such modules count as parts of no size, if something of their package is in the bundle.
 */
function withPassages(metafile: Metafile): Metafile {
  const kept = new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  const packages = new Set([...kept].map(packageOf));
  const passages = Object.keys(metafile.inputs).filter((path) => !kept.has(path) && packages.has(packageOf(path)));
  const [[first, output] = []] = Object.entries(metafile.outputs);
  if (first === undefined || output === undefined) return metafile;
  const nothing = Object.fromEntries(passages.map((path) => [path, { bytesInOutput: 0 }]));
  return {
    ...metafile,
    outputs: { ...metafile.outputs, [first]: { ...output, inputs: { ...output.inputs, ...nothing } } },
  };
}

/** The folder of the innermost package a file is in; none for ours. */
const packageOf = (path: string): string | undefined => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
