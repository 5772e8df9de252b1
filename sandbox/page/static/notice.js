/** What whoever runs this local Telegram tells everybody: a strip above the page, or a word in passing. */

import { arrange, icon, make, the } from "./dom.js";
import { toast } from "./layers.js";
import { say, spoken } from "./words.js";

/** Show what a notice names, above all else; nothing if it names nothing. */
export function drawNotice(notice) {
  const strip = the("notice");
  const items = notice?.items ?? [];
  const isNew = strip.hidden && items.length > 0;
  strip.hidden = !items.length;
  if (strip.hidden) return;
  // On a phone it would cover the chat.
  if (isNew) the("notice-details").open = matchMedia("(min-width: 50rem)").matches;
  const level = items.some((one) => one.level === "error") ? "error" : "warning";
  strip.dataset.level = level;
  strip.querySelector("use").setAttribute("href", `#i-${level}`);
  the("notice-summary").textContent = notice.summary[spoken()];
  arrange(the("notice-items"), items.map(row));
}

/** Hear of a notice: one that names something stays, another passes by. */
export function hearNotice(notice) {
  drawNotice(notice);
  const said = notice.summary[spoken()];
  if (notice.items.length) the("news").textContent = said;
  else toast(said);
}

function row({ place, text, level }) {
  const mark = icon(level);
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", say(`level_${level}`));
  mark.removeAttribute("aria-hidden");
  const grade = level === "error" ? "" : `${level}: `;
  return make(`li.${level}`, {}, mark, make("span", {}, make("code", {}, place), place && ": ", grade, text[spoken()] ?? text));
}
