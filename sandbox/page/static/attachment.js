/** What is attached to a message: a photo to be seen, a file to be kept. */

import { icon, make } from "./dom.js";
import { addressOf } from "./server.js";
import { label, say, sized } from "./words.js";

/** Return the element of what is attached to a message; nothing if nothing is. */
export function attachment(message) {
  if (message.photo) return photo(message.photo.at(-1));
  if (message.document) return file(message.document);
  return null;
}

/** Return what stands for an attachment where there is only a line. */
export function attachmentName(message) {
  if (message.photo) return say("photo");
  return message.document?.file_name ?? "";
}

function photo({ file_id, width, height }) {
  const href = addressOf(file_id);
  const picture = make("img", { src: href, width, height, alt: say("photo") });
  const link = make("a.photo", { href, target: "_blank", rel: "noopener noreferrer" }, picture);
  label(link, say("open_photo"));
  return link;
}

function file({ file_id, file_name, file_size }) {
  const size = sized(file_size);
  const link = make(
    "a.file",
    { href: addressOf(file_id), download: file_name },
    make("span.round", {}, icon("file")),
    make("span", {}, make("strong", {}, file_name), make("small", {}, size)),
  );
  label(link, say("download", { name: file_name, size }));
  return link;
}
