import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";

import { Owner } from "../../static/js/lib/owner.js";
import { Rating } from "../../static/js/order/rating.js";
import { settled } from "./uploads.js";

let owner = new Owner();

afterEach(() => {
  owner.close();
  owner = new Owner();
});

function rating(status = () => 204) {
  const told = [];
  const fetch = async (url, { body, headers }) => {
    const answer = status(told.length);
    told.push([url, headers.Authorization, JSON.parse(body)]);
    if (!answer) throw new TypeError("fetch failed");
    return new Response(null, { status: answer });
  };
  return { made: new Rating(owner, { url: "/rate", session: () => "s1", fetch, random: () => 0 }), told };
}

describe("rating", () => {
  it("is one tap, with the call's own token", async () => {
    const { made, told } = rating();
    made.choose(4);
    await settled();
    assert.deepEqual([made.state, told], ["saved", [["/rate", "Bearer s1", { rating: 4, comment: "" }]]]);
  });

  it("may be changed, commented and taken back", async () => {
    const { made, told } = rating();
    made.choose(2);
    await settled();
    made.choose(5);
    made.say("  Lovely  ");
    await settled();
    made.takeBack();
    await settled();
    const wishes = told.map(([, , wish]) => wish);
    assert.deepEqual(wishes[0], { rating: 2, comment: "" });
    assert.deepEqual(wishes.at(-2), { rating: 5, comment: "Lovely" });
    assert.deepEqual(wishes.at(-1), { rating: null, comment: "" });
  });

  it("ends with what was chosen last, however fast the arrow keys are", async () => {
    const { made, told } = rating();
    for (const value of [1, 2, 3, 4, 5]) made.choose(value);
    await settled();
    assert.equal(told.at(-1)[2].rating, 5);
    assert.ok(told.length < 5, "what was passed over is not sent");
  });

  it("is tried again while the network is away, then offers it", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { made, told } = rating(() => 0);
    made.choose(3);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await settled();
      t.mock.timers.tick(30_000);
    }
    assert.deepEqual([made.state, told.length], ["failed", 4]);
    made.retry();
    await settled();
    assert.equal(told.length, 5);
  });

  it("says when it is too late", async () => {
    const { made, told } = rating(() => 410);
    made.choose(3);
    await settled();
    assert.deepEqual([made.state, told.length], ["expired", 1]);
  });

  it("begins anew with the next order", async () => {
    const { made, told } = rating();
    made.choose(3);
    await settled();
    made.startOver();
    assert.deepEqual([made.value, made.state], [null, "idle"]);
    await settled();
    assert.equal(told.length, 1, "the first order keeps its rating");
  });
});
