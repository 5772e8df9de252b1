/** What lies over the page for a moment: notices, dialogs, menus. */

import { icon, make, the } from "./dom.js";
import { say } from "./words.js";

const SECONDS = 4;

/** Say something in passing. */
export function toast(text) {
  const notice = make("p.toast", {}, text);
  the("toasts").append(notice);
  setTimeout(() => notice.remove(), SECONDS * 1000);
}

/** Say something that has to be read. */
export function alertBox(text) {
  return dialog(null, [make("p", {}, text)], [{ text: say("ok"), value: "ok" }]);
}

/**
 * Show a dialog and return what was chosen in it; nothing if it was left.
 * @param {?string} title - What it is about.
 * @param {Node[]} content - What it says; a button in it with a `value` chooses that.
 * @param {{text: string, value: string}[]} choices - Buttons below it.
 */
export function dialog(title, content, choices) {
  const heading = title && make("h2", { id: "dialog-title" }, title);
  const footer = choices.map(({ text, value }) => make("button.choice", { type: "submit", value }, text));
  const form = make("form", { method: "dialog" }, heading || null, ...content, make("div.choices", {}, ...footer));
  const named = title ? { "aria-labelledby": "dialog-title" } : { "aria-label": content[0]?.textContent };
  const box = make("dialog", named, form);
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue || null);
    });
  });
}

/**
 * Show a menu.
 * @param {string} name - What it is for.
 * @param {{text: string, act: function(), icon: string=, picture: Node=, note: string=,
 *   checked: boolean=, choices: Object[]=}[]} items - What may be chosen in it, one below the other;
 *   what has `choices` is a row of emoji, and its text the name of the row.
 * @param {{x: number, y: number}} where - Near this point of the window.
 */
export function menu(name, items, where) {
  const opener = document.activeElement;
  const box = make("div.menu", { role: "menu", popover: "auto", "aria-label": name });
  const choose = (item) => () => {
    box.hidePopover();
    item.act();
  };
  /** The entries, row by row. */
  const rows = items.map((item) => {
    if (!item.choices) return [entryOf(item, choose(item))];
    const row = item.choices.map((one) => emojiOf(one, choose(one)));
    box.append(make("div.side-by-side", { role: "group", "aria-label": item.text }, ...row));
    return row;
  });
  box.append(...rows.flat().filter((entry) => !entry.parentNode));
  box.addEventListener("keydown", (event) => {
    const y = rows.findIndex((row) => row.includes(document.activeElement));
    const x = rows[y]?.indexOf(document.activeElement) ?? -1;
    const down = { ArrowDown: y + 1, ArrowUp: y - 1, Home: 0, End: rows.length - 1 };
    const along = { ArrowRight: x + 1, ArrowLeft: x - 1 };
    if (event.key in down) around(rows, down[event.key])[0].focus();
    else if (event.key in along && y >= 0) around(rows[y], along[event.key]).focus();
    else if (event.key === "Tab") box.hidePopover();
    else return;
    event.preventDefault();
  });
  box.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const inside = box.contains(document.activeElement) || document.activeElement === document.body;
    box.remove();
    if (inside && opener?.isConnected) opener.focus();
  });
  document.body.append(box);
  box.showPopover();
  const { offsetWidth, offsetHeight } = box;
  box.style.left = `${Math.max(8, Math.min(where.x, innerWidth - offsetWidth - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(where.y, innerHeight - offsetHeight - 8))}px`;
  const single = rows.filter((_, index) => !items[index].choices).flat();
  const first = single.find((entry) => entry.getAttribute("aria-checked") === "true") ?? single[0];
  (first ?? rows[0]?.[0])?.focus();
}

const around = (list, index) => list[(index + list.length) % list.length];

function entryOf(item, act) {
  const radio = item.checked !== undefined;
  const traits = {
    type: "button",
    role: radio ? "menuitemradio" : "menuitem",
    "aria-checked": radio ? String(item.checked) : null,
    tabindex: "-1",
    onclick: act,
  };
  const note = item.note ? make("small", {}, item.note) : null;
  return make("button.item", traits, item.picture ?? icon(item.icon), make("span", {}, item.text), note);
}

function emojiOf({ text, checked }, onclick) {
  const traits = { type: "button", role: "menuitemcheckbox", "aria-checked": String(checked), tabindex: "-1" };
  return make("button.emoji", { ...traits, onclick }, text);
}

/** Show a menu below a control. */
export function menuBelow(control, name, items) {
  const { left, bottom } = control.getBoundingClientRect();
  menu(name, items, { x: left, y: bottom + 4 });
}
