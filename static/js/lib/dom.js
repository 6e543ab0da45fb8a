// @ts-check
/** Small tools for the DOM. Text is always set as text: nothing here reads HTML. */

/**
 * The one element with this `data-` attribute (with this value, when given).
 * @param {ParentNode} root @param {string} name @param {string} [value] @returns {HTMLElement}
 */
export function part(root, name, value) {
  const found = root.querySelector(value === undefined ? `[data-${name}]` : `[data-${name}="${value}"]`);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no [data-${name}${value ? `="${value}"` : ""}]`);
  return found;
}

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes] false, null and undefined leave the attribute out; true sets it empty
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter(isChild));
  return made;
}

/** @param {Child} child @returns {child is Node | string} */
function isChild(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = new URL("../../img/icons.svg", import.meta.url).pathname;

/**
 * A decoration from the page's icon sheet; never the only carrier of a meaning.
 * @param {string} name @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${ICONS}#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Sets text only when it differs, so that live regions don't repeat themselves.
 * @param {HTMLElement} node @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * The JSON a template left in `<script type="application/json" id=…>`.
 * @param {string} id @returns {any}
 */
export function pageData(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no data "${id}"`);
  return JSON.parse(node.textContent || "null");
}
