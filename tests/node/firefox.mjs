/* Reads pages in Firefox: node firefox.mjs PROGRAM ADDRESS... Writes what it saw of each as JSON:
   { address, errors, others, wide, narrow }, at a desk's width and a phone's. Of a chart with
   filters, the register, the shortlist and the search page also what their scripts gave. */
import puppeteer from "puppeteer-core";

const [program, ...addresses] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: "firefox", executablePath: program, headless: true });
const seen = () => {
  const shown = (element) => element.checkVisibility();
  const charts = [...document.querySelectorAll(".chart")];
  return {
    heading: shown(document.querySelector("article h1")),
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    charts: charts.every((chart) => [...chart.querySelectorAll("svg.chart-svg")].filter(shown).length === 1),
    drawn: charts.every((chart) => chart.querySelector(".chart-drawing").getBoundingClientRect().height > 100),
  };
};
const found = [];
for (const address of addresses) {
  const page = await browser.newPage();
  const one = { address, errors: [], others: [] };
  page.on("pageerror", (error) => one.errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") one.errors.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(address).host) one.others.push(request.url());
  });
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(address);
  one.wide = await page.evaluate(seen);
  if (await page.$("#fig-precedents")) {
    await page.select("#fig-precedents select[name=who]", "CN-SH");
    await page.waitForSelector("#fig-precedents .chart-wide .chart-now svg");
    one.said = await page.$eval("#fig-precedents .chart-said", (said) => said.textContent);
  }
  if (await page.$("[data-ask=law]")) {
    await page.click("[data-ask=law]");
    await page.waitForSelector("table.rows.asked .words:not(:empty)");
    one.ordered = await page.$$eval(".rank:not([hidden])", ({ length }) => length);
  }
  if (await page.$("#book-search") && address.startsWith("http")) {
    await page.waitForSelector(".pagefind-ui__result");
    one.found = await page.$$eval(".pagefind-ui__result", ({ length }) => length);
  }
  if (await page.$(".register-controls input")) {
    await page.type(".register-controls input", "社会组织");
    await new Promise((go) => setTimeout(go, 500));
    one.rows = await page.$$eval("table.register tbody tr", (rows) => (
      rows.filter((row) => row.checkVisibility()).length));
  }
  await page.setViewport({ width: 360, height: 740 });
  one.narrow = await page.evaluate(seen);
  found.push(one);
  await page.close();
}
await browser.close();
console.log(JSON.stringify(found));
