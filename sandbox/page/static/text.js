/** Shows the text of a message: Bot API entities become elements. */

import { icon, make } from "./dom.js";
import { label, say } from "./words.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote.expandable",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE = /^(?:https?|mailto|tel):/i;

/**
 * Return the nodes of a text.
 * @param {string} text - What is said.
 * @param {Object[]} entities - Its entities, with offsets and lengths in UTF-16 code units.
 * @param {Object} acts - What a click does: `link(url)`, `command(text)`, `mention(text)`.
 */
export function shown(text, entities, acts) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, acts);
}

/** Return the nodes of a part of a text, given the entities that begin in it. */
function span(text, begin, end, entities, acts) {
  const nodes = [];
  let at = begin;
  let afterBlock = false;
  const plain = (until, beforeBlock) => {
    let said = text.slice(at, until);
    // A block breaks the line by itself.
    if (afterBlock) said = said.replace(/^\n/, "");
    if (beforeBlock) said = said.replace(/\n$/, "");
    if (said) nodes.push(said);
  };
  for (let index = 0; index < entities.length; ) {
    const entity = entities[index];
    const until = Math.min(entity.offset + entity.length, end);
    let next = index + 1;
    while (next < entities.length && entities[next].offset < until) next += 1;
    if (entity.offset >= at && until > entity.offset) {
      const block = BLOCKS.has(entity.type);
      plain(entity.offset, block);
      const within = entities.slice(index + 1, next);
      const said = text.slice(entity.offset, until);
      nodes.push(element(entity, said, span(text, entity.offset, until, within, acts), acts));
      at = until;
      afterBlock = block;
    }
    index = next;
  }
  plain(end, false);
  return nodes;
}

function element(entity, said, children, acts) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, children, acts);
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(said) ? said : `https://${said}`, children, acts);
    case "email":
      return link(`mailto:${said}`, children, acts);
    case "bot_command":
      return make("button.inline", { type: "button", onclick: () => acts.command(said) }, said);
    case "mention":
      return make("button.inline", { type: "button", onclick: () => acts.mention(said) }, said);
    case "hashtag":
    case "cashtag":
    case "text_mention":
      return make("span.tag", {}, ...children);
    case "spoiler":
      return spoiler(children);
    case "expandable_blockquote":
      return expandable(children);
    default:
      return make(TAGS[entity.type] ?? "span", {}, ...children);
  }
}

function link(url, children, acts) {
  if (!SAFE.test(url)) return make("span", {}, ...children);
  const leave = (event) => {
    if (acts.link(url)) event.preventDefault();
  };
  const traits = { href: url, target: "_blank", rel: "noopener noreferrer", onclick: leave };
  return make("a", traits, ...children);
}

function spoiler(children) {
  const hidden = make("span.spoiler", { role: "button", tabindex: "0" });
  const text = make("span", { "aria-hidden": "true" }, ...children);
  hidden.append(text);
  label(hidden, say("reveal"));
  const reveal = () => {
    hidden.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label", "title"]) hidden.removeAttribute(name);
    text.removeAttribute("aria-hidden");
  };
  hidden.addEventListener("click", reveal);
  hidden.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    reveal();
  });
  return hidden;
}

function expandable(children) {
  const inner = make("div.quoted", {}, ...children);
  const toggle = make("button.toggle", { type: "button", "aria-expanded": "false" }, icon("down"));
  const quote = make("blockquote.expandable", {}, inner, toggle);
  label(toggle, say("show_all"));
  const turn = () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    label(toggle, say(open ? "show_less" : "show_all"));
  };
  toggle.addEventListener("click", turn);
  inner.addEventListener("click", (event) => {
    if (!quote.classList.contains("open") && !event.target.closest("a, button")) turn();
  });
  // Only a quote that doesn't fit in its lines has something to expand.
  new ResizeObserver(() => {
    if (!quote.classList.contains("open")) {
      quote.classList.toggle("short", inner.scrollHeight <= inner.clientHeight + 1);
    }
  }).observe(inner);
  return quote;
}

/** Return a text in one line, for previews. */
export const oneLine = (text) => text.replace(/\s+/gu, " ").trim();
