/** The messages of the open chat, in order, with days between them. */

import { bubble } from "./bubble.js";
import { arrange, gently, make, the } from "./dom.js";
import { callName, fetchMessages, happened, isOwn, messagesOf, nameOf, store, summary } from "./store.js";
import { day, label, say } from "./words.js";

const NEAR = 80;
const TOGETHER = 300;

export class Log {
  /** @param {Object} acts - What people do with messages. */
  constructor(acts) {
    this.acts = { ...acts, jump: (id) => this.jump(id) };
    this.scroller = the("scroller");
    this.list = the("log");
    this.latest = the("latest");
    this.shown = new Map();
    this.chat = null;
    this.topic = undefined;
    this.missed = 0;
    this.loading = false;
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.latest.addEventListener("click", () => this.toEnd(gently()));
    this.list.addEventListener("keydown", (event) => this.move(event));
    new ResizeObserver(() => this.pinned && this.toEnd()).observe(this.scroller);
    this.pinned = true;
  }

  /** Show a chat from its end. */
  async open(chat, topic) {
    this.chat = chat;
    this.topic = topic;
    this.shown.clear();
    this.list.replaceChildren();
    this.list.classList.toggle("private", chat.type === "private");
    this.firstUnread = null;
    this.pinned = true;
    this.list.setAttribute("aria-busy", "true");
    await fetchMessages(chat, { topic });
    if (this.chat !== chat || this.topic !== topic) return;
    const unread = store.unread.get(chat.id) ?? 0;
    this.firstUnread = unread ? messagesOf(chat, topic).at(-unread)?.message_id : null;
    store.unread.delete(chat.id);
    this.draw();
    this.list.setAttribute("aria-busy", "false");
    const mark = this.list.querySelector(".unread");
    if (mark) mark.scrollIntoView({ block: "center" });
    else this.toEnd();
  }

  /** Go on with what is known of the same chat now. */
  follow(chat) {
    this.chat = chat;
    this.draw();
  }

  close() {
    this.chat = null;
    this.shown.clear();
    this.list.replaceChildren();
  }

  /** Draw everything anew, say in another language. */
  redraw() {
    this.shown.clear();
    this.draw();
  }

  /** Show what has changed. */
  draw() {
    if (!this.chat) return;
    const messages = messagesOf(this.chat, this.topic);
    const held = this.heldFocus();
    const children = [];
    let before = null;
    messages.forEach((message, index) => {
      const today = day(message.date);
      if (!before || day(before.date) !== today) {
        children.push(this.separator(`day-${today}`, "p.day", today));
        before = null;
      }
      if (message.message_id === this.firstUnread) {
        children.push(this.separator("unread", "p.unread", say("unread")));
        before = null;
      }
      const element = this.element(message);
      const after = messages[index + 1];
      element.classList.toggle("follows", together(before, message));
      element.classList.toggle("precedes", Boolean(after) && together(message, after));
      children.push(element);
      before = message;
    });
    if (!messages.length) children.push(this.separator("empty", "p.event", say("empty_chat")));
    arrange(this.list, children);
    held?.();
    if (this.pinned) this.toEnd();
  }

  /** Hear of a message that has come or changed. */
  heard(message, isNew) {
    const fresh = isNew && !isOwn(message);
    if (isNew && isOwn(message)) this.pinned = true;
    this.draw();
    if (fresh) announce(message);
    if (fresh && !this.pinned) {
      this.missed += 1;
      this.markLatest();
    }
  }

  /** Hear of a reaction that was put below a message, or taken back. */
  heardReaction({ chat, author, message_id: id, reactions }) {
    if (chat !== this.chat?.id) return;
    this.draw();
    const [emoji] = reactions.filter(({ by }) => by.includes(author)).map((one) => one.emoji);
    if (!emoji || author === store.you || !this.shown.has(id)) return;
    the("news").textContent = say("reacted", { name: callName(author), emoji });
  }

