/** ec2Query: awsQuery with flat lists, answers without a result element, and errors in a form of their own. Only EC2 speaks it. */
import { routeForm, xmlReply } from "./aws-query.ts";
import { membersOf, type ServiceModel } from "./model.ts";
import type { Protocol } from "./protocol.ts";
import { escapeXml, membersToXml } from "./xml.ts";

/** `namespace` is the XML namespace of every answer. */
export function ec2Query(model: ServiceModel, namespace: string): Protocol {
  return {
    route: (request) => routeForm(model, request, "ec2"),
    answer: (operation, output, stamp) => {
      const root = `${operation.name}Response`;
      // What has nothing to tell says that it succeeded.
      const told =
        membersOf(operation.output).length === 0
          ? "<return>true</return>"
          : membersToXml(operation.output, (output ?? {}) as Readonly<Record<string, unknown>>);
      const body = `<requestId>${stamp.requestId}</requestId>${told}`;
      return xmlReply(200, `<${root} xmlns="${namespace}">${body}</${root}>`, stamp);
    },
    refuse: (error, stamp) => {
      const detail = `<Error><Code>${error.type}</Code><Message>${escapeXml(error.message)}</Message></Error>`;
      const body = `<Response><Errors>${detail}</Errors><RequestID>${stamp.requestId}</RequestID></Response>`;
      return xmlReply(error.status ?? 400, body, stamp);
    },
  };
}
