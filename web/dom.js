/** Small things that every part of the page needs. */

/** The element with this id. */
export function byId(id) {
  return document.getElementById(id);
}

/** A new element; strings among the children become text, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** Says something at the top of the page; `kind` is `good` or `bad`. */
export function notify(kind, ...content) {
  const close = element("button", {
    class: "quiet",
    type: "button",
    "aria-label": "Close",
    click: clearNotice,
  }, "✕");
  byId("notice").replaceChildren(
    element("div", { class: `notice ${kind}` }, element("p", {}, ...content), close),
  );
}

/** Takes back what {@link notify} said. */
export function clearNotice() {
  byId("notice").replaceChildren();
}

/** Keeps a form's buttons from being pressed again while `work` runs. */
export async function whileBusy(form, work) {
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((button) => button.disabled = true);
  form.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    buttons.forEach((button) => button.disabled = false);
    form.removeAttribute("aria-busy");
  }
}

/** An amount of credits as people write it. */
export function credits(amount) {
  return `${amount.toFixed(2)} credits`;
}

/** Waits so many milliseconds. */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
