/** One message: who, what, when, and the buttons below it. */

import { attachment } from "./attachment.js";
import { avatar, icon, make, tone } from "./dom.js";
import { reactions } from "./reactions.js";
import { happened, isOwn, nameOf, summary } from "./store.js";
import { shown } from "./text.js";
import { clock, label, say } from "./words.js";

const ABOVE = 60;

/**
 * Return the element of a message.
 * @param {Object} message - As the Bot API has it.
 * @param {Object} acts - What people do with it: `tap`, `menu`, `palette`,
 *   `react`, `jump`, and those of a text.
 */
export function bubble(message, acts) {
  const event = happened(message);
  if (event) return make("p.event", { "data-message": message.message_id }, event);
  const name = nameOf(message);
  const sender = message.sender_chat ?? message.from;
  const keyboard = buttons(message, acts);
  const body = make(
    "div.bubble",
    {},
    make(`p.name.ink-${tone(sender.id)}`, {}, name, message.from?.is_bot && badge(), via(message)),
    quotation(message, acts),
    attachment(message),
    make("div.text", {}, ...shown(said(message), entities(message), acts), times(message)),
    opener("more", "message_actions", ({ left, bottom }) => acts.menu(message, { x: left, y: bottom })),
    opener("react", "react", ({ left, top }) => acts.palette(message, { x: left, y: top - ABOVE })),
    reactions(message, acts),
  );
  // The same is in the menu, so that there is one thing less to step over.
  body.querySelector(".react").tabIndex = -1;
  const article = make(
    "article.message",
    { "data-message": message.message_id, "data-sender": sender.id, tabindex: "-1" },
    avatar(sender.id, name),
    make("div.stack", {}, body, keyboard),
  );
  article.classList.toggle("own", isOwn(message));
  article.setAttribute("aria-label", say("message_of", { name, time: clock(message.date) }));
  article.addEventListener("contextmenu", (click) => {
    if (click.target.closest("a") || String(getSelection())) return;
    click.preventDefault();
    acts.menu(message, { x: click.clientX, y: click.clientY });
  });
  return article;
}

const said = (message) => message.text ?? message.caption ?? "";
const entities = (message) => message.entities ?? message.caption_entities;
const badge = () => make("span.badge", {}, say("bot"));

function via(message) {
  if (!message.via_bot) return null;
  return make("span.via", {}, ` ${say("delivered_by", { name: message.via_bot.username })}`);
}

function times(message) {
  const moment = make("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date));
  const changed = message.edit_date && make("span", {}, `${say("edited")} `);
  return make("span.times", {}, changed || null, moment);
}

function quotation(message, acts) {
  const original = message.reply_to_message;
  if (!original || original.forum_topic_created) return null;
  const name = nameOf(original);
  const quoted = make(
    `button.reply.ink-${tone((original.sender_chat ?? original.from).id)}`,
    { type: "button", onclick: () => acts.jump(original.message_id) },
    make("strong", {}, name),
    make("span", {}, message.quote?.text ?? summary(original)),
  );
  return quoted;
}

/** Return a button that opens a menu. */
function opener(name, title, open) {
  const button = make(`button.${name}`, { type: "button", "aria-haspopup": "menu" }, icon(name));
  label(button, say(title));
  button.addEventListener("click", () => open(button.getBoundingClientRect()));
  return button;
}

function buttons(message, acts) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const keyboard = make("div.keyboard", { role: "group" });
  rows.forEach((row, r) => {
    const line = make("div.row");
    row.forEach((button, c) => {
      line.append(button.url ? address(button, acts) : action(button, (self) => acts.tap(message, r, c, self)));
    });
    keyboard.append(line);
  });
  return keyboard;
}

function address(button, acts) {
  const follow = (event) => {
    if (acts.link(button.url)) event.preventDefault();
  };
  const traits = { href: button.url, target: "_blank", rel: "noopener noreferrer", onclick: follow };
  const name = /\/\/t\.me\/share/.test(button.url) ? "share" : "out";
  return make("a.key", traits, make("span", {}, button.text), icon(name));
}

function action(button, act) {
  const key = make("button.key", { type: "button" }, make("span", {}, button.text));
  key.addEventListener("click", () => act(key));
  return key;
}
