/** What can be handed on: a link, a lesson, a certificate, pictures, a sheet for the class. Loaded when somebody opens the dialog. */

import { curveOf, hashOf, writeBirth } from '../birth.js';
import { style } from '../chapters/styles.js';
import en from '../i18n/en/share.js';
import { addWords } from '../i18n/index.js';
import zh from '../i18n/zh-hans/share.js';
import { partsOf } from '../parts.js';
import { signal } from '../vendor/signals/signals-core.js';
import { ClassSheetView } from '../views/class-sheet.js';
import { ShareView } from '../views/share.js';
import { download } from './download.js';
import { paint } from './paint.js';
import { attentionPicture, lossPicture, rastered } from './pictures.js';
import { isUntrained } from './shown.js';

addWords(en, zh);

/** @typedef {import('../views/share.js').Kind} Kind */
/**
 * @typedef {object} Parts
 * @property {import('./store.js').Store} store
 * @property {import('../engine/client.js').EngineClient} engine
 * @property {import('./address.js').Address} address
 * @property {(error: unknown) => void} report
 */

const COPIED_MS = 2_000;

/** Why there is no certificate; null if there can be one. @param {Parts['store']} store */
export function refusal({ model, step, pure, variant, running, run, learn }) {
  if (!model.value || isUntrained({ step, pure })) return 'untrained';
  if (running.value) return 'running';
  if (variant.value === 'relaxed') return 'relaxed';
  if (pure.value === 'tuned') return 'tuned';
  if (pure.value === 'no') return 'origin';
  if (run.value.corpus === 'own' && learn.value === null) return 'text';
  return globalThis.crypto?.subtle ? null : 'insecure';
}

/** Prints what the open chapter asks, with the way to it, and nothing else of the page. @param {string} link */
function printSheet(link) {
  const { classList } = document.documentElement;
  const place = document.createElement('div');
  const view = new ClassSheetView(place);
  view.update(link);
  document.getElementById('chapter')?.prepend(place);
  classList.add('class-sheet');
  const end = () => {
    classList.remove('class-sheet');
    view.destroy();
    place.remove();
  };
  addEventListener('afterprint', end, { once: true });
  window.print();
}

/** @type {{ open(): void } | null} */
let dialog = null;

/** @param {Parts} parts */
export async function openSharing(parts) {
  await style('views/share.css');
  dialog ??= create(parts);
  dialog.open();
}

/** @param {Parts} parts */
function create({ store, engine, address, report }) {
  const kind = signal(/** @type {Kind} */ ('page'));
  const copied = signal(false);
  const open = signal(false);
  /** The certificate, and the model and step that it is of. */
  const birth = signal(/** @type {{ of: unknown, step: number, written: string } | null} */ (null));
  let timer = 0;

  const certificate = () =>
    birth.value && birth.value.of === store.model.value && birth.value.step === store.step.value
      ? birth.value.written
      : null;

  async function certify() {
    if (refusal(store) !== null || certificate()) return;
    const [of, step] = [store.model.peek(), store.step.peek()];
    try {
      const hash = await hashOf(await engine.call('save', {}));
      const written = writeBirth({ steps: step, hash, curve: curveOf(store.trainLoss.peek(), step) });
      birth.value = { of, step, written };
    } catch (error) {
      report(error);
    }
  }

  const link = () => address.link({ all: kind.value !== 'page', birth: kind.value === 'birth' ? certificate() : null });

  const view = new ShareView(document.body, {
    kind(name) {
      kind.value = name;
      if (name === 'birth') void certify();
    },
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        copied.value = true;
        clearTimeout(timer);
        timer = window.setTimeout(() => (copied.value = false), COPIED_MS);
      } catch {
        view.select();
      }
    },
    picture: (of, format) => void picture(of, format).catch(report),
    sheet: () => printSheet(address.link({ all: true })),
    closed: () => (open.value = false),
  });
  paint(
    () => {
      if (!open.value) return null;
      const why = refusal(store);
      const ready = kind.value !== 'birth' || (why === null && certificate() !== null);
      return {
        kind: kind.value,
        link: ready ? link() : '',
        why: kind.value === 'birth' ? why : null,
        cut: ready ? address.cut() : null,
        copied: copied.value,
        steps: store.step.value,
        sheet: partsOf(store.screen.value).length > 0,
        pictures: { loss: store.trainLoss.value.length > 0, attention: store.inspection.value !== null },
      };
    },
    (data) => data && view.update(data),
  );

  /** @param {'loss' | 'attention'} of @param {'svg' | 'png'} format */
  async function picture(of, format) {
    const drawn = of === 'loss' ? lossPicture(store) : attentionPicture(store);
    if (!drawn) return;
    const name = `glassgpt-${of}-step-${store.step.peek()}.${format}`;
    const svg = new Blob([drawn.svg], { type: 'image/svg+xml' });
    download(format === 'svg' ? svg : await rastered(drawn), name);
  }

  return {
    open() {
      open.value = true;
      if (kind.peek() === 'birth') void certify();
      view.open();
    },
  };
}