  /** Show a message that is quoted somewhere. */
  async jump(id) {
    const chat = this.chat;
    for (let tries = 0; !this.shown.has(id) && tries < 20 && !this.isComplete; tries += 1) {
      await this.fetchOlder();
      if (this.chat !== chat) return;
    }
    const { element } = this.shown.get(id) ?? {};
    if (!element) return;
    this.pinned = false;
    element.scrollIntoView({ block: "center", behavior: gently() });
    element.focus({ preventScroll: true });
    element.classList.add("found");
    setTimeout(() => element.classList.remove("found"), 1600);
  }

  toEnd(behavior = "instant") {
    this.pinned = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
    this.missed = 0;
    this.markLatest();
  }

  /** Return the element of a message, the same for as long as the message is the same. */
  element(message) {
    const known = this.shown.get(message.message_id);
    if (known?.message === message) return known.element;
    const element = bubble(message, this.acts);
    this.shown.set(message.message_id, { message, element });
    return element;
  }

  separator(key, tag, text) {
    const known = this.shown.get(key);
    if (known) return known.element;
    const element = make(tag, {}, make("span", {}, text));
    this.shown.set(key, { element });
    return element;
  }

  /** Return what puts the focus back into a message that is drawn anew. */
  heldFocus() {
    const focused = document.activeElement;
    const article = focused?.closest?.("#log [data-message]");
    if (!article) return null;
    const every = (root) => [...root.querySelectorAll("a, button, [tabindex]")];
    const index = every(article).indexOf(focused);
    const same = (control) => control.outerHTML === focused.outerHTML;
    return () => {
      if (focused.isConnected) return;
      const now = this.list.querySelector(`[data-message="${article.dataset.message}"]`);
      if (!now) return;
      const controls = every(now);
      const control = controls.find(same) ?? controls[Math.min(index, controls.length - 1)];
      (index < 0 ? now : (control ?? now)).focus({ preventScroll: true });
    };
  }

  get isComplete() {
    return store.complete.has(`${this.chat.id}/${this.topic ?? ""}`);
  }

  async fetchOlder() {
    if (this.loading || !this.chat || this.isComplete) return;
    this.loading = true;
    const { chat, topic } = this;
    const [oldest] = messagesOf(chat, topic);
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    try {
      await fetchMessages(chat, { topic, before: oldest?.message_id });
      if (this.chat === chat && this.topic === topic) {
        this.draw();
        this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
      }
    } finally {
      this.loading = false;
    }
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.pinned = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.pinned) this.missed = 0;
    this.markLatest();
    if (scrollTop < NEAR && scrollHeight > clientHeight) void this.fetchOlder();
  }

  markLatest() {
    this.latest.hidden = this.pinned;
    this.latest.querySelector(".count").textContent = this.missed || "";
    label(this.latest, this.missed ? say("latest_count", { count: this.missed }) : say("latest"));
  }

  /** Move among messages by keys. */
  move(event) {
    const article = event.target.closest("article");
    if (event.target !== article) return;
    const every = [...this.list.querySelectorAll("article")];
    const index = every.indexOf(article);
    const steps = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: every.length - 1 };
    if (event.key in steps) {
      every[Math.max(0, Math.min(steps[event.key], every.length - 1))].focus();
    } else if (event.key === "Enter" || event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) {
      const { left, top } = article.getBoundingClientRect();
      const message = this.shown.get(Number(article.dataset.message))?.message;
      this.acts.menu(message, { x: left + 40, y: top + 20 });
    } else return;
    event.preventDefault();
  }

  /** Put the focus on the latest message. */
  focus() {
    [...this.list.querySelectorAll("article")].at(-1)?.focus();
  }
}

function together(before, message) {
  return (
    Boolean(before) &&
    !happened(before) &&
    !happened(message) &&
    (before.sender_chat ?? before.from)?.id === (message.sender_chat ?? message.from)?.id &&
    message.date - before.date < TOGETHER
  );
}

/** Let screen readers say what has come. */
function announce(message) {
  the("news").textContent = say("announce", { name: nameOf(message), text: summary(message) });
}
