// Adds to pages that are whole without it: fresh times, live updates, keys. No text of the server becomes markup here.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  for (const each of all(".scripted")) if (each.id !== "live") each.hidden = false;
  const url = new URL(location.href);
  if (url.searchParams.has("notice")) {  // a notice is shown once, not again after a reload
    url.searchParams.delete("notice");
    history.replaceState(null, "", url);
  }

  // Times: the same words as the server's.
  const roughly = (seconds) =>
    seconds < 90 ? `${Math.floor(seconds)} s`
    : seconds < 5400 ? `${Math.round(seconds / 60)} min`
    : seconds < 172800 ? `${Math.round(seconds / 3600)} h`
    : `${Math.round(seconds / 86400)} d`;
  const length = (seconds) =>
    seconds < 10 ? `${seconds.toFixed(1)} s`
    : seconds < 60 ? `${Math.round(seconds)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  const freshen = () => {
    for (const time of all("time[datetime]")) {
      const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
      const words = seconds < 0 ? `in ${roughly(-seconds)}` : `${roughly(seconds)} ago`;
      if (time.textContent !== words) time.textContent = words;
    }
  };
  setInterval(freshen, 5000);

  // Checks under way.
  const list = $("#running-list");
  const here = $("[data-stack]:not(tr)")?.dataset.stack;
  let running = [];
  const part = (kind, text) => {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    return span;
  };
  const progress = (check, elapsed) => {
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = Math.min(99, (100 * elapsed) / Math.max(check.expected_seconds, 0.1));
    bar.setAttribute("aria-label", `Progress of ${check.stack}`);
    return bar;
  };
  const line = (check) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const elapsed = Math.max(0, (Date.now() - Date.parse(check.started)) / 1000);
    link.className = "name";
    link.href = `/stacks/${encodeURIComponent(check.stack)}`;
    link.textContent = check.stack;
    item.append(link, part("step", check.step ?? ""), part("elapsed", length(elapsed)));
    if (check.expected_seconds === null) item.append(part("quiet", "first look"));
    else item.append(part("quiet", `of about ${length(check.expected_seconds)}`), progress(check, elapsed));
    return item;
  };
  const drawRunning = () => {
    if (!list || list.contains(document.activeElement)) return;
    const shown = here ? running.filter((check) => check.stack === here) : running;
    if (shown.length === 0) {
      const nothing = document.createElement("li");
      nothing.className = "quiet";
      nothing.textContent = "No check runs now.";
      list.replaceChildren(nothing);
    } else {
      list.replaceChildren(...shown.map(line));
    }
  };
  setInterval(() => { if (running.length > 0) drawRunning(); }, 1000);

  // The parts that change are fetched again from the server, unless somebody is in them.
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of all("[data-live]")) {
      const next = fresh.getElementById(old.id);
      if (next && !old.contains(document.activeElement) && old.innerHTML !== next.innerHTML) old.replaceWith(document.adoptNode(next));
    }
    freshen();
  };
  let soon = 0;
  const renewSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(() => renew().catch(() => {}), 700);
  };
  const words = { in_sync: "in sync", drifted: "drifted", unapplied: "unapplied", inconclusive: "inconclusive" };
  const checked = (stack) => {
    const shown = here === stack.stack || all("tr[data-stack]").some((row) => row.dataset.stack === stack.stack);
    if (here && !shown) return;
    if (shown) $("#announced").textContent = `${stack.stack}: ${words[stack.verdict] ?? stack.verdict}`;
    renewSoon();
  };

  // Events only while somebody looks: followers are few.
  let source = null;
  const follow = () => {
    if (source || document.hidden || !$("[data-live], #running-list")) return;
    source = new EventSource("/api/v1/events");
    source.onopen = async () => {
      $("#live").hidden = false;
      const answer = await fetch("/api/v1/running");
      if (answer.ok) running = (await answer.json()).running;
      drawRunning();
    };
    source.onerror = () => { $("#live").hidden = true; };
    source.addEventListener("running", (event) => { running = JSON.parse(event.data).running; drawRunning(); });
    source.addEventListener("check", (event) => { for (const stack of JSON.parse(event.data).stacks) checked(stack); });
  };
  const leave = () => { source?.close(); source = null; };
  document.addEventListener("visibilitychange", () => { if (document.hidden) { leave(); } else { follow(); renewSoon(); } });
  addEventListener("pagehide", leave);
  addEventListener("pageshow", follow);
  follow();

  // Keys, which can be switched off.
  const help = $("#keys");
  const switched = $("#keys-on");
  switched.checked = localStorage.getItem("keys") !== "off";
  switched.addEventListener("change", () => localStorage.setItem("keys", switched.checked ? "on" : "off"));
  $("#show-keys").addEventListener("click", () => help.showModal());
  let goes = false;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || help.open || !switched.checked) return;
    if (event.target.closest("input, select, textarea")) return;
    const target = goes ? $(`.top a[data-key="${CSS.escape(event.key)}"]`) : null;
    goes = event.key === "g" && !goes;
    if (target) location.href = target.href;
    else if (event.key === "?") help.showModal();
    else if (event.key === "/" && $("#q, #matcher")) { event.preventDefault(); $("#q, #matcher").focus(); }
  });
})();
