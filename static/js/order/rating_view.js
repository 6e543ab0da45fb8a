// @ts-check
/** Five stars, one tap; then a comment for who wants to. Shown where a call has ended. */

import { part, setText } from "../lib/dom.js";

/** @typedef {import("./rating.js").Rating} Rating */
/** @typedef {import("../lib/text.js").Text} Text */

export class RatingView {
  #root;
  #rating;
  #text;
  #isCommentSent = false;
  /** It was said and taken back: silence would leave a doubt. */
  #wasRated = false;

  /** @param {HTMLElement} root @param {Rating} rating @param {Text} text @param {import("../lib/owner.js").Owner} owner */
  constructor(root, rating, text, owner) {
    this.#root = root;
    this.#rating = rating;
    this.#text = text;
    owner.listen(part(root, "rating-stars"), "change", ({ target }) => {
      this.#isCommentSent = false;
      rating.choose(Number(target.value));
    });
    owner.listen(part(root, "rating-undo"), "click", () => this.#takeBack());
    owner.listen(part(root, "rating-retry"), "click", () => rating.retry());
    owner.listen(part(root, "rating-comment"), "submit", (event) => {
      event.preventDefault();
      this.#isCommentSent = this.#field.value.trim() !== "";
      rating.say(this.#field.value);
    });
  }

  get #field() {
    return /** @type {HTMLTextAreaElement} */ (this.#root.querySelector("textarea"));
  }

  #takeBack() {
    this.#isCommentSent = false;
    this.#rating.takeBack();
    /** @type {HTMLInputElement} */ (this.#root.querySelector("input[type=radio]")).focus(); // the button is gone
  }

  show() {
    const { value, state } = this.#rating;
    for (const star of this.#root.querySelectorAll("input[type=radio]")) this.#showStar(/** @type {HTMLInputElement} */ (star), value);
    this.#wasRated = state !== "idle" && (this.#wasRated || value !== null);
    setText(part(this.#root, "rating-state"), this.#words());
    part(this.#root, "rating-undo").hidden = value === null || state === "expired";
    part(this.#root, "rating-retry").hidden = state !== "failed";
    const comment = part(this.#root, "rating-comment");
    comment.hidden = value === null || state === "expired" || this.#isCommentSent;
    if (value === null) this.#field.value = "";
  }

  /** @param {HTMLInputElement} star @param {number | null} value */
  #showStar(star, value) {
    star.checked = Number(star.value) === value;
    star.closest("label")?.classList.toggle("is-filled", value !== null && Number(star.value) <= value);
  }

  #words() {
    const { value, state } = this.#rating;
    if (state === "failed" || state === "expired" || state === "saving") return this.#text(`rating.${state}`);
    if (value !== null) return this.#text(this.#isCommentSent ? "rating.comment_sent" : "rating.thanks");
    return this.#wasRated ? this.#text("rating.taken_back") : "";
  }
}
