/** The page: which chat is open, and what happens in it. */

import { Composer } from "./composer.js";
import { avatar, icon, make, the } from "./dom.js";
import { alertBox, dialog, menuBelow, menu, toast } from "./layers.js";
import { Log } from "./log.js";
import { drawOverview } from "./overview.js";
import * as server from "./server.js";
import * as know from "./store.js";
import { store } from "./store.js";
import { label, say, speak, spoken } from "./words.js";

const TYPING = 6000;
const THEMES = ["auto", "light", "dark"];
const TROUBLE = {
  fault_429: { retry_after: 3, times: 1, method: "sendMessage" },
  fault_502: { status: 502, times: 3, method: "sendMessage" },
  fault_cut: { reset: "before", times: 2, method: "sendMessage" },
  fault_late: { delay: 2, times: 1, method: "sendMessage" },
  fault_outage: { down: 5 },
  fault_clear: { clear: true },
};

let chat = null;
let topic;
let payload = null;
let silence = 0;

const composer = new Composer();
const log = new Log({ tap, menu: messageMenu, link: follow, command: (text) => composer.act(text), mention });

// Where we are.

/** Show what the address names: `#/chat`, `#/chat/topic` or `#/@bot?payload`. */
async function route() {
  const [place, asked] = decodeURI(location.hash.replace(/^#\/?/, "")).split("?");
  const [name, thread] = place.split("/");
  payload = asked ?? null;
  if (name.startsWith("@")) {
    const bot = [...store.bots.values()].find(({ username }) => `@${username}`.toLowerCase() === name.toLowerCase());
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
    drawHead();
    await log.open(chat, topic);
    drawFoot();
    if (canType() && !the("composer").hidden) composer.focus();
  } else log.close();
  drawOverview(chat?.id);
}

/** Return whether there is a keyboard, so that none is to appear on the screen. */
const canType = () => matchMedia("(hover: hover) and (pointer: fine)").matches;

// What is drawn beside the messages.

function drawAll() {
  drawMe();
  drawOverview(chat?.id);
  composer.translate();
  if (!chat) return;
  drawHead();
  log.redraw();
  drawFoot();
}

function drawMe() {
  const me = store.people.get(store.you);
  the("me").replaceChildren(avatar(me.id, me.name));
  label(the("me"), say("write_as", { name: me.name }));
  the("writer").replaceChildren(avatar(me.id, me.name));
  label(the("writer"), say("write_as", { name: me.name }));
  the("language").textContent = say("language");
  label(the("language"), say("language_label"));
}

function drawHead() {
  const title = know.titleOf(chat);
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

/** Show what can be done below the messages: write, start, unblock. */
function drawFoot() {
  if (!chat) return;
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

function drawTyping(name) {
  clearTimeout(silence);
  const line = the("subtitle");
  line.textContent = say("typing", { name });
  line.classList.add("typing");
  silence = setTimeout(() => chat && drawHead(), TYPING);
}

// What people do.

async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof server.Refused)) throw error;
    toast(say("failed", { why: error.message }));
    return null;
  }
}

async function tap(message, row, column, key) {
  const button = message.reply_markup.inline_keyboard[row][column];
  const query = button.switch_inline_query_current_chat ?? button.switch_inline_query;
  if (query !== undefined) {
    composer.begin(`@${(message.via_bot ?? message.from).username} ${query}`);
    return;
  }
  if (button.copy_text) {
    await copy(button.copy_text.text);
    return;
  }
  if (key.getAttribute("aria-busy") === "true") return;
  key.setAttribute("aria-busy", "true");
  const answer = await attempt(() =>
    server.tap(chat.id, message.message_id, { as: store.you, row, column }),
  );
  key.removeAttribute("aria-busy");
  if (answer?.url && !follow(answer.url)) window.open(answer.url, "_blank", "noopener");
  if (answer?.text) await (answer.alert ? alertBox(answer.text) : toast(answer.text));
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
  const bot = [...store.bots.values()].find(({ username }) => username.toLowerCase() === path.toLowerCase());
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

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(say("copied"));
}

function messageMenu(message, where) {
  const own = know.isOwn(message);
  const said = message.text ?? message.caption ?? "";
  const items = [{ icon: "reply", text: say("reply"), act: () => composer.answer(message) }];
  if (said) items.push({ icon: "copy", text: say("copy"), act: () => void copy(said) });
  if (own && said && !message.via_bot) items.push({ icon: "edit", text: say("edit"), act: () => composer.change(message) });
  if (own) {
    const remove = () => attempt(() => server.remove(chat.id, message.message_id, store.you));
    items.push({ icon: "delete", text: say("delete"), act: () => void remove() });
  }
  menu(say("message_actions"), items, where);
}

