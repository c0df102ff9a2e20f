/** awsJson: one path, the operation in `X-Amz-Target`, JSON both ways. DynamoDB speaks version 1.0, all others here 1.1. */
import { ApiError } from "../service.ts";
import { jsonReader, jsonWriter, parseJsonBody } from "./json.ts";
import { bytesOf, noBody, textOf, type WireRequest } from "./message.ts";
import { membersOf, type ServiceModel } from "./model.ts";
import type { Protocol, Routed, Stamp } from "./protocol.ts";

/** `target` is what stands before the dot in `X-Amz-Target`: `TrentService`, `AWSOrganizationsV20161128`… */
export function jsonRpc(model: ServiceModel, target: string, version: "1.0" | "1.1" = "1.1"): Protocol {
  const headersOf = (stamp: Stamp) => ({
    "content-type": `application/x-amz-json-${version}`,
    date: stamp.at.toUTCString(),
    "x-amzn-requestid": stamp.requestId,
  });
  return {
    route: (request) => route(model, target, request),
    answer: (operation, output, stamp) => ({
      status: 200,
      headers: headersOf(stamp),
      body:
        membersOf(operation.output).length === 0
          ? noBody
          : bytesOf(JSON.stringify(jsonWriter(operation.output, "omit")(output ?? {}))),
    }),
    refuse: (error, stamp) => ({
      // The API pages of these services give 400 to every client error, whatever awsQueryError says in the model.
      status: error.status ?? (model.errors.get(error.type)?.fault === "server" ? 500 : 400),
      headers: { ...headersOf(stamp), "x-amzn-errortype": error.type },
      body: bytesOf(
        JSON.stringify({ __type: error.type, message: error.message, Message: error.message, ...error.fields }),
      ),
    }),
  };
}

function route(model: ServiceModel, target: string, request: WireRequest): Routed {
  const [prefix, name] = (request.headers["x-amz-target"] ?? "").split(".");
  const operation = prefix === target && name !== undefined ? model.operations.get(name) : undefined;
  if (operation === undefined) throw new ApiError("UnknownOperationException", "", {}, 404);
  const read = jsonReader(operation.input);
  return { operation, readInput: () => read(parseJsonBody(textOf(request.body))) as Readonly<Record<string, unknown>> };
}
