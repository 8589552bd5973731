/* The search page: Pagefind's own interface, the query in the address, and a word where a page may not fetch the index. */
(() => {
  "use strict";
  const place = document.querySelector("#book-search");
  if (location.protocol === "file:") {
    document.querySelector(".search-from-disk").hidden = false;
    return;
  }
  const query = new URLSearchParams(location.search).get("q") || "";
  /* In the index every Han character is a word (search.py): a run of them is asked for as a phrase, an excerpt is joined again. */
  const han = "[\u4e00-\u9fff]";
  const split = new RegExp(`(?<=${han})(?=\\S)|(?<=\\S)(?=${han})`, "gu");
  const wide = "[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff“”‘’·]";
  const gap = new RegExp(`(?<=${wide}(?:</mark>)?) (?=(?:<mark>)?${wide})`, "gu");
  const processTerm = (term) => {
    const words = term.trim().normalize("NFKC");
    return new RegExp(han).test(words) && !/\s/.test(words) ? `"${words.replace(split, " ")}"` : words.replace(split, " ");
  };
  const join = (part) => ({ ...part, excerpt: part.excerpt.replace(gap, "").replaceAll("</mark><mark>", "") });
  const lead = (part) => ({ ...join(part), ...(part.title && { title: part.title.replace(gap, "") }), url: part.url.replace(/rows\/([^/]+)\.html/, "chapters/evidence.html#$1") });
  const whole = (meta) => ({ ...meta, title: meta.title.replace(gap, "") });
  const processResult = (result) => ({ ...lead(result), meta: whole(result.meta), sub_results: result.sub_results.map(lead) });

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
    history.replaceState(null, "", words ? "?q=" + encodeURIComponent(words) : location.pathname);
  });
})();
