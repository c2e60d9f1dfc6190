// Finding events: a query in Lucene's syntax, a time, facets, and the whole document.
import { ask, bytes, byId, counted, drawn, element, exact, moment, Refused, severity, SEVERITIES } from './page.js';

const CLASSES = {
  0: 'Base Event', 2004: 'Detection Finding', 3001: 'Account Change', 3002: 'Authentication', 3003: 'Authorize Session',
  3004: 'Entity Management', 3005: 'User Access Management', 3006: 'Group Management', 4001: 'Network Activity', 4002: 'HTTP Activity',
  4003: 'DNS Activity', 6003: 'API Activity', 6005: 'Datastore Activity', 1007: 'Process Activity', 1001: 'File System Activity',
};
const RCODES = { 0: 'no error', 1: 'format error', 2: 'server failure', 3: 'no such name', 5: 'refused' };
const FACETS = ['account', 'source', 'class', 'severity'];
const TITLES = { account: 'Account', source: 'Source', class: 'Class', severity: 'Severity' };
const LIVE_PERIOD = 2000;

let parameters = new URLSearchParams();
let accounts = new Map();
let opened = '';
let asked = 0;
let latest = 0;

export function show(wanted) {
  parameters = wanted;
  opened = wanted.get('open') ?? '';
  byId('search-input').value = wanted.get('q') ?? '';
  byId('search-range').value = wanted.get('last') ?? '';
  run();
}

export function update(state, isShown) {
  accounts = new Map(state.accounts.map((account) => [account.id, account.name]));
  // an event that somebody follows a link to may be on its way still
  const isWanted = byId('search-live').checked || (opened && byId('search-total').dataset.value === '0');
  if (isShown && isWanted && Date.now() - asked > LIVE_PERIOD) {
    run();
  }
}

byId('search-form').addEventListener('submit', (event) => {
  event.preventDefault();
  change({ q: byId('search-input').value.trim(), open: '' });
});
byId('search-range').addEventListener('change', () => change({ last: byId('search-range').value, from: '', to: '' }));

/** Changes the address, which leads to show. */
function change(changes) {
  const next = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') {
      next.delete(name);
    } else {
      next.set(name, value);
    }
  }
  const hash = `#search?${next}`;
  if (location.hash === hash) {
    run();
  } else {
    location.hash = hash;
  }
}

export const searching = (query) => `#search?${new URLSearchParams({ q: query })}`;

/** Adds a condition to the query. */
function narrow(condition) {
  const query = parameters.get('q') ?? '';
  change({ q: query ? `${query} ${condition}` : condition, open: '' });
}

async function run() {
  asked = Date.now();
  const own = asked;
  latest = own;
  const request = new URLSearchParams(parameters);
  request.delete('open');
  if (parameters.has('last')) {
    request.set('from', Date.now() - Number(parameters.get('last')));
    request.set('to', Date.now() + 60_000);
  }
  let found;
  try {
    found = await ask('search', request);
  } catch (error) {
    if (!(error instanceof Refused)) {
      return;
    }
    found = { error: error.message };
  }
  if (own === latest) {
    chips();
    byId('search-error').hidden = !found.error;
    byId('search-error').textContent = found.error ?? '';
    if (!found.error) {
      total(found);
      histogram(found.histogram);
      facets(found.facets);
      hits(found.hits);
    }
  }
}

const named = {
  account: (id) => accounts.get(id) ?? id,
  source: (source) => source,
  class: (uid) => CLASSES[uid] ?? uid,
  severity: (id) => SEVERITIES[id] ?? id,
};

function chips() {
  const shown = FACETS.filter((name) => parameters.has(name)).map((name) =>
    element('button', { class: 'chip', type: 'button', title: 'Remove', onclick: () => change({ [name]: '' }) }, `${TITLES[name]}: ${named[name](parameters.get(name))} ✕`),
  );
  if (parameters.has('from')) {
    const text = `${moment(Number(parameters.get('from')))} to ${moment(Number(parameters.get('to')))} ✕`;
    shown.push(element('button', { class: 'chip', type: 'button', title: 'Remove', onclick: () => change({ from: '', to: '' }) }, text));
  }
  byId('search-chips').replaceChildren(...shown);
}

function total(found) {
  byId('search-total').dataset.value = found.total;
  byId('search-total').textContent = `${counted(found.total, 'event')}${found.total > found.hits.length ? `, the newest ${found.hits.length} below` : ''}`;
}

function histogram(buckets) {
  const box = byId('histogram');
  if (buckets.length < 2) {
    box.replaceChildren();
    return;
  }
  const width = 1000;
  const step = buckets[1].time - buckets[0].time;
  const first = buckets[0].time;
  const last = buckets.at(-1).time + step;
  const highest = Math.max(1, ...buckets.map((bucket) => bucket.count));
  const at = (time) => ((time - first) / (last - first)) * width;
  const picture = drawn('svg', { viewBox: `0 0 ${width} 90`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `Events over time, ${exact(highest)} at most in one bar` });
  for (const bucket of buckets) {
    const height = bucket.count === 0 ? 0 : Math.max(1.5, (bucket.count / highest) * 84);
    const bar = drawn('rect', { class: 'bar', x: at(bucket.time), y: 88 - height, width: Math.max(1, at(bucket.time + step) - at(bucket.time) - 1.5), height });
    bar.append(drawn('title', {}, `${moment(bucket.time)}: ${exact(bucket.count)}`));
    picture.append(bar);
  }
  drag(picture, (from, to) => change({ from: Math.round(first + from * (last - first)), to: Math.round(first + to * (last - first)), last: '' }));
  const axis = element('p', { class: 'axis-times hint' }, `${moment(first)} to ${moment(last)} UTC; drag to choose a time`);
  box.replaceChildren(picture, axis);
}

