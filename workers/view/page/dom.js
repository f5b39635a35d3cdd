// Elements, made and changed as text only: nothing that was said is ever markup.

export const $ = (id) => document.getElementById(id);

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

// Changes a text only if it differs: what is not written cannot flicker.
export function say(element, text) {
  const node = element.firstChild;
  if (node && node.nodeType === Node.TEXT_NODE && !node.nextSibling) {
    if (node.data !== text) node.data = text;
  } else if (element.textContent !== text || node) {
    element.replaceChildren(document.createTextNode(text));
  } else {
    element.append(document.createTextNode(text));
  }
}

export function set(element, name, value) {
  const wanted = value === null || value === undefined || value === false ? null : value === true ? "" : String(value);
  if (element.getAttribute(name) === wanted) return;
  if (wanted === null) element.removeAttribute(name);
  else element.setAttribute(name, wanted);
}

// Puts the children of a list into this order, and moves none that is in its place.
export function order(list, children) {
  children.forEach((child, place) => {
    if (list.children[place] !== child) list.insertBefore(child, list.children[place] ?? null);
  });
  while (list.children.length > children.length) list.lastElementChild.remove();
}

export function clock(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${rest}` : rest;
}

// Names in capitals only are how files shout.
export function speaker(name) {
  if (!name || name !== name.toUpperCase() || name === name.toLowerCase()) return name ?? "";
  return name.charAt(0) + name.slice(1).toLowerCase();
}
