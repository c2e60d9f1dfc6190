// Which section is shown, what is asked for every second, and who is told of it.
import { ask, byId, Refused } from './page.js';
import * as alerts from './alerts.js';
import * as archive from './archive.js';
import * as pipeline from './pipeline.js';
import * as search from './search.js';

const SECTIONS = { pipeline, search, alerts, archive };
const PERIOD = 1000;

/** The address says all: #section?parameters, and #event=uid, which alerts link to. */
function route() {
  const hash = decodeURI(location.hash.slice(1));
  if (hash.startsWith('event=')) {
    const uid = decodeURIComponent(location.hash.slice('#event='.length));
    location.replace(`#search?${new URLSearchParams({ q: `metadata.uid:"${uid}"`, open: uid })}`);
    return;
  }
  const [name, parameters = ''] = location.hash.slice(1).split('?');
  const current = SECTIONS[name] ? name : 'pipeline';
  for (const section of document.querySelectorAll('[data-section]')) {
    section.hidden = section.dataset.section !== current;
  }
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#${current}`) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  SECTIONS[current].show(new URLSearchParams(parameters));
  poll();
}

const isShown = (name) => !document.querySelector(`[data-section="${name}"]`).hidden;

let timer;

async function poll() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      const state = await ask('state');
      pipeline.update(state, isShown('pipeline'));
      search.update(state, isShown('search'));
      await alerts.update(isShown('alerts'));
      if (isShown('archive')) {
        await archive.update(state);
      }
      byId('gone').hidden = true;
    } catch (error) {
      byId('gone').hidden = error instanceof Refused;
    }
  }
  clearTimeout(timer);
  timer = setTimeout(poll, PERIOD);
}

function theme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    document.documentElement.dataset.theme = localStorage.getItem('theme') ?? (dark.matches ? 'dark' : 'light');
  };
  dark.addEventListener('change', apply);
  byId('theme').addEventListener('click', () => {
    localStorage.setItem('theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    apply();
  });
  apply();
}

theme();
addEventListener('hashchange', route);
document.addEventListener('visibilitychange', poll);
route();
