import built from "./built/viewer.json" with { type: "json" };
import type { PageData } from "./data.ts";

/** The page's script by its hash, as the content security policy and a release's notes name it: constant from page to page. */
export const VIEWER_SCRIPT_HASH: string = built.scriptHash;

/** The report as one file that verifies itself: it opens from a disk, without a network, and shows only what it verified. */
export const reportPage = (data: PageData): string => page(jsonForHtml(data));

/** The same page without data: it opens files that are dropped on it, so that an auditor can use a copy of their own. */
export const viewerPage = (): string => page("");

/** JSON in which nothing can end a script element or begin a comment: `<` occurs in strings only, and there it may be escaped. */
const jsonForHtml = (data: PageData): string => JSON.stringify(data).replaceAll("<", "\\u003c");

const policy = (): string =>
  [
    "default-src 'none'",
    `script-src '${built.scriptHash}'`,
    `style-src '${built.styleHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/** Nothing of a report stands in the markup: until the script has verified it, the page says that nothing was checked. */
const page = (data: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Backup reconciliation report</title>
<style>${built.style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header class="masthead">
<p class="product">Holdfast · signed evidence</p>
<h1>Backup reconciliation report</h1>
<p class="subtitle" id="subtitle"></p>
</header>
<div class="sheet">
<nav class="contents" id="contents" aria-label="Contents"></nav>
<main id="main" tabindex="-1">
<p class="unseen" id="said" role="status"></p>
<section class="verdict" id="verdict" aria-labelledby="verdict-title">
<h2 id="verdict-title">Not verified</h2>
<p>Nothing has been checked, and nothing is shown. This page verifies itself by a script: either scripts are switched off here, or the script was altered and the page's own policy keeps it from running.</p>
</section>
<div id="document"></div>
<section class="drop" id="open" aria-labelledby="open-title">
<h2 id="open-title">Open other files</h2>
<p>Drop reports, <code>keys.json</code>, attachments, git packs, a folder or an evidence pack (.tar) here. They stay on this computer. Files of the same name take the place of those at hand: drop the <code>keys.json</code> that you got separately to verify with it.</p>
<p><label>Choose files <input type="file" multiple></label></p>
</section>
</main>
</div>
<footer class="colophon"><p>Everything above is rendered from verified, signed payloads, on this computer and without a network. The commands in “Check it another way” give the same answers without this page.</p></footer>
<script type="application/json" id="evidence">${data}</script>
<script>${built.script}</script>
</body>
</html>
`;
