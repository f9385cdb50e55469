// A daemon with a real stack that drifted: what differs is shown, and a check comes and goes before one's eyes.
//   node live.mjs URL SCREENSHOTS STACK TOKEN
import { accessible, end, must, open, page, shoot } from "./browser.mjs";

const [url, screenshots, stack, token] = process.argv.slice(2);
const stackPath = `/stacks/${encodeURIComponent(stack)}`;
const browser = await open();
const tab = await page(browser, { url, height: 1000 });

await tab.goto(url + stackPath);
must((await tab.locator(".verdict .chip").textContent()).includes("drifted"), "the verdict");
const diff = await tab.locator("table.diff").first().textContent();
must(diff.includes("content") && diff.includes("two") && diff.includes("three"), `the attribute that differs: ${diff}`);
must(diff.includes("sensitive, changed"), "a secret only says that it changed");
must((await tab.locator("button", { hasText: "Check now" }).count()) === 0, "who reads gets no button");
must(!(await tab.content()).includes("canary"), "no secret is on the page");
await accessible(tab, "a stack that drifted");
await shoot(tab, screenshots, "drift");

// Nobody loads a page again: the running list and the stack's history follow by themselves.
const fleet = await page(browser, { url });
await fleet.goto(url + "/");
await fleet.locator("#live").waitFor({ state: "visible" });
const before = await tab.locator(".timeline li").first().innerHTML();
const asked = await fetch(`${url}/api/v1/stacks/${encodeURIComponent(stack)}/check`, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
must(asked.status === 202, `the check was asked for: ${asked.status}`);
await fleet.locator("#running-list li .name", { hasText: stack }).waitFor();
await fleet.locator("#running-list .step", { hasText: /planning|read/ }).waitFor();
await fleet.locator("#running-list progress").waitFor();
await shoot(fleet, screenshots, "running");
await fleet.locator("#running-list li.quiet").waitFor({ timeout: 60000 });
await tab.waitForFunction((old) => document.querySelector(".timeline li").innerHTML !== old, before);
await browser.close();
end();
