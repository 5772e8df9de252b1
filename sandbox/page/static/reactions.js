/** Reactions: those below a message, and the few that are offered. */

import { make } from "./dom.js";
import { callName, store } from "./store.js";
import { label, say } from "./words.js";

const OFFERED = ["👍", "👎", "❤", "🔥", "🎉", "🤔", "😁"];

const own = (message) => message.reactions?.filter(({ by }) => by.includes(store.you)) ?? [];

/** Return what somebody has below a message once they chose an emoji: the one they have is taken back. */
export const chosen = (message, emoji) => (own(message).some((one) => one.emoji === emoji) ? [] : [emoji]);

/** Return the reactions below a message as buttons; nothing if there are none. */
export function reactions(message, acts) {
  if (!message.reactions?.length) return null;
  const chips = message.reactions.map(({ emoji, by }) => {
    const pressed = String(by.includes(store.you));
    const traits = { type: "button", "aria-pressed": pressed, onclick: () => acts.react(message, emoji) };
    const chip = make("button.reaction", traits, make("span.emoji", {}, emoji), String(by.length));
    label(chip, say("reacted", { name: by.map(callName).join(", "), emoji }));
    return chip;
  });
  return make("div.reactions", { role: "group", "aria-label": say("reactions") }, ...chips);
}

/** Return the row of a menu that puts a reaction below a message, or takes it back. */
export const offered = (message, acts) => ({
  text: say("react"),
  choices: OFFERED.map((emoji) => ({
    text: emoji,
    checked: own(message).some((one) => one.emoji === emoji),
    act: () => acts.react(message, emoji),
  })),
});
