/** What stands around the messages of a chat: who it is, its topics, and what can be done. */

import { avatar, icon, make, the } from "./dom.js";
import * as know from "./store.js";
import { store } from "./store.js";
import { label, say } from "./words.js";

const TYPING = 6000;
let silence = 0;

/** Show who uses the page. */
export function drawMe() {
  const me = store.people.get(store.you);
  the("me").replaceChildren(avatar(me.id, me.name));
  label(the("me"), say("write_as", { name: me.name }));
  the("writer").replaceChildren(avatar(me.id, me.name));
  label(the("writer"), say("write_as", { name: me.name }));
  the("language").textContent = say("language");
  label(the("language"), say("language_label"));
}

/** Show what a chat is called, who is in it, and its topics. */
export function drawHead(chat, topic) {
  const title = know.titleOf(chat);
  clearTimeout(silence);
  document.title = title;
  the("title").textContent = title;
  the("head-avatar").replaceChildren(avatar(chat.id.split("-")[0] || chat.id, title));
  the("subtitle").classList.remove("typing");
  the("subtitle").textContent =
    chat.type === "private" ? say("bot") : say("members", { count: chat.members.length });
  const tabs = chat.is_forum ? chat.topics : [];
  the("topics").hidden = !tabs.length;
  the("topics").replaceChildren(
    ...tabs.map(({ id, name, closed }) =>
      make(
        "a.topic",
        { href: `#/${chat.id}/${id}`, "aria-current": id === topic ? "page" : null },
        id === know.GENERAL ? `# ${say("general")}` : name,
        closed && icon("lock"),
      ),
    ),
  );
}

/**
 * Show what can be done below the messages: write, start, unblock.
 * @param {?string} payload - What a deep link starts the bot with.
 */
export function drawFoot(chat, topic, payload) {
  const isPrivate = chat.type === "private";
  const isEmpty = isPrivate && !know.messagesOf(chat).length;
  const isBlocked = know.isBlocked(chat);
  const starts = !isBlocked && isPrivate && (isEmpty || payload !== null);
  const closed = chat.topics.find(({ id }) => id === topic)?.closed;
  const ruled = ["creator", "administrator"].includes(know.statusIn(chat, store.you));
  const shut = Boolean(closed) && !ruled;
  the("introduction").hidden = !isEmpty;
  the("log").hidden = isEmpty;
  if (isEmpty) {
    const bot = know.botIn(chat);
    the("introduction").querySelector("p").textContent = bot.description || bot.short_description;
  }
  the("composer").hidden = starts || isBlocked || shut;
  the("start").hidden = !starts;
  the("unblock").hidden = !isBlocked;
  the("shut").hidden = !shut;
  the("writer").hidden = isPrivate;
  the("commands").hidden = !isPrivate;
}

/** Show for a moment that somebody is typing. */
export function drawTyping(chat, topic, name) {
  clearTimeout(silence);
  const line = the("subtitle");
  line.textContent = say("typing", { name });
  line.classList.add("typing");
  silence = setTimeout(() => drawHead(chat, topic), TYPING);
}
