import { code } from "../dom.ts";
import { listed, type Section } from "../section.ts";

/** What is called otherwise than the Fleet's naming rules have it. */
export const names: Section = {
  id: "names",
  title: "Names that are not as the Fleet has them",
  make: (context) =>
    listed(context, "misnamed", "names", {
      caption: "Found, and left as it is",
      columns: [
        { title: "Name", text: ({ name }) => name, show: ({ name }) => code(name) },
        {
          title: "What",
          text: ({ of, key }) => (of === "rules" ? `a rule of plan ${key.name}` : `${key.kind} ${key.name}`),
        },
        { title: "Where", text: ({ key }) => `${key.target.account}/${key.target.region}` },
        { title: "Id", text: ({ id }) => id, show: ({ id }) => code(id) },
        { title: "Why", text: ({ because }) => because },
      ],
      empty: "Every name that could be read is as the Fleet has it.",
    }),
};
