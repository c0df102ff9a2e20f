import * as Lambda from "@aws-sdk/client-lambda";
import { lambdaDialect } from "../dialect.ts";
import type { Caller, Service } from "../services.ts";
import { readModel } from "../wire/model.ts";
import { restJson } from "../wire/rest-json.ts";
import { runtimeHandlers, runtimeNeeds, type LambdaRuntime } from "./runtime.ts";

/** Lambda, as far as functions are invoked and durable ones keep their state. */
export const lambdaService: Service<{ readonly runtime: LambdaRuntime }> = {
  protocol: restJson(readModel(Lambda), {
    absent: "omit",
    errorBody: ({ message, fields }) => ({ ...fields, Message: message }),
  }),
  dialect: lambdaDialect,
  handlers: runtimeHandlers,
  global: false,
  stateFor: ({ world, account, region }: Caller) => {
    const runtime = world.lambda(account, region);
    if (runtime === undefined) throw new Error("a call reached an account or Region that does not exist");
    return { runtime };
  },
  needs: runtimeNeeds,
};
