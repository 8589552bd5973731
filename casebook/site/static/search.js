/* The search page: Pagefind's own interface with the query in the address. A page from disk may
   not fetch the index: there it says so, and wherever else search cannot start or answer. The
   sentence for that comes by itself (book.css) where not even this script runs. */
(() => {
  "use strict";
  const place = document.querySelector("#book-search");
  const silent = document.querySelector(".search-silent");
  silent.hidden = true;
  if (location.protocol === "file:") {
    document.querySelector(".search-from-disk").hidden = false;
    return;
  }
  const query = new URLSearchParams(location.search).get("q") || "";
  /* In the index every Han character is a word (search.py): a run of them is asked for as a phrase,
     and what is found is joined again. */
  const han = "[\u4e00-\u9fff]";
  const wide = "[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff“”‘’·]";
  /* Without a look-behind, which older browsers lack. */
  const split = (text) => text.replace(new RegExp(`(${han})(?=\\S)`, "gu"), "$1 ")
    .replace(new RegExp(`(\\S)(?=${han})`, "gu"), "$1 ");
  const gap = new RegExp(`(${wide}(?:</mark>)?) (?=(?:<mark>)?${wide})`, "gu");
  const processTerm = (term) => {
    const words = window.casebook.sought(term);
    const isPhrase = new RegExp(han).test(words) && !words.includes(" ");
    return isPhrase ? `"${split(words)}"` : split(words);
  };
  const join = (text) => text?.replace(gap, "$1").replaceAll("</mark><mark>", "");
  /* A practice has a page of its own in the index alone: it leads to its row of the register. */
  const lead = (part) => ({
    ...part,
    title: join(part.title),
    excerpt: join(part.excerpt),
    url: part.url.replace(/rows\/([^/]+)\.html/, "chapters/evidence.html#$1"),
  });
  const processResult = (result) => ({
    ...lead(result),
    meta: { ...result.meta, title: join(result.meta.title) },
    sub_results: result.sub_results.map(lead),
  });

  /* Pagefind would say “Searching” for ever. */
  if (!window.PagefindUI) { silent.hidden = false; return; }
  const bundle = new URL(place.dataset.bundle, location.href).pathname;
  const late = setTimeout(() => { silent.hidden = false; }, 8000);
  const answered = (able) => { clearTimeout(late); silent.hidden = able; };
  import(`${bundle}pagefind.js`).then(({ filters }) => filters())
    .then(() => answered(true), () => answered(false));

  const ui = new PagefindUI({
    processTerm,
    processResult,
    element: place,
    bundlePath: bundle,
    showSubResults: true,
    excerptLength: 45,
    showImages: false,
    autofocus: !query,
    resetStyles: false,
    translations: JSON.parse(place.dataset.words),
  });
  const field = place.querySelector("input");
  field.setAttribute("aria-label", field.placeholder); /* Pagefind names it by its title alone */
  if (query) ui.triggerSearch(query);
  /* Nothing is asked while an input method composes. */
  place.addEventListener("input", (event) => {
    if (event.isComposing) event.stopImmediatePropagation();
  }, true);
  place.addEventListener("compositionend", ({ target }) => {
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  place.addEventListener("input", (event) => {
    const words = event.target.value.trim();
    const address = words ? "?q=" + encodeURIComponent(words) : location.pathname;
    history.replaceState(null, "", address);
  });
})();
