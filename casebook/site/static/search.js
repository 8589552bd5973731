/* The search page: Pagefind's own interface with the query in the address. A page from disk may
   not fetch the index: there it says so. */
(() => {
  "use strict";
  const place = document.querySelector("#book-search");
  if (location.protocol === "file:") {
    document.querySelector(".search-from-disk").hidden = false;
    return;
  }
  const query = new URLSearchParams(location.search).get("q") || "";
  /* In the index every Han character is a word (search.py): a run of them is asked for as a phrase,
     and what is found is joined again. */
  const han = "[\u4e00-\u9fff]";
  const edge = new RegExp(`(?<=${han})(?=\\S)|(?<=\\S)(?=${han})`, "gu");
  const wide = "[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff“”‘’·]";
  const gap = new RegExp(`(?<=${wide}(?:</mark>)?) (?=(?:<mark>)?${wide})`, "gu");
  const processTerm = (term) => {
    const words = term.trim().normalize("NFKC");
    const split = words.replace(edge, " ");
    return new RegExp(han).test(words) && !/\s/.test(words) ? `"${split}"` : split;
  };
  const join = (text) => text?.replace(gap, "").replaceAll("</mark><mark>", "");
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

  const ui = new PagefindUI({
    processTerm,
    processResult,
    element: place,
    bundlePath: new URL(place.dataset.bundle, location.href).pathname,
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
  place.addEventListener("input", (event) => {
    const words = event.target.value.trim();
    const address = words ? "?q=" + encodeURIComponent(words) : location.pathname;
    history.replaceState(null, "", address);
  });
})();
