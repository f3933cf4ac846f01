// Pages as axe-core judges them: contrast, labels, order of headings, what the keyboard reaches.
//
//     node axe.mjs BROWSER PAGE...   (with `axe-core` and `puppeteer-core` installed beside it)
//
// Each page in light and in dark, and as wide as a screen and as a telephone. A page for one ground
// only, named -light or -dark, is looked at in that scheme.

import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const [executablePath, ...files] = process.argv.slice(2);
if (!files.length) throw new Error("expected: node axe.mjs BROWSER PAGE...");

const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
let broken = 0;
let looked = 0;
for (const file of files) {
  const [only] = /-(light|dark)(?=\.html$)/.exec(file)?.slice(1) ?? [];
  for (const scheme of only ? [only] : ["light", "dark"]) {
    for (const width of [1000, 400]) {
      const page = await browser.newPage();
      await page.setViewport({ width, height: 800 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.goto(pathToFileURL(resolve(file)).href);
      await page.addScriptTag({ path: axe });
      const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
      if (!passes.length) throw new Error(`${file}: nothing was judged`);
      for (const { id, help, nodes } of violations) {
        console.log(`${basename(file)}, ${scheme}, ${width} wide: ${id}: ${help}`);
        for (const { target, failureSummary } of nodes.slice(0, 3)) {
          console.log(`    ${target}: ${failureSummary.replaceAll("\n", " ")}`);
        }
        broken += 1;
      }
      looked += 1;
      await page.close();
    }
  }
}
await browser.close();
console.log(`${looked} looks at ${files.length} pages, ${broken} violations`);
process.exit(broken ? 1 : 0);
