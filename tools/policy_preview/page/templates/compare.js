// Two policies side by side: what changes for which cases, and their safeguards in pairs.
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
