/** Light or dark: as the system has it, or as somebody chooses. */

import { the } from "./dom.js";
import { menuBelow } from "./layers.js";
import { say } from "./words.js";

const THEMES = ["auto", "light", "dark"];

/** Take the theme that was chosen before. */
export function restoreTheme() {
  const chosen = localStorage.getItem("theme");
  document.documentElement.dataset.theme = THEMES.includes(chosen) ? chosen : "auto";
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

/** Let somebody choose a theme. */
export function themeMenu() {
  const items = THEMES.map((theme) => ({
    icon: `theme-${theme}`,
    text: say(`theme_${theme}`),
    checked: document.documentElement.dataset.theme === theme,
    act: () => setTheme(theme),
  }));
  menuBelow(the("theme"), say("theme"), items);
}
