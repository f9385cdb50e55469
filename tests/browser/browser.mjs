// What the walks share: one browser, pages that report every error, and the accessibility check.
import { createRequire } from "node:module";
import { readFileSync, mkdirSync } from "node:fs";
import path from "node:path";

const tools = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../build/servers/browser");
const require = createRequire(path.join(tools, "node_modules/"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const widths = [360, 900, 1440];
export const schemes = ["light", "dark"];

export async function open() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

// Everything that a test found wrong; the process ends with 1 when there is something.
export const complaints = [];
export function must(holds, what) {
  if (!holds) complaints.push(what);
}

// A page of its own context. What the browser itself complains about is a complaint of the test.
export async function page(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1440, height: options.height ?? 900 }, colorScheme: options.scheme ?? "light", reducedMotion: "reduce", javaScriptEnabled: options.script ?? true });
  const tab = await context.newPage();
  tab.setDefaultTimeout(20000);
  tab.on("console", (message) => { if (["error", "warning"].includes(message.type()) && !options.expected?.test(message.text() + message.location().url)) complaints.push(`${tab.url()}: console: ${message.text()}`); });
  tab.on("pageerror", (error) => complaints.push(`${tab.url()}: ${error}`));
  tab.on("requestfailed", (request) => { if (!request.url().endsWith("/events") && request.failure().errorText !== "net::ERR_ABORTED") complaints.push(`${request.url()} failed: ${request.failure().errorText}`); });
  tab.on("response", (response) => { if (response.status() >= 400 && !options.expected?.test(response.url())) complaints.push(`${response.url()}: ${response.status()}`); });
  tab.on("request", (request) => { if (!request.url().startsWith(options.url) && !request.url().startsWith("data:")) complaints.push(`a request to elsewhere: ${request.url()}`); });
  return tab;
}

// axe-core: nothing serious or critical.
export async function accessible(tab, what) {
  const session = await tab.context().newCDPSession(tab);  // past the page's own content policy
  await session.send("Runtime.evaluate", { expression: axe });
  const { result } = await session.send("Runtime.evaluate", { expression: "axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations))", awaitPromise: true, returnByValue: true });
  for (const found of JSON.parse(result.value))
    if (["serious", "critical"].includes(found.impact))
      complaints.push(`${what}: ${found.id} (${found.impact}): ${found.help}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + " " + (node.any[0]?.message ?? "")).join(" | ")}`);
  await session.detach();
}

// Nothing sticks out sideways.
export async function fits(tab, what) {
  const [wide, shown] = await tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  must(wide <= shown, `${what}: ${wide} pixels wide in a window of ${shown}`);
}

export async function shoot(tab, directory, name, fullPage = false) {
  mkdirSync(directory, { recursive: true });
  await tab.screenshot({ path: path.join(directory, `${name}.png`), fullPage });
}

export function end() {
  for (const complaint of new Set(complaints)) console.error(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}
