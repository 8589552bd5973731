/* The shortlist: its filters, questions and rows, kept in step, and what is made of the rows.
   ranking.js computes, memo.js makes the memo. Until this script comes a screen shows the first rows
   in the article's order, and where it does not come every row. Its parts share `shortlist`, the
   state; `update` brings them in step with it. */
(() => {
  "use strict";
  const source = document.querySelector(".shortlist-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const { words } = data;
  const { casebookShortlist: core, casebookMemo: memos } = window;
  if (!core || !memos) return; /* they did not come (wake.js) */
  const view = document.querySelector(".shortlist");
  const form = view.querySelector(".shortlist-form");
  const dialog = view.querySelector(".shortlist-filters");
  const opener = view.querySelector(".shortlist-open");
  const unrate = view.querySelector(".shortlist-unrate");
  const [reset, closer] = dialog.querySelectorAll(".shortlist-close button");
  const table = view.querySelector("table.rows");
  const ordered = table.querySelector(".ordered");
  const more = view.querySelector(".shortlist-all");
  const tray = view.querySelector(".shortlist-tray");
  const weights = view.querySelector(".shortlist-weights");
  const compared = view.querySelector(".shortlist-compare");
  const memoPlace = view.querySelector(".shortlist-memo");
  const emptyMemo = [...memoPlace.childNodes];
  const rows = [...table.querySelectorAll("tr[data-practice]")]; /* as data.practices */
  const homes = rows.map((row) => row.parentElement);
  const phone = matchMedia("(max-width: 700px)");

  data.texts = rows.map((row) => window.casebook.sought([
    ...[".row-link", ".type"].map((part) => row.querySelector(part).textContent),
    row.dataset.printed,
    [...row.querySelectorAll(".line:not([data-unsought])")].map(({ textContent }) => textContent).join(""),
  ].join(" ")));

  const noFilter = Object.fromEntries([...core.FILTERS, "find"].map((name) => [name, ""]));
  const shortlist = {
    settings: core.start(),
    all: false, /* every row is shown, or the first */
    printing: false, /* and then every row */
    arriving: true, /* the address is followed, and nobody has chosen anything yet */
    answer: null, /* to the settings: { table, ranked, change, shares } */
    turn: 0, /* of the computation: an older one that is still under way gives up */
    resting: 0, /* a timer that runs while a hand may still move */
  };

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const { put } = window.casebook;
  const element = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  /* As casebook/words has it: a blank between sentences, but not after a full-width mark. */
  const sentences = (lines) => lines.join(" ").replace(/([\u3000-\u303f\uff00-\uffef]) /g, "$1");
  const nameOf = (at) => rows[at].querySelector(".row-link").textContent;
  const headingOf = (at) => (
    fill(words.s_heading, { name: nameOf(at), place: rows[at].querySelector(".type").textContent }));

  /* ---- answer */
  const pause = new MessageChannel();
  /* Runs for 8 ms at a time, so that a hand on a slider never waits; most answers need less. */
  const compute = (answer) => {
    shortlist.turn += 1;
    const { turn } = shortlist;
    const work = core.acceptability(data, answer.table, answer.ranked.used);
    const go = () => {
      /* Of settings that came before, pauses may still be over: then there is nothing left to do. */
      if (turn !== shortlist.turn || answer.shares) return;
      const until = performance.now() + 8;
      do {
        const step = work.next();
        if (step.done) { answer.shares = step.value; showSure(); return; }
      } while (performance.now() < until);
      table.classList.add("stale"); /* its pictures are of the order before */
      pause.port1.onmessage = go;
      pause.port2.postMessage(null);
    };
    go();
  };
  const answerTo = (settings) => {
    const listed = core.tableOf(data, settings);
    const ranked = core.rank(data, listed, core.points(data, settings));
    return { table: listed, ranked, shares: null };
  };
  /* Rows of the list in its order, as places in data.practices. */
  const inOrder = () => {
    const { table: { rows: listed }, ranked } = shortlist.answer;
    return ranked.order.map((row) => listed[row]);
  };

  /* ---- words */
  const parts = (row) => {
    const { table: { count, values }, ranked } = shortlist.answer;
    const added = [...ranked.parts.subarray(row * count, (row + 1) * count)];
    const said = data.criteria.map(({ name }, column) => [name, Math.round(100 * added[column]), column])
      .filter(([, points]) => points)
      .map(([criterion, points, column]) => (
        fill(Number.isNaN(values[row * count + column]) ? words.s_unset : words.s_weight, { criterion, points })));
    if (!said.length) return words.s_no_parts;
    return fill(words.s_parts, {
      sum: Math.round(100 * ranked.scores[row]), parts: said.join(words.comma),
    });
  };
  const shared = (rank) => shortlist.answer.ranked.ranks.filter((one) => one === rank).length > 1;
  const tied = (rank) => (shared(rank) ? fill(words.tied, { rank }) : String(rank));
  /* How often a row is among the first, and what of that is owed to coding and dominance. */
  const sure = (row) => {
    const { table: { rows: listed }, shares } = shortlist.answer;
    const n = listed.length;
    const k = n < 10 ? 3 : 5;
    if (n <= k) return "";
    const among = shares.subarray(row * (n + 1) + 1, row * (n + 1) + 1 + k);
    const share = among.reduce((sum, one) => sum + one, 0);
    const times = Math.round(10 * share);
    const how = share > 1 - data.tie ? "always" : share < data.tie ? "never" : times ? "often" : "hardly";
    const lines = [fill(words[`s_${how}`], { k, n: Math.min(times, 9), draws: data.draws })];
    const links = core.linksOf(data, shortlist.settings).filter(([at]) => at === listed[row]);
    const contested = links.filter(([, , , , codings]) => codings.includes(null)).length;
    if (contested) {
      lines.push(links.length === 1 ? words.s_its_link
        : fill(words.s_its_links, { n: contested, of: links.length }));
    }
    const above = listed.filter((_, other) => core.dominates(shortlist.answer.table, other, row));
    if (above.length) {
      lines.push(above.length === 1 ? words.s_above_one : fill(words.s_above, { n: above.length }));
    }
    return sentences(lines);
  };
  const changeInWords = () => {
    const { table: now, ranked, change } = shortlist.answer;
    if (ranked.ranks.filter((rank) => rank === 1).length > 1) return [];
    if (!change) return [words.s_fixed];
    const size = Math.abs(change.points);
    const how = `s_${change.points > 0 ? "more" : "fewer"}_point${size === 1 ? "" : "s"}`;
    return [fill(change.rows.length > 1 ? words.s_fragile_many : words.s_fragile, {
      change: fill(words[how], { points: size }),
      criterion: data.criteria[change.column].name,
      name: headingOf(now.rows[change.rows[0]]),
      n: change.rows.length,
    })];
  };
  /* What is listed and in which order, in sentences. */
  const orderInWords = () => {
    const { table: { rows: listed }, ranked } = shortlist.answer;
    const n = listed.length;
    if (!n) return [words.s_none];
    if (n === 1) return [words.s_listed_one];
    const { settings } = shortlist;
    const asks = core.points(data, settings).length > 0;
    const rated = Object.keys({ ...settings.priority, ...settings.feasibility }).length > 0;
    if (!ranked.asked) {
      const order = asks ? words.s_level : fill(words.s_listed, { n });
      return rated && !asks ? [order, words.s_rated] : [order];
    }
    const first = ranked.ranks.filter((rank) => rank === 1).length;
    const names = inOrder().slice(0, 3).map(headingOf).join(words.semicolon);
    const start = first > 1 ? [fill(words.s_first_many, { n: first })] : [];
    return [...start, fill(words.s_first, { names }), ...changeInWords()];
  };
  /* A choice as the memo says it: a place without its type, a recommendation by its whole name. */
  const chosenInWords = (name) => {
    const { value, selectedOptions } = form.elements[name];
    return data.names[name]?.[value] ?? selectedOptions[0].text;
  };
  const settingsInWords = (ofList) => {
    const { settings, answer: { table: { play }, ranked } } = shortlist;
    const chosen = core.FILTERS.filter((name) => settings[name]).map(chosenInWords);
    if (settings.find) chosen.push(settings.find);
    const said = chosen.length && ofList
      ? [fill(words.s_chosen, { chosen: chosen.join(words.semicolon) })] : [];
    const rated = Object.keys(data.own).flatMap((code) => (
      data.practices.flatMap(({ practice }, at) => (
        practice in settings[code] && settings.pick.includes(practice)
          ? [fill(words.s_rated_one, {
            practice: nameOf(at), criterion: data.criteria.find((one) => one.code === code).name,
            level: data.levels[code][settings[code][practice]],
          })] : []))));
    if (rated.length) said.push(fill(words.s_rated_all, { ratings: rated.join(words.semicolon) }));
    if (!ranked.asked) return sentences([...said, words.s_article_order]);
    if (settings.ask) {
      const question = words[`s_ask_${settings.ask}`];
      return sentences([...said, fill(words.s_asked, { question })]);
    }
    const weighted = data.criteria.flatMap(({ name }, column) => (
      play[column] && settings.weights[column]
        ? [fill(words.s_weight, { criterion: name, points: settings.weights[column] })] : []));
    return sentences([...said, fill(words.s_weighted, { weights: weighted.join(words.comma) })]);
  };
  const titled = () => {
    const { settings } = shortlist;
    const name = ["step", "recommendation"].find((one) => settings[one]);
    const { title } = data.memo;
    return name ? fill(words.s_titled, { title, topic: chosenInWords(name) }) : title;
  };

  /* ---- address */
  const address = () => {
    const url = new URL(location.href);
    for (const name of ["shortlist", "explorer", ...Object.keys(core.start())]) {
      url.searchParams.delete(name);
    }
    for (const pair of core.write(data, shortlist.settings)) url.searchParams.set(...pair);
    if (!shortlist.arriving) url.hash = ""; /* what it led to is not what is chosen now */
    return url;
  };

  /* ---- rows */
  /* The reader's own judgement, put into a row that is opened. */
  const judge = (row) => {
    const details = row.querySelector("td.more details");
    if (!details.querySelector("[data-own]")) {
      details.append(view.querySelector(".shortlist-own").content.cloneNode(true));
    }
    for (const select of details.querySelectorAll("select")) {
      select.value = shortlist.settings[select.dataset.own][row.dataset.practice] ?? "";
    }
  };
  /* Groups by recommendation where nothing is ordered or chosen by links. */
  const grouped = () => {
    const { settings, answer: { ranked } } = shortlist;
    return !ranked.asked && !settings.recommendation && !settings.step && !settings.coding;
  };
  const showRows = () => {
    const { answer: { table: { rows: listed }, ranked }, all, printing } = shortlist;
    const order = inOrder();
    const focused = document.activeElement;
    /* What is picked, and the row that somebody is at, stays in sight. */
    const stays = (row) => row.contains(focused)
      || shortlist.settings.pick.includes(row.dataset.practice);
    const shown = new Set(order.filter((at, place) => (
      all || printing || place < data.shown || stays(rows[at]))));
    const inGroups = grouped();
    /* Only what stands elsewhere moves, so that a row that stays keeps its focus. */
    if (inGroups) {
      rows.forEach((row, at) => { if (row.parentElement !== homes[at]) homes[at].append(row); });
      for (const home of new Set(homes)) {
        const own = rows.filter((_, at) => homes[at] === home);
        const now = [...home.querySelectorAll("tr[data-practice]")];
        if (own.some((row, index) => row !== now[index])) home.append(...own);
      }
    } else {
      [...shown].forEach((at, place) => {
        const now = ordered.children[place] ?? null;
        if (now !== rows[at]) ordered.insertBefore(rows[at], now);
      });
    }
    if (focused !== document.activeElement && view.contains(focused)) {
      focused.focus({ preventScroll: true });
      focused.scrollIntoView({ block: "nearest" });
    }
    const place = new Map(listed.map((at, row) => [at, row]));
    rows.forEach((row, at) => {
      row.hidden = !shown.has(at);
      const rank = row.querySelector(".rank");
      rank.hidden = !ranked.asked || row.hidden;
      if (!rank.hidden) put(rank, tied(ranked.ranks[place.get(at)]));
      if (row.querySelector("td.more details").open) judge(row);
    });
    for (const group of table.querySelectorAll("tr.group")) {
      const own = [...group.parentElement.querySelectorAll("tr[data-practice]")];
      group.hidden = !inGroups || own.every((row) => row.hidden);
    }
    more.parentElement.hidden = order.length <= data.shown;
    put(more, fill(all ? words.s_fewer : words.s_all, { n: all ? data.shown : order.length }));
    more.setAttribute("aria-expanded", String(all));
    table.classList.toggle("asked", ranked.asked);
  };
  /* A bar for each criterion in the picture of a score. */
  const barsIn = (picture) => {
    while (picture.children.length < data.criteria.length) {
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      bar.setAttribute("class", `s${picture.children.length + 1}`);
      bar.setAttribute("height", "1");
      picture.append(bar);
    }
    return [...picture.children];
  };
  /* Beside each row that is shown: which ranks it takes, and what its score is made of. */
  const showSure = () => {
    const { answer: { table: { rows: listed, count }, ranked, shares } } = shortlist;
    if (!ranked.asked || !shares) return;
    const n = listed.length;
    table.classList.remove("stale");
    const most = Math.max(...shares);
    const high = (share) => Math.sqrt(share / most);
    listed.forEach((at, row) => {
      if (rows[at].hidden) return;
      const cell = rows[at].querySelector(".sure");
      let path = "M0,1";
      for (let rank = 0; rank < n; rank += 1) {
        const y = (1 - high(shares[row * (n + 1) + 1 + rank])).toFixed(3);
        path += `V${y}H${((rank + 1) / n).toFixed(4)}`;
      }
      cell.querySelector("path").setAttribute("d", `${path}V1Z`);
      let x = 0;
      barsIn(cell.querySelector(".parts")).forEach((bar, column) => {
        const width = ranked.parts[row * count + column];
        bar.setAttribute("x", x.toFixed(4));
        bar.setAttribute("width", width.toFixed(4));
        x += width;
      });
      put(cell.querySelector(".words"), sentences([sure(row), parts(row)].filter(Boolean)));
    });
  };

  /* ---- form */
  const showForm = () => {
    const { settings, answer: { table: { play, rows: listed } } } = shortlist;
    for (const name of core.FILTERS) form.elements[name].value = settings[name];
    const { find } = form.elements;
    if (find.value.trim() !== settings.find.trim()) find.value = settings.find;
    const count = Object.keys(noFilter).filter((name) => settings[name]).length;
    put(opener, count ? fill(words.s_filters_set, { n: count }) : words.s_filters);
    reset.hidden = !count;
    unrate.hidden = !Object.keys({ ...settings.priority, ...settings.feasibility }).length;
    put(table.caption.firstElementChild, fill(words.s_caption, { n: listed.length, all: rows.length }));
    for (const option of form.elements.step.options) {
      const pair = data.measures.find(([measure]) => measure === option.value);
      const other = pair && settings.recommendation && pair[1] !== settings.recommendation;
      option.hidden = Boolean(other);
      option.disabled = option.hidden;
    }
    const show = listed.length === 1 ? words.s_show_one : fill(words.s_show, { n: listed.length });
    put(closer, show);
    const points = core.points(data, settings);
    for (const button of form.querySelectorAll("[data-ask]")) {
      const pressed = settings.weights.length ? false : button.dataset.ask === settings.ask;
      button.setAttribute("aria-pressed", String(pressed));
    }
    weights.hidden = !points.length;
    view.querySelector(".shortlist-pictures").hidden = !shortlist.answer.ranked.asked;
    data.criteria.forEach(({ code, question }, column) => {
      const slider = form.querySelector(`[data-weight="${code}"]`);
      const field = form.querySelector(`[data-points="${code}"]`);
      slider.parentElement.toggleAttribute("data-off", !play[column]);
      for (const input of [slider, field]) {
        input.value = points[column] ?? 0;
        input.hidden = !play[column];
      }
      const off = code in data.own && !Object.keys(settings[code]).length;
      const hint = play[column] ? question : off ? words.s_own_off : words.s_flat;
      put(form.querySelector(`#q-${code}`), hint);
    });
  };

  /* ---- what is made of the rows */
  /* Places in the order of the list, or, where some are not in it, of all that there are. */
  const picked = () => {
    const { settings } = shortlist;
    const places = settings.pick.map((id) => (
      data.practices.findIndex(({ practice }) => practice === id)));
    let order = inOrder();
    if (places.some((at) => !order.includes(at))) {
      const { table: all, ranked } = answerTo({ ...settings, ...noFilter });
      order = ranked.order.map((row) => all.rows[row]);
    }
    const links = core.linksOf(data, settings);
    return order.filter((at) => places.includes(at)).map((at) => ({
      heading: headingOf(at),
      listed: shortlist.answer.table.rows.includes(at),
      row: rows[at],
      steps: new Set(links.filter(([place]) => place === at).map(([, step]) => step)),
    }));
  };
  const button = (kind, text) => {
    const made = element("button", { type: "button" }, text);
    made.dataset.take = kind;
    return made;
  };
  const take = element("p", { className: "shortlist-take" });
  const kinds = ["rich", "plain", "docx", "md", "print", "link"];
  take.append(...kinds.map((kind) => button(kind, words[`s_${kind}`])));
  const taken = element("p", { className: "shortlist-taken", role: "status" });
  const chips = element("p", { className: "shortlist-chips" });
  const showMemo = () => {
    const chosen = picked();
    memoPlace.classList.toggle("made", chosen.length > 0);
    if (!chosen.length) { memoPlace.replaceChildren(...emptyMemo); return; }
    const memo = memos.make(
      chosen, data, titled(), settingsInWords(chosen.every(({ listed }) => listed)),
    );
    /* What is the same stays: somebody may be at it. */
    if (memoPlace.querySelector(".memo-text")?.isEqualNode(memo)) return;
    chips.replaceChildren(...chosen.map(({ heading, row }) => {
      const drop = element("button", { type: "button" }, `× ${heading}`);
      drop.dataset.drop = row.dataset.practice;
      drop.setAttribute("aria-label", fill(words.s_drop, { practice: heading }));
      return drop;
    }));
    if (take.isConnected) memoPlace.querySelector(".memo-text").replaceWith(memo);
    else memoPlace.replaceChildren(emptyMemo[0], take, taken, chips, memo);
  };
  /* Practices side by side: a row for each head of their lines. */
  const showCompared = () => {
    const chosen = picked();
    const { show } = shortlist.settings;
    compared.hidden = show !== "compare";
    if (compared.hidden) return;
    if (chosen.length < 2 || chosen.length > data.compared) {
      compared.replaceChildren(element("p", {}, fill(words.s_compare_how, { n: data.compared })));
      return;
    }
    const headOf = (line) => line.querySelector("strong").textContent;
    const linesOf = chosen.map(({ row }) => new Map(
      [...row.querySelectorAll(".line")].map((line) => [headOf(line), line])));
    const heads = [...new Set(linesOf.flatMap((lines) => [...lines.keys()]))];
    const cell = (lines, head, { heading, steps }) => {
      const made = element("td");
      made.dataset.label = heading;
      const items = [...lines.get(head)?.querySelectorAll('li:not([data-memo=""])') ?? []]
        .filter(({ dataset: { step } }) => !step || !steps.size || steps.has(step))
        .map((item) => {
          const copy = item.cloneNode(true);
          copy.removeAttribute("id");
          copy.querySelectorAll(".more").forEach((part) => part.remove());
          return copy;
        });
      made.append(items.length ? element("ul", {}, ...items) : words.nothing);
      return made;
    };
    const headCell = (text, scope) => element("th", { scope }, text);
    const made = element("table", { className: "casebook cards small" },
      element("caption", {}, words.s_beside),
      element("thead", {}, element("tr", {}, element("td"),
        ...chosen.map(({ heading }) => headCell(heading, "col")))),
      element("tbody", {}, ...heads.map((head) => element("tr", {}, headCell(head, "row"),
        ...chosen.map((one, at) => cell(linesOf[at], head, one))))));
    /* A head under which nothing is left for comparing has no row. */
    for (const row of made.tBodies[0].rows) {
      row.hidden = [...row.cells].slice(1).every((one) => one.textContent === words.nothing);
    }
    compared.replaceChildren(made);
  };
  const showPicks = () => {
    const { pick } = shortlist.settings;
    const full = pick.length >= data.picked;
    for (const row of rows) {
      const box = row.querySelector("[name=pick]");
      box.checked = pick.includes(row.dataset.practice);
      box.disabled = full && !box.checked;
    }
    tray.hidden = !pick.length;
    if (pick.length) put(tray.firstChild, fill(full ? words.s_full : words.s_picked, { n: pick.length }));
    showCompared();
    showMemo();
  };

  /* ---- in step */
  const saidWhenAtRest = () => {
    clearTimeout(shortlist.resting);
    shortlist.resting = setTimeout(() => {
      shortlist.resting = 0;
      put(form.querySelector(".shortlist-said"), sentences(orderInWords()));
      window.casebook.keep(address());
      showPicks();
    }, 250);
  };
  const update = () => {
    const { settings } = shortlist;
    const answer = answerTo(settings);
    shortlist.answer = answer;
    answer.change = answer.ranked.asked
      ? core.fragility(data, answer.table, answer.ranked.used) : null;
    showForm();
    showRows();
    if (answer.ranked.asked) compute(answer); else shortlist.turn += 1;
    saidWhenAtRest();
  };
  /* Other picks, or another view of them; the rows stay as they are. */
  const setPicks = (chosen) => {
    shortlist.arriving = false;
    Object.assign(shortlist.settings, chosen);
    if (!shortlist.settings.pick.length) shortlist.settings.show = "";
    window.casebook.keep(address());
    showPicks();
  };
  const notify = (text) => {
    const notice = form.querySelector(".shortlist-notice");
    notice.hidden = !text;
    put(notice, text);
  };
  const set = (chosen) => {
    shortlist.arriving = false;
    notify("");
    Object.assign(shortlist.settings, chosen);
    update();
  };

  /* ---- what a reader does */
  /* Whether a step is one of the recommendation that is chosen. */
  const fits = ({ recommendation, step }) => !recommendation || !step || data.measures.some(
    ([measure, of]) => measure === step && of === recommendation);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.casebook.typed(form.elements.find, ({ target }) => set({ find: target.value }));
  form.addEventListener("change", ({ target: { name, value } }) => {
    if (!core.FILTERS.includes(name)) return;
    const chosen = { ...shortlist.settings, [name]: value };
    set({ [name]: value, ...(fits(chosen) ? {} : { step: "" }) });
  });
  form.addEventListener("click", ({ target }) => {
    const asked = target.closest("[data-ask]");
    if (asked) set({ ask: asked.dataset.ask, weights: [] });
  });
  const setWeight = (code, value) => {
    const points = [...core.points(data, shortlist.settings)];
    points[data.criteria.findIndex((one) => one.code === code)] = value;
    set({ ask: "", weights: points });
  };
  weights.addEventListener("input", ({ target }) => {
    if (target.dataset.weight) setWeight(target.dataset.weight, Number(target.value));
  });
  /* What is typed is taken as a person means it: full-width digits, a comma, a sign for per cent. */
  weights.addEventListener("change", ({ target }) => {
    const { points: code } = target.dataset;
    if (!code) return;
    const before = core.points(data, shortlist.settings)[data.criteria.findIndex((one) => one.code === code)];
    const typed = target.value.normalize("NFKC").replace(/[%\s]/g, "").replace("−", "-")
      .replace(/^(\d+),(\d{1,2})$/, "$1.$2");
    const { limit } = data;
    if (!/^-?\d+(\.\d+)?$/.test(typed)) {
      notify(fill(words.s_not_number, { limit, points: before }));
      target.value = before;
      return;
    }
    const value = Math.round(Number(typed));
    setWeight(code, Math.min(Math.max(value, 0), limit));
    notify(value < 0 ? fill(words.s_below, { typed }) : value > limit ? fill(words.s_over, { typed, limit }) : "");
  });
  more.addEventListener("click", () => {
    shortlist.all = !shortlist.all;
    update();
    if (!shortlist.all) more.scrollIntoView({ block: "nearest" });
  });
  /* Paper cannot be asked for more: every row that the filters leave is on it. Some browsers never
     say that they have printed: then the next touch does. */
  const onPaper = (printing) => () => {
    if (printing === shortlist.printing) return;
    shortlist.printing = printing;
    showRows();
    showSure();
  };
  addEventListener("beforeprint", onPaper(true));
  for (const kind of ["afterprint", "pointerdown"]) addEventListener(kind, onPaper(false));
  table.addEventListener("change", ({ target }) => {
    const { practice } = target.closest("tr")?.dataset ?? {};
    const { own } = target.dataset;
    if (own) {
      const levels = { ...shortlist.settings[own] };
      if (target.value === "") delete levels[practice]; else levels[practice] = Number(target.value);
      set({ [own]: levels });
    } else if (target.name === "pick") {
      const others = shortlist.settings.pick.filter((id) => id !== practice);
      setPicks({ pick: target.checked ? [...others, practice] : others });
    }
  });
  /* A mark shows its reason here; without script its address does. */
  table.addEventListener("click", (event) => {
    const mark = event.target.closest("a.knows");
    if (!mark) return;
    event.preventDefault();
    const reason = document.getElementById(decodeURIComponent(mark.hash.slice(1)));
    reason.closest("details").open = true;
    reach(reason, "center");
  });
  table.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches("td.more details")) judge(target.closest("tr"));
  }, true);
  const reach = (place, block = "start") => {
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block });
  };
  tray.addEventListener("click", ({ target }) => {
    const { do: what } = target.dataset;
    if (!what) return;
    setPicks(what === "clear" ? { pick: [] } : { show: what });
    if (what === "clear") put(form.querySelector(".shortlist-said"), words.s_cleared);
    reach({ clear: table, memo: memoPlace, compare: compared }[what]);
  });
  const say = (text) => {
    put(taken, text);
    setTimeout(() => put(taken, ""), 4000);
  };
  const save = (blob, ending) => {
    const file = `${words.s_file}.${ending}`;
    window.casebook.save(URL.createObjectURL(blob), file);
    say(fill(words.s_saved, { file }));
  };
  const takers = {
    rich: async (memo) => say((await memos.copyRich(memo)) ? words.s_copied : words.s_not_copied),
    plain: async (memo) => {
      const done = await window.casebook.copy(memos.text(memo));
      say(done ? words.s_copied : words.s_not_copied);
    },
    link: async () => {
      setPicks({ show: "memo" }); /* where the link leads */
      say((await window.casebook.copy(address().href)) ? words.s_copied : words.s_not_copied);
    },
    docx: (memo) => save(memos.docx(memo), "docx"),
    md: (memo) => save(new Blob([memos.markdown(memo)], { type: "text/markdown" }), "md"),
    print: () => {
      const { classList } = document.documentElement;
      classList.add("only-memo");
      /* Some browsers never say that they have printed: then the next touch does. */
      for (const kind of ["afterprint", "pointerdown"]) {
        addEventListener(kind, () => classList.remove("only-memo"), { once: true });
      }
      print();
    },
  };
  memoPlace.addEventListener("click", ({ target }) => {
    const { drop } = target.closest("[data-drop]")?.dataset ?? {};
    if (drop) {
      setPicks({ pick: shortlist.settings.pick.filter((id) => id !== drop) });
      reach(memoPlace);
    }
    takers[target.closest("[data-take]")?.dataset.take]?.(memoPlace.querySelector(".memo-text"));
  });

  unrate.addEventListener("click", () => {
    set({ priority: {}, feasibility: {} });
    for (const select of table.querySelectorAll("[data-own]")) select.value = "";
  });

  /* ---- the filters are a sheet on a phone */
  opener.addEventListener("click", () => {
    dialog.removeAttribute("open"); /* on a wide screen the form stands in the page */
    dialog.showModal();
  });
  closer.addEventListener("click", () => {
    dialog.close();
    table.scrollIntoView();
  });
  reset.addEventListener("click", () => set(noFilter));
  dialog.addEventListener("click", ({ target, clientX, clientY }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const inside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    if (target === dialog && !inside) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.setAttribute("open", ""));
  phone.addEventListener("change", () => { if (dialog.matches(":modal")) dialog.close(); });

  /* ---- the first look: what the address says */
  /* An address of the explorer that stood here: its recommendation, one place or type of places, and
     the question that its largest weight comes closest to. */
  const ofExplorer = (text) => {
    const [, ...given] = text.split(".");
    const part = Object.fromEntries(given.map((one) => [one.charAt(0), one.slice(1)]));
    const settings = core.start();
    if (data.allowed.recommendation.includes(part.r)) settings.recommendation = part.r;
    const codes = (part.j ?? "").split("-").map((code) => (
      data.allowed.place.find((place) => place.endsWith(`-${code}`)))).filter(Boolean);
    const types = [...new Set(codes.map((code) => (
      data.practices.find(({ place }) => place === code)?.type)))];
    if (codes.length === 1) [settings.place] = codes;
    else if (codes.length && types.length === 1) [settings.type] = types;
    const points = (part.w ?? "").split("-").map(Number);
    const most = Math.max(...points);
    const asks = { 1: "law", 2: "documented", 3: "documented", 4: "longest" };
    if (points.filter((one) => one === most).length === 1) settings.ask = asks[points.indexOf(most)] ?? "";
    return settings;
  };
  /* What somebody wrote, chose or ticked before this script came. */
  const early = () => {
    const fields = [...form.elements].filter(({ name, value }) => name && value);
    const ticked = rows.filter((row) => row.querySelector("[name=pick]").checked);
    const chosen = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    if (chosen.step && !chosen.recommendation) chosen.recommendation = "";
    return { ...chosen, ...(ticked.length ? { pick: ticked.map((row) => row.dataset.practice) } : {}) };
  };
  const look = (chosen = {}) => {
    const query = new URLSearchParams(location.search);
    const old = query.get("explorer");
    const { settings, refused } = old === null ? core.read(data, location.search)
      : { settings: ofExplorer(old), refused: [] };
    const pick = [...new Set([...settings.pick, ...chosen.pick ?? []])].slice(0, data.picked);
    shortlist.settings = { ...settings, ...chosen, pick };
    if (!fits(shortlist.settings)) shortlist.settings.step = "";
    if (Object.keys(chosen).length) shortlist.arriving = false;
    notify(old !== null ? words.s_old
      : refused.length ? fill(words.s_broken, { part: refused.join(words.comma) }) : "");
    update();
    if (!settings.show) return;
    showPicks();
    (settings.show === "memo" ? memoPlace : compared).scrollIntoView();
  };
  /* A link to a row, to what is said in it, or to a step of the explorer that stood here. */
  const arrive = () => {
    let asked = "";
    try { asked = decodeURIComponent(location.hash.slice(1)); } catch { /* no place is named so */ }
    const step = asked.replace(/^step-/, "");
    if (asked.startsWith("step-") && data.allowed.step.includes(step)) {
      if (core.write(data, shortlist.settings).length) return; /* the address says more */
      shortlist.settings = { ...core.start(), step };
      notify(words.s_old);
      update();
      view.scrollIntoView();
      return;
    }
    const goal = document.getElementById(asked);
    const row = goal?.closest("tr[data-practice]");
    if (!row || !view.contains(row)) return;
    if (row.hidden) {
      if (!inOrder().includes(rows.indexOf(row))) Object.assign(shortlist.settings, noFilter);
      shortlist.all = true;
      update();
    }
    if (goal !== row) row.querySelector("td.more details").open = true;
    goal.scrollIntoView({ block: "center" });
  };
  addEventListener("popstate", () => look());
  addEventListener("hashchange", arrive);
  /* Resolves when nothing is under way any more: all computed, drawn, and said. */
  const settled = async () => {
    const busy = () => shortlist.resting || (shortlist.answer.ranked.asked && !shortlist.answer.shares);
    while (busy()) await new Promise((go) => { setTimeout(go, 5); });
  };
  window.casebook.shortlist = { answer: () => shortlist.answer, settled };
  look(early());
  arrive();
  table.dataset.ready = "";
})();
