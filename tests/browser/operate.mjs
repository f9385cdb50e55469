// Who logs in operates: a check now, a silence, the logout.
//   node operate.mjs URL STACK TOKEN
import { accessible, end, must, open, page } from "./browser.mjs";

const [url, stack, token] = process.argv.slice(2);
const stackPath = `/stacks/${encodeURIComponent(stack)}`;
const browser = await open();
const tab = await page(browser, { url, expected: /\/login/ });
await tab.goto(url + stackPath);

// A wrong token, then the right one; the login leads back.
await tab.locator(".actions .login").click();
await tab.fill("#token", "wrong");
await tab.locator("form:has(#token) button").click();
must(!(await tab.content()).includes("Check now"), "a wrong token opens nothing");
await tab.goto(`${url}/login?next=${encodeURIComponent(stackPath)}`);
await tab.fill("#token", token);
await tab.locator("form:has(#token) button").click();
await tab.waitForURL(url + stackPath + "*");

await tab.locator("button", { hasText: "Check now" }).click();
await tab.locator(".notice.good").waitFor();
must((await tab.locator(".notice.good").textContent()).includes("requested"), "it says what was done");

// A silence: the preview, then it is on, then it ends.
await tab.goto(url + "/silences");
await tab.fill("#matcher", `stack=${stack}`);
await tab.fill("#length", "2h");
await tab.fill("#reason", "maintenance <b>tonight</b>");
await tab.locator("button", { hasText: "Show what it matches" }).click();
await tab.locator("#preview").waitFor();
must((await tab.locator("section[aria-labelledby=preview]").textContent()).includes("1 stack"), "the preview counts");
await accessible(tab, "the preview of a silence");
await tab.locator("button", { hasText: "Silence this" }).click();
await tab.locator(".notice.good").waitFor();
must((await tab.locator("table.list").textContent()).includes("maintenance <b>tonight</b>"), "the silence is listed, its reason as a text");
await tab.locator("button", { hasText: "End now" }).click();
await tab.locator(".notice.good").waitFor();
must((await tab.locator("button", { hasText: "End now" }).count()) === 0, "it ended");

await tab.locator("button", { hasText: "Log out" }).click();
await tab.goto(url + stackPath);
must((await tab.locator("button", { hasText: "Check now" }).count()) === 0, "after the logout nothing can be done");
await browser.close();
end();
