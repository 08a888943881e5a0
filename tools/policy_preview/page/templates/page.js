// Better with it, whole without: shows one part at a time, filters the cases, holds two policies side by side, and
// opens evidence where one stands. What is chosen stands in the address, after the part's name: #cases?risk=benign.
(() => {
  "use strict";
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

  // --- the cases
  const cases = byId("filters") && data && (() => {
    const form = byId("filters");
    const home = byId("families");
    const families = [...home.children].map((element, place) => ({
      element, place, name: element.id,
      members: [...element.querySelectorAll("section")].map((each) => ({
        element: each, kind: data.kinds[each.dataset.k], k: Number(each.dataset.k), contested: "c" in each.dataset,
        quote: each.querySelector("blockquote"), out: each.querySelector(".out"), text: null, shown: true,
      })),
    }));
    const every = families.flatMap((family) => family.members);
    const topics = [...form.topic.options];
    let course = ""; // of one policy, set by a link
    const first = { policy: data.headline };
    let outcomes = "";
    const chosen = () => {
      const policy = data.policies.find((each) => each.id === form.policy.value) || data.policies[0];
      const surface = Math.max(0, policy.surfaces.indexOf(form.surface.value));
      return { policy, sets: policy.sets[surface], courses: policy.courses[surface] };
    };
    const offer = () => {
      const policy = data.policies.find((each) => each.id === form.policy.value) || data.policies[0];
      const kept = form.surface.value;
      form.surface.replaceChildren(...policy.surfaces.map((name) => option(name, name)));
      if (policy.surfaces.includes(kept)) form.surface.value = kept;
      const { sets } = chosen();
      const wanted = form.outcome.value;
      const there = [...new Set(sets.map((index) => data.sets[index].words.join(" | ")))].sort();
      const groups = [["In sum", sums.map(([value, text]) => option(value, text))], ["Outcomes", there.map((words) => option(words, words.replaceAll(" | ", " or ")))]];
      form.outcome.replaceChildren(option("", "any"), ...groups.map(([label, items]) => { const group = make("optgroup", "", ...items); group.label = label; return group; }));
      form.outcome.value = wanted;
      if (form.outcome.selectedIndex < 0) form.outcome.value = "";
      const category = form.category.value;
      const topic = form.topic.value;
      form.topic.replaceChildren(...topics.filter((each) => !each.value || !category || each.dataset.category === category));
      form.topic.value = topic;
      if (form.topic.selectedIndex < 0) form.topic.value = "";
    };
    const tell = () => {
      const { policy, sets, courses } = chosen();
      const key = `${policy.id}@${form.surface.value}`;
      if (key === outcomes) return;
      const usual = !outcomes && policy.id === first.policy && form.surface.value === policy.surfaces[0];
      outcomes = key;
      if (usual) return; // what the page came with
      for (const each of every) {
        const anchor = onPage(`c/${policy.id}/${courses[each.k]}`) || (courses[each.k] ? `policy-${policy.id}.html#c/${policy.id}/${courses[each.k]}` : null);
        const chip = outcome(data.sets[sets[each.k]].words);
        const link = anchor ? make("a", "", chip) : chip;
        if (anchor) link.href = anchor;
        each.out.replaceChildren(`${policy.id} on ${form.surface.value}: `, link);
      }
    };
    const matches = (each, wish, sets, courses) => {
      const set = data.sets[sets[each.k]];
      const sum = sums.find(([value]) => value === wish.outcome);
      return (!course || courses[each.k] === Number(course)) && (!wish.outcome || (sum ? sum[2](set) : set.words.join(" | ") === wish.outcome))
        && (!(wish.category || wish.topic || wish.risk) || each.kind.facets.some(([category, topic, risk]) => (!wish.category || category === wish.category) && (!wish.topic || topic === wish.topic) && (!wish.risk || risk === wish.risk)))
        && (!wish.lang || (each.quote.lang || "en") === wish.lang)
        && (!wish.contested || (wish.contested === "yes") === each.contested)
        && (!wish.text || (each.text ??= each.quote.textContent.toLowerCase()).includes(wish.text.toLowerCase()));
    };
    const orders = {
      "": (a, b) => a.place - b.place,
      name: (a, b) => (a.name < b.name ? -1 : 1),
      long: (a, b) => b.length - a.length || a.place - b.place,
      told: (a, b) => a.told - b.told || a.place - b.place,
    };
    let order = "";
    const apply = () => {
      offer();
      tell();
      const wish = Object.fromEntries(new FormData(form));
      const { sets, courses } = chosen();
      home.classList.toggle("brackets", Boolean(wish.brackets));
      let shown = 0;
      let groups = 0;
      for (const family of families) {
        let some = false;
        for (const each of family.members) {
          each.shown = matches(each, wish, sets, courses);
          each.element.hidden = !each.shown;
          if (each.shown) { shown += 1; some = true; }
        }
        family.element.hidden = !some;
        if (some) groups += 1;
      }
      if (wish.sort || order) {
        for (const family of families) {
          const visible = family.members.filter((each) => each.shown);
          family.told = Math.min(9, ...visible.map((each) => told.indexOf(data.sets[sets[each.k]].told)));
          if (wish.sort === "long") family.length = Math.max(0, ...visible.map((each) => each.quote.textContent.length));
        }
        home.append(...[...families].sort(orders[wish.sort] || orders[""]).map((family) => family.element));
        order = wish.sort;
      }
      const all = shown === every.length;
      const sorted = { told: ", least told first", name: ", by name", long: ", longest first" }[wish.sort] || "";
      byId("cases-count").textContent = (all ? `${plural(shown, "case", "cases")} in ${plural(groups, "family", "families")}` : `${number(shown)} of ${plural(every.length, "case", "cases")}, in ${number(groups)} of ${plural(families.length, "family", "families")}`) + (course ? `, on course ${course} of ${wish.policy}` : "") + sorted;
      byId("cases-none").hidden = shown > 0 || !every.length;
      return wish;
    };
    const changed = (event) => {
      if (["policy", "surface"].includes(event?.target?.name)) course = "";
      const wish = { ...apply(), course };
      if (wish.policy === first.policy && !course) wish.policy = "";
      if (wish.surface === chosen().policy.surfaces[0]) wish.surface = "";
      write("cases", wish);
    };
    form.addEventListener("change", changed);
    let waiting;
    form.addEventListener("input", (event) => { if (event.target.type === "search") { clearTimeout(waiting); waiting = setTimeout(changed, 250); } });
    form.addEventListener("submit", (event) => event.preventDefault());
    const empty = () => {
      course = "";
      for (const each of form.elements) if (each.name) each.value = "";
      form.policy.value = first.policy;
      offer();
      form.surface.selectedIndex = 0;
    };
    form.addEventListener("reset", (event) => { event.preventDefault(); empty(); changed(); });
    byId("cases-clear").addEventListener("click", () => { empty(); changed(); form.category.focus(); });
    return {
      read(query, target) {
        if (query === null) { // straight to one case: what hides it is taken away
          if (!outcomes || target?.closest("[hidden]")) { empty(); apply(); }
          return;
        }
        const wish = new URLSearchParams(query);
        course = /^[0-9]+$/.test(wish.get("course") || "") ? wish.get("course") : "";
        form.surface.replaceChildren(); // what the address does not say is as it was at first
        form.policy.value = wish.get("policy") || first.policy;
        if (form.policy.selectedIndex < 0) form.policy.value = first.policy;
        offer();
        for (const name of ["surface", "category"]) if (wish.get(name)) form[name].value = wish.get(name);
        if (form.surface.selectedIndex < 0) form.surface.selectedIndex = 0;
        offer();
        for (const name of ["outcome", "category", "topic", "risk", "lang", "contested", "text", "sort", "brackets"]) form[name].value = wish.get(name) || "";
        for (const each of form.querySelectorAll("select")) if (each.selectedIndex < 0) each.selectedIndex = 0;
        apply();
      },
    };
  })();

  // --- two policies side by side
  const compare = byId("compare-form") && data && (() => {
    const [a, b] = [byId("compare-a"), byId("compare-b")];
    const heads = { "told less": "Users would be told less", "answer to altered": "Answers would be altered that were not, or not surely", "decided to open": "What was decided would be open", "told more": "Users would be told more", otherwise: "Otherwise changed", detail: "Same outcome, other detail" };
    const arrow = () => { const sign = make("span", "arrow", " → "); sign.setAttribute("aria-hidden", "true"); return [sign, make("span", "vh", " becomes ")]; };
    const said = (set) => ({ "-": "nothing to tell", unsaid: "not said" }[set.told] || set.told);
    const find = (id) => data.policies.find((each) => each.id === id);
    const turns = (one, other) => {
      const found = new Map();
      const worst = new Map();
      const both = new Set();
      const either = new Set();
      const surfaces = other.surfaces.filter((name) => one.surfaces.includes(name));
      for (const name of surfaces) {
        const [before, after] = [one.sets[one.surfaces.indexOf(name)], other.sets[other.surfaces.indexOf(name)]];
        data.kinds.forEach((kind, k) => {
          const rank = Number(data.turns[before[k]][after[k]]);
          if (data.sets[before[k]].covered && data.sets[after[k]].covered) both.add(k);
          else if (data.sets[before[k]].covered || data.sets[after[k]].covered) either.add(k);
          if (!rank) return;
          const key = `${rank} ${[before, after].map((side) => data.sets[side[k]].words.join("|")).join(" ")}`;
          if (!found.has(key)) found.set(key, { rank, before: before[k], after: after[k], where: new Set(), kinds: new Set() });
          found.get(key).where.add(name);
          found.get(key).kinds.add(k);
          worst.set(k, Math.min(worst.get(k) ?? 99, rank));
        });
      }
      const size = (ks) => [...ks].reduce((sum, k) => sum + data.kinds[k].cases.length, 0);
      for (const k of both) either.delete(k);
      return { surfaces, worst, both, either, size, rows: [...found.values()].sort((x, y) => x.rank - y.rank || size(y.kinds) - size(x.kinds)) };
    };
    const links = (ks, what) => {
      const names = [...ks].flatMap((k) => data.kinds[k].cases).sort();
      const one = (id) => { const link = make("a", "", id); link.href = onPage(`case/${id}`) || `cases.html#case/${id}`; return link; };
      const list = (some) => some.flatMap((id, index) => (index ? [", ", one(id)] : [one(id)]));
      if (names.length <= 8) return list(names);
      const more = make("details", "more", make("summary", "", `and ${number(names.length - 8)} more`, make("span", "vh", `: ${what}`)));
      more.addEventListener("toggle", () => { if (more.open && more.childNodes.length === 1) more.append(...list(names.slice(8))); });
      return [...list(names.slice(0, 8)), " ", more];
    };
    const bare = (element) => {
      const copy = element.cloneNode(true);
      for (const each of [copy, ...copy.querySelectorAll("[id]")]) each.removeAttribute("id");
      return copy;
    };
    // The safeguards of both in pairs, by name; what is the same in both is folded.
    const sides = (one, other) => {
      const from = [one, other].map(({ id }) => byId(`policy/${id}`));
      if (from.some((each) => !each)) {
        return [one, other].map(({ id }) => { const link = make("a", "", `${id}, whole`); link.href = onPage(`policy/${id}`) || `policy-${id}.html`; return make("p", "", link); });
      }
      const guards = from.map((each, side) => new Map([...each.querySelectorAll(".guard")].map((guard) => [guard.id.slice(`policy/${[one, other][side].id}/`.length), guard])));
      const found = from.map((each, side) => make("div", "", make("h2", "", [one, other][side].id), make("p", "", each.querySelector(".lead").textContent)));
      for (const name of new Set(guards.flatMap((each) => [...each.keys()]))) {
        const pair = guards.map((each) => each.get(name));
        if (pair[0] && pair[1] && pair[0].textContent === pair[1].textContent) found.push(make("details", "both", make("summary", "", make("b", "", name), ": the same in both"), bare(pair[0])));
        else found.push(...pair.map((each, side) => (each ? bare(each) : make("p", "empty", `${[one, other][side].id} has no safeguard ${name}.`))));
      }
      return found;
    };
    const show = () => {
      const [one, other] = [find(a.value), find(b.value)];
      const { surfaces, worst, both, either, size, rows } = turns(one, other);
      const total = size(both);
      const changed = size([...worst].filter(([, rank]) => rank < data.classes.length).map(([k]) => k));
      const detail = size(worst.keys()) - changed;
      const ends = (detail ? ` ${number(detail)} change in detail alone.` : "") + (either.size ? ` ${plural(size(either), "more case", "more cases")} only one of them speaks about.` : "") + (other.surfaces.length > surfaces.length && one !== other ? ` New surfaces: ${other.surfaces.filter((name) => !surfaces.includes(name)).join(", ")}.` : "");
      byId("compare-count").textContent = one === other ? "Choose two different policies."
        : !surfaces.length ? "They have no surface in common, so no case can be compared."
          : !total ? `No case is in what both speak about.${ends}`
            : `${changed ? number(changed) : "None"} of ${plural(total, "case", "cases")} that both speak about ${changed > 1 ? "change" : "changes"} from ${one.id} to ${other.id}.${ends}`;
      const out = byId("compare-out");
      out.replaceChildren();
      if (other.before === one.id) {
        const link = make("a", "", `What changed from ${one.id} to ${other.id}, with rows and evidence`);
        link.href = byId(`policy/${other.id}`) ? `#policy/${other.id}/-changes` : `policy-${other.id}.html#policy/${other.id}/-changes`;
        out.append(make("p", "", link));
      }
      data.classes.forEach((name, index) => {
        const mine = rows.filter((row) => row.rank === index + 1);
        if (!mine.length) return;
        const ks = new Set(mine.flatMap((row) => [...row.kinds]));
        const list = make("ul", "turns");
        for (const row of mine) {
          list.append(make("li", "", make("p", "", make("b", "", plural(size(row.kinds), "case", "cases")), ` on ${[...row.where].join(", ")}`), make("p", "", outcome(data.sets[row.before].words), ...arrow(), outcome(data.sets[row.after].words), make("span", "small", ` told: ${[...new Set([row.before, row.after].map((index) => said(data.sets[index])))].join(", then ")}`)), make("div", "small", ...links(row.kinds, `${data.sets[row.before].words.join(" or ")} becomes ${data.sets[row.after].words.join(" or ")}`))));
        }
        out.append(make("h2", "", `${heads[name]} `, make("span", "small", plural(size(ks), "case", "cases"))), list);
      });
      byId("compare-docs").replaceChildren(...(one === other ? [] : sides(one, other)));
    };
    const changed = () => { write("compare", { a: a.value, b: b.value }); show(); };
    byId("compare-form").addEventListener("change", changed);
    byId("compare-form").addEventListener("submit", (event) => event.preventDefault());
    byId("compare-swap").addEventListener("click", () => { [a.value, b.value] = [b.value, a.value]; changed(); });
    return {
      read(query) {
        const wish = new URLSearchParams(query);
        a.value = wish.get("a") || data.first[0];
        b.value = wish.get("b") || data.first[1];
        for (const each of [a, b]) if (each.selectedIndex < 0) each.selectedIndex = 0;
        show();
      },
    };
  })();

  // --- evidence where one stands
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
})();
