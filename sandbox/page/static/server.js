/** Talks to the local Telegram that serves this page. */

const KINDS = ["message", "edited", "deleted", "reaction", "typing", "callback", "commands", "chat", "notice"];
const PAUSE = 1500;

/** What the server doesn't do, in its own words. */
export class Refused extends Error {}

async function call(method, path, body) {
  const request = { method, headers: {} };
  if (body instanceof Blob) request.body = body;
  else if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`/client/${path}`, request);
  } catch {
    throw new Refused("no connection");
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(told.error ?? told.description ?? `HTTP ${answer.status}`);
  return told;
}

const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return new URLSearchParams(given).toString();
};

export const fetchState = (language) => call("GET", `state?${query({ language })}`);
export const fetchMessages = (chat, range) => call("GET", `chats/${chat}/messages?${query(range)}`);
export const fetchCommands = (chat, person) => call("GET", `commands?${query({ chat, as: person })}`);
export const send = (chat, message) => call("POST", `chats/${chat}/messages`, message);
export const sendFile = (chat, content, message) =>
  call("POST", `chats/${chat}/files?${query(message)}`, content);
export const addressOf = (file) => `/client/files/${file}`;
export const react = (chat, id, change) => call("PUT", `messages/${chat}/${id}/reactions`, change);
export const edit = (chat, id, change) => call("PATCH", `messages/${chat}/${id}`, change);
export const remove = (chat, id, person) =>
  call("DELETE", `messages/${chat}/${id}?${query({ as: person })}`);
export const tap = (chat, id, where) => call("POST", `messages/${chat}/${id}/tap`, where);
export const askInline = (question) => call("POST", "inline", question);
export const chooseInline = (choice) => call("POST", "inline/choose", choice);
export const block = (change) => call("POST", "block", change);
export const causeTrouble = (fault) => call("POST", "faults", fault);
export const addChat = (chat) => call("POST", "chats", chat);
export const changePerson = (id, change) => call("PATCH", `people/${id}`, change);

/**
 * Hear of everything that happens, for as long as the page is open.
 * @param {function(string, Object)} hear - Told the kind of an event and its data.
 * @param {function(boolean, boolean)} connected - Told whether there is a connection, and whether
 *   it is there again: what happened meanwhile may be unknown, even who serves the page now.
 */
export function watch(hear, connected) {
  let lost = false;
  const connect = () => {
    const events = new EventSource("/client/events");
    events.addEventListener("open", () => {
      connected(true, lost);
      lost = false;
    });
    events.addEventListener("error", () => {
      lost = true;
      connected(false, false);
      if (events.readyState === EventSource.CLOSED) setTimeout(connect, PAUSE);
    });
    for (const kind of KINDS) {
      events.addEventListener(kind, (event) => hear(kind, JSON.parse(event.data)));
    }
  };
  connect();
}
