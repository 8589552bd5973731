/* An address whose place has moved leads on to it (retired.py). The rows stand at this script's own
   tag: the anchor, the page and the anchor in its place. An anchor that ends in a hyphen is a
   prefix. Runs before the page is shown. */
(() => {
  "use strict";
  const moved = JSON.parse(document.currentScript.dataset.moved);
  const leadOn = () => {
    const asked = location.hash.slice(1);
    const fits = ([anchor]) => anchor === asked
      || (anchor.endsWith("-") && asked.startsWith(anchor));
    const row = moved.find(fits);
    if (!row) return;
    const [anchor, page, now] = row;
    const rest = now.endsWith("-") ? asked.slice(anchor.length) : "";
    location.replace(page + location.search + (now && "#" + now + rest));
  };
  leadOn();
  addEventListener("hashchange", leadOn);
})();
