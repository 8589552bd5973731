/* The shortlist's scripts come with the first sign of a reader, or at once where the address leads to
   a place or a choice: who only opens the page does not wait for them. Clicks that are quicker than
   they are count when they have come, in their order. If one does not come or does not run, every
   row stays, without its form. */
(() => {
  "use strict";
  const names = document.currentScript.dataset.scripts.split(" ");
  const view = document.querySelector(".shortlist");
  const signs = [
    "scroll", "pointermove", "pointerdown", "click", "keydown", "focusin", "change", "hashchange",
    "popstate",
  ];
  const clicked = new Set();
  const hold = (event) => {
    const target = event.target.closest("button, [name=pick]");
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    clicked.add(target);
  };
  const wake = async ({ type, target } = {}) => {
    if (type === "scroll" && target !== document) return; /* the theme turns the sidebar to this page */
    for (const sign of signs) removeEventListener(sign, wake, true);
    await Promise.allSettled(names.map(async (name) => window.casebook.run(name, { queued: true })));
    view.removeEventListener("click", hold, true);
    const ready = view.querySelector("table.rows[data-ready]");
    view.classList.toggle("bare", !ready);
    if (ready) for (const target of clicked) target.click();
  };
  view.addEventListener("click", hold, true);
  for (const sign of signs) addEventListener(sign, wake, { capture: true, passive: true });
  if (location.search || location.hash) wake();
})();
