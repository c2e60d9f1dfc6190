// What people were told: email and chat of an alert side by side, and the events behind it.
import { ago, ask, byId, clock, element, moment, severity, SEVERITIES } from './page.js';
import { quoted, searching, summary } from './search.js';

const MOST = 500;
const MINUTES = 10;
const EMOJI = { red_circle: '#d92d20', large_orange_circle: '#e8790c', large_yellow_circle: '#e3b505', large_blue_circle: '#2f7bd9', white_circle: '#c3ccd1' };

/** By what tells one from another: the rule and the event, or the number of a notice. */
const alerts = new Map();
let next = 0;
let seen = 0;
let chosen = '';
let drawnFor = '';

export function show(parameters) {
  chosen = parameters.get('alert') ?? chosen;
  seen = alerts.size;
  drawnFor = '';
  draw();
}

export async function update(isShown) {
  const isFirst = next === 0;
  const messages = await ask('alerts', { from: next });
  for (const message of messages) {
    next = Math.max(next, message.number + 1);
    const key = message.channel === 'notices' ? `notice ${message.number}` : `${message.attributes.rule} ${message.attributes.account} ${message.event ?? message.number}`;
    const alert = alerts.get(key) ?? { key, time: message.time, severity: message.attributes.severity ?? '', rule: message.attributes.rule ?? '', messages: {} };
    alert.messages[message.channel] = message;
    alert.event ??= message.event;
    alerts.set(key, alert);
    if (message.channel === 'email' && !isFirst) {
      byId('announcement').textContent = `Alert: ${message.title}`;
    }
  }
  while (alerts.size > MOST) {
    alerts.delete(alerts.keys().next().value);
  }
  if (isShown) {
    seen = alerts.size;
    draw();
  }
  const unseen = alerts.size - seen;
  byId('badge').hidden = unseen <= 0;
  byId('badge').textContent = unseen;
  byId('badge').setAttribute('aria-label', `${unseen} new`);
}

const title = (alert) => alert.messages.email?.title ?? alert.messages.notices?.title ?? alert.messages.chat.title.replace(/^:\w+: /, '');

function draw() {
  const newest = [...alerts.values()].reverse();
  const state = `${alerts.size} ${newest.map((alert) => Object.keys(alert.messages).length).join('')}`;
  if (drawnFor !== state) {
    drawnFor = state;
    list(newest);
  }
  for (const time of byId('alerts').querySelectorAll('small[data-time]')) {
    time.textContent = `${time.dataset.where} · ${ago(Number(time.dataset.time))}`;
  }
}

function list(newest) {
  if (newest.length === 0) {
    byId('alerts').replaceChildren(element('p', { class: 'empty' }, 'No alert yet. ', element('a', { href: '#pipeline' }, 'Start an attack'), ', and see it told here within seconds.'));
    byId('alert').replaceChildren();
    return;
  }
  const focused = document.activeElement?.dataset?.key;
  byId('alerts').replaceChildren(...newest.map(entry));
  byId('alerts').querySelector(`[data-key="${CSS.escape(focused ?? '')}"]`)?.focus();
  if (!alerts.has(chosen)) {
    chosen = newest[0].key;
  }
  open(chosen);
}

function entry(alert) {
  const level = SEVERITIES.indexOf(alert.severity);
  return element(
    'button',
    { type: 'button', class: 'alert', 'data-key': alert.key, 'data-severity': alert.severity, 'data-rule': alert.rule, 'aria-pressed': alert.key === chosen, onclick: () => open(alert.key) },
    element('b', {}, title(alert).replace(/^\[[^\]]*\] /, '')),
    level > 0 ? severity(level, alert.severity) : element('span', { class: 'severity' }, 'Notice'),
    ' ',
    element('small', { 'data-time': alert.time, 'data-where': alert.rule || 'archive-fn' }),
  );
}

function open(key) {
  chosen = key;
  for (const each of byId('alerts').querySelectorAll('.alert')) {
    each.setAttribute('aria-pressed', each.dataset.key === key);
  }
  const alert = alerts.get(key);
  const { email, chat, notices } = alert.messages;
  const shown = [];
  if (email ?? notices) {
    shown.push(message('alert-email', 'Email', asEmail(email ?? notices)));
  }
  if (chat) {
    shown.push(message('alert-chat', 'Chat', asChat(chat)));
  }
  const behind = element('section', { class: 'card behind', 'aria-label': 'Events behind it' });
  byId('alert').replaceChildren(element('div', { class: 'messages' }, ...shown), ...(alert.event ? [behind] : []));
  if (alert.event) {
    events(alert, behind);
  }
}