function chatMenu() {
  const items = [{ icon: "bolt", text: say("faults"), act: trouble }];
  if (chat.type === "private") {
    const isBlocked = know.isBlocked(chat);
    const text = say(isBlocked ? "unblock" : "block");
    items.push({ icon: "block", text, act: () => void block(!isBlocked) });
  }
  menuBelow(the("more"), say("chat_menu"), items);
}

const block = (blocked) =>
  attempt(() => server.block({ as: store.you, bot: know.botOf(chat), blocked }));

/** Choose who writes: among all, or among those in this group. */
function chooseWriter(control, people) {
  const items = people.map((person) => ({
    text: person.name,
    picture: avatar(person.id, person.name),
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
  await Promise.all(know.ownChats().map((one) => know.fetchMessages(one)));
  if (chat?.type === "private") location.hash = `#/@${know.botIn(chat).username}`;
  await route();
}

async function trouble() {
  const choices = Object.keys(TROUBLE).map((name) =>
    make(
      "button.choice-row",
      { type: "submit", value: name },
      icon(name === "fault_clear" ? "heal" : "bolt"),
      make("span", {}, make("strong", {}, say(name)), name !== "fault_clear" && make("small", {}, say(`${name}_about`))),
    ),
  );
  const about = make("p", {}, say("faults_about"));
  const chosen = await dialog(say("faults"), [about, ...choices], [{ text: say("close"), value: "" }]);
  if (!chosen || !(await attempt(() => server.causeTrouble(TROUBLE[chosen])))) return;
  toast(chosen === "fault_clear" ? say("all_clear") : say("fault_done", { name: say(chosen) }));
}

async function start() {
  const text = payload ? `/start ${payload}` : "/start";
  history.replaceState(null, "", `#/${chat.id}`);
  payload = null;
  const message = await attempt(() => server.send(chat.id, { as: store.you, text }));
  if (message) received(chat.id, message);
  drawFoot();
  if (canType()) composer.focus();
}

// What happens.

async function hear(kind, data) {
  if (kind === "chat") {
    await know.refresh();
    if (chat) {
      chat = store.chats.get(chat.id) ?? chat;
      log.follow(chat);
      drawHead();
    }
  } else if (kind === "commands") {
    composer.forgetCommands();
    await know.refresh();
  } else if (kind === "typing" && data.chat === chat?.id) {
    drawTyping(store.bots.get(data.author)?.name ?? store.people.get(data.author)?.name ?? "");
    return;
  } else if (kind === "message" || kind === "edited") {
    received(data.chat, data.message);
  } else if (kind === "deleted") {
    know.forget(data.chat, data.message_id);
    if (data.chat === chat?.id) log.draw();
  }
  drawOverview(chat?.id);
  drawFoot();
}

function received(place, message) {
  const where = store.chats.get(place);
  const isNew = know.keep(place, message);
  const here = place === chat?.id && (!chat.is_forum || know.topicOf(message) === topic);
  if (place === chat?.id && !know.isOwn(message)) drawHead();
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
  await Promise.all(know.ownChats().map((one) => know.fetchMessages(one)));
  chat = store.chats.get(chat?.id) ?? null;
  if (!chat) {
    await route();
    return;
  }
  drawHead();
  log.follow(chat);
  drawFoot();
  drawOverview(chat.id);
}

// How it looks and speaks.

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

function themeMenu() {
  const items = THEMES.map((theme) => ({
    icon: `theme-${theme}`,
    text: say(`theme_${theme}`),
    checked: document.documentElement.dataset.theme === theme,
    act: () => setTheme(theme),
  }));
  menuBelow(the("theme"), say("theme"), items);
}

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
  setTheme(THEMES.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "auto");
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
  await Promise.all(know.ownChats().map((one) => know.fetchMessages(one)));
  drawAll();
  window.addEventListener("unhandledrejection", (event) => {
    if (!(event.reason instanceof server.Refused)) return;
    event.preventDefault();
    toast(say("failed", { why: event.reason.message }));
  });
  window.addEventListener("hashchange", () => void route());
  if (!location.hash && matchMedia("(min-width: 50rem)").matches && store.bots.size) {
    history.replaceState(null, "", `#/@${[...store.bots.values()][0].username}`);
  }
  await route();
  document.body.classList.add("ready");
}

void begin();
