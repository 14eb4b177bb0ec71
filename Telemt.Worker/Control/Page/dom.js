// Builds elements without any text that could become markup.

export const $ = id => document.getElementById(id);

/** h('button.primary', { type: 'button', onclick }, 'Add') */
export function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child != null && child !== false));
  return element;
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Touches the page only where the text is another. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function toast(text) {
  const element = h('div.toast', {}, text);
  $('toasts').append(element);
  setTimeout(() => element.remove(), 5000);
}
