// A real browser, led line by line: one JSON request a line in, one answer a line out.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
const PATIENCE_MS = 20_000;
const pages = new Map();
let number = 0;

// A page that goes to another address has nothing to say for a moment.
function unlessItMovesOn(error) {
  if (!error.message.includes("navigation")) throw error;
  return false;
}

const does = {
  async open({ url, width, height, scheme, before }) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const said = [];
    page.on("pageerror", (error) => said.push(`error: ${error.message}`));
    page.on("console", (line) => {
      if (["error", "warning"].includes(line.type())) said.push(`${line.type()}: ${line.text()}`);
    });
    page.on("dialog", (dialog) => {
      said.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    if (before) await page.addInitScript(before);
    pages.set(++number, { page, context, said });
    await page.goto(url);
    return number;
  },
  said: async ({ said }) => said,
  goto: ({ page }, { url }) => page.goto(url).then(() => null),
  reload: ({ page }) => page.reload().then(() => null),
  evaluate: ({ page }, { code }) => page.evaluate(code),
  async until({ page }, { code }) {
    // Not by the page's own waiting: its policy lets nobody make code of a string.
    const end = Date.now() + PATIENCE_MS;
    // A document that is only just begun has no element yet.
    const there = `document.documentElement !== null && (${code})`;
    while (!(await page.evaluate(there).catch(unlessItMovesOn))) {
      if (Date.now() > end) throw new Error("it has not come true");
      await pause(25);
    }
    return null;
  },
  press: ({ page }, { key }) => page.keyboard.press(key),
  click: ({ page }, { selector }) => page.click(selector),
  fill: ({ page }, { selector, text }) => page.fill(selector, text),
  size: ({ page }, { width, height }) => page.setViewportSize({ width, height }),
  screenshot: ({ page }, { path }) => page.screenshot({ path }).then(() => null),
  script: ({ page }, { path }) => page.evaluate(readFileSync(path, "utf8")).then(() => null),
  async axe({ page }) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
  },
  async close({ context }, { at }) {
    await context.close();
    pages.delete(at);
    return null;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { what, ...asked } = JSON.parse(line);
  let answer;
  try {
    const result = what === "open" ? does.open(asked) : does[what](pages.get(asked.at), asked);
    answer = { result: (await result) ?? null };
  } catch (error) {
    answer = { error: String(error.message) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
