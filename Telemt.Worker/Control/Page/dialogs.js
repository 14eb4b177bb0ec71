// One dialog at a time, a question before what cannot be undone, and the token.

import { $, h } from './dom.js';

const dialog = $('dialog');
$('dialog-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });

export function open(title, ...body) {
  $('dialog-title').replaceChildren(...[title].flat());
  $('dialog-body').replaceChildren(...body);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;

  // What had the focus may have gone with the old content.
  $('dialog-title').focus();
}

export const close = () => dialog.close();
export const isOpen = () => dialog.open;

/** @returns whether the answer was yes. */
export function ask(title, text, yes) {
  const box = $('confirm');
  $('confirm-title').textContent = title;
  $('confirm-text').textContent = text;
  $('confirm-yes').textContent = yes;
  box.returnValue = '';
  box.showModal();
  $('confirm-no').focus();
  return new Promise(resolve => box.addEventListener('close', () => resolve(box.returnValue === 'yes'), { once: true }));
}

$('confirm-yes').addEventListener('click', () => $('confirm').close('yes'));
$('confirm-no').addEventListener('click', () => $('confirm').close(''));

export function askToken(wasWrong) {
  return new Promise(resolve => {
    const input = h('input', { type: 'password', autocomplete: 'current-password', required: true, id: 'token' });
    const form = h('form', {
      onsubmit: event => {
        event.preventDefault();
        dialog.close();
        resolve(input.value);
      },
    },
    h('p', {}, 'This proxy asks for the token that stands as ', h('code', {}, 'token'), ' below ', h('code', {}, '[control]'), ' in its telemt.toml.'),
    wasWrong && h('p.error', {}, 'That was not it.'),
    h('label.field', {}, 'Token', input),
    h('div.row.end', {}, h('button.primary', { type: 'submit' }, 'Go on')));
    open('Token', form);
    input.focus();
    dialog.addEventListener('close', () => { if (!input.value) setTimeout(() => askToken(wasWrong).then(resolve)); }, { once: true });
  });
}
