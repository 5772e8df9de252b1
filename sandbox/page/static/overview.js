/** The list of chats. */

import { arrange, avatar, make, the } from "./dom.js";
import { botIn, happened, isOwn, lastOf, nameOf, ownChats, privateChat, store, summary, titleOf } from "./store.js";
import { clock, day, say } from "./words.js";

/** Show the chats of whoever uses the page; the open one is marked. */
export function drawOverview(open) {
  const list = the("chats");
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const rows = ownChats().map((chat) => row(chat, chat.id === open));
  for (const bot of store.bots.values()) {
    if (!privateChat(store.you, bot.id)) rows.push(stranger(bot));
  }
  arrange(list, rows);
  if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function row(chat, open) {
  const last = lastOf(chat);
  const unread = store.unread.get(chat.id) ?? 0;
  const title = titleOf(chat);
  const who = last && chat.type !== "private" && !happened(last) ? `${isOwn(last) ? say("you") : nameOf(last)}: ` : "";
  const badge = make("span.count", { "aria-label": say("unread_count", { count: unread }) }, String(unread));
  const link = make(
    "a.chat",
    { href: `#/${chat.id}`, "aria-current": open ? "page" : null },
    avatar(chat.id.split("-")[0] || chat.id, title),
    make(
      "span.chat-words",
      {},
      make("span.chat-title", {}, make("strong", {}, title), last && make("time", {}, moment(last.date))),
      make("span.chat-last", {}, make("span", {}, last ? who + summary(last) : kind(chat)), unread ? badge : null),
    ),
  );
  return make("li", {}, link);
}

/** Return the row of a bot that nobody has talked to yet. */
function stranger(bot) {
  const words = make(
    "span.chat-words",
    {},
    make("span.chat-title", {}, make("strong", {}, bot.name)),
    make("span.chat-last", {}, make("span", {}, bot.short_description || say("bot"))),
  );
  return make("li", {}, make("a.chat", { href: `#/@${bot.username}` }, avatar(bot.id, bot.name), words));
}

function moment(seconds) {
  const called = day(seconds);
  return called === say("today") ? clock(seconds) : called;
}

function kind(chat) {
  if (chat.type === "private") return botIn(chat).short_description || say("bot");
  return say(chat.is_forum ? "forum" : "group");
}
