/* What the shortlist computes. state.py and ranking.py are its twins and say what each function is
   and where its method comes from; a test runs both from the same data. Nothing here touches the
   page.

   `data` is what page.py hands over. A table has
     rows: the place of each practice in data.practices, in the article's order,
     values: Float64Array(rows × criteria), NaN for unknown,   play: whether a criterion counts,
     codings: for each blind coding Float64Array(rows) of closeness, NaN where it has no link. */
(() => {
  "use strict";

  /* ---- what a reader chooses, and the address of it */
  const FILTERS = ["recommendation", "step", "place", "type", "status", "kind", "source", "coding"];
  const start = () => ({
    ...Object.fromEntries(FILTERS.map((name) => [name, ""])),
    find: "", ask: "", weights: [], priority: {}, feasibility: {}, pick: [], show: "",
  });
  const points = (data, settings) => (
    settings.weights.length ? settings.weights : data.questions[settings.ask] ?? []);

  const idsOf = (data) => data.practices.map(({ practice }) => practice);
  const judged = (data, levels) => idsOf(data).filter((id) => id in levels)
    .map((id) => `${id}_${levels[id]}`).join("*");
  /* Every setting as an address has it: [name, text], an empty text for what is not set. */
  const texts = (data, settings) => [
    ...FILTERS.map((name) => [name, settings[name]]), ["find", settings.find], ["ask", settings.ask],
    ["weights", settings.weights.join("-")], ["priority", judged(data, settings.priority)],
    ["feasibility", judged(data, settings.feasibility)],
    ["pick", idsOf(data).filter((id) => settings.pick.includes(id)).join("*")],
    ["show", settings.show],
  ];
  const write = (data, settings) => {
    const given = texts(data, settings).filter(([, text]) => text);
    return given.length ? [["shortlist", data.version], ...given] : [];
  };

  const meant = (data, name, text) => {
    if (name === "find") return text.trim().slice(0, data.found);
    if (name === "weights") {
      const parts = text.split("-").filter((part) => /^\d{1,3}$/.test(part)).map(Number);
      const fits = parts.length === data.criteria.length && Math.max(...parts) <= data.limit;
      return fits ? parts : [];
    }
    if (name in data.own) {
      const pairs = text.split("*").map((part) => /^(.*)_([0-4])$/.exec(part)).filter(Boolean);
      return Object.fromEntries(pairs.filter(([, id]) => idsOf(data).includes(id))
        .map(([, id, level]) => [id, Number(level)]));
    }
    if (name === "pick") {
      const parts = text.split("*");
      return idsOf(data).filter((id) => parts.includes(id)).slice(0, data.picked);
    }
    return data.allowed[name].includes(text) ? text : "";
  };
  /* The settings of a query, and the parts of it that mean nothing: { settings, refused }. */
  const read = (data, query) => {
    const settings = start();
    const given = new URLSearchParams(query);
    const refused = [];
    const version = given.get("shortlist") ?? data.version;
    if (version !== data.version) return { settings, refused: [`shortlist=${version}`] };
    for (const [name] of texts(data, settings)) {
      const text = given.get(name);
      if (!text) continue;
      const before = settings[name];
      settings[name] = meant(data, name, text);
      const written = Object.fromEntries(texts(data, settings))[name];
      const pieces = (list) => list.split("*").sort().join("*");
      if (pieces(written) !== pieces(text)) {
        settings[name] = before;
        refused.push(`${name}=${text}`);
      }
    }
    return { settings, refused };
  };

  /* ---- what a state lists */
  /* `data.texts` has of each row the text in which words are looked for. */
  const linksOf = (data, settings) => {
    /* What stands somewhere as it is typed is meant so; else its words count, each by itself. */
    const whole = window.casebook.sought(settings.find);
    const sought = data.texts.some((text) => text.includes(whole)) ? [whole]
      : whole.split(" ");
    return data.links.filter(([at, step, recommendation, , codings]) => {
      const has = {
        ...data.practices[at], recommendation, step,
        coding: codings.includes(null) ? "contested" : "agreed",
      };
      return FILTERS.every((name) => !settings[name] || has[name] === settings[name])
        && sought.every((word) => data.texts[at].includes(word));
    });
  };

  const tableOf = (data, settings) => {
    const links = linksOf(data, settings);
    const rows = [...new Set(links.map(([at]) => at))];
    const place = new Map(rows.map((at, row) => [at, row]));
    const count = data.criteria.length;
    const column = data.criteria.findIndex(({ code }) => code === "closeness");
    const values = new Float64Array(rows.length * count).fill(NaN);
    rows.forEach((at, row) => {
      const { practice, values: fixed } = data.practices[at];
      fixed.forEach((value, index) => { values[row * count + index] = value ?? NaN; });
      data.criteria.forEach(({ code }, index) => {
        if (code in data.own) values[row * count + index] = data.own[code][settings[code][practice]] ?? NaN;
      });
    });
    const best = (numbers, index, relation) => {
      const value = data.closeness[relation];
      if (relation !== null && !(numbers[index] >= value)) numbers[index] = value;
    };
    const codings = (links[0]?.[4] ?? []).map(() => new Float64Array(rows.length).fill(NaN));
    for (const [at, , , relation, given] of links) {
      best(values, place.get(at) * count + column, relation);
      given.forEach((code, index) => best(codings[index], place.get(at), code));
    }
    const play = data.criteria.map((_, index) => (
      new Set(rows.map((__, row) => values[row * count + index])).size > 1));
    return { rows, count, column, values, codings, play };
  };

  /* ---- the order */
  const counted = (data, table, weights) => Float64Array.from(data.criteria, ({ code }, column) => {
    const rated = table.rows.some((_, row) => !Number.isNaN(table.values[row * table.count + column]));
    return code in data.own && !rated ? 0 : weights[column] ?? 0;
  });
  const add = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  /* The values, with a number for the unknown ones. */
  const filled = (data, table) => table.values.map((value, index) => (
    Number.isNaN(value) ? data.fill[index % table.count] : value));
  const ofRow = ({ count }, numbers, row) => numbers.subarray(row * count, (row + 1) * count);

  /* For weights in points: { parts: Float64Array(rows × criteria), scores, ranks, order: rows, the
     best first, asked: whether there is an order other than the article's }. */
  const rank = (data, table, weights) => {
    const used = counted(data, table, weights);
    const asked = used.some((weight, column) => weight && table.play[column]);
    const total = asked ? add(used) : 0;
    const { count, rows } = table;
    const parts = filled(data, table).map((value, index) => (
      total ? value * (used[index % count] / total) : 0));
    const scores = Float64Array.from(rows, (_, row) => add(ofRow(table, parts, row)));
    const ranks = new Int32Array(rows.length);
    if (total) ranksOf(scores, data.tie, ranks, scores.slice());
    const order = [...rows.keys()].sort((one, other) => ranks[one] - ranks[other] || one - other);
    return { parts, scores, ranks, order, used, asked };
  };

  /* Ranks of scores, 1 and how many are better by more than a tie; a negative score is out, 0. */
  const ranksOf = (scores, tie, ranks, sorted) => {
    const n = scores.length;
    sorted.set(scores);
    sorted.sort();
    for (let row = 0; row < n; row += 1) {
      const limit = scores[row] + tie;
      let low = 0;
      let high = n;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] > limit) high = middle; else low = middle + 1;
      }
      ranks[row] = scores[row] < 0 ? 0 : 1 + n - low;
    }
  };

  /* Is row `one` at least as good as `other` on every criterion in play, whatever the unknown
     values are, and better on one? */
  const dominates = ({ count, values, play }, one, other) => {
    let better = false;
    for (let column = 0; column < count; column += 1) {
      if (!play[column]) continue;
      const least = values[one * count + column];
      const most = values[other * count + column];
      const low = Number.isNaN(least) ? 0 : least;
      const high = Number.isNaN(most) ? 1 : most;
      if (low < high) return false;
      if (low > high) better = true;
    }
    return better;
  };

  /* The smallest change of one weight that changes the first place: { column, points, rows }
     with the rows that then lead; or null. */
  const fragility = (data, table, weights) => {
    const { count, rows: { length } } = table;
    if (length < 2) return null;
    const used = counted(data, table, weights);
    const values = filled(data, table);
    const sums = (by) => Float64Array.from(table.rows, (_, row) => (
      add(ofRow(table, values, row).map((value, column) => value * by[column]))));
    const leaders = (numbers) => {
      const most = Math.max(...numbers);
      return [...numbers.keys()].filter((row) => numbers[row] >= most - data.tie);
    };
    const now = sums(used);
    const [first] = leaders(now);
    let best = null;
    for (let column = 0; column < count; column += 1) {
      if (!table.play[column]) continue;
      for (let other = 0; other < length; other += 1) {
        const slope = values[first * count + column] - values[other * count + column];
        if (other === first || Math.abs(slope) < data.tie) continue;
        const size = Math.floor((now[first] - now[other]) / Math.abs(slope) + data.tie) + 1;
        const changed = used.slice();
        changed[column] += slope > 0 ? -size : size;
        const allowed = changed[column] >= 0 && changed[column] <= data.limit && add(changed) > 0;
        if (allowed && (!best || size < best.size)) best = { column, size, changed };
      }
    }
    if (!best) return null;
    const { column, changed } = best;
    return { column, points: changed[column] - used[column], rows: leaders(sums(changed)) };
  };

  /* ---- how sure is it */
  const uniform = (data, number) => {
    let h = (Math.imul(number, 0x9e3779b9) + data.seed) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };

  /* Shares of ranks, Float64Array(rows × (ranks and, first, out)): a generator, which yields while
     it computes. */
  const acceptability = function* (data, table, weights) {
    const { count, rows, values, column: close, codings, play } = table;
    const n = rows.length;
    const shares = new Float64Array(n * (n + 1));
    const scores = new Float64Array(n);
    const sorted = new Float64Array(n);
    const ranks = new Int32Array(n);
    const drawn = new Float64Array(count);
    const columns = [...play.keys()].filter((column) => play[column]);
    const low = weights.map((weight) => Math.max(0, weight - data.band));
    const high = weights.map((weight) => Math.min(data.limit, weight + data.band));
    for (let draw = 0; draw < data.draws; draw += 1) {
      let total = 0;
      for (const column of columns) {
        const share = uniform(data, draw * data.stride + column);
        drawn[column] = low[column] + share * (high[column] - low[column]);
        total += drawn[column];
      }
      const coding = codings[draw % codings.length];
      const position = data.draws + draw * data.practices.length;
      for (let row = 0; row < n; row += 1) {
        let score = 0;
        for (const column of columns) {
          let value = column === close ? coding[row] : values[row * count + column];
          if (value !== value && column !== close) {
            value = uniform(data, (position + rows[row]) * data.stride + column);
          }
          score += drawn[column] * value;
        }
        scores[row] = coding[row] === coding[row] ? score / total : -1;
      }
      ranksOf(scores, data.tie, ranks, sorted);
      for (let row = 0; row < n; row += 1) shares[row * (n + 1) + ranks[row]] += 1 / data.draws;
      if ((draw & 31) === 31) yield;
    }
    return shares;
  };

  window.casebookShortlist = {
    FILTERS, start, points, read, write, linksOf, tableOf, rank, dominates, fragility,
    uniform, acceptability,
  };
})();