const message = (id, name, content) => element('section', { class: 'card message', id, 'aria-label': name }, element('h2', {}, name), ...content);

function asEmail(email) {
  return [
    element('p', { class: 'subject' }, email.title),
    element('p', { class: 'addresses' }, `AWS Notifications <no-reply@sns.amazonaws.com> to security@example.com, ${clock(email.time)}`),
    element('pre', {}, ...linked(email.text)),
  ];
}

/** As Slack shows a custom notification of Amazon Q Developer. */
function asChat(chat) {
  const lines = [chat.title === '' ? [] : [element('b', {}, ...marked(chat.title)), '\n'], ...chat.text.split('\n').map((line) => [...marked(line), '\n'])];
  return [
    element('p', { class: 'slack' }, element('span', { class: 'app' }, 'Amazon Q ', element('small', {}, 'APP')), ` ${clock(chat.time)}`),
    element('div', { class: 'slack' }, ...lines.flat()),
  ];
}

/** Slack's *bold*, `code` and circles; drawn, since not every machine has a font with them. */
function marked(line) {
  return line.split(/(\*[^*\n]+\*|`[^`\n]+`|:\w+:)/).flatMap((part) => {
    if (/^\*.+\*$/.test(part)) {
      return [element('b', {}, part.slice(1, -1))];
    }
    if (/^`.+`$/.test(part)) {
      return [element('code', {}, part.slice(1, -1))];
    }
    const colour = EMOJI[part.slice(1, -1)];
    return colour ? [element('span', { class: 'dot', role: 'img', 'aria-label': part.slice(1, -1).replace(/_/g, ' '), style: `background: ${colour}` })] : linked(part);
  });
}

function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part) => {
    if (!/^https?:\/\//.test(part)) {
      return part;
    }
    const isOwn = part.startsWith(`${location.origin}/`);
    return element('a', isOwn ? { href: new URL(part).hash } : { href: part, target: '_blank', rel: 'noopener noreferrer' }, part);
  });
}

/** The event that the rule matched, and what else its actor or its address did at the time. */
async function events(alert, box) {
  box.replaceChildren(element('h2', {}, 'Events behind it'), element('p', { class: 'hint' }, 'They are looked for…'));
  const own = `metadata.uid:"${quoted(alert.event)}"`;
  const event = (await found(own)).find((each) => each.metadata.source !== 'tributary-alerts');
  if (!event) {
    box.replaceChildren(element('h2', {}, 'Events behind it'), element('p', { class: 'hint' }, 'The event is on its way to the search. ', element('button', { type: 'button', onclick: () => events(alert, box) }, 'Look again')));
    return;
  }
  const subject = [
    ['actor.user.name', event.actor?.user?.name],
    ['src_endpoint.ip', event.src_endpoint?.ip],
  ].find(([, value]) => value);
  const query = subject ? `${subject[0]}:"${quoted(subject[1])}"` : own;
  const others = subject ? await found(query, event.time - MINUTES * 60_000, event.time + MINUTES * 60_000) : [event];
  const rows = others.slice(0, 12).map((each) =>
    element(
      'tr',
      {},
      element('td', { class: 'mono' }, moment(each.time)),
      element('td', {}, each.metadata.uid === event.metadata.uid ? element('b', {}, summary(each)) : summary(each)),
      element('td', {}, element('a', { href: `#event=${encodeURIComponent(each.metadata.uid)}` }, 'open')),
    ),
  );
  box.replaceChildren(
    element('h2', {}, 'Events behind it'),
    element('p', { class: 'hint' }, subject ? `What ${subject[1]} did within ${MINUTES} minutes; the one that the rule is about is bold.` : 'The one that the rule is about.'),
    element('div', { class: 'wide' }, element('table', {}, element('tbody', {}, ...rows))),
    element('p', {}, element('a', { href: searching(query) }, 'All of it in the search')),
  );
}

async function found(q, from, to) {
  const result = await ask('search', from === undefined ? { q } : { q, from, to });
  return result.hits ?? [];
}
