/* The explorer: its form, its chart and its ranking in words, kept in step. ranking.js computes.
   The chart is the figure's own specification, whose parameters are the weights. Without this
   script the page shows the ranking of equal weights. Its parts share `explorer`, the state;
   `update` brings them in step with it. */
(() => {
  "use strict";
  const source = document.querySelector(".explorer-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const { words } = data;
  const core = window.casebookPriorities;
  const form = document.querySelector(".explorer-form");
  const view = document.querySelector(".explorer-ranking");
  const frame = document.querySelector(`.chart[data-figure="${data.figure}"]`);
  const list = view.querySelector(".explorer-list");
  const pairForm = view.querySelector(".explorer-compare");
  const more = view.querySelector(".explorer-more");
  const drawing = frame.querySelector(".chart-drawing");
  const twin = frame.querySelector(".chart-table");
  const items = new Map([...list.children].map((item) => [item.dataset.step, item]));

  const explorer = {
    settings: core.start(data),
    all: false, /* every rank is shown, or the first ten */
    answer: null, /* to the settings: see answerTo */
    turn: 0, /* of the computation: an older one that is still under way gives up */
    overall: { key: "", shares: null }, /* shares over all weightings, of the values of `key` */
    starting: null, /* a promise, once the chart has been asked to come alive */
    live: null, /* the chart that is alive: { view, spec }; false if it could not come alive */
    inSight: false, /* the ranking in words */
    resting: 0, /* a timer that runs while a hand may still move */
  };

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const percent = (share) => Math.floor(100 * share + 0.5) + "%";
  const rounded = (number) => (Math.floor(100 * number + 0.5) / 100).toFixed(2);
  const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const element = (tag, properties, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  /* ---- answer */
  /* steps: in the article's order; each is its row of measures with its row in `table`, rank, tied
       (the rank in words), score, precedents, cells: an object for each criterion.
     order: the same steps, the best first.   empty: no step has a rank.
     apart: measures without a precedent that counts.   change: what `fragility` gives.
     shares, near: of ranks, over all weightings and those near; null until they are computed. */
  const answerTo = (settings) => {
    const table = core.values(data, settings);
    const ranked = core.rank(data, table, settings.weights);
    const used = core.played(table, settings.weights);
    const cellsOf = (row) => data.criteria.map((criterion, column) => {
      const [text, at] = [table.words[row][column], row * table.count + column];
      const [value, part] = [table.values[at], ranked.parts[at]];
      return { ...criterion, play: table.play[column], value, text, weight: used[column], part };
    });
    const shared = (rank) => ranked.ranks.indexOf(rank) !== ranked.ranks.lastIndexOf(rank);
    const tied = (rank) => (shared(rank) ? fill(words.tied, { rank }) : String(rank));
    const steps = table.steps.map((place, row) => ({
      ...data.measures[place], row, rank: ranked.ranks[row], tied: tied(ranked.ranks[row]),
      score: ranked.scores[row], precedents: table.precedents[row], cells: cellsOf(row),
    }));
    const empty = !steps.length || !ranked.total;
    const apart = core.chosen(data, settings).filter((place) => !table.steps.includes(place));
    return {
      table, used, steps, empty, total: ranked.total, shares: null, near: null,
      order: empty ? [] : ranked.order.map((row) => steps[row]),
      apart: apart.map((place) => data.measures[place]),
      change: empty ? null : core.fragility(data, table, settings.weights),
    };
  };
  const stepOf = (id) => explorer.answer.steps.find(({ measure }) => measure === id);
  const band = () => explorer.settings.near || data.bands[1];
  /* The shares that shades and percentages show; null while they are computed. */
  const shown = () => (explorer.settings.near ? explorer.answer.near : explorer.answer.shares);
  /* A step's shares of ranks, the first rank first. */
  const sharesOf = ({ row }, shares = shown()) => {
    const count = explorer.answer.steps.length;
    return shares ? [...shares.subarray(row * count, (row + 1) * count)] : [];
  };
  const dominates = (one, other) => core.dominates(explorer.answer.table, one.row, other.row);

  const computeShares = function* (answer) {
    const { table, used } = answer;
    const { overall } = explorer;
    const key = JSON.stringify([table.steps, [...table.values], table.play]);
    if (overall.key !== key) {
      const drawn = core.weightings(data, table.play);
      overall.shares = yield* core.acceptability(data, table, drawn);
      overall.key = key;
    }
    const near = yield* core.acceptability(data, table, core.around(data, used, band()));
    Object.assign(answer, { shares: overall.shares, near });
  };
  /* Runs for 8 ms at a time, so that a hand on a slider never waits; most answers need less. */
  const pause = new MessageChannel();
  const compute = (answer, done) => {
    const { turn } = explorer;
    const work = computeShares(answer);
    const go = () => {
      if (turn !== explorer.turn) return;
      const until = performance.now() + 8;
      while (performance.now() < until) if (work.next().done) { done(); return; }
      pause.port1.onmessage = go;
      pause.port2.postMessage(null);
    };
    go();
    if (!answer.near) showChart(); /* the bars go ahead of shares that take longer */
  };

  /* ---- words */
  /* Quotes within quotes, as page.py and figure.py have them. */
  const inner = (text) => text.replaceAll("“", "‘").replaceAll("”", "’");
  const quoted = ({ name }) => fill(words.x_quoted, { step: inner(name) });
  const namesOf = (steps) => steps.map(({ name }) => name).join(words.semicolon);
  const andList = (steps) => {
    const names = steps.map(quoted);
    const last = names.pop();
    return names.length ? names.join(words.comma) + words.both + last : last;
  };
  /* As casebook/words has it: a blank between sentences, but not after a full-width mark. */
  const sentences = (lines) => lines.join(" ").replace(/([\u3000-\u303f\uff00-\uffef]) /g, "$1");

  const sure = (step) => {
    const shares = sharesOf(step);
    const reached = (edge) => {
      let sum = 0;
      return 1 + shares.findIndex((share) => (sum += share) > edge - data.tie);
    };
    const { near } = explorer.settings;
    const [low, high] = [reached(0.05), reached(0.95)];
    const ranks = fill(low === high ? words.x_place : words.x_places, { low, high });
    const weightings = near ? fill(words.x_of_near, { band: near }) : words.x_of_all;
    const lowest = 1 + shares.findLastIndex(Boolean);
    return fill(words.x_sure, { share: percent(shares[0]), weightings, ranks, lowest });
  };
  const partsOf = ({ score, cells }) => {
    const parts = cells.filter(({ play }) => play)
      .map(({ name, text, part }) => (
        fill(words.x_part, { criterion: name, value: text, part: rounded(part) })));
    return fill(words.x_parts, { sum: rounded(score), parts: parts.join(words.x_plus) });
  };
  const headline = (first) => {
    if (first.length > 3) return fill(words.x_first_many, { n: first.length });
    if (first.length > 1) return fill(words.x_first_shared, { steps: andList(first) });
    const { shares, near } = explorer.answer;
    const firsts = (table) => percent(sharesOf(first[0], table)[0]);
    return fill(words.x_first, {
      step: andList(first), overall: firsts(shares), near: firsts(near), band: band(),
      draws: data.draws_in_words,
    });
  };
  const stability = (first) => {
    const { order, steps, change } = explorer.answer;
    if (order.every((step) => step === first || dominates(first, step))) return words.x_top;
    if (!change) return words.x_fixed;
    const { points, column, rows } = change;
    const size = Math.abs(points);
    const how = `x_point${size === 1 ? "" : "s"}_${points > 0 ? "more" : "fewer"}`;
    const sentence = size <= band() ? words.x_fragile : words.x_robust;
    return fill(sentence, {
      change: fill(words[how], { points: size }),
      criterion: data.criteria[column].name,
      step: andList(rows.map((row) => steps[row])),
    });
  };
  /* The order and how sure it is, in sentences. */
  const orderInWords = () => {
    const { order, steps, total, used } = explorer.answer;
    if (!steps.length) return [words.x_nothing];
    if (!total) return [words.x_no_weight];
    const weighted = data.criteria.filter((_, column) => used[column] > 0);
    const single = weighted.length !== 1 ? []
      : [fill(words.x_one_criterion, { criterion: weighted[0].name })];
    if (steps.length === 1) return [words.x_one_step, ...single];
    const first = order.filter(({ rank }) => rank === 1);
    const next = order.filter(({ rank }) => rank > 1).slice(0, 2).map(quoted);
    const then = next.length ? [fill(words.x_then, { steps: next.join(words.comma) })] : [];
    const last = first.length > 1 ? [] : [stability(first[0])];
    return [headline(first), ...then, ...last, ...single];
  };
  const settingsInWords = () => {
    const { settings, answer } = explorer;
    const weights = data.criteria.flatMap(({ name }, column) => (answer.table.play[column]
      ? [fill(words.x_weight, { criterion: name, points: settings.weights[column] })] : []));
    const ticked = (name) => checked(name).map((box) => box.parentElement.textContent);
    const places = ticked("jurisdictions").join(words.comma);
    const relations = ticked("relations");
    const related = relations.length
      && relations.reduce((listed, next) => fill(words.x_relations, { listed, next }));
    const whose = [places || words.x_none, related || words.x_none].join(words.semicolon);
    const chosen = ["recommendation", "difficulty"].map((field) => form.elements[field])
      .filter((select) => select.selectedIndex)
      .map((select) => select.selectedOptions[0].text).join(words.comma);
    const judged = data.measures.flatMap(({ measure, name }) => data.criteria.flatMap((own) => {
      const level = data.scales[own.code][settings[own.code]?.[measure]];
      return level
        ? [fill(words.x_own_value, { step: name, criterion: own.name, value: level.name })] : [];
    }));
    return sentences([
      fill(words.x_settings, {
        weights: weights.join(words.comma), precedents: whose, steps: chosen || words.x_all_steps,
      }),
      ...(judged.length ? [fill(words.x_judged, { values: judged.join(words.semicolon) })] : []),
      words.x_rounded,
    ]);
  };

  /* ---- address */
  const written = () => core.write(data, explorer.settings);
  const address = () => window.casebook.inAddress([], null, "1").write({ explorer: written() });
  const changed = () => written() !== "1" || explorer.all;
  const keepAddress = () => window.casebook.keep(address());

  /* ---- list */
  const precedentItem = ({ practice, relation }) => {
    const { name, href, place, kind, status, dated, figures } = data.practices[practice];
    const known = [place, kind, status, dated, figures].filter(Boolean).join(words.semicolon);
    const related = element("strong", {}, data.relations[relation]);
    const parts = { precedent: element("a", { href }, name), known, relation: related };
    const pieces = words.x_precedent.split(/\{(\w+)\}/); /* every second one is a place's name */
    return element("li", {}, ...pieces.map((piece, index) => (index % 2 ? parts[piece] : piece)));
  };
  const precedentList = (precedents) => element("ul", {}, ...precedents.map(precedentItem));
  const unfold = (item) => {
    const details = item.querySelector("details");
    const id = item.dataset.step;
    if (!details.querySelector(".explorer-own")) {
      details.append(view.querySelector(".explorer-inside").content.cloneNode(true));
    }
    for (const select of details.querySelectorAll("select")) {
      select.value = explorer.settings[select.dataset.own][id] ?? "";
    }
    const step = stepOf(id);
    if (!step) return;
    const { steps } = explorer.answer;
    const national = data.national.filter(({ measure }) => measure === id);
    const named = (text, others) => (
      others.length ? [element("p", {}, fill(text, { steps: namesOf(others) }))] : []);
    details.querySelector(".explorer-links").replaceChildren(
      precedentList(step.precedents),
      ...(national.length ? [element("p", {}, words.x_national), precedentList(national)] : []),
      ...named(words.x_never_below, steps.filter((other) => dominates(step, other))),
      ...named(words.x_never_above, steps.filter((other) => dominates(other, step))),
    );
  };
  /* What has the focus stays in its place in the document, and the others move around it. */
  const arrange = (inOrder) => {
    if (inOrder.every((item, index) => list.children[index] === item)) return;
    const focused = inOrder.indexOf(document.activeElement.closest(".explorer-list > li"));
    if (focused < 0) { list.prepend(...inOrder); return; }
    inOrder[focused].before(...inOrder.slice(0, focused));
    inOrder[focused].after(...inOrder.slice(focused + 1));
  };
  const showList = () => {
    const { answer, all } = explorer;
    const late = ({ rank }) => rank > data.shown;
    arrange(answer.order.map(({ measure }) => items.get(measure)));
    for (const [id, item] of items) {
      const step = answer.empty ? null : stepOf(id);
      item.hidden = !step || (!all && late(step));
      if (!step) continue;
      put(item.querySelector(".step-rank b"), step.tied);
      put(item.querySelector(".step-parts"), partsOf(step));
      put(item.querySelector("summary"), fill(words.x_open, { n: step.precedents.length }));
      if (shown()) put(item.querySelector(".step-sure"), sure(step));
      if (item.querySelector("details").open) unfold(item);
    }
    list.hidden = answer.empty;
    more.parentElement.hidden = !answer.order.some(late);
    const [text, n] = all ? [words.x_less, data.shown] : [words.x_more, answer.order.length];
    put(more, fill(text, { n }));
    more.setAttribute("aria-expanded", String(all));
    const apart = view.querySelector(".explorer-apart");
    apart.hidden = answer.empty || !answer.apart.length;
    put(apart, fill(words.x_apart, { steps: namesOf(answer.apart) }));
    put(view.querySelector(".explorer-settings"), settingsInWords());
    list.dataset.ready = "";
  };

  /* ---- pair */
  const placed = (name, more) => fill(words.placed, { name, more });
  /* What weights can do with two steps that are both ranked. */
  const verdict = (left, right) => {
    const above = (one, two) => (
      fill(words.x_weights_cannot, { better: inner(one.name), other: inner(two.name) }));
    if (dominates(left, right)) return above(left, right);
    if (dominates(right, left)) return above(right, left);
    const same = ({ play, value }, column) => !play || value === right.cells[column].value;
    return left.cells.every(same) ? words.x_weights_same : words.x_weights_can;
  };
  /* What stands in a row for a measure whose step, if it is ranked, stands beside the `other`. */
  const pairCell = (key, { recommendation }, step, other) => {
    if (key in data.assessments[recommendation]) return data.assessments[recommendation][key];
    if (key === "sum") {
      const ranked = step && !explorer.answer.empty;
      return ranked ? placed(step.tied, rounded(step.score)) : words.x_not_ranked;
    }
    if (!step) return words.x_none;
    if (key === "precedents") return precedentList(step.precedents);
    const cellOf = (one) => one?.cells.find(({ code }) => code === key);
    const { value, text } = cellOf(step);
    const valued = Number.isNaN(value) ? text : placed(text, rounded(value));
    return value > cellOf(other)?.value ? fill(words.x_better, { value: valued }) : valued;
  };
  const showPair = () => {
    const { compare } = explorer.settings;
    const [sentence, table] = view.querySelector(".explorer-pair").children;
    const { left, right } = pairForm.elements;
    const measures = compare.map((id) => data.measures.find(({ measure }) => measure === id));
    const steps = compare.map(stepOf);
    const both = steps[0] && steps[1] && steps[0] !== steps[1];
    const half = !compare.length && (left.value || right.value);
    put(sentence, both ? verdict(...steps) : half ? words.x_choose_other : "");
    sentence.hidden = !sentence.textContent;
    table.hidden = !compare.length;
    if (table.hidden) return;
    const { play } = explorer.answer.table;
    const out = data.criteria.filter((_, column) => !play[column]).map(({ code }) => code);
    measures.forEach((measure, index) => {
      put(table.tHead.rows[0].cells[index + 1], measure.name);
      for (const row of table.querySelectorAll("tr[data-row]")) {
        const cell = row.cells[index + 1];
        row.hidden = out.includes(row.dataset.row);
        cell.dataset.label = measure.name;
        cell.replaceChildren(pairCell(row.dataset.row, measure, steps[index], steps[1 - index]));
      }
    });
  };

  /* ---- chart */
  const rowsFor = (spec) => {
    const [published] = Object.values(spec.datasets);
    if (explorer.answer.empty) return [];
    return explorer.answer.steps.map((step) => {
      const row = { ...published.find((before) => before.step === step.measure) };
      step.cells.forEach(({ value }, column) => {
        row[`v${column + 1}`] = Number.isNaN(value) ? data.middle : value;
        row[`u${column + 1}`] = Number(Number.isNaN(value));
      });
      /* What rounds to nothing is not drawn. */
      const drawn = [...sharesOf(step).entries()].filter(([, share]) => share >= 0.005);
      row.taken = drawn.map(([index]) => index + 1);
      row.share = drawn.map(([, share]) => share);
      return row;
    });
  };
  const signals = () => {
    const { settings: { near }, answer: { steps, used }, all } = explorer;
    return {
      ...Object.fromEntries([...used].map((weight, column) => [`w${column + 1}`, weight])),
      shown: all ? data.measures.length : data.shown,
      ranks: Math.max(1, steps.length),
      counted: fill(words.rank_axis, {
        weightings: near ? fill(words.axis_near, { band: near }) : words.axis_all,
      }),
    };
  };
  const showChart = () => {
    const { live, answer } = explorer;
    if (!live) return;
    const [dataset] = Object.keys(live.spec.datasets);
    live.view.data(dataset, rowsFor(live.spec));
    for (const [name, value] of Object.entries(signals())) live.view.signal(name, value);
    live.view.run();
    if (!answer.empty && !shown()) return; /* its words wait for the shares */
    drawing.querySelector("svg").setAttribute("aria-label", sentences(orderInWords()));
  };
  const showDrawing = () => {
    drawing.hidden = explorer.answer.empty || (explorer.live === false && changed());
  };
  /* If the chart cannot come alive, the ranking in words goes on without it, and the published
     drawing is only shown while it is true. */
  const begin = () => explorer.starting ||= window.casebook.enliven(frame).then((live) => {
    explorer.live = live;
    if (shown() || explorer.answer.empty) showChart();
  }).catch(() => {
    explorer.live = false;
    showDrawing();
  });

  /* ---- table and file */
  const showTwin = () => {
    const { order, empty } = explorer.answer;
    if (!twin.open || !(empty || shown())) return;
    const [table] = twin.getElementsByTagName("table");
    for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
    [...table.tBodies[0].rows].forEach((row, index) => {
      const step = order[index];
      row.hidden = !step;
      if (!step) return;
      const values = step.cells.filter(({ play }) => play)
        .map(({ name, text }) => fill(words.valued, { name, value: text })).join(words.semicolon);
      const [first, ...rest] = row.cells;
      first.replaceChildren(element("a", { href: `#step-${step.measure}` }, step.name));
      const texts = [step.tied, values, percent(sharesOf(step)[0])];
      rest.forEach((cell, column) => put(cell, texts[column]));
    });
  };
  const csv = () => {
    const { order, shares, near } = explorer.answer;
    const heads = data.csv_heads.map((head) => fill(head, { band: band() }));
    const whose = ({ name, place }) => fill(words.x_whose, { precedent: name, place });
    const line = (step) => {
      const overall = sharesOf(step, shares);
      return [
        step.tied, step.measure, step.name, step.section,
        step.score,
        ...step.cells.flatMap(({ value, text, weight, part }) => (
          [Number.isNaN(value) ? words.x_unknown : Number(value.toFixed(10)), text, weight, part])),
        overall[0], 1 + overall.findIndex(Boolean), 1 + overall.findLastIndex(Boolean),
        sharesOf(step, near)[0],
        step.precedents.map(({ practice }) => whose(data.practices[practice])).join(" | "),
        written(),
      ];
    };
    return window.casebook.csv([heads, ...(shares ? order.map(line) : [])]);
  };
  /* What the downloads of the chart ask for (charts.js). */
  frame.shown = { changed, csv, signals, words: settingsInWords, rows: rowsFor };

  /* ---- form */
  const sliders = [...form.querySelectorAll("[data-weight]")];
  const checked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)];
  const change = (settings) => {
    Object.assign(explorer.settings, settings);
    notify("");
    update();
  };
  const readForm = () => {
    const { recommendation, difficulty, near } = form.elements;
    const chosen = (name) => checked(name).map(({ value }) => value);
    change({
      weights: sliders.map(({ value }) => Number(value)),
      jurisdictions: chosen("jurisdictions"), relations: chosen("relations"),
      recommendation: recommendation.value, difficulty: difficulty.value,
      near: Number(near.value),
    });
  };
  const hint = ({ code, own, highest }, column) => {
    const values = explorer.answer.steps.map(({ cells }) => cells[column].value);
    const rated = values.filter((value) => !Number.isNaN(value)).length;
    const same = values.length > 1 && values.every((value) => value === values[0]);
    if (sliders[column].disabled) return words.x_own_off;
    if (own) return fill(words.x_own_set, { n: rated, all: values.length });
    return same ? words.x_same : highest;
  };
  const showWeights = () => data.criteria.forEach((criterion, column) => {
    const { code, own } = criterion;
    const slider = sliders[column];
    const points = form.querySelector(`[data-points="${code}"]`);
    slider.disabled = points.disabled = own && !Object.keys(explorer.settings[code]).length;
    slider.closest(".explorer-weight").toggleAttribute("data-off", slider.disabled);
    put(form.querySelector(`#q-${code}`), hint(criterion, column));
    slider.value = explorer.settings.weights[column];
    if (document.activeElement !== points) points.value = slider.value;
  });
  const fromType = (type) => data.jurisdictions.filter((place) => !type || place.type === type)
    .map(({ province }) => province);
  const showForm = () => {
    const { settings } = explorer;
    showWeights();
    for (const field of ["recommendation", "difficulty", "near"]) {
      form.elements[field].value = String(settings[field]);
    }
    for (const box of form.querySelectorAll("[type=checkbox]")) {
      box.checked = settings[box.name].includes(box.value);
    }
    const weighted = (preset) => data.criteria.every(({ own }, column) => (
      own || data.presets[preset][column] === settings.weights[column]));
    for (const button of form.querySelectorAll("[data-preset], [data-from]")) {
      const { preset, from } = button.dataset;
      const chosen = settings.jurisdictions.join() === fromType(from).join();
      button.setAttribute("aria-pressed", String(preset ? weighted(preset) : chosen));
    }
    const { left, right } = pairForm.elements;
    if (settings.compare.length) [left.value, right.value] = settings.compare;
  };

  /* What a person may have typed or pasted: full-width digits, a percent sign, a decimal comma, a
     real minus. NaN for what is no number. */
  const number = (text) => {
    const plain = text.normalize("NFKC").replace(/[\u2212\u2013]/g, "-").replace(/[\s%]/g, "");
    return /^-?\d+([.,]\d+)?$/.test(plain) ? Math.round(Number(plain.replace(",", "."))) : NaN;
  };
  const sliderOf = (field) => form.querySelector(`[data-weight="${field.dataset.points}"]`);
  const judgeTyped = (field) => {
    const text = field.value;
    const points = number(text);
    field.value = sliderOf(field).value;
    const { limit } = data;
    const tell = (message, typed) => (
      notify(fill(message, { typed, limit, points: field.value }), field));
    if (Number.isNaN(points)) tell(words.x_not_number, text);
    else if (points < 0) tell(words.x_below, points);
    else if (points > limit) tell(words.x_above, points);
  };
  form.addEventListener("input", ({ target }) => {
    const points = target.dataset.points && number(target.value);
    if (Number.isNaN(points)) return;
    if (target.dataset.points) sliderOf(target).value = points; /* it stays within its limits */
    readForm();
  });
  form.addEventListener("change", ({ target }) => {
    if (target.dataset.points) judgeTyped(target);
    keepAddress();
  });
  form.addEventListener("click", ({ target }) => {
    const { preset, from } = target.closest("button")?.dataset ?? {};
    const { weights } = explorer.settings;
    const points = ({ own }, column) => (own ? weights : data.presets[preset])[column];
    if (preset) change({ weights: data.criteria.map(points) });
    if (from !== undefined) change({ jurisdictions: fromType(from) });
    keepAddress();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    pairForm.reset();
    change(core.start(data));
    keepAddress();
  });
  for (const each of [form, pairForm]) {
    each.addEventListener("submit", (event) => event.preventDefault());
  }
  pairForm.addEventListener("change", () => {
    const pair = [pairForm.elements.left.value, pairForm.elements.right.value];
    explorer.settings.compare = pair.every(Boolean) ? pair : [];
    showPair();
    put(view.querySelector(".explorer-paragraph"), paragraph());
    keepAddress();
  });
  list.addEventListener("change", ({ target }) => {
    const judged = explorer.settings[target.dataset.own];
    const { step } = target.closest("[data-step]").dataset;
    if (target.value === "") delete judged[step];
    else judged[step] = Number(target.value);
    update();
    keepAddress();
  });
  more.addEventListener("click", () => {
    explorer.all = !explorer.all;
    showList();
    if (!explorer.all) more.scrollIntoView({ block: "center" }); /* the page has become shorter */
    begin().then(() => { if (shown()) showChart(); });
  });
  twin.addEventListener("toggle", showTwin);
  list.addEventListener("toggle", ({ target }) => unfold(target.closest("li")), { capture: true });

  /* ---- messages */
  const finding = frame.querySelector(".chart-finding");
  const counted = frame.querySelector(".chart-counted");
  const cited = frame.querySelector(".chart-cite p");
  const published = {
    finding: finding.textContent, counted: counted.textContent, citation: cited.textContent,
  };
  const status = form.querySelector(".explorer-said");
  const notify = (text, field = null) => {
    const notice = document.querySelector(".explorer-notice");
    (field ? field.closest(".explorer-weight") : form).append(notice);
    notice.hidden = !text;
    put(notice, text);
  };
  /* The key in the words below the chart, of the criteria that count. */
  const keyOf = (play) => data.criteria.flatMap(({ name }, column) => (
    play[column] ? [`${column + 1}\u00a0${name}`] : [])).join("  ");
  const publishedKey = keyOf(data.criteria.map(({ own }) => !own));
  const showTitle = () => {
    /* A title has no full stop. */
    const title = changed() ? orderInWords()[0].replace(/[.。]$/, "") : published.finding;
    put(finding, title);
    put(twin.querySelector("caption"), title);
    put(cited, published.citation.replace(inner(published.finding), () => inner(title)));
    put(counted, published.counted.replace(publishedKey, () => keyOf(explorer.answer.table.play)));
  };
  /* The first three stay in sight as long as the form is: what a slider does shows at once. */
  const showTop = () => {
    const first = explorer.answer.order.slice(0, 3);
    const lines = first.map(({ tied, name }) => element("span", {}, `${tied} ${name}`));
    form.querySelector(".explorer-top").replaceChildren(...lines);
  };
  /* A screen reader is told when the hand rests: a message must not interrupt at every move. */
  const tellAtRest = () => {
    clearTimeout(explorer.resting);
    explorer.resting = setTimeout(() => {
      explorer.resting = 0;
      put(status, sentences(orderInWords()));
      put(view.querySelector(".explorer-paragraph"), paragraph());
      showList();
    }, 300);
  };
  const finish = () => {
    /* Out of sight the list can wait for the hand to rest: it is half of the cost of a move. */
    if (explorer.inSight || !explorer.live) showList();
    showChart();
    showTwin();
    showPair();
    showTitle();
    showDrawing();
    tellAtRest();
  };
  const update = () => {
    clearTimeout(explorer.resting);
    if (changed()) begin();
    explorer.turn += 1;
    explorer.answer = answerTo(explorer.settings);
    showForm();
    showTop();
    if (explorer.answer.empty) finish();
    else compute(explorer.answer, finish);
  };
  const watch = ([{ isIntersecting }]) => { explorer.inSight = isIntersecting; };
  new IntersectionObserver(watch, { rootMargin: "25%" }).observe(view);

  /* ---- take along */
  const paragraph = () => {
    const { steps, empty } = explorer.answer;
    const [first, ...rest] = orderInWords();
    const start = empty || steps.length === 1 ? first
      : fill(words.x_of, { n: steps.length, sentence: first });
    return fill(words.x_paragraph, {
      order: sentences([start, ...rest]), settings: settingsInWords(), address: address().href,
    });
  };
  const copy = async (text) => {
    const taken = view.querySelector(".explorer-taken");
    put(taken, await window.casebook.copy(text) ? words.x_copied : words.x_not_copied);
    setTimeout(() => put(taken, ""), 4000);
  };
  const takers = {
    link: () => copy(address().href),
    text: () => copy(paragraph()),
    csv: () => window.casebook.save(csv(), `${data.figure}.csv`),
    print: () => {
      const { classList } = document.documentElement;
      classList.add("only-explorer");
      addEventListener("afterprint", () => classList.remove("only-explorer"), { once: true });
      print();
    },
  };
  view.querySelector(".explorer-take").addEventListener("click", ({ target }) => {
    takers[target.closest("button")?.dataset.take]?.();
  });

  /* ---- the first look: what the address says, or the published settings */
  const look = () => {
    const text = new URLSearchParams(location.search).get("explorer");
    explorer.settings = core.start(data);
    if (text !== null) {
      try { explorer.settings = core.read(data, text); notify(""); }
      catch (error) { notify(fill(words.x_broken, { part: error.message })); }
      begin();
    }
    update();
  };
  /* A link to a step that stands below the first ranks opens all of them. */
  const arrive = () => {
    const step = stepOf(location.hash.replace("#step-", ""));
    if (!step || explorer.answer.empty || step.rank <= data.shown) return;
    explorer.all = true;
    showList();
    items.get(step.measure).scrollIntoView();
  };
  addEventListener("popstate", look);
  addEventListener("hashchange", arrive);
  for (const kind of ["pointerenter", "touchstart", "focusin"]) {
    form.addEventListener(kind, begin, { once: true, passive: true });
  }
  drawing.addEventListener("pointerenter", begin, { once: true });
  /* Resolves when nothing is under way any more: all computed, drawn, and said. */
  const settled = async () => {
    const busy = () => explorer.resting || !(explorer.answer.empty || explorer.answer.near);
    while (busy()) await new Promise((go) => { setTimeout(go, 5); });
    await explorer.starting;
    if (explorer.live) await explorer.live.view.runAsync();
  };
  window.casebook.explorer = { answer: () => explorer.answer, settled };
  look();
  arrive();
})();
