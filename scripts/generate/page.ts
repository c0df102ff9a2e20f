import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform, type Metafile } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = "controller/views/page/browser";
const BUILT = "controller/views/page/built/viewer.json";

/** What the page of a report runs and looks like, built once for a release: pages differ in their data alone, and the hash can be published. */
export async function generatePage(): Promise<ReadonlyMap<string, string>> {
  const { script, metafile } = await bundled();
  const whole = `${await notices(metafile)}\n${script.trim()}\n`;
  if (/<\/script|<!--/i.test(whole))
    throw new Error("the page's script holds what would end it, or begin a comment, in HTML");
  const { code: style } = await transform(await readFile(join(root, SOURCES, "style.css"), "utf8"), {
    loader: "css",
    minify: true,
    target: "chrome120",
  });
  const built = { scriptHash: hashOf(whole), styleHash: hashOf(style.trim()), script: whole, style: style.trim() };
  return new Map([[BUILT, `${JSON.stringify(built, null, 2)}\n`]]);
}

/** As a content security policy names an element by its text. */
const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

async function bundled(): Promise<{ readonly script: string; readonly metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(SOURCES, "main.ts")],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2024",
    charset: "ascii",
    minify: true,
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  return { script: outputFiles[0]?.text ?? "", metafile };
}

/** The notices of every package in the script, which their licences ask for: each licence's text once, under the names it goes for. */
async function notices({ inputs }: Metafile): Promise<string> {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const byText = new Map<string, string[]>();
  for (const name of [...folders].toSorted()) {
    const folder = join(root, "node_modules", name);
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      readonly version: string;
    };
    const text = await licenceOf(folder);
    const copyright = /^.*copyright.*$/im.exec(text)?.[0]?.trim() ?? "";
    const rest = text.replace(copyright, "").replaceAll(/\s+/g, " ").trim();
    byText.set(rest, [...(byText.get(rest) ?? []), `${name} ${version}: ${copyright}`]);
  }
  const blocks = [...byText].map(([text, names]) => `${names.join("\n")}\n${text}`);
  return `/*!\nThis script contains:\n\n${blocks.join("\n\n").replaceAll("*/", "* /")}\n*/`;
}

async function licenceOf(folder: string): Promise<string> {
  for (const name of ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "UNLICENSE"]) {
    const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  throw new Error(`${dirname(folder)}: ${folder} has no licence file`);
}
