import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** A client's generated schemas: one variable, holding one array, for every shape and operation of the service. */
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/;
const SCHEMA = /^((?:export )?var [\w$]+ = )(\[[^]*?\]);$/gm;

/**
 * Lets esbuild leave out schemas of operations nobody calls. Their computed keys could have side effects for all that it can tell, so
 * that it keeps every one: here they are called pure, which they are. Saves a tenth of the worker.
 */
export const pureSchemas: Plugin = {
  name: "pure-schemas",
  setup: (build) => {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => ({
      contents: markPure(await readFile(path, "utf8")),
      loader: "js",
    }));
  },
};

export const markPure = (schemas: string): string => schemas.replaceAll(SCHEMA, "$1/* @__PURE__ */ (() => $2)();");
