/** awsQuery: a form in, XML out. STS (semantics §9.3), IAM, RDS and Redshift speak it; EC2 a variety of its own. */
import { ApiError } from "../service.ts";
import { fromForm, type FormStyle } from "./form.ts";
import { bytesOf, textOf, type WireReply, type WireRequest } from "./message.ts";
import { membersOf, type Operation, type ServiceModel } from "./model.ts";
import type { Protocol, Routed, Stamp } from "./protocol.ts";
import { escapeXml, toXml } from "./xml.ts";

/** `namespace` is the XML namespace of every answer. */
export function awsQuery(model: ServiceModel, namespace: string): Protocol {
  return {
    route: (request) => routeForm(model, request, "query"),
    answer: (operation, output, stamp) => answer(operation, output, stamp, namespace),
    refuse: (error, stamp) => refuse(model, error, stamp, namespace),
  };
}

/** Finds the operation by the form's `Action`; its fields may also stand in the URL. */
export function routeForm(model: ServiceModel, request: WireRequest, style: FormStyle): Routed {
  const fields = new Map(Object.entries(request.query).map(([key, value]) => [key, [value].flat()[0] ?? ""]));
  for (const [key, value] of new URLSearchParams(textOf(request.body))) fields.set(key, value);
  const action = fields.get("Action");
  const operation = action === undefined ? undefined : model.operations.get(action);
  if (operation === undefined) {
    const version = fields.get("Version") ?? "";
    throw new ApiError("InvalidAction", `Could not find operation ${action ?? ""} for version ${version}`, {}, 400);
  }
  return {
    operation,
    readInput: () => fromForm(operation.input, fields, "", style) as Readonly<Record<string, unknown>>,
  };
}

function answer(operation: Operation, output: unknown, stamp: Stamp, namespace: string): WireReply {
  const result =
    membersOf(operation.output).length === 0 ? "" : toXml(operation.output, output, `${operation.name}Result`);
  const root = `${operation.name}Response`;
  const metadata = `<ResponseMetadata><RequestId>${stamp.requestId}</RequestId></ResponseMetadata>`;
  return xmlReply(200, `<${root} xmlns="${namespace}">${result}${metadata}</${root}>`, stamp);
}

function refuse(model: ServiceModel, error: ApiError, stamp: Stamp, namespace: string): WireReply {
  const shape = model.errors.get(error.type);
  const status = error.status ?? shape?.status ?? (shape?.fault === "server" ? 500 : 400);
  const code = shape?.queryCode ?? error.type;
  const fault = status >= 500 ? "Receiver" : "Sender";
  const detail = `<Error><Type>${fault}</Type><Code>${code}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
  return xmlReply(
    status,
    `<ErrorResponse xmlns="${namespace}">${detail}<RequestId>${stamp.requestId}</RequestId></ErrorResponse>`,
    stamp,
  );
}

export function xmlReply(status: number, xml: string, stamp: Stamp): WireReply {
  const headers = { "content-type": "text/xml", date: stamp.at.toUTCString(), "x-amzn-requestid": stamp.requestId };
  return { status, headers, body: bytesOf(xml) };
}
