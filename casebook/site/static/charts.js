/* Charts: what a reader can do with one, on top of a page that is complete without this script.
   The words of a mark stand beside it. Filters, which stand in the address, bring a chart alive:
   the first touch loads the book's own Vega (a classic script, which also runs from file://). If
   anything fails, the static chart stays and the filters go. Downloads are of what is shown. */
(() => {
  "use strict";
  const folder = document.currentScript.src;
  const { documentElement } = document;
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  /* A link as it is elsewhere; a folder of a disk is nobody else's matter. */
  const onServer = location.protocol.startsWith("http");
  const elsewhere = (link) => new URL(link, location.href).href;

  /* ---- what other scripts use, too: window.casebook */
  /* Loads a script of this folder and runs it, where it is `queued` after those queued before;
     rejects where it does not come. */
  const run = (name, { queued = false } = {}) => new Promise((resolve, reject) => {
    const src = new URL(name, folder);
    const script = document.createElement("script");
    Object.assign(script, { src, async: !queued, onload: resolve });
    script.onerror = () => reject(new Error(`${src} was not loaded`));
    document.head.append(script);
  });
  const save = (href, download) => {
    Object.assign(document.createElement("a"), { href, download }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  };
  const fileWith = (text, type) => URL.createObjectURL(new Blob([text], { type }));
  /* CSV for a spreadsheet: text that one would run as a formula gets an apostrophe in front, a
     number stays one (escape.cell in Python). */
  const cell = (value) => {
    const text = String(value);
    const formula = /^[=+\-@＝＋－＠\t\r\n]/.test(text) && !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
    return `"${(formula ? "'" : "") + text.replaceAll('"', '""')}"`;
  };
  const csv = (lines) => {
    const text = lines.map((line) => line.map(cell).join(",")).join("\r\n");
    return fileWith("\ufeff" + text + "\r\n", "text/csv");
  };
  /* Gives whether the text is now in the clipboard. */
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
  };
  const keep = (address, method = "replaceState") => {
    try { history[method](null, "", address); } catch { /* file:// may refuse */ }
  };
  /* Writes a text into an element, into its text node where it has one: for a new node the browser
     would look at all styles again. A browser that translates puts elements in a text node's place. */
  const put = (element, text) => {
    const [node, other] = element.childNodes;
    const place = !other && node?.nodeType === Node.TEXT_NODE ? node : element;
    if (place.textContent !== text) place.textContent = text;
  };
  /* Fields in the address: `read` sets them from it, where an unknown value is `none`; `write`
     gives the address with them. */
  const inAddress = (fields, nameOf, none) => ({
    read: () => {
      const query = new URLSearchParams(location.search);
      for (const field of fields) {
        const given = query.get(nameOf(field)) || none;
        field.value = given;
        if (field.selectedIndex === -1) field.value = window.casebook.unmarked(given);
        if (field.selectedIndex === -1) field.value = none;
      }
    },
    write: (more = {}) => {
      const url = new URL(location.href);
      const values = fields.map((field) => [nameOf(field), field.value]);
      for (const [name, value] of [...values, ...Object.entries(more)]) {
        if (value && value !== none) url.searchParams.set(name, value);
        else url.searchParams.delete(name);
      }
      return url;
    },
  });
  /* Headings become buttons: `sort(column)` does what one asks for. */
  const sortable = (table, sort) => [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => sort(column));
  });
  /* Rows in the order of a column, whose heading says so. */
  const inOrder = (table, rows, column, down) => {
    const heads = table.tHead.rows[0].cells;
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const { compare } = new Intl.Collator(documentElement.lang, { numeric: true });
    const keys = new Map(rows.map((row) => [row, plain(row.cells[column].textContent)]));
    return [...rows].sort((one, two) => compare(keys.get(one), keys.get(two)) * (down ? -1 : 1));
  };

  /* ---- the words of a mark */
  const tip = document.createElement("div");
  Object.assign(tip, { className: "chart-tip", id: "chart-tip", role: "tooltip", hidden: true });
  let owner = null; /* the mark whose words are shown */
  let tapped = ""; /* the words of the mark that a finger has tapped once */
  let leaving = 0;

  const hideTip = () => {
    tip.hidden = true;
    owner = null;
    tapped = "";
  };
  const showTip = (text, box, mark = null, more = []) => {
    clearTimeout(leaving);
    if (!tip.isConnected) document.body.append(tip);
    owner = mark;
    tip.replaceChildren(text, ...more);
    tip.hidden = false;
    const size = tip.getBoundingClientRect();
    const centred = box.left + box.width / 2 - size.width / 2;
    const left = Math.min(Math.max(8, centred), documentElement.clientWidth - size.width - 8);
    const above = box.top - size.height - 6;
    tip.style.left = left + scrollX + "px";
    tip.style.top = (above > 0 ? above : box.bottom + 6) + scrollY + "px";
  };
  /* Time enough to reach the words with the pointer. */
  const leaveTip = () => { clearTimeout(leaving); leaving = setTimeout(hideTip, 250); };
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", leaveTip);
  addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
  addEventListener("scroll", () => { if (!tip.hidden && !owner) hideTip(); }, { passive: true });

  /* The browser's own tooltips of a static drawing give way to these, once somebody is there. The
     tab key stops at a drawing once; the arrow keys go from mark to mark. */
  const prepare = (svg) => {
    if (svg.dataset.prepared) return;
    svg.dataset.prepared = "yes";
    for (const title of svg.querySelectorAll("title")) {
      const mark = title.parentElement;
      mark.dataset.tip = title.textContent;
      (mark.closest("a") || mark).setAttribute("aria-label", title.textContent);
      title.remove();
    }
    const links = [...svg.querySelectorAll("a")];
    links.forEach((link, index) => { link.tabIndex = index ? -1 : 0; });
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const at = links.indexOf(event.target.closest("a"));
      if (!step || at < 0) return;
      event.preventDefault();
      const next = links[(at + step + links.length) % links.length];
      links[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  };
  const markOf = (target) => (
    target.closest("[data-tip]") || target.closest("a")?.querySelector("[data-tip]"));
  /* Where a mark leads, of a static drawing or of a live one, whose links Vega keeps to itself. */
  const addressOf = (mark) => mark.closest("a")?.href.baseVal ?? mark.__data__?.href;
  /* The mark that a finger meant: the nearest, at most 12 px away. */
  const markAt = (svg, { clientX, clientY }) => {
    let [nearest, least] = [null, 12];
    for (const mark of svg.querySelectorAll("[data-tip], [aria-label]")) {
      if (!addressOf(mark)) continue;
      const { left, right, top, bottom } = mark.getBoundingClientRect();
      const away = Math.hypot(
        Math.max(left - clientX, 0, clientX - right), Math.max(top - clientY, 0, clientY - bottom));
      if (away < least) [nearest, least] = [mark, away];
    }
    return nearest;
  };
  /* A finger does not hover: its first tap on a mark shows the words, with a link; the second
     follows. */
  const withTaps = (drawing) => {
    const { go } = drawing.closest(".chart").dataset;
    let byFinger = false;
    drawing.addEventListener("pointerdown", ({ pointerType }) => {
      byFinger = pointerType === "touch";
    });
    drawing.addEventListener("click", (event) => {
      const svg = event.target.closest("svg.chart-svg");
      if (!svg || !byFinger || !event.detail) return; /* a key's click has no detail */
      prepare(svg);
      const mark = markAt(svg, event);
      const words = mark?.dataset.tip ?? mark?.getAttribute("aria-label");
      event.preventDefault(); /* and Vega's own leaving */
      event.stopPropagation();
      if (!mark) { if (!markOf(event.target)) hideTip(); return; }
      if (words === tapped) { location.assign(addressOf(mark)); return; }
      tapped = words;
      const link = document.createElement("a");
      Object.assign(link, { textContent: go, href: addressOf(mark) });
      showTip(words, mark.getBoundingClientRect(), mark, [document.createElement("br"), link]);
    }, true);
  };
  document.addEventListener("click", ({ target }) => {
    if (!tip.contains(target) && !target.closest(".chart-drawing")) hideTip();
  });
  const withTips = (drawing) => {
    const look = ({ target }) => {
      const svg = target.closest("svg.chart-svg");
      if (!svg) return;
      prepare(svg);
      const mark = markOf(target);
      if (mark) showTip(mark.dataset.tip, mark.getBoundingClientRect(), mark);
    };
    drawing.addEventListener("pointerover", look);
    drawing.addEventListener("pointerout", ({ target, pointerType }) => {
      if (pointerType !== "touch" && markOf(target)) leaveTip();
    });
    drawing.addEventListener("focusin", look);
    drawing.addEventListener("focusout", hideTip);
  };

  /* ---- alive on demand */
  let runtime;
  const load = async () => {
    await (runtime ||= run("vega.js"));
    return window.casebookEmbed;
  };
  const tooltip = (handler, event, item, value) => {
    if (value === null || value === undefined || value === "") return leaveTip();
    const text = typeof value === "object" ? Object.values(value).join(" ") : String(value);
    const { clientX: left, clientY } = event;
    showTip(text, { left, width: 0, top: clientY - 8, bottom: clientY + 8 });
  };
  /* Expressions are interpreted and no style is added: the page's policy runs no text as a script
     (policy.py). */
  const options = {
    actions: false, renderer: "svg", mode: "vega-lite", ast: true, defaultStyle: false, tooltip,
  };
  /* A chart's specifications, { wide, narrow }, lie beside its downloads. */
  const specs = {};
  const specsOf = async (frame) => {
    const { figure } = frame.dataset;
    const { href } = frame.querySelector("[data-kind=json]");
    if (!specs[figure]) await run(href.replace(/json$/, "js"));
    return structuredClone(specs[figure]);
  };

  /* Puts live drawings in the place of both static ones, so that a page which turns or is printed
     shows the other with the same settings: their views. */
  const enliven = async (frame) => {
    const [embed, shapes] = await Promise.all([load(), specsOf(frame)]);
    return Promise.all(Object.entries(shapes).map(async ([shape, spec]) => {
      const place = document.createElement("div");
      place.className = "chart-now";
      const { view } = await embed(place, spec, options);
      const drawing = frame.querySelector(`.chart-${shape}`);
      const svg = place.querySelector("svg");
      svg.classList.add("chart-svg");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", drawing.querySelector("svg").getAttribute("aria-label"));
      /* Vega's own, in English. */
      for (const name of ["role", "aria-roledescription", "aria-label"]) place.removeAttribute(name);
      drawing.replaceChildren(place);
      return view;
    }));
  };

  /* ---- one frame */
  /* The filters of a frame, and what its downloads ask for, `frame.shown`: whether it is `changed`,
     its `words`, its table as `csv`, and the `signals` that it sets. */
  const filters = (frame, twin, rows) => {
    const form = frame.querySelector(".chart-filters");
    const { figure } = frame.dataset;
    const status = frame.querySelector(".chart-said");
    const drawing = frame.querySelector(".chart-drawing");
    const fields = form ? [...form.elements] : [];
    const address = inAddress(fields, (field) => `${figure}.${field.name}`, "all");
    const used = () => fields.filter((field) => field.value !== "all");
    let alive;
    const begin = () => alive ||= enliven(frame).catch(() => {
      form.remove(); /* nothing to filter with; the static chart and the whole table stay */
      for (const row of rows) row.hidden = false;
    });
    const apply = async () => {
      const apart = (row) => used().some(({ name, value }) => row.dataset[name] !== value);
      for (const row of rows) row.hidden = apart(row);
      const count = rows.filter((row) => !row.hidden).length;
      const text = status.dataset.said.replace("{shown}", count).replace("{all}", rows.length);
      status.textContent = used().length ? text : "";
      if (!used().length && !alive) return;
      for (const view of await begin() ?? []) {
        for (const { name, value } of fields) view.signal(name, value);
        await view.runAsync();
      }
    };
    const look = () => { address.read(); apply(); };
    if (form) {
      form.addEventListener("change", () => { keep(address.write(), "pushState"); apply(); });
      form.addEventListener("submit", (event) => event.preventDefault());
      addEventListener("popstate", look);
      const once = { once: true, passive: true };
      /* Not by focus in the drawing: who goes from mark to mark by keyboard would lose the place. */
      for (const kind of ["pointerenter", "focusin"]) form.addEventListener(kind, begin, once);
      drawing.addEventListener("pointerenter", begin, once);
      drawing.addEventListener("touchstart", begin, once);
      look();
    }
    frame.shown = {
      changed: () => used().length > 0,
      words: () => used().map((field) => field.selectedOptions[0].text).join(form.dataset.comma),
      csv: () => {
        const lines = [...twin.querySelectorAll("tr:not([hidden])")];
        return csv(lines.map((row) => [...row.cells].map(({ textContent }) => plain(textContent))));
      },
      signals: () => Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    };
  };

  /* Headings sort the table, from the first time it is opened. */
  const sorting = (twin, table, rows) => {
    const sort = (column) => {
      const before = table.tHead.rows[0].cells[column].getAttribute("aria-sort");
      table.tBodies[0].append(...inOrder(table, rows, column, before === "ascending"));
    };
    twin.addEventListener("toggle", () => sortable(table, sort), { once: true });
  };

  /* ---- downloads of what is shown */
  /* Lines of at most so many Latin characters: a break stands between words, or between any two
     Chinese characters with the marks at them (charts.lines_of in Python). */
  const HAN = "\u2e80-\u9fff\uff00-\uff60";
  const OPENING = "（《〈〔“‘";
  const WORD = `(?:[^\\s${HAN}]*\\d)?[${HAN}]|[^\\s${OPENING}${HAN}]+|`;
  const PIECE = new RegExp(`[${OPENING}]*(?:${WORD})[，。、；：？！）》〉〕”’,.;:?!)\\]%]*\\s*`, "g");
  const wrap = (text, width) => {
    const wide = (line) => line.match(new RegExp(`[${HAN}]`, "g"))?.length || 0;
    const lines = [""];
    for (const piece of text.match(PIECE)) {
      const line = lines.at(-1) + piece;
      if (line.trimEnd().length + 0.8 * wide(line) > width) lines.push(piece);
      else lines[lines.length - 1] = line;
    }
    return lines.filter(Boolean);
  };
  /* The wide specification as it is shown, with the figure's words: light, as it is printed. */
  const specShown = async (frame) => {
    const words = (part) => plain(frame.querySelector(`.chart-${part}`).textContent);
    const below = [frame.shown.words(), words("counted"), words("caveat")];
    const subtitle = below.flatMap((text) => wrap(text, 95));
    const title = { text: wrap(words("finding"), 80), subtitle };
    const { wide } = await specsOf(frame);
    const signals = frame.shown.signals();
    const params = wide.params?.map((one) => ({ ...one, value: signals[one.name] ?? one.value }));
    const spec = JSON.stringify({ ...wide, params, title });
    return JSON.parse(spec.replace(/var\(--[\w-]+, (#\w+)\)/g, "$1"), (key, value) => (
      onServer && key === "href" && typeof value === "string" ? elsewhere(value) : value));
  };
  /* The address of a file. */
  const fileOf = async (frame, kind) => {
    if (kind === "csv") return frame.shown.csv();
    const spec = await specShown(frame);
    if (kind === "json") return fileWith(JSON.stringify(spec, null, 1), "application/json");
    spec.background = "#ffffff";
    const { view } = await (await load())(document.createElement("div"), spec, options);
    return view.toImageURL(kind, kind === "png" ? 2 : 1);
  };
  const downloads = (frame) => {
    frame.querySelector(".chart-download").addEventListener("click", async (event) => {
      const { kind } = event.target.closest("a")?.dataset ?? {};
      if (!kind || !frame.shown.changed()) return;
      event.preventDefault();
      save(await fileOf(frame, kind), `${frame.dataset.figure}.${kind}`);
    });
    /* Where the site's address is not configured, this page knows it. */
    const code = frame.querySelector(".chart-embed code");
    if (onServer) code.textContent = code.textContent.replace(/\.\.\/[^"]*/, elsewhere);
    code.closest("details").hidden = code.textContent.includes('src="../');
    const link = frame.querySelector(".chart-link");
    link.addEventListener("click", async () => {
      const before = link.textContent;
      if (!await copy(new URL(link.hash, location.href).href)) return; /* the address bar has it */
      link.textContent = link.dataset.said;
      setTimeout(() => { link.textContent = before; }, 2000);
    });
  };

  Object.assign(window.casebook, {
    specs, run, save, csv, copy, keep, put, inAddress, inOrder, sortable,
  });
  for (const drawing of document.querySelectorAll(".chart-drawing")) {
    withTips(drawing);
    withTaps(drawing);
  }
  for (const frame of document.querySelectorAll(".chart")) {
    const twin = frame.querySelector(".chart-table");
    const table = twin.querySelector("table");
    const rows = [...table.tBodies[0].rows];
    filters(frame, twin, rows);
    sorting(twin, table, rows);
    downloads(frame);
  }
})();
