/** Where people write: drafts, replies, edits, commands, inline questions. */

import { avatar, make, the } from "./dom.js";
import * as server from "./server.js";
import { botIn, botNamed, isOwn, messagesOf, nameOf, store, summary } from "./store.js";
import { Suggestions } from "./suggestions.js";
import { Tray, read } from "./tray.js";
import { label, say } from "./words.js";

const TALLEST = 200;
const PAUSE = 250;
const INLINE = /^@(\w{3,32})\s([^]*)$/u;
const COMMAND = /^\/\w*$/u;

export class Composer {
  constructor() {
    this.form = the("composer");
    this.field = the("field");
    this.about = the("about-message");
    this.suggestions = new Suggestions(this.field);
    this.tray = new Tray(() => this.attached());
    this.drafts = new Map();
    this.commands = new Map();
    this.chat = null;
    this.topic = undefined;
    this.reply = null;
    this.editing = null;
    this.offers = null;
    this.asked = 0;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    the("cancel").addEventListener("click", () => this.cancel());
    the("commands").addEventListener("click", () => this.toggleCommands());
  }

  /** Write in another chat. */
  open(chat, topic) {
    if (this.chat) this.drafts.set(this.place, { text: this.editing ? "" : this.field.value, files: this.tray.files });
    this.chat = chat;
    this.topic = topic;
    this.reply = this.editing = null;
    this.describe();
    const { text = "", files = [] } = this.drafts.get(this.place) ?? {};
    this.put(text);
    this.tray.put(files);
  }

  get place() {
    return `${this.chat.id}/${this.topic ?? ""}/${store.you}`;
  }

  /** Put a text into the field. */
  put(text) {
    this.field.value = text;
    this.changed();
  }

  /** Begin to write something. */
  begin(text) {
    this.put(text);
    this.focus();
  }

  focus() {
    this.field.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  /** Forget the commands of all chats: the bot has changed them. */
  forgetCommands() {
    this.commands.clear();
  }

  answer(message) {
    this.editing = null;
    this.reply = message;
    this.describe();
    this.focus();
  }

  change(message) {
    this.reply = null;
    this.editing = message;
    this.describe();
    this.begin(message.text ?? message.caption ?? "");
  }

  cancel() {
    if (this.editing) this.put("");
    this.reply = this.editing = null;
    this.describe();
    this.focus();
  }

  /** Say above the field what is answered or changed. */
  describe() {
    const message = this.reply ?? this.editing;
    this.about.hidden = !message;
    if (!message) return;
    const title = this.editing ? say("editing") : say("add_quote", { name: nameOf(message) });
    this.about
      .querySelector("div")
      .replaceChildren(make("strong", {}, title), make("span", {}, summary(message)));
  }

  /** Send what is written and attached, or what is changed. */
  async submit() {
    const text = this.field.value.trim();
    if (this.tray.files.length && !this.editing) await this.sendFiles(text);
    else await this.sendText(text);
  }

  async sendText(text) {
    const { chat, editing } = this;
    if (!text || !chat) return;
    this.suggestions.close();
    if (editing) await server.edit(chat.id, editing.message_id, { as: store.you, text });
    else await server.send(chat.id, { as: store.you, text, ...this.whereTo() });
    this.sent(chat, text);
  }

  /** Send each file in a message of its own, the first with the text. What fails stays. */
  async sendFiles(text) {
    const { chat, place } = this;
    const files = this.tray.take();
    const message = { as: store.you, text, ...this.whereTo() };
    const refusals = [];
    this.suggestions.close();
    the("send").setAttribute("aria-busy", "true");
    try {
      while (files.length) {
        await server.sendFile(chat.id, await read(files[0]), { ...message, name: files[0].name });
        files.shift();
        message.text = "";
        this.sent(chat, text);
      }
    } catch (error) {
      if (error instanceof server.Refused) throw error;
      refusals.push(error.message);
      files.shift();
    } finally {
      the("send").removeAttribute("aria-busy");
      if (this.place === place) this.tray.put([...files, ...this.tray.files]);
      else this.drafts.set(place, { ...this.drafts.get(place), files });
    }
    this.tray.refuse(refusals);
  }

  whereTo() {
    const { chat, topic, reply } = this;
    return { reply_to: reply?.message_id, topic: chat.is_forum ? topic : undefined };
  }

  /** Clear away what has been sent. */
  sent(chat, text) {
    if (this.chat !== chat) return;
    const wasEditing = this.editing;
    this.reply = this.editing = null;
    this.describe();
    if (this.field.value.trim() === text || wasEditing) this.put("");
  }

  attached() {
    if (this.tray.files.length && this.editing) this.cancel();
    this.showReady();
    if (this.tray.files.length) this.field.focus();
  }

  showReady() {
    the("send").classList.toggle("ready", Boolean(this.field.value.trim() || this.tray.files.length));
  }

  changed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
    this.showReady();
    void this.suggest();
  }

