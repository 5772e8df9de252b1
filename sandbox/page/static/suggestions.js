/** The list above the input field: commands, or what a bot offers inline. */

import { make, the } from "./dom.js";

const NEAR = 60;

export class Suggestions {
  /** @param {HTMLElement} field - The input field, which keeps the focus. */
  constructor(field) {
    this.field = field;
    this.box = the("suggestions");
    this.options = [];
    this.active = -1;
    this.more = null;
    this.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    // A press must not take the focus out of the field.
    this.box.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get isOpen() {
    return !this.box.hidden;
  }

  /**
   * Offer something.
   * @param {string} name - What it is.
   * @param {{title: string, detail: string, act: function(boolean)}[]} options - `act` is told
   *   whether the option is only to be completed, not done.
   * @param {?function()} more - Fetches what comes behind the last option.
   */
  offer(name, options, more = null) {
    this.box.setAttribute("aria-label", name);
    this.box.replaceChildren();
    this.box.scrollTop = 0;
    this.options = [];
    this.more = more;
    this.box.hidden = !options.length;
    this.field.setAttribute("aria-expanded", String(this.isOpen));
    this.append(options, more);
    this.activate(options.length ? 0 : -1);
  }

  append(options, more) {
    for (const option of options) {
      const index = this.options.push(option) - 1;
      const traits = { role: "option", id: `suggestion-${index}`, "aria-selected": "false" };
      const row = make(
        "div.option",
        traits,
        option.picture ?? null,
        make("span.option-words", {}, make("strong", {}, option.title), make("span", {}, option.detail)),
      );
      row.addEventListener("click", () => option.act(false));
      this.box.append(row);
    }
    this.more = more;
  }

  /** Offer one line that can't be chosen. */
  tell(text) {
    this.close();
    this.box.append(make("p.nothing", {}, text));
    this.box.hidden = false;
    the("news").textContent = text;
  }

  close() {
    this.box.hidden = true;
    this.box.replaceChildren();
    this.options = [];
    this.active = -1;
    this.more = null;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Take a key; return whether it was meant for the list. */
  key(event) {
    if (!this.isOpen) return false;
    const last = this.options.length - 1;
    if (event.key === "Escape") this.close();
    else if (last < 0) return false;
    else if (event.key === "ArrowDown") this.activate(this.active >= last ? 0 : this.active + 1);
    else if (event.key === "ArrowUp") this.activate(this.active <= 0 ? last : this.active - 1);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
      this.options[Math.max(this.active, 0)].act(event.key === "Tab");
    } else return false;
    return true;
  }

  activate(index) {
    const rows = this.box.querySelectorAll('[role="option"]');
    rows[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const row = rows[index];
    if (!row) return;
    row.setAttribute("aria-selected", "true");
    row.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", row.id);
    if (index === this.options.length - 1) this.fetchMore();
  }

  scrolled() {
    if (this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR) this.fetchMore();
  }

  fetchMore() {
    const { more } = this;
    this.more = null;
    more?.();
  }
}
