/* The register: search, filters and sorting, with their state in the address. Without script all
   rows stand there. */
(() => {
  "use strict";
  const form = document.querySelector(".register-controls");
  const table = document.querySelector("table.register");
  if (!form || !table) return;
  const groups = [...table.tBodies].map((body) => ({
    body,
    rows: [...body.rows].map((row) => ({ row, codes: { ...row.dataset } })),
  }));
  const rows = groups.flatMap((group) => group.rows);
  const count = document.querySelector(".register-count");
  const selects = [...form.querySelectorAll("select")];
  const { inAddress, inOrder, keep, put, sortable, sought, typed } = window.casebook;
  const address = inAddress([form.elements.find, ...selects], ({ name }) => name, "");
  const columns = ["practice", "jurisdiction", "coded", "status", "checked"];
  let blocks = groups; /* the rows as they stand: by section and jurisdiction, or sorted in one */
  let sorted = null; /* or { column, down } */

  const textOf = (entry) => entry.text ??= sought(entry.row.textContent);

  const filter = () => {
    const words = sought(form.elements.find.value).split(" ").filter(Boolean);
    const wanted = selects.filter(({ value }) => value);
    let shown = 0;
    for (const { body, rows: entries } of blocks) {
      for (const entry of entries) {
        entry.fits = wanted.every(({ name, value }) => entry.codes[name] === value)
          && words.every((word) => textOf(entry).includes(word));
      }
      const fitting = entries.filter(({ fits }) => fits).length;
      /* A block without a row that fits is hidden as one; its rows stay as they are until then. */
      if (body.hidden !== !fitting) body.hidden = !fitting;
      if (fitting) for (const { row, fits } of entries) if (row.hidden === fits) row.hidden = !fits;
      shown += fitting;
    }
    const { said, none } = count.dataset;
    put(count, shown ? said.replace("{shown}", shown).replace("{all}", rows.length) : none);
  };

  const sort = () => {
    for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
    if (blocks !== groups) {
      blocks[0].body.remove();
      blocks = groups;
      for (const { body, rows: entries } of groups) body.append(...entries.map(({ row }) => row));
    }
    if (!sorted) return;
    const { column, down } = sorted;
    const body = groups[0].body.cloneNode();
    body.removeAttribute("id");
    body.append(...inOrder(table, rows.map(({ row }) => row), column, down));
    table.append(body);
    blocks = [{ body, rows }];
  };

  const read = () => {
    address.read();
    const order = new URLSearchParams(location.search).get("sort") || "";
    const column = columns.indexOf(order.replace("-", ""));
    sorted = column < 0 ? null : { column, down: order.startsWith("-") };
    sort();
    filter();
  };
  const write = () => {
    const order = sorted ? (sorted.down ? "-" : "") + columns[sorted.column] : "";
    keep(address.write({ sort: order }));
  };

  /* The first click sorts up, the second down, the third not at all. */
  sortable(table, (column) => {
    if (sorted?.column !== column) sorted = { column, down: false };
    else sorted = sorted.down ? null : { column, down: true };
    sort();
    filter();
    write();
  });
  typed(form, () => { filter(); write(); });
  /* Read all rows when the field is entered, so that the first letter does not wait. */
  form.elements.find.addEventListener("focus", () => rows.forEach(textOf), { once: true });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", read);
  read();
  /* A link to a row must find it, whatever the filters say. */
  const target = window.casebook.place();
  if (target?.closest("[hidden]")) { form.reset(); filter(); }
  target?.scrollIntoView();
})();
