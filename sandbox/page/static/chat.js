/** The page: which chat is open, and what happens in it. */

import { Actions } from "./actions.js";
import { Composer } from "./composer.js";
import { avatar, make, the } from "./dom.js";
import { drawFoot, drawHead, drawMe, drawTyping } from "./frame.js";
import { alertBox, dialog, menuBelow, toast } from "./layers.js";
import { Log } from "./log.js";
import { drawNotice, hearNotice } from "./notice.js";
import { drawOverview } from "./overview.js";
import * as server from "./server.js";
import * as know from "./store.js";
import { store } from "./store.js";
import { restoreTheme, themeMenu } from "./theme.js";
import { trouble } from "./trouble.js";
import { say, speak, spoken } from "./words.js";

let chat = null;
let topic;
/** What a deep link starts the bot with. */
let payload = null;

const composer = new Composer();
const actions = new Actions(composer, () => chat);
const log = new Log({
  tap,
  menu: (message, where) => actions.menu(message, where),
  palette: (message, where) => actions.palette(message, where),
  react: (message, emoji) => void actions.react(message, emoji),
  link: follow,
  command: (text) => composer.act(text),
  mention,
});

// Where we are.

/** Show what the address names: `#/chat`, `#/chat/topic` or `#/@bot?payload`. */
async function route() {
  const [place, asked] = decodeURI(location.hash.replace(/^#\/?/, "")).split("?");
  const [name, thread] = place.split("/");
  payload = asked ?? null;
  if (name.startsWith("@")) {
    const bot = know.botNamed(name.slice(1));
    await open(bot ? await chatWith(bot) : null);
  } else {
    if (name && !store.chats.has(name)) await know.refresh();
    const wanted = store.chats.get(name);
    await open(wanted && know.isIn(wanted, store.you) ? wanted : null, Number(thread) || undefined);
  }
}

async function chatWith(bot) {
  if (!know.privateChat(store.you, bot.id)) {
    await server.addChat({ type: "private", as: store.you, bot: bot.id });
    await know.refresh();
  }
  return know.privateChat(store.you, bot.id);
}

async function open(wanted, thread) {
  chat = wanted;
  topic = chat?.is_forum ? (thread ?? know.GENERAL) : undefined;
  document.body.classList.toggle("in-chat", Boolean(chat));
  the("conversation").hidden = !chat;
  the("nothing").hidden = Boolean(chat);
  if (chat) {
    composer.open(chat, topic);
    head();
    await log.open(chat, topic);
    foot();
    if (canType() && !the("composer").hidden) composer.focus();
  } else log.close();
  drawOverview(chat?.id);
}

/** Return whether there is a keyboard, so that none is to appear on the screen. */
const canType = () => matchMedia("(hover: hover) and (pointer: fine)").matches;

// What is drawn beside the messages.

const head = () => chat && drawHead(chat, topic);
const foot = () => chat && drawFoot(chat, topic, payload);

function drawAll() {
  drawMe();
  drawOverview(chat?.id);
  composer.translate();
  head();
  log.redraw();
  foot();
  drawNotice(store.notice);
}

// What people do.

async function tap(message, row, column, key) {
  const button = message.reply_markup.inline_keyboard[row][column];
  const query = button.switch_inline_query_current_chat ?? button.switch_inline_query;
  if (query !== undefined) {
    composer.begin(`@${(message.via_bot ?? message.from).username} ${query}`);
    return;
  }
  if (button.copy_text) {
    await actions.copy(button.copy_text.text);
    return;
  }
  if (key.getAttribute("aria-busy") === "true") return;
  key.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await server.tap(chat.id, message.message_id, { as: store.you, row, column });
  } finally {
    key.removeAttribute("aria-busy");
  }
  if (answer.url && !follow(answer.url)) window.open(answer.url, "_blank", "noopener");
  if (answer.text) await (answer.alert ? alertBox(answer.text) : toast(answer.text));
}

/** Follow a link that leads to somewhere within the page; return whether it does. */
function follow(url) {
  const [, host, path, search] = /^https?:\/\/(t\.me|telegram\.me)\/([^?#]*)\??([^#]*)/.exec(url) ?? [];
  if (!host) return false;
  const values = new URLSearchParams(search);
  if (path === "share/url" || path === "share") {
    void share(`${values.get("url") ?? ""}\n${values.get("text") ?? ""}`.trim());
    return true;
  }
  const bot = know.botNamed(path);
  if (!bot) return false;
  const start = values.get("start");
  location.hash = `#/@${bot.username}${start === null ? "" : `?${start}`}`;
  return true;
}

/** Let somebody choose a chat, and put what they share into its input field. */
async function share(text) {
  const choices = know.ownChats().map((one) =>
    make(
      "button.choice-row",
      { type: "submit", value: one.id },
      avatar(one.id.split("-")[0] || one.id, know.titleOf(one)),
      make("span", {}, know.titleOf(one)),
    ),
  );
  const chosen = await dialog(say("choose_chat"), choices, [{ text: say("cancel"), value: "" }]);
  if (!chosen) return;
  if (chat.id !== chosen) {
    history.pushState(null, "", `#/${chosen}`);
    await route();
  }
  composer.begin(text);
}

function mention(name) {
  if (!follow(`https://t.me/${name.slice(1)}`)) composer.begin(`${name} `);
}

function chatMenu() {
  const items = [{ icon: "bolt", text: say("faults"), act: () => void trouble() }];
  if (chat.type === "private") {
    const isBlocked = know.isBlocked(chat);
    const text = say(isBlocked ? "unblock" : "block");
    items.push({ icon: "block", text, act: () => void block(!isBlocked) });
  }
  menuBelow(the("more"), say("chat_menu"), items);
}

const block = (blocked) => server.block({ as: store.you, bot: know.botOf(chat), blocked });

/** Choose who writes: among all, or among those in this group. */
function chooseWriter(control, people) {
  const items = people.map((person) => ({
    text: person.name,
    picture: avatar(person.id, person.name),
    note: person.note[spoken()],
    checked: person.id === store.you,
    act: () => void become(person.id),
  }));
  menuBelow(control, say("write_as_title"), items);
}

async function become(person) {
  store.you = person;
  localStorage.setItem("you", String(person));
  store.unread.clear();
  drawMe();
  await know.fetchLatest();
  if (chat?.type === "private") location.hash = `#/@${know.botIn(chat).username}`;
  await route();
}

async function start() {
  const text = payload ? `/start ${payload}` : "/start";
  history.replaceState(null, "", `#/${chat.id}`);
  payload = null;
  received(chat.id, await server.send(chat.id, { as: store.you, text }));
  foot();
  if (canType()) composer.focus();
}

// What happens.

async function hear(kind, data) {
  if (kind === "chat") {
    await know.refresh();
    if (chat) {
      chat = store.chats.get(chat.id) ?? chat;
      log.follow(chat);
      head();
    }
  } else if (kind === "commands") {
    composer.forgetCommands();
    await know.refresh();
  } else if (kind === "typing" && data.chat === chat?.id) {
    drawTyping(chat, topic, store.bots.get(data.author)?.name ?? store.people.get(data.author)?.name ?? "");
    return;
  } else if (kind === "notice") {
    store.notice = data.notice;
    hearNotice(data.notice);
    return;
  } else if (kind === "reaction") {
    if (know.reacted(data.chat, data.message_id, data.reactions)) log.heardReaction(data);
    return;
  } else if (kind === "message" || kind === "edited") {
    received(data.chat, data.message);
  } else if (kind === "deleted") {
    know.forget(data.chat, data.message_id);
    if (data.chat === chat?.id) log.draw();
  }
  drawOverview(chat?.id);
  foot();
}

function received(place, message) {
  const where = store.chats.get(place);
  const isNew = know.keep(place, message);
  const here = place === chat?.id && (!chat.is_forum || know.topicOf(message) === topic);
  if (place === chat?.id && !know.isOwn(message)) head();
  if (here) log.heard(message, isNew);
  const seen = here && !document.hidden;
  if (isNew && !seen && !know.isOwn(message) && where && know.isIn(where, store.you)) {
    store.unread.set(place, (store.unread.get(place) ?? 0) + 1);
  }
}

/** Take over everything anew: events may have been missed. */
async function catchUp() {
  await know.refresh();
  store.messages.clear();
  store.complete.clear();
  await know.fetchLatest();
  drawNotice(store.notice);
  chat = store.chats.get(chat?.id) ?? null;
  if (!chat) {
    await route();
    return;
  }
  head();
  log.follow(chat);
  foot();
  drawOverview(chat.id);
}

// How it looks and speaks.

async function setLanguage(language) {
  localStorage.setItem("language", language);
  speak(language);
  await adopt();
  drawAll();
}

/** Let the app of whoever uses the page have the page's language, as bots are told. */
async function adopt() {
  const code = spoken() === "zh" ? "zh-hans" : "en";
  await know.refresh();
  const me = store.people.get(store.you);
  if (me.language_code?.slice(0, 2) === spoken()) return;
  await server.changePerson(me.id, { language_code: code });
  composer.forgetCommands();
}

async function begin() {
  store.you = Number(localStorage.getItem("you"));
  restoreTheme();
  // Whatever the server refuses is said here, and what was to follow isn't done.
  window.addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof server.Refused)) return;
    event.preventDefault();
    toast(say("failed", { why: event.reason.message }));
  });
  speak(localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
  the("composer").addEventListener("keydown", (event) => {
    if (event.key === "PageUp") log.focus();
  });
  the("start").addEventListener("click", () => void start());
  the("unblock").addEventListener("click", () => void block(false));
  the("more").addEventListener("click", chatMenu);
  the("faults").addEventListener("click", () => void trouble());
  the("theme").addEventListener("click", themeMenu);
  the("language").addEventListener("click", () => void setLanguage(spoken() === "en" ? "zh" : "en"));
  the("me").addEventListener("click", () => chooseWriter(the("me"), [...store.people.values()]));
  the("writer").addEventListener("click", () => chooseWriter(the("writer"), know.peopleIn(chat)));
  the("back").addEventListener("click", () => {
    location.hash = "";
  });
  await new Promise((resolve) => {
    server.watch(hear, (there, anew) => {
      the("offline").hidden = there;
      if (there) resolve();
      if (anew) void catchUp();
    });
  });
  await adopt();
  await know.fetchLatest();
  drawAll();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !chat) return;
    store.unread.delete(chat.id);
    drawOverview(chat.id);
  });
  window.addEventListener("hashchange", () => void route());
  if (!location.hash && matchMedia("(min-width: 50rem)").matches && store.bots.size) {
    history.replaceState(null, "", `#/@${[...store.bots.values()][0].username}`);
  }
  await route();
  document.body.classList.add("ready");
}

void begin();
