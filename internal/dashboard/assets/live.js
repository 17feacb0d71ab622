// Keeps an open page up to date. The server says when something is different
// (server-sent events); then the page is fetched again, and the parts that differ
// are replaced. Without this script, loading the page again does the same.
"use strict";

(() => {
  const root = document.documentElement;
  const topic = root.dataset.live;
  const status = document.getElementById("live");
  if (!topic || !status || !window.EventSource || !window.DOMParser) return;

  const again = 5000; // milliseconds
  let shown = root.dataset.mark;
  let wanted = shown;
  let busy = false;
  let source = null;

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const say = (state, words) => {
    status.dataset.state = state;
    if (status.textContent !== words) status.textContent = words;
  };

  // Which element has the focus, so that it can be found again among its likes.
  const focused = () => {
    const element = document.activeElement;
    if (!element || !element.closest("[data-part]")) return null;
    const key = (e) => [e.tagName, e.getAttribute("href"), e.textContent].join("\n");
    return { element, key: key(element), find: () => [...document.querySelectorAll("main a, main summary, main button")].find((e) => key(e) === key(element)) };
  };

  // A part in which somebody fills in a form stays as it is until the form is closed.
  const filled = (part) => part.querySelector("details[open] form");

  const adopt = (next) => {
    const main = document.getElementById("main");
    const ids = (node) => [...node.querySelectorAll("[data-part]")].map((part) => part.id);
    const focus = focused();
    const fresh = next.getElementById("main");
    if (ids(main).join() === ids(fresh).join()) {
      for (const part of fresh.querySelectorAll("[data-part]")) {
        const old = document.getElementById(part.id);
        if (old.outerHTML !== part.outerHTML && !filled(old)) old.replaceWith(document.importNode(part, true));
      }
    } else {
      const writing = [...main.querySelectorAll("[data-part]")].filter(filled);
      const copy = document.importNode(fresh, true);
      for (const part of writing) {
        const place = copy.querySelector("#" + part.id);
        if (place) place.replaceWith(part);
      }
      main.replaceChildren(...copy.childNodes);
    }
    document.title = next.title;
    if (focus && focus.element.isConnected) {
      focus.element.focus({ preventScroll: true });
    } else if (focus && !document.activeElement.closest("main")) {
      (focus.find() || main).focus({ preventScroll: true });
    }
  };

  const refresh = async () => {
    if (busy) return;
    busy = true;
    try {
      while (wanted !== shown) {
        const goal = wanted;
        const begun = performance.now();
        const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
        if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return location.reload();
        if (!answer.ok) throw new Error(answer.statusText);
        const next = new DOMParser().parseFromString(await answer.text(), "text/html");
        adopt(next);
        shown = goal;
        say("live", "Updated at " + new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
        // Where much happens, most of the time is the server's own.
        await pause(Math.min(4 * (performance.now() - begun), again));
      }
    } catch {
      say("lost", "No connection; trying again");
      setTimeout(refresh, again);
    } finally {
      busy = false;
    }
  };

  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource("/live");
    source.onmessage = (event) => {
      wanted = JSON.parse(event.data)[topic];
      if (wanted === shown) {
        if (status.dataset.state !== "live") say("live", "Live");
      } else {
        refresh();
      }
    };
    source.onerror = () => {
      say("lost", "No connection; trying again");
      if (source && source.readyState === EventSource.CLOSED) { // the browser has given up
        source = null;
        setTimeout(listen, again);
      }
    };
  };

  // A browser opens six connections to a host at most: a page that nobody sees
  // holds none.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && source) {
      source.close();
      source = null;
    } else {
      listen();
    }
  });
  listen();
})();
