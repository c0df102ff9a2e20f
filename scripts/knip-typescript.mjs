// knip reads code through TypeScript's compiler API, which TypeScript 7's main export no longer has: it is given TypeScript 5 instead.
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) => next(specifier === "typescript" ? "typescript-5" : specifier, context),
});
