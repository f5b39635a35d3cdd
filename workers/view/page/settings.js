// How captions look to this reader: kept in this browser, applied as variables.

import { $, el, set } from "./dom.js";

const KEY = "caption-view";
const START = { size: 100, font: "sans", color: "#ffffff", background: "#000000", opacity: 85, edge: "none", stage: true, keys: true, theme: "auto" };
const COLORS = { "#ffffff": "White", "#ffff00": "Yellow", "#00ff00": "Green", "#00ffff": "Cyan", "#ff0000": "Red", "#ff00ff": "Magenta", "#0000ff": "Blue", "#000000": "Black" };
const EDGES = {
  none: "none",
  outline: "0 0 .08em #000, 0 0 .08em #000, 0 0 .08em #000, 0 0 .08em #000",
  shadow: ".06em .06em .1em #000",
};
const THEMES = ["auto", "light", "dark"];

export class Settings {
  constructor() {
    this.values = { ...START, ...kept() };
    for (const id of ["set-color", "set-background"]) {
      $(id).append(...Object.entries(COLORS).map(([value, name]) => el("option", { value }, name)));
    }
    this.inputs = [...document.querySelectorAll("[data-setting]")];
    for (const input of this.inputs) {
      input.addEventListener("input", () => this.change(input.dataset.setting, input.type === "checkbox" ? input.checked : input.type === "range" ? Number(input.value) : input.value));
    }
    $("settings-button").addEventListener("click", () => this.open());
    $("settings-reset").addEventListener("click", () => {
      this.values = { ...START, theme: this.values.theme };
      this.keep();
    });
    $("theme-button").addEventListener("click", () => this.turn());
    this.apply();
  }

  open() {
    $("settings").showModal();
  }

  turn() {
    this.change("theme", THEMES[(THEMES.indexOf(this.values.theme) + 1) % THEMES.length]);
  }

  change(name, value) {
    this.values[name] = value;
    this.keep();
  }

  keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.values));
    } catch {
      // Not kept where the browser keeps nothing; it holds for this visit.
    }
    this.apply();
  }

  apply() {
    const root = document.documentElement;
    const { size, font, color, background, opacity, edge, stage, theme } = this.values;
    const channel = (at) => parseInt(background.slice(at, at + 2), 16);
    root.style.setProperty("--cap-scale", size / 100);
    root.style.setProperty("--cap-font", `var(--${font})`);
    root.style.setProperty("--cap-color", color);
    root.style.setProperty("--cap-background", `rgb(${channel(1)} ${channel(3)} ${channel(5)} / ${opacity / 100})`);
    root.style.setProperty("--cap-edge", EDGES[edge]);
    set(root, "data-stage", stage);
    set(root, "data-theme", theme === "auto" ? null : theme);
    $("theme-button").textContent = theme === "auto" ? "Theme" : theme === "light" ? "Light" : "Dark";
    for (const input of this.inputs) {
      const value = this.values[input.dataset.setting];
      if (input.type === "checkbox") input.checked = value;
      else input.value = value;
    }
  }
}

// What was kept, as far as it is something that can be set.
function kept() {
  let values;
  try {
    values = JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
  const sound = {
    size: (value) => value >= 75 && value <= 250,
    opacity: (value) => value >= 0 && value <= 100,
    font: (value) => ["sans", "serif", "mono"].includes(value),
    color: (value) => value in COLORS,
    background: (value) => value in COLORS,
    edge: (value) => value in EDGES,
    theme: (value) => THEMES.includes(value),
  };
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => name in START && typeof value === typeof START[name] && (sound[name]?.(value) ?? true)));
}
