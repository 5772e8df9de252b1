/** Builds elements. Data becomes text nodes and attributes, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return a new element.
 * @param {string} tag - Its name, with classes behind dots: `div.row.own`.
 * @param {Object<string, *>} [traits] - Attributes; functions are listeners of the event after `on`.
 *   What is null, undefined or false is left out; true stands for an empty value.
 * @param {...*} children - Nodes and texts; null and false are left out.
 */
export function make(tag, traits = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [trait, value] of Object.entries(traits)) {
    if (typeof value === "function") element.addEventListener(trait.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(trait, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== false));
  return element;
}

/** Return a picture from the sprite in the page; it says nothing to screen readers. */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("aria-hidden", "true");
  picture.classList.add("icon");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  picture.append(use);
  return picture;
}

/** Return the element with an identifier. */
export const the = (id) => document.getElementById(id);

/** Replace an element's children with the given ones without moving those that stand right. */
export function arrange(parent, children) {
  children.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
  while (parent.childNodes.length > children.length) parent.lastChild.remove();
}

/** Return how to scroll: at once for those who don't want motion. */
export const gently = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

/** Return which of seven colours is somebody's own. */
export const tone = (id) => [...String(id)].reduce((mix, letter) => (mix * 31 + letter.charCodeAt(0)) % 9973, 0) % 7;

/** Return the round picture that stands for somebody: initials on a colour of their own. */
export function avatar(id, name) {
  const words = [...name.matchAll(/\p{L}|\p{N}/gu)].length ? name.trim().split(/\s+/u) : ["?"];
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  const initials = ends.map((word) => [...word.replace(/[^\p{L}\p{N}]/gu, "")][0] ?? "").join("");
  return make(`span.avatar.tone-${tone(id)}`, { "aria-hidden": "true" }, initials.toUpperCase());
}
