/* The shortlist's scripts come with the first sign of a reader, or at once where the address leads to
   a place or a choice: who only opens the page does not wait for them. A click that is quicker than
   they are counts when they have come. If one does not come, every row stays, without its form. */
(() => {
  "use strict";
  const names = document.currentScript.dataset.scripts.split(" ");
  const view = document.querySelector(".shortlist");
  const signs = ["scroll", "pointermove", "pointerdown", "keydown", "focusin", "hashchange"];
  let clicked = null;
  const hold = (event) => {
    const target = event.target.closest("button, [name=pick]");
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    clicked = target;
  };
  const wake = async () => {
    for (const sign of signs) removeEventListener(sign, wake, true);
    try {
      await Promise.all(names.map(window.casebook.run));
    } catch {
      view.classList.add("asleep");
    }
    view.removeEventListener("click", hold, true);
    clicked?.click();
  };
  view.addEventListener("click", hold, true);
  for (const sign of signs) addEventListener(sign, wake, { capture: true, passive: true });
  if (location.search || location.hash) wake();
})();
