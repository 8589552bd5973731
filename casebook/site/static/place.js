/* The place that an address leads to. A link that somebody pasted with the sentence's last mark,
   `evidence.html#zj-one-visit。`, leads where it was meant to; one that leads nowhere says so. Runs
   on every page, after charts.js. */
(() => {
  "use strict";
  const { lost } = document.currentScript.dataset;
  const asked = () => {
    try { return decodeURIComponent(location.hash.slice(1)); } catch { return location.hash.slice(1); }
  };
  const arrive = () => {
    const anchor = asked();
    const known = (text) => text && document.getElementById(text);
    /* A step of the shortlist has no place of its own: shortlist.js answers for it. */
    const isStep = anchor.startsWith("step-") && document.querySelector(".shortlist");
    document.querySelector(".lost-place")?.remove();
    if (!anchor || known(anchor) || isStep) return;
    const meant = window.casebook.unmarked(anchor);
    if (known(meant)) { location.replace(`#${encodeURIComponent(meant)}`); return; }
    const notice = Object.assign(document.createElement("p"), { className: "lost-place" });
    notice.setAttribute("role", "status");
    notice.textContent = lost.replace("{anchor}", anchor);
    document.querySelector("article.bd-article")?.prepend(notice);
  };
  /* The element that the address leads to, or null. */
  window.casebook.place = () => document.getElementById(asked());
  addEventListener("hashchange", arrive);
  arrive();
})();
