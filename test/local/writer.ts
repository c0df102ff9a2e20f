/** A process of its own, for tests of what several do to one folder: adds to a counter, so often. */
import { createFolderStore } from "../../controller/local/folder-store.ts";

const [folder = "", times = "0"] = process.argv.slice(2);
const store = createFolderStore(folder);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let [added, conflicts] = [0, 0];
while (added < Number(times)) {
  const there = await store.get("counter");
  const count = there ? Number(new TextDecoder().decode(there.body)) : 0;
  const condition = there ? { ifMatch: there.etag } : ({ ifAbsent: true } as const);
  const put = await store.put("counter", bytes(String(count + 1)), { condition, contentType: "text/plain" });
  if (put === "conflict") conflicts += 1;
  else added += 1;
}
process.stdout.write(JSON.stringify({ conflicts }));
