/* The register: search, filters and sorting, with their state in the address. Without script all rows simply stand there. */
(() => {
  "use strict";
  const form = document.querySelector(".register-controls");
  const table = document.querySelector("table.register");
  if (!form || !table) return;
  const groups = [...table.tBodies].map((body) => ({ body, rows: [...body.rows].map((row) => ({ row, own: { ...row.dataset } })) }));
  const rows = groups.flatMap((group) => group.rows);
  const count = document.querySelector(".register-count");
  const fields = ["find", ...[...form.querySelectorAll("select")].map((select) => select.name)];
  const names = ["practice", "jurisdiction", "coded", "status", "checked"];
  const heads = [...table.tHead.rows[0].cells];
  let blocks = groups;
  let sorted = null;

  const text = (one) => one.text ??= one.row.textContent.normalize("NFKC").toLowerCase();

  const filter = () => {
    const wanted = Object.fromEntries(fields.map((name) => [name, form.elements[name].value.trim()]));
    const words = wanted.find.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    const asked = fields.filter((name) => name !== "find" && wanted[name]);
    let shown = 0;
    for (const block of blocks) {
      let here = 0;
      for (const one of block.rows) {
        one.fits = asked.every((name) => one.own[name] === wanted[name]) && words.every((word) => text(one).includes(word));
        here += one.fits;
      }
      // A block without a row that fits is hidden as one; its rows stay as they are until it is shown again.
      if (block.body.hidden !== !here) block.body.hidden = !here;
      if (here) for (const { row, fits } of block.rows) if (row.hidden === fits) row.hidden = !fits;
      shown += here;
    }
    // The text of the node, not a new node: for that the browser would look at the whole page's styles again.
    count.firstChild.data = shown ? count.dataset.said.replace("{0}", shown).replace("{1}", rows.length) : count.dataset.none;
  };

  const sort = (index, down) => {
    for (const head of heads) head.removeAttribute("aria-sort");
    const before = blocks;
    if (index === null) {
      blocks = groups;
      if (before !== groups) for (const { body, rows } of groups) body.append(...rows.map(({ row }) => row));
    } else {
      heads[index].setAttribute("aria-sort", down ? "descending" : "ascending");
      for (const one of rows) one.key = one.row.cells[index].textContent.trim();
      const { compare } = new Intl.Collator(document.documentElement.lang);
      const order = [...rows].sort((a, b) => compare(a.key, b.key) * (down ? -1 : 1));
      const body = groups[0].body.cloneNode();
      body.removeAttribute("id");
      body.append(...order.map(({ row }) => row));
      table.append(body);
      blocks = [{ body, rows: order }];
    }
    if (before !== groups) for (const block of before) block.body.remove();
  };

  const read = () => {
    const state = new URLSearchParams(location.search);
    for (const name of fields) {
      const value = state.get(name) || "";
      const field = form.elements[name];
      field.value = value;
      if (field.value !== value) field.value = "";
    }
    const index = names.indexOf((state.get("sort") || "").replace("-", ""));
    sorted = index < 0 ? null : [index, (state.get("sort") || "").startsWith("-")];
    sort(...(sorted || [null]));
    filter();
  };

  const write = () => {
    const state = new URLSearchParams();
    for (const name of fields) if (form.elements[name].value) state.set(name, form.elements[name].value);
    if (sorted) state.set("sort", (sorted[1] ? "-" : "") + names[sorted[0]]);
    const query = state.toString();
    try { history.replaceState(null, "", (query ? "?" + query : location.pathname) + location.hash); } catch { /* file:// may refuse */ }
  };

  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      sorted = !sorted || sorted[0] !== index ? [index, false] : sorted[1] ? null : [index, true];
      sort(...(sorted || [null]));
      filter();
      write();
    });
  });
  form.addEventListener("input", () => { filter(); write(); });
  form.elements.find.addEventListener("focus", () => rows.forEach(text), { once: true }); // so that the first letter does not wait
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", read);
  read();
  /* A link to a row must find it, whatever the filters say. */
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) { if (target.closest("[hidden]")) { form.reset(); filter(); } target.scrollIntoView(); }
})();
