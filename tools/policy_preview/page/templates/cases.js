// The cases: filters, order, and what comes of each under any policy.
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
