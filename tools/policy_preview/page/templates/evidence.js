// Evidence where one stands, on paper, and searched; then the links, and the first look at the address.
const note = byId("note");
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.f");
  if (link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    const entry = byId(link.getAttribute("href").slice(1));
    if (!entry || !link.getAttribute("href").startsWith("#") || note.contains(link)) return;
    event.preventDefault();
    const copy = entry.cloneNode(true);
    copy.removeAttribute("id");
    const head = copy.querySelector("h3");
    head.id = "note-head";
    const all = make("a", "", "In the list of evidence");
    all.href = link.getAttribute("href");
    note.lastElementChild.replaceChildren(copy, make("p", "small", all));
    note.showModal();
  } else if (event.target.closest("a") && note.contains(event.target)) note.close();
});
note.querySelector("button").addEventListener("click", () => note.close());
note.addEventListener("click", (event) => { if (event.target === note) note.close(); });

for (const link of document.querySelectorAll("a.f[href^='#']")) link.setAttribute("aria-haspopup", "dialog");

// --- on paper a link to the evidence leads nowhere, so the evidence of what is printed stands at its end
addEventListener("beforeprint", () => {
  const view = document.querySelector(".view.shown");
  const named = new Set([...view.querySelectorAll("a.f")].map((link) => link.getAttribute("href").slice(1)));
  const entries = view.id === "evidence" ? [] : [...named].sort().map(byId).filter(Boolean);
  if (!entries.length) return;
  const copies = entries.map((entry) => { const copy = entry.cloneNode(true); copy.removeAttribute("id"); return copy; });
  view.append(make("div", "cited", make("h2", "", "Evidence named here"), ...copies));
});
addEventListener("afterprint", () => { for (const each of document.querySelectorAll(".cited")) each.remove(); });

// --- search in the evidence
const search = byId("evidence-text");
if (search) {
  const entries = [...document.querySelectorAll("#evidence .fact")].map((element) => ({ element, text: null }));
  const find = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const each of entries) {
      each.text ??= each.element.textContent.toLowerCase();
      each.element.hidden = !words.every((word) => each.text.includes(word));
      if (!each.element.hidden) shown += 1;
    }
    byId("evidence-count").textContent = words.length ? `${number(shown)} of ${number(entries.length)} entries` : "";
    byId("evidence-none").hidden = shown > 0;
    for (const head of document.querySelectorAll("#evidence h2")) {
      let next = head.nextElementSibling;
      while (next?.matches(".fact[hidden]")) next = next.nextElementSibling;
      head.hidden = !next?.matches(".fact") && words.length > 0;
    }
  };
  let waiting;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 250); });
  byId("evidence-clear").addEventListener("click", () => { search.value = ""; find(); search.focus(); });
  byId("evidence-form").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => { if (byId(address()[0])?.closest(".fact[hidden]")) { search.value = ""; find(); } });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.defaultPrevented || link.id === "skip") return;
  leave(note.contains(link) ? null : link);
  if (link.getAttribute("href") === location.hash) { event.preventDefault(); go(true); }
});
addEventListener("popstate", (event) => { if (event.state) traversed = event.state; });
let traversed = null;
addEventListener("hashchange", () => { go(true, traversed); traversed = null; });
go(false, history.state);
