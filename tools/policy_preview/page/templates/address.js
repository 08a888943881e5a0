// Better with it, whole without: shows one part at a time, filters the cases, holds two policies side by side, and
// opens evidence where one stands. What is chosen stands in the address, after the part's name: #cases?risk=benign.
const byId = (id) => document.getElementById(id);
const make = (tag, name, ...children) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
};
const number = (count) => count.toLocaleString("en");
const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;
const source = byId("data");
const data = source ? JSON.parse(source.textContent) : null;
document.documentElement.classList.add("on");
if (byId("families")) { // the names of the cases stand on the page itself
  for (const kind of data.kinds) kind.cases = [];
  for (const each of document.querySelectorAll("#families section")) data.kinds[each.dataset.k].cases.push(each.id.slice("case/".length));
}

// --- the parts, and what the address says
const views = [...document.querySelectorAll(".view")];
const address = () => {
  const at = location.hash.indexOf("?");
  let id = location.hash.slice(1, at < 0 ? undefined : at);
  try { id = decodeURIComponent(id); } catch { /* a stray percent sign: taken as it is */ }
  return [id, at < 0 ? "" : location.hash.slice(at + 1)];
};
const write = (part, choices) => {
  const query = new URLSearchParams(Object.entries(choices).filter(([, value]) => value)).toString();
  const hash = `#${part}${query ? `?${query}` : ""}`;
  if (hash !== location.hash) history.replaceState(history.state, "", hash);
};
const focusOn = (element) => {
  if (!element) return;
  if (!element.matches("a, button, summary, input, select")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
};
// Where one was: the place and the link, so that going back leads there again.
history.scrollRestoration = "manual";
const leave = (link) => history.replaceState({ y: scrollY, link: link ? [...document.querySelectorAll(".view.shown a")].indexOf(link) : -1 }, "");
// Heights off the screen are only estimated until it is near, so one jump may miss.
const settle = (target, tries = 8) => {
  target.scrollIntoView();
  const margin = parseFloat(getComputedStyle(target).scrollMarginTop) + parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);
  requestAnimationFrame(() => {
    const bottom = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    if (tries && !bottom && Math.abs(target.getBoundingClientRect().top - (margin || 0)) > 4) settle(target, tries - 1);
  });
};
const go = (focus, back) => {
  const [id, query] = address();
  const target = byId(id);
  const view = target?.closest(".view") || (id === "main" && document.querySelector(".view.shown")) || views[0];
  const lost = byId("lost");
  if (lost) lost.textContent = id && !target ? `There is no such part here: ${id}.` : "";
  for (const each of views) each.classList.toggle("shown", each === view);
  for (const link of document.querySelectorAll(".top a")) {
    const part = link.getAttribute("href").split("#")[1];
    const here = part === view.id || (view.classList.contains("policy") && part === "overview");
    if (here && link.closest("nav")) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  const title = view.querySelector("h1");
  if (title) document.title = `${title.textContent} – policy-preview`;
  if (view.id === "cases" && cases) cases.read(id === "cases" ? query : null, target);
  if (view.id === "compare" && compare) compare.read(query);
  if (back) {
    scrollTo(0, back.y);
    focusOn(document.querySelectorAll(".view.shown a")[back.link] || title);
    return;
  }
  for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  if (!target || target === view || id === "main") scrollTo(0, 0); else settle(target);
  if (focus) focusOn(lost?.textContent ? lost : !target || target === view || id === "main" ? title : target.matches("h2, h3") ? target : target.querySelector("summary, h2, h3, h4, h5") || target);
};
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  scrollTo(0, 0);
  focusOn(document.querySelector(".view.shown h1"));
});

// --- outcomes, as the page writes them
const kinds = { visible: "v", "on-ask": "a", afterwards: "l", silent: "s", unspecified: "u" };
const mark = (word) => (word === "answer" ? "n" : kinds[word.slice(0, word.lastIndexOf("-"))] || "x");
const outcome = (words) => {
  const set = make("span", words.length > 1 ? "set" : "");
  words.forEach((word, index) => {
    if (index) set.append(" ", make("i", "", "or"), " ");
    const unit = word.includes("+") ? make("span", "both") : set;
    word.split("+").forEach((part, place) => unit.append(place ? "+" : "", make("b", `o ${mark(part)}`, part)));
    if (unit !== set) set.append(unit);
  });
  return set;
};
const told = ["never", "unsaid", "sometimes", "afterwards", "on-ask", "always", "-"];
const sums = [
  ["silent", "may be altered silently", (set) => set.silent],
  ["unsaid", "not said whether told", (set) => set.unsaid],
  ["altered", "altered for sure", (set) => set.altered === "yes"],
  ["maybe", "altered perhaps", (set) => set.altered === "maybe"],
  ["unaltered", "not altered", (set) => set.altered === "no"],
  ["open", "open", (set) => set.covered && !set.decided],
  ["decided", "decided", (set) => set.decided],
];
const option = (value, text) => { const each = make("option", "", text); each.value = value; return each; };
const onPage = (id) => (byId(id) ? `#${id}` : null);