/** Tells which part of the width was dragged over. */
function drag(picture, chosen) {
  let start;
  const selection = drawn('rect', { class: 'selection', y: 0, height: 88, width: 0 });
  const part = (event) => {
    const bounds = picture.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - bounds.left) / bounds.width));
  };
  picture.append(selection);
  picture.addEventListener('pointerdown', (event) => {
    start = part(event);
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener('pointermove', (event) => {
    if (start !== undefined) {
      const now = part(event);
      selection.setAttribute('x', Math.min(start, now) * 1000);
      selection.setAttribute('width', Math.abs(now - start) * 1000);
    }
  });
  picture.addEventListener('pointerup', (event) => {
    const end = part(event);
    if (start !== undefined && Math.abs(end - start) > 0.01) {
      chosen(Math.min(start, end), Math.max(start, end));
    }
    start = undefined;
    selection.setAttribute('width', 0);
  });
}

function facets(found) {
  byId('facets').replaceChildren(
    ...FACETS.map((name) =>
      element(
        'div',
        {},
        element('h2', {}, TITLES[name]),
        ...found[name].map(({ value, count }) =>
          element(
            'button',
            { type: 'button', onclick: () => change({ [name]: value, open: '' }) },
            name === 'severity' ? severity(Number(value)) : element('span', { title: value }, named[name](value)),
            element('span', {}, exact(count)),
          ),
        ),
      ),
    ),
  );
}

function hits(documents) {
  const box = byId('hits');
  if (documents.length === 0) {
    box.replaceChildren(element('p', { class: 'empty' }, 'No event matches. Remove a condition, or choose another time.'));
    return;
  }
  const focused = document.activeElement?.dataset?.uid;
  box.replaceChildren(...documents.flatMap(hit));
  box.querySelector(`.hit[data-uid="${CSS.escape(focused ?? '')}"]`)?.focus();
}

function hit(document) {
  const uid = document.metadata?.uid ?? '';
  const isOpen = uid === opened;
  const account = document.cloud?.account?.uid ?? '';
  const row = element(
    'button',
    {
      type: 'button',
      class: 'hit',
      'data-uid': uid,
      'aria-expanded': isOpen,
      onclick: () => {
        opened = isOpen ? '' : uid;
        byId('hits').replaceChildren();
        change({ open: opened });
      },
    },
    element('span', { class: 'mono quiet', title: new Date(document.time).toISOString() }, moment(document.time)),
    severity(document.severity_id),
    element('span', { class: 'quiet', title: account }, named.account(account) || '–'),
    element('span', {}, summary(document)),
    element('span', { class: 'quiet' }, document.metadata?.source ?? ''),
  );
  return isOpen ? [row, whole(document)] : [row];
}

const end = (endpoint) => [endpoint?.ip ?? endpoint?.hostname ?? endpoint?.name ?? '?', endpoint?.port].filter((part) => part !== undefined).join(':');

/** What happened, in a line. */
export function summary(document) {
  const who = document.actor?.user?.name ?? document.user?.name;
  const from = document.src_endpoint?.ip;
  switch (document.class_uid) {
    case 4001:
      return `${document.action_id === 2 ? 'refused' : 'accepted'} ${end(document.src_endpoint)} → ${end(document.dst_endpoint)} ${document.traffic?.bytes === undefined ? '' : bytes(document.traffic.bytes)}`;
    case 4002:
      return [document.disposition_id === 2 ? 'blocked' : 'allowed', document.http_request?.http_method, document.http_request?.url?.path, 'from', from].filter(Boolean).join(' ');
    case 4003:
      return `${document.query?.hostname ?? '?'} ${document.query?.type ?? ''}: ${RCODES[document.rcode_id] ?? document.rcode ?? 'answered'}`;
    case 2004:
      return document.finding_info?.title ?? document.message ?? 'finding';
    default: {
      const operation = document.api?.operation;
      if (operation) {
        return [operation, document.status_id === 2 ? 'failed,' : '', who ? `by ${who}` : '', from ? `from ${from}` : ''].filter(Boolean).join(' ');
      }
      return document.message ?? document.metadata?.log_name ?? 'event';
    }
  }
}

function whole(document) {
  const copy = element('button', { type: 'button', onclick: () => navigator.clipboard.writeText(JSON.stringify(document, null, 2)) }, 'Copy as JSON');
  const links = [
    ['same user', 'actor.user.uid', document.actor?.user?.uid],
    ['same address', 'src_endpoint.ip', document.src_endpoint?.ip],
    ['the event that it is about', 'metadata.uid', document.metadata?.correlation_uid],
  ]
    .filter(([, , value]) => value)
    .map(([label, field, value]) => element('a', { href: searching(`${field}:"${quoted(value)}"`) }, label));
  return element('div', { class: 'document' }, element('p', {}, copy, ...links.flatMap((link) => [' ', link])), tree(document, ''));
}

export const quoted = (value) => String(value).replace(/[\\"]/g, '\\$&');

/** Each field with its path; a click on a value narrows the search to it. */
function tree(object, path) {
  const list = element('dl');
  for (const [path_, value] of fields(object, path)) {
    list.append(
      element('dt', {}, path_),
      element('dd', {}, element('button', { type: 'button', title: 'Narrow the search to it', onclick: () => narrow(`${path_}:"${quoted(value)}"`) }, String(value))),
    );
  }
  return list;
}

function* fields(value, path) {
  if (value !== null && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      yield* fields(inner, Array.isArray(value) ? path : path ? `${path}.${name}` : name);
    }
  } else {
    yield [path, value];
  }
}