  key(event) {
    // While an input method composes, its keys are its own.
    if (event.isComposing) return;
    if (this.suggestions.key(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !matchMedia("(pointer: coarse)").matches) {
      event.preventDefault();
      void this.submit();
    } else if (event.key === "Escape" && (this.reply || this.editing)) {
      this.cancel();
    } else if (event.key === "ArrowUp" && !this.field.value && !this.editing) {
      const own = messagesOf(this.chat, this.topic).findLast((one) => isOwn(one) && one.text && !one.via_bot);
      if (!own) return;
      event.preventDefault();
      this.change(own);
    }
  }

  async suggest() {
    const turn = ++this.asked;
    const text = this.field.value;
    const inline = INLINE.exec(text);
    const bot = inline && botNamed(inline[1]);
    if (!this.editing && bot) {
      if (this.offers !== bot) this.suggestions.close();
      this.offers = bot;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      if (turn === this.asked) await this.ask(bot, inline[2], turn);
    } else if (!this.editing && COMMAND.test(text)) {
      this.offers = null;
      const every = await this.commandsHere();
      if (turn === this.asked) this.offerCommands(every, text.slice(1).toLowerCase());
    } else this.suggestions.close();
  }

  async commandsHere() {
    const { place, chat } = this;
    if (!this.commands.has(place)) {
      try {
        this.commands.set(place, await server.fetchCommands(chat.id, store.you));
      } catch {
        return [];
      }
    }
    return this.commands.get(place);
  }

  offerCommands(every, begun) {
    const bot = botIn(this.chat);
    const of = this.chat.type === "private" ? "" : `@${bot.username}`;
    const options = every
      .filter(({ command }) => command.startsWith(begun))
      .map(({ command, description }) => ({
        title: `/${command}`,
        detail: description,
        picture: avatar(bot.id, bot.name),
        act: (completed) => {
          if (completed) this.begin(`/${command}${of} `);
          else void this.act(`/${command}${of}`);
        },
      }));
    this.suggestions.offer(say("commands_hint"), options);
  }

  /** Send a command, whatever is being written. */
  async act(command) {
    if (COMMAND.test(this.field.value)) this.put("");
    await this.sendText(command);
    this.field.focus();
  }

  async toggleCommands() {
    if (this.suggestions.isOpen) {
      this.suggestions.close();
      return;
    }
    const turn = ++this.asked;
    const every = await this.commandsHere();
    if (turn !== this.asked) return;
    this.offerCommands(every, "");
    this.field.focus();
  }

  /** Ask a bot what it offers. */
  async ask(bot, text, turn, offset = "") {
    const { chat } = this;
    const name = bot.username;
    let told;
    try {
      told = await server.askInline({ as: store.you, bot: bot.id, query: text, offset, chat: chat.id });
    } catch {
      if (turn === this.asked) this.suggestions.tell(say("no_answer"));
      return;
    }
    if (turn !== this.asked) return;
    const options = told.results.map((result) => ({
      title: result.title,
      detail: result.description ?? "",
      picture: avatar(result.title, result.title),
      act: () => void this.choose(told.query_id, result.id),
    }));
    const more = told.next_offset ? () => void this.ask(bot, text, turn, told.next_offset) : null;
    if (offset) this.suggestions.append(options, more);
    else if (options.length) this.suggestions.offer(say("inline_hint", { name }), options, more);
    else this.suggestions.tell(say("inline_none", { name }));
  }

  async choose(query, result) {
    const { chat, topic } = this;
    this.put("");
    const where = { chat: chat.id, topic: chat.is_forum ? topic : undefined };
    await server.chooseInline({ as: store.you, query_id: query, result, ...where });
  }

  /** Name the field, and say in it what it is for. */
  translate() {
    this.field.placeholder = say("placeholder");
    this.field.setAttribute("aria-label", say("placeholder"));
    label(the("send"), say("send"));
    this.describe();
    this.tray.draw();
  }
}
