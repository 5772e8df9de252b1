/** Trouble on demand: lets the connection between the bot and the local Telegram fail. */

import { icon, make } from "./dom.js";
import { dialog, toast } from "./layers.js";
import { causeTrouble } from "./server.js";
import { say } from "./words.js";

const TROUBLE = {
  fault_429: { retry_after: 3, times: 1, method: "sendMessage" },
  fault_502: { status: 502, times: 3, method: "sendMessage" },
  fault_cut: { reset: "before", times: 2, method: "sendMessage" },
  fault_late: { delay: 2, times: 1, method: "sendMessage" },
  fault_outage: { down: 5 },
  fault_clear: { clear: true },
};

/** Let somebody choose what goes wrong. */
export async function trouble() {
  const choices = Object.keys(TROUBLE).map((name) =>
    make(
      "button.choice-row",
      { type: "submit", value: name },
      icon(name === "fault_clear" ? "heal" : "bolt"),
      make("span", {}, make("strong", {}, say(name)), name !== "fault_clear" && make("small", {}, say(`${name}_about`))),
    ),
  );
  const about = make("p", {}, say("faults_about"));
  const chosen = await dialog(say("faults"), [about, ...choices], [{ text: say("close"), value: "" }]);
  if (!chosen) return;
  await causeTrouble(TROUBLE[chosen]);
  toast(chosen === "fault_clear" ? say("all_clear") : say("fault_done", { name: say(chosen) }));
}
