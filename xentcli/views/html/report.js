"use strict";
// Everything is readable without this script; it sorts tables, copies the JSON and unfolds what is printed.
const number = /[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?/i;
const valueOf = (row, at) => {
  const text = row.cells[at].textContent.trim();
  const found = number.exec(text);
  return found ? parseFloat(found[0].replaceAll(",", "")) - (text.startsWith("<") ? 1e-9 : 0) : NaN;
};
for (const table of document.querySelectorAll("table[data-sort]")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, at) => {
    if (head.tagName !== "TH") return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numeric = head.classList.contains("n");
      const old = head.getAttribute("aria-sort");
      const down = old ? old === "ascending" : numeric;
      heads.forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sign = down ? -1 : 1;
      const rows = [...body.rows].map((row) => [numeric ? valueOf(row, at) : row.cells[at].textContent, row]);
      rows.sort(([a], [b]) => {
        if (!numeric) return sign * a.localeCompare(b, "en", { numeric: true });
        if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
        return sign * (a - b);
      });
      body.append(...rows.map(([, row]) => row));
    });
  });
}
const held = document.getElementById("document").textContent;
const copy = document.getElementById("copy");
const copied = document.getElementById("copied");
copy.hidden = false;
copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(held);
    copied.textContent = "Copied.";
  } catch {
    const area = document.getElementById("json");
    area.parentElement.hidden = false;
    area.value = held;
    area.focus();
    area.select();
    copied.textContent = "Selected: copy it with the keyboard.";
  }
});
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details.finding")) one.open = true;
});
