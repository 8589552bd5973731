/* The memo: what the rows say of the practices that are picked, as one text, and its files. memo.py
   makes the same as Markdown; a test holds the two together. Everything is made in the page. */
(() => {
  "use strict";
  const element = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  const plain = (text) => text.replace(/\s+/g, " ").trim();

  /* ---- the memo as an element of h2, h3, p and ul */
  /* An item without what this memo has no room for; a link to this book becomes a whole address, or,
     where the book lies on a disk, its words. */
  const itemOf = (item, fits) => {
    const copy = item.cloneNode(true);
    copy.querySelectorAll("[data-memo]").forEach((part) => { if (!fits(part)) part.remove(); });
    for (const link of copy.querySelectorAll("a")) {
      if (link.protocol === "file:") link.replaceWith(...link.childNodes);
      else link.setAttribute("href", link.href);
    }
    return copy;
  };
  /* As casebook/words has it: a blank between sentences, but not after a full-width mark. */
  const gapAfter = (text) => (/[\u3000-\u303f\uff00-\uffef]$/.test(text) ? "" : " ");
  /* What a memo has of a line, of which `chosen` says which items count: a paragraph, or nothing. */
  const paragraphOf = (line, chosen, fits, words) => {
    const items = [...line.querySelectorAll("li")].filter(chosen);
    const taken = items.filter(fits);
    if (!taken.length) return [];
    const left = items.length - taken.length;
    const parts = taken.map((item) => [...itemOf(item, fits).childNodes]);
    if (left) parts.push([words.s_left.replace("{n}", left)]);
    const mark = "sentences" in line.dataset ? null : words.semicolon;
    const head = line.querySelector("strong").textContent;
    const runs = parts.flatMap((part, at) => [
      at ? mark ?? gapAfter(taken[at - 1].textContent) : "", ...part,
    ]);
    return [element("p", {}, element("strong", {}, head), gapAfter(head), ...runs)];
  };
  /* `picked` has { heading, row, steps } of each practice; the data the texts around them; `titled`
     and `settings` say what was chosen. */
  const make = (picked, data, titled, settings) => {
    const { memo: { ofAll, shows, caveats, cited }, words } = data;
    const fits = ({ dataset: { memo = "all" } }) => (
      memo === "all" || memo === (picked.length <= data.few ? "few" : "many"));
    const lines = picked.map(({ row }) => [...row.querySelectorAll(".line")]);
    const itemsOf = (line, { steps }) => [...line.querySelectorAll("li")].filter(
      ({ dataset: { step } }) => !step || !steps.size || steps.has(step));
    /* The items that all have, which are said once. */
    const every = picked.map((one, at) => new Set(lines[at].filter(({ dataset }) => "once" in dataset)
      .flatMap((line) => itemsOf(line, one)).map(({ textContent }) => textContent)));
    const shared = (item) => (
      picked.length > 1 && every.every((texts) => texts.has(item.textContent)));
    const isOnce = (item) => "once" in item.closest(".line").dataset && shared(item);
    const paragraphs = (at, wanted) => lines[at].flatMap((line) => {
      const own = new Set(itemsOf(line, picked[at]).filter(wanted));
      return paragraphOf(line, (item) => own.has(item), fits, words);
    });
    const common = paragraphs(0, isOnce);
    return element(
      "article", { className: picked.length > data.few ? "memo-text long" : "memo-text" },
      element("h2", {}, titled),
      ...picked.flatMap(({ heading }, at) => [
        element("h3", {}, `${at + 1}. ${heading}`), ...paragraphs(at, (item) => !isOnce(item)),
      ]),
      ...(common.length ? [element("h3", {}, ofAll), ...common] : []),
      element("h3", {}, shows),
      element("ul", {}, ...caveats.map((caveat) => element("li", {}, caveat))),
      element("p", {}, settings),
      element("p", {}, cited),
    );
  };

  /* ---- as text */
  /* The runs of an element: { text, href, bold }. */
  const runsOf = (node, about = {}) => [...node.childNodes].flatMap((child) => {
    if (child.nodeType === Node.TEXT_NODE) return [{ ...about, text: child.data }];
    const bold = about.bold || child.tagName === "STRONG";
    return runsOf(child, { href: child.getAttribute("href") ?? about.href, bold });
  });
  /* The blocks of a memo: { tag, runs }, a list item by itself. */
  const blocksOf = (memo) => [...memo.querySelectorAll("h2, h3, p, li")].map((block) => ({
    tag: block.tagName.toLowerCase(), runs: runsOf(block),
  }));

  const escaped = (text) => text.replace(/([\\`*_[\]<>])/g, "\\$1");
  const markdownOf = ({ text, href, bold }) => {
    if (bold) return `**${escaped(text)}** `; /* without the blank, a full-width mark would undo it */
    return href ? `[${escaped(text)}](${href})` : escaped(text);
  };
  /* Runs of one link or weight that stand side by side are one. */
  const joined = (runs) => runs.filter((run) => run.text).reduce((list, run) => {
    const last = list.at(-1);
    if (last && last.href === run.href && Boolean(last.bold) === Boolean(run.bold)) {
      last.text += run.text;
    } else list.push({ ...run });
    return list;
  }, []);
  const MARKS = { h2: "# ", h3: "## ", p: "", li: "- " };
  const markdown = (memo) => {
    const lines = blocksOf(memo).map(({ tag, runs }) => (
      [tag, MARKS[tag] + plain(joined(runs).map(markdownOf).join(""))]));
    const gap = ([tag], at) => (at && !(tag === "li" && lines[at - 1][0] === "li") ? "\n" : "");
    return lines.map((line, at) => `${gap(line, at)}${line[1]}\n`).join("");
  };
  const text = (memo) => blocksOf(memo).map(({ tag, runs }) => (
    (tag === "h3" ? "\n" : "") + (tag === "li" ? "• " : "") + plain(runs.map((run) => run.text).join(""))
  )).join("\n") + "\n";

  /* ---- as a file of Word: Office Open XML (ECMA-376), in a zip without compression */
  const CRC = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
  const checksum = (bytes) => (
    ~bytes.reduce((crc, byte) => (crc >>> 8) ^ CRC[(crc ^ byte) & 255], -1) >>> 0);
  /* Files as one zip (APPNOTE 6.3): { name: text } to Uint8Array. The date is always the same. */
  const zip = (files) => {
    const encoder = new TextEncoder();
    const numbers = (...pairs) => Uint8Array.from(pairs.flatMap(([size, value]) => (
      Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** at) % 256))));
    const parts = [];
    const directory = [];
    let at = 0;
    for (const [path, content] of Object.entries(files)) {
      const [name, bytes] = [encoder.encode(path), encoder.encode(content)];
      const about = numbers(
        [2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x21], [4, checksum(bytes)], [4, bytes.length],
        [4, bytes.length], [2, name.length], [2, 0],
      );
      parts.push(numbers([4, 0x04034b50]), about, name, bytes);
      directory.push(
        numbers([4, 0x02014b50], [2, 20]), about, numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, at]), name,
      );
      at += 4 + about.length + name.length + bytes.length;
    }
    const count = Object.keys(files).length;
    const size = directory.reduce((sum, { length }) => sum + length, 0);
    const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, at], [2, 0]);
    return new Blob([...parts, ...directory, end], {
      type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    });
  };

  const xml = (value) => value.replace(/[<>&"]/g, (mark) => (
    { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" }[mark]))
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const OFFICE = "http://schemas.openxmlformats.org";
  const WORD = `xmlns:w="${OFFICE}/wordprocessingml/2006/main"`;
  const LINKS = `${OFFICE}/officeDocument/2006/relationships`;
  const STYLES = { h2: "Title", h3: "Heading1", p: "Normal", li: "List" };
  /* Sizes are in half points. A memo of many is set smaller. */
  const style = (id, name, paragraph, size, bold) => (
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:pPr>${paragraph}</w:pPr>`
    + `<w:rPr>${bold ? "<w:b/>" : ""}<w:sz w:val="${size}"/></w:rPr></w:style>`);
  const styles = (language, size) => `${HEAD}<w:styles ${WORD}><w:docDefaults><w:rPrDefault><w:rPr>`
    + '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" w:cs="Calibri"/>'
    + `<w:lang w:val="${language.startsWith("zh") ? "en-GB" : language}" w:eastAsia="zh-CN"/>`
    + "</w:rPr></w:rPrDefault></w:docDefaults>"
    + style("Normal", "Normal", '<w:spacing w:after="20"/>', size)
    + style("Title", "Title", '<w:spacing w:after="60"/>', size + 8, true)
    + style("Heading1", "heading 1", '<w:keepNext/><w:spacing w:before="100" w:after="20"/><w:outlineLvl w:val="0"/>', size + 2, true)
    + style("List", "List Bullet", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
      + '<w:ind w:left="284" w:hanging="227"/>', size)
    + '<w:style w:type="character" w:styleId="Link"><w:name w:val="Hyperlink"/><w:rPr>'
    + '<w:color w:val="0B5394"/><w:u w:val="single"/></w:rPr></w:style></w:styles>';
  const numbering = `${HEAD}<w:numbering ${WORD}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">`
    + '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>';
  const footer = `${HEAD}<w:ftr ${WORD}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>`
    + '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>';
  const relations = (list) => `${HEAD}<Relationships xmlns="${OFFICE}/package/2006/relationships">`
    + list.map(([id, type, target, more = ""]) => (
      `<Relationship Id="${id}" Type="${LINKS}/${type}" Target="${xml(target)}"${more}/>`)).join("")
    + "</Relationships>";

  const docx = (memo) => {
    const found = [];
    const run = ({ text: said, bold }, linked) => `<w:r><w:rPr>${bold ? "<w:b/>" : ""}`
      + `${linked ? '<w:rStyle w:val="Link"/>' : ""}</w:rPr>`
      + `<w:t xml:space="preserve">${xml(said.replace(/\s+/g, " "))}</w:t></w:r>`;
    const piece = (one) => {
      if (!one.href) return run(one);
      found.push(one.href);
      return `<w:hyperlink r:id="link${found.length}">${run(one, true)}</w:hyperlink>`;
    };
    const body = blocksOf(memo).map(({ tag, runs }) => (
      `<w:p><w:pPr><w:pStyle w:val="${STYLES[tag]}"/></w:pPr>${joined(runs).map(piece).join("")}</w:p>`
    )).join("");
    /* A4 with margins of 17 and 18 millimetres, in twentieths of a point. */
    const page = '<w:sectPr><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="964" w:right="1021"'
      + ' w:bottom="964" w:left="1021" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>';
    const parts = {
      document: "document.main", styles: "styles", numbering: "numbering", footer: "footer",
    };
    const types = Object.entries(parts)
      .map(([name, type]) => (
        `<Override PartName="/word/${name}.xml" ContentType="application/vnd.openxmlformats-`
        + `officedocument.wordprocessingml.${type}+xml"/>`)).join("");
    const external = ' TargetMode="External"';
    return zip({
      "[Content_Types].xml": `${HEAD}<Types xmlns="${OFFICE}/package/2006/content-types">`
        + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + `<Default Extension="xml" ContentType="application/xml"/>${types}</Types>`,
      "_rels/.rels": relations([["document", "officeDocument", "word/document.xml"]]),
      "word/document.xml": `${HEAD}<w:document ${WORD} xmlns:r="${LINKS}"><w:body>${body}${page}`
        + "</w:body></w:document>",
      "word/styles.xml": styles(document.documentElement.lang, memo.classList.contains("long") ? 18 : 20),
      "word/numbering.xml": numbering,
      "word/footer.xml": footer,
      "word/_rels/document.xml.rels": relations([
        ["styles", "styles", "styles.xml"], ["numbering", "numbering", "numbering.xml"],
        ["footer", "footer", "footer.xml"],
        ...found.map((href, at) => [`link${at + 1}`, "hyperlink", href, external]),
      ]),
    });
  };

  /* ---- into the clipboard, with its links and weights: whether it is there now */
  const copyRich = async (memo) => {
    const part = (content, type) => new Blob([content], { type });
    try {
      await navigator.clipboard.write([new ClipboardItem({
        "text/html": part(memo.outerHTML, "text/html"), "text/plain": part(text(memo), "text/plain"),
      })]);
      return true;
    } catch {
      getSelection().selectAllChildren(memo); /* as a hand would do it, in an older browser */
      const done = document.execCommand("copy");
      getSelection().removeAllRanges();
      return done;
    }
  };

  window.casebookMemo = { make, markdown, text, docx, copyRich };
})();
