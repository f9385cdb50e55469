// Every view of a big fleet, at every width, light and dark: no error, no request to elsewhere, accessible, fits.
//   node walk.mjs URL SCREENSHOTS STACK CHECK INCIDENT
import { accessible, end, fits, must, open, page, schemes, shoot, widths } from "./browser.mjs";

const [url, screenshots, stack, check, incident] = process.argv.slice(2);
const stackPath = `/stacks/${encodeURIComponent(stack)}`;
const views = {
  fleet: "/",
  "fleet-filtered": "/?verdict=drifted&q=network&sort=age&page=1",
  "fleet-nothing": "/?q=there-is-no-such-stack",
  stack: stackPath,
  check: `${stackPath}/checks/${check}`,
  incidents: "/incidents",
  "incidents-closed": "/incidents?state=closed",
  incident: `/incidents/${incident}`,
  ignores: "/ignores",
  silences: "/silences",
  "silences-preview": "/silences?matcher=stack%3Dplatform%2Fprod%2F**&length=2h&reason=maintenance",
  outbox: "/outbox",
  "outbox-dead": "/outbox?state=dead",
  settings: "/settings",
  login: "/login?next=%2Foutbox",
};
const browser = await open();

for (const scheme of schemes) {
  for (const width of widths) {
    const tab = await page(browser, { url, width, scheme });
    for (const [name, path] of Object.entries(views)) {
      const what = `${name} at ${width}, ${scheme}`;
      const answer = await tab.goto(url + path, { waitUntil: "load" });
      must(answer.status() === 200, `${what}: ${answer.status()}`);
      must((await tab.locator("h1").count()) === 1, `${what}: one h1`);
      must((await tab.locator("main").count()) === 1, `${what}: one main`);
      const levels = await tab.locator("h1, h2, h3, h4").evaluateAll((all) => all.filter((each) => each.checkVisibility()).map((each) => Number(each.tagName[1])));
      for (let i = 1; i < levels.length; ++i) must(levels[i] <= levels[i - 1] + 1, `${what}: headings ${levels.join(" ")}`);
      await fits(tab, what);
      if ((width === 1440) === (scheme === "light") && width !== 900) await accessible(tab, what);
      await shoot(tab, screenshots, `${name}-${width}-${scheme}`);
    }
    await tab.context().close();
  }
}

// The keys: the skip link comes first, then the filter, then the table.
const tab = await page(browser, { url });
await tab.goto(url + "/");
await tab.keyboard.press("Tab");
must((await tab.evaluate(() => document.activeElement.textContent)) === "Skip to content", "the first stop is the skip link");
await tab.keyboard.press("Enter");
must((await tab.evaluate(() => document.activeElement.id)) === "main", "the skip link leads to the content");
const stops = [];
for (let i = 0; i < 40; ++i) {
  await tab.keyboard.press("Tab");
  stops.push(await tab.evaluate(() => {
    const it = document.activeElement;
    const style = getComputedStyle(it);
    return { id: it.id, row: it.closest("tr[data-stack]") !== null, tile: it.classList.contains("tile"), seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
  }));
}
const first = (fits) => stops.findIndex(fits);
must(first((stop) => stop.tile) >= 0 && first((stop) => stop.tile) < first((stop) => stop.id === "q"), "the counts come before the filter");
must(first((stop) => stop.id === "q") < first((stop) => stop.row) && first((stop) => stop.row) > 0, `the filter comes before the table: ${JSON.stringify(stops)}`);
must(stops.every((stop) => stop.seen), "every stop shows where the focus is");
await tab.locator("body").press("?");
must(await tab.locator("#keys").isVisible(), "? shows the keys");
await accessible(tab, "the keyboard help");
await tab.keyboard.press("Escape");
await tab.locator("h1").click();
await tab.keyboard.press("/");
must((await tab.evaluate(() => document.activeElement.id)) === "q", "/ leads to the filter");
await tab.keyboard.type("queues prod");
await tab.keyboard.press("Enter");
await tab.waitForURL(/q=queues/);
const names = await tab.locator("tr[data-stack] .name").allTextContents();
must(names.length > 0 && names.every((name) => name.includes("queues") && name.includes("prod")), `the filter filters: ${names.slice(0, 3)}`);
await tab.locator("h1").click();
await tab.keyboard.press("g");
await tab.keyboard.press("o");
await tab.waitForURL(/\/outbox$/);
await tab.context().close();

// Without scripts: filter, page, stack, run.
const plain = await page(browser, { url, script: false });
await plain.goto(url + "/");
await plain.locator("a.tile.drifted").click();
await plain.waitForURL(/verdict=drifted/);
must((await plain.locator("tr[data-stack]").count()) > 10, "the counts filter");
must((await plain.locator("tr[data-stack] .chip:not(.drifted)").count()) === 0, "and show nothing else");
await plain.goto(url + "/?sort=name");
await plain.locator(".pager a[rel=next]").click();
await plain.waitForURL(/page=2/);
await plain.selectOption("#owner", "@acme/data");
await plain.locator(".filter button").click();
await plain.waitForURL(/owner=/);
await plain.goto(url + stackPath);
must((await plain.locator("article.drift").count()) === 25, "25 drifts a page");
await plain.locator("section[aria-labelledby=drifts] .pager a[rel=next]").click();
await plain.waitForURL(/drifts=2/);
await plain.locator(".timeline a").first().click();
await plain.waitForURL(/checks\//);
must((await plain.locator("h1").textContent()).startsWith("A check of"), "a run has its page");
must((await plain.locator(".scripted:visible").count()) === 0, "nothing is offered that needs a script");
await browser.close();
end();
