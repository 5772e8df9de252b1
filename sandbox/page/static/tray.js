/** The files that are about to be sent: chosen, dropped or pasted. */

import { icon, make, the } from "./dom.js";
import { store } from "./store.js";
import { label, say, sized } from "./words.js";

export class Tray {
  /** @param {function()} changed - Told when files are put in or taken out. */
  constructor(changed) {
    this.changed = changed;
    this.files = [];
    /** Why others can't be sent. */
    this.refusals = [];
    this.box = the("tray");
    const picker = the("files");
    the("attach").addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      this.add([...picker.files]);
      picker.value = "";
    });
    the("field").addEventListener("paste", (event) => this.pasted(event));
    window.addEventListener("dragover", (event) => this.dragged(event));
    window.addEventListener("dragleave", (event) => event.relatedTarget || this.offer(false));
    window.addEventListener("drop", (event) => this.dropped(event));
  }

  /** Put in what can be sent, and say why something can't. */
  add(files) {
    const limit = store.limits.upload;
    const why = ({ name, size }) => {
      if (!size) return say("file_empty", { name });
      return size > limit ? say("file_large", { name, size: sized(size), limit: sized(limit) }) : null;
    };
    this.put([...this.files, ...files.filter((file) => !why(file))]);
    this.refuse(files.map(why).filter(Boolean));
  }

  /** Say why files can't be sent. */
  refuse(refusals) {
    this.refusals.push(...refusals);
    this.draw();
    if (refusals.length) the("news").textContent = refusals.join(" ");
  }

  /** Hold these files alone. */
  put(files) {
    this.files = files;
    this.refusals = [];
    this.draw();
  }

  /** Take all files out, and return them. */
  take() {
    const { files } = this;
    this.put([]);
    return files;
  }

  draw() {
    const rows = [...this.files.map((file) => this.row(file)), ...this.refusals.map((why) => this.refusal(why))];
    this.box.hidden = !rows.length;
    this.box.replaceChildren(...rows);
    this.changed();
  }

  row(file) {
    const out = this.leaving(say("detach", { name: file.name }), () => {
      this.put(this.files.filter((one) => one !== file));
    });
    const limit = store.limits.download;
    const note = file.size > limit ? make("span.warning", {}, say("file_unread", { limit: sized(limit) })) : null;
    const words = make("span", {}, make("strong", {}, file.name), make("small", {}, sized(file.size), note));
    return make("li", {}, icon("file"), words, out);
  }

  refusal(why) {
    const out = this.leaving(say("close"), () => {
      this.refusals = this.refusals.filter((one) => one !== why);
      this.draw();
    });
    return make("li.refused", {}, icon("warning"), make("span", {}, why), out);
  }

  /** Return a button that takes its row away. */
  leaving(name, act) {
    const button = make("button.round", { type: "button" }, icon("close"));
    label(button, name);
    button.addEventListener("click", () => {
      act();
      the("field").focus();
    });
    return button;
  }

  pasted(event) {
    const { files, types } = event.clipboardData;
    // What is copied from a table or a document comes as a picture, too.
    const isText = types.includes("text/plain") && types.includes("text/html");
    if (!files.length || isText) return;
    event.preventDefault();
    this.add([...files]);
  }

  dragged(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    // Wherever a file is dropped, the browser must not go there.
    event.preventDefault();
    event.dataTransfer.dropEffect = this.isOpen ? "copy" : "none";
    this.offer(this.isOpen);
  }

  dropped(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.offer(false);
    if (!this.isOpen) return;
    const isFolder = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()?.isDirectory);
    const files = [...event.dataTransfer.files];
    this.add(files.filter((_, index) => !isFolder[index]));
    const folders = files.filter((_, index) => isFolder[index]);
    this.refuse(folders.map(({ name }) => say("file_folder", { name })));
  }

  /** Return whether there is somebody to send files to. */
  get isOpen() {
    return !the("conversation").hidden && !the("composer").hidden;
  }

  offer(open) {
    the("drop").hidden = !open;
  }
}

/**
 * Return a file as it is at this moment.
 * @throws {Error} It was changed since it was chosen, or is gone.
 */
export async function read(file) {
  try {
    return new Blob([await file.arrayBuffer()], { type: file.type });
  } catch {
    throw new Error(say("file_changed", { name: file.name }));
  }
}
