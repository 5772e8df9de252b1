/** What the page knows: people, bots, chats and their messages. */

import { attachmentName } from "./attachment.js";
import * as server from "./server.js";
import { oneLine } from "./text.js";
import { say, spoken } from "./words.js";

const PRESENT = new Set(["creator", "administrator", "member", "restricted"]);
/** The topic of a forum that is always there. */
export const GENERAL = 1;
const PAGE = 60;

export const store = {
  people: new Map(),
  bots: new Map(),
  chats: new Map(),
  /** Messages by chat and by identifier. */
  messages: new Map(),
  /** Chats whose oldest message is here. */
  complete: new Set(),
  /** How many messages were not seen, by chat. */
  unread: new Map(),
  /** Identifier of the person who uses the page. */
  you: 0,
  /** Bytes that people send and that bots fetch, in one file. */
  limits: { upload: 0, download: 0 },
  /** The latest word of whoever runs the server. */
  notice: null,
};

/** Take over what the server says there is. */
export async function refresh() {
  const told = await server.fetchState(spoken());
  store.people = new Map(told.people.map((person) => [person.id, person]));
  store.bots = new Map(told.bots.map((bot) => [bot.id, bot]));
  store.chats = new Map(told.chats.map((chat) => [String(chat.id), { ...chat, id: String(chat.id) }]));
  store.limits = told.limits;
  store.notice = told.notice;
  if (!store.people.has(store.you)) store.you = told.you;
}

/** Fetch the latest messages of a chat, or those before the oldest that is here. */
export async function fetchMessages(chat, { topic, before } = {}) {
  const messages = await server.fetchMessages(chat.id, { topic, before, limit: PAGE });
  for (const message of messages) keep(chat.id, message);
  if (messages.length < PAGE) store.complete.add(`${chat.id}/${topic ?? ""}`);
}

/** Fetch the latest messages of all chats of whoever uses the page. */
export const fetchLatest = () => Promise.all(ownChats().map((chat) => fetchMessages(chat)));

/** Remember a message; return whether it is new. */
export function keep(chat, message) {
  if (!store.messages.has(chat)) store.messages.set(chat, new Map());
  const held = store.messages.get(chat);
  const known = held.get(message.message_id);
  // What happens to a message doesn't say what stands below it.
  held.set(message.message_id, { ...message, reactions: message.reactions ?? known?.reactions });
  return !known;
}

/** Remember what stands below a message, if the message is here; return whether it is. */
export function reacted(chat, id, reactions) {
  const message = store.messages.get(chat)?.get(id);
  return Boolean(message) && !keep(chat, { ...message, reactions });
}

export const forget = (chat, id) => store.messages.get(chat)?.delete(id);

/** Return the messages of a chat in order, of one topic if it has topics. */
export function messagesOf(chat, topic) {
  const held = [...(store.messages.get(chat.id)?.values() ?? [])];
  const wanted = chat.is_forum ? held.filter((message) => topicOf(message) === topic) : held;
  return wanted.sort((a, b) => a.message_id - b.message_id);
}

export const topicOf = (message) =>
  (message.is_topic_message && message.message_thread_id) || GENERAL;

/** Return the bot with a username. */
export const botNamed = (name) =>
  [...store.bots.values()].find(({ username }) => username.toLowerCase() === name.toLowerCase());

/** Return the private chat of a person with a bot, if it is there. */
export function privateChat(person, bot) {
  return [...store.chats.values()].find(
    (chat) => chat.type === "private" && botOf(chat) === bot && statusIn(chat, person),
  );
}

/** Return the chats of whoever uses the page, the one with the latest message first. */
export function ownChats() {
  const own = [...store.chats.values()].filter((chat) => isIn(chat, store.you));
  // A bot that nobody has talked to yet stands first: it is why the page is there.
  const last = (chat) => lastOf(chat)?.date ?? (chat.type === "private" ? Infinity : 0);
  return own.sort((a, b) => last(b) - last(a));
}

export const lastOf = (chat) => {
  const held = [...(store.messages.get(chat.id)?.values() ?? [])];
  return held.reduce((last, one) => (last && last.message_id > one.message_id ? last : one), null);
};

export const statusIn = (chat, id) => chat.members.find((member) => member.id === id)?.status;
export const isIn = (chat, id) => PRESENT.has(statusIn(chat, id));

/** Return the identifier of the bot of a chat. */
export const botOf = (chat) => chat.bot ?? chat.members.find(({ id }) => store.bots.has(id))?.id;

/** Return the bot of a chat. */
export const botIn = (chat) => store.bots.get(botOf(chat));

/** Return the people, not the bots, who are in a chat. */
export const peopleIn = (chat) =>
  chat.members.filter(({ id }) => store.people.has(id) && isIn(chat, id)).map(({ id }) => store.people.get(id));

/** Return whether you stopped the bot of a private chat. */
export const isBlocked = (chat) => chat.type === "private" && statusIn(chat, botOf(chat)) === "kicked";

/** Return what a chat is called. */
export const titleOf = (chat) => (chat.type === "private" ? botIn(chat)?.name : chat.title) ?? chat.title;

/** Return the name of a message's sender. */
export function nameOf(message) {
  const sender = message.sender_chat ?? message.from;
  return sender?.title ?? sender?.first_name ?? "";
}

/** Return the name of a person or a bot. */
export const callName = (id) => (store.people.get(id) ?? store.bots.get(id))?.name ?? "";

export const isOwn = (message) => !message.sender_chat && message.from?.id === store.you;

/** Return what a message says, in one line. */
export function summary(message) {
  return oneLine(message.text ?? message.caption ?? happened(message) ?? attachmentName(message));
}

/** Return what a message says happened to its chat; nothing if somebody wrote it. */
export function happened(message) {
  const name = nameOf(message);
  if (message.forum_topic_created) {
    return say("topic_created", { name, topic: message.forum_topic_created.name });
  }
  if (message.forum_topic_closed) return say("topic_closed");
  if (message.forum_topic_reopened) return say("topic_reopened");
  if (message.new_chat_members) {
    return say("joined", { name: message.new_chat_members.map((one) => one.first_name).join(", ") });
  }
  if (message.left_chat_member) return say("left", { name: message.left_chat_member.first_name });
  return null;
}
