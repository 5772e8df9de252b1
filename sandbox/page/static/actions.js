/** What people do with one message. */

import { menu, toast } from "./layers.js";
import { chosen, offered } from "./reactions.js";
import * as server from "./server.js";
import { isOwn, store } from "./store.js";
import { say } from "./words.js";

export class Actions {
  /**
   * @param {Composer} composer - Where answers and changes are written.
   * @param {function(): Object} chat - Returns the chat that is open.
   */
  constructor(composer, chat) {
    this.composer = composer;
    this.chat = chat;
  }

  /** Show all that can be done, the reactions first. */
  menu(message, where) {
    const own = isOwn(message);
    const said = message.text ?? message.caption ?? "";
    const items = [offered(message, this)];
    items.push({ icon: "reply", text: say("reply"), act: () => this.composer.answer(message) });
    if (said) items.push({ icon: "copy", text: say("copy"), act: () => void this.copy(said) });
    if (own && said && !message.via_bot) {
      items.push({ icon: "edit", text: say("edit"), act: () => this.composer.change(message) });
    }
    if (own) items.push({ icon: "delete", text: say("delete"), act: () => void this.remove(message) });
    menu(say("message_actions"), items, where);
  }

  /** Show the reactions alone. */
  palette(message, where) {
    menu(say("react"), [offered(message, this)], where);
  }

  /** Put a reaction below a message, or take it back. */
  react(message, emoji) {
    const change = { as: store.you, emoji: chosen(message, emoji) };
    return server.react(this.chat().id, message.message_id, change);
  }

  remove(message) {
    return server.remove(this.chat().id, message.message_id, store.you);
  }

  async copy(text) {
    await navigator.clipboard.writeText(text);
    toast(say("copied"));
  }
}
