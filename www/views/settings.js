/**
 * Settings drawer: a modal dialog over the page. What keeps the model applies at once; everything else waits for
 * "Start a new model". Parameters, memory and time stand at the foot with their formula.
 */

import { t } from '../i18n/index.js';
import { row } from '../state.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { duration, num, size } from './format.js';
import { icon } from './icons.js';
import { choice, number, plain, slider, wrong } from './settings-rows.js';

/** @typedef {import('../engine/protocol.js').RunSettings} RunSettings */
/** @typedef {import('../engine/protocol.js').Estimate} Estimate */

/**
 * @typedef {object} SettingsData
 * @property {RunSettings | null} draft      null: the drawer is closed
 * @property {{ name: string, bytes: number, encoding: 'utf-8' | 'gb18030' } | null} own  the learner's text
 * @property {Estimate | null} estimate
 * @property {number | null} stepMs          measured on this machine, for the draft
 * @property {Record<string, string>} errors sentence by name of the setting; `model` for the whole
 * @property {boolean} hasModel
 * @property {number} workers                asked for, 0 = as many as help
 * @property {'' | 'relaxed'} engine         build of the engine that was asked for
 * @property {import('../engine/protocol.js').Variant | null} variant   instruction set that is used
 * @property {number} workersNow             that share the training now; 0 while there is none
 * @property {{ bytes: number, workers: number } | null} peak   most memory that all workers together have had
 * @property {boolean} projector
 * @property {{ layers: number, width: number, ms: number } | null} fitting   the largest usual size that this machine trains in a few minutes
 * @property {unknown} notice                template beside the data
 */

/**
 * @typedef {object} SettingsEvents
 * @property {(patch: Partial<RunSettings>) => void} change
 * @property {() => void} start
 * @property {() => void} close
 * @property {() => void} choose              opens the file picker
 * @property {(encoding: 'utf-8' | 'gb18030') => void} encoding
 * @property {(build: '' | 'relaxed') => void} rebuild   another build of the engine for the model at work
 * @property {(on: boolean) => void} projector   larger type, stronger lines
 * @property {(workers: number) => void} share   other workers for the model at work and all to come
 */

/** @typedef {'layers' | 'heads' | 'kvHeads' | 'width' | 'context' | 'vocabSize' | 'steps' | 'batch' | 'learningRate' | 'warmup' | 'weightDecay'} Slider */

const CORPORA = /** @type {const} */ (['stories-en', 'stories-zh', 'names', 'moby-dick']);
const SPECIALS = 5;

export class SettingsView {
  #dialog = document.createElement('dialog');
  #on;
  /** @type {SettingsData | null} */
  #data = null;

  /** @param {HTMLElement} root  where the dialog is put @param {SettingsEvents} on */
  constructor(root, on) {
    this.#on = on;
    const dialog = this.#dialog;
    dialog.className = 'drawer';
    dialog.setAttribute('aria-labelledby', 'settings-title');
    dialog.addEventListener('close', () => this.#data?.draft && on.close());
    // A press on the page behind; a drag that only ends there closes nothing.
    dialog.addEventListener('pointerdown', (e) => e.target === dialog && this.#outside(e) && dialog.close());
    root.append(dialog);
  }

  /** @param {SettingsData} data */
  update(data) {
    this.#data = data;
    if (!data.draft) {
      if (this.#dialog.open) this.#dialog.close();
      return;
    }
    render(
      html`<header role="none">
          <h2 id="settings-title">${t('settings.title')}</h2>
          <button class="btn bare" type="button" aria-label=${t('close')} @click=${() => this.#dialog.close()}>${icon('close')}</button>
        </header>
        <div class="body">${this.#corpus(data, data.draft)} ${this.#architecture(data.draft)} ${this.#training(data, data.draft)}
          <label class="check"><input type="checkbox" .checked=${data.projector} @change=${(/** @type {Event} */ e) => this.#on.projector(/** @type {HTMLInputElement} */ (e.target).checked)} />${t('settings.projector')}</label></div>
        <footer role="none">${this.#foot(data, data.draft)}</footer>`,
      this.#dialog,
    );
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  destroy() {
    this.#data = null;
    render(nothing, this.#dialog);
    this.#dialog.remove();
  }

  /** @param {PointerEvent} event */
  #outside(event) {
    const box = this.#dialog.getBoundingClientRect();
    return (
      event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom
    );
  }

  /** @param {Slider} name @param {string} [hint] */
  #slider(name, hint) {
    const { draft, errors } = /** @type {SettingsData & { draft: RunSettings }} */ (this.#data);
    const change = (/** @type {number} */ value) => this.#on.change({ [name]: value });
    return slider({
      row: row('run', name),
      label: t(`settings.${name}`),
      value: draft[name],
      hint,
      error: errors[name],
      change,
    });
  }

  /** @param {'style' | 'vocabulary' | 'split' | 'optimizer' | 'schedule'} name @param {boolean} [explained] */
  #choice(name, explained = false) {
    const { draft, errors } = /** @type {SettingsData & { draft: RunSettings }} */ (this.#data);
    const options = (row('run', name).values ?? []).map(
      (v) => /** @type {[string, string]} */ ([v, t(`settings.${name}.${v}`)]),
    );
    const hint = explained ? t(`settings.${name}.${draft[name]}.hint`) : undefined;
    const change = (/** @type {string} */ value) => this.#on.change({ [name]: value });
    return choice({
      row: row('run', name),
      label: t(`settings.${name}`),
      value: draft[name],
      options,
      hint,
      error: errors[name],
      change,
    });
  }

  /** @param {SettingsData} data @param {RunSettings} draft */
  #corpus({ own, errors, notice }, draft) {
    const corpus = (
      /** @type {RunSettings['corpus']} */ name,
      /** @type {string} */ title,
      /** @type {string} */ detail,
    ) =>
      html`<label
        ><input type="radio" name="corpus" value=${name} .checked=${draft.corpus === name} @change=${() => this.#on.change({ corpus: name })} /><span
          >${title}<small>${detail}</small></span
        ></label
      >`;
    return html`<fieldset>
      <legend>${t('settings.data')}</legend>
      <div class="corpora">
        ${CORPORA.map((name) => corpus(name, t(`corpus.${name}`), t(`corpus.${name}.detail`)))}
        ${own ? corpus('own', t('corpus.own'), t('corpus.own.detail', { name: own.name, size: size(own.bytes) })) : nothing}
      </div>
      ${own ? this.#encoding(own.encoding) : nothing}
      <button class="drop" type="button" @click=${this.#on.choose}>
        ${icon('file')}<span><b>${t('settings.drop.title')}</b>${t('settings.drop')}</span>
      </button>
      ${wrong(errors.corpus, 'set-corpus-wrong')} ${notice ?? nothing}
      <p class="source">${t('settings.sources')}</p>
    </fieldset>`;
  }

  /** @param {'utf-8' | 'gb18030'} encoding */
  #encoding(encoding) {
    return html`<div class="srow">
      <label for="set-encoding">${t('settings.encoding')}</label>
      <select
        id="set-encoding"
        @change=${(/** @type {Event} */ e) =>
          this.#on.encoding(/** @type {HTMLSelectElement} */ (e.target).value === 'gb18030' ? 'gb18030' : 'utf-8')}
      >
        <option value="utf-8" .selected=${encoding === 'utf-8'}>UTF-8</option>
        <option value="gb18030" .selected=${encoding === 'gb18030'}>GB18030 (GBK)</option>
      </select>
    </div>`;
  }

  /** @param {RunSettings} draft */
  #architecture(draft) {
    const { width, heads, vocabSize, style } = draft;
    const perHead = width % heads === 0 ? t('settings.heads.hint', { width, heads, each: width / heads }) : undefined;
    const merges = t('settings.vocabSize.hint', { n: num(vocabSize - 256 - SPECIALS), specials: SPECIALS });
    return html`<fieldset>
      <legend>${t('settings.architecture')}</legend>
      ${this.#choice('style', true)} ${this.#slider('layers')} ${this.#slider('heads', perHead)} ${this.#slider('width')}
      ${this.#slider('context', t('settings.context.hint'))} ${this.#choice('vocabulary')}
      ${draft.vocabulary === 'bpe' ? this.#slider('vocabSize', merges) : nothing}
      <details>
        <summary>${t('settings.more')}</summary>
        ${style === 'modern' ? this.#slider('kvHeads', t('settings.kvHeads.hint')) : nothing}
        ${draft.vocabulary === 'bpe' ? this.#choice('split', true) : nothing}
      </details>
    </fieldset>`;
  }

  /** @param {SettingsData} data @param {RunSettings} draft */
  #training(data, draft) {
    const { errors } = data;
    const tokens = t('settings.batch.hint', {
      batch: draft.batch,
      context: draft.context,
      tokens: num(draft.batch * draft.context),
    });
    return html`<fieldset>
      <legend>${t('settings.training')}</legend>
      ${this.#slider('steps')} ${this.#slider('batch', tokens)} ${this.#choice('optimizer', true)} ${this.#slider('learningRate')}
      ${number({
        row: row('run', 'seed'),
        label: t('settings.seed'),
        value: draft.seed,
        hint: t('settings.seed.hint'),
        error: errors.seed,
        change: (seed) => this.#on.change({ seed }),
      })}
      <details>
        <summary>${t('settings.more')}</summary>
        ${this.#choice('schedule', true)} ${this.#slider('warmup', t('settings.warmup.hint'))} ${this.#slider('weightDecay')}
        ${this.#workers(data)} ${this.#engine(data)}
      </details>
    </fieldset>`;
  }

  /** @param {SettingsData} data */
  #workers({ workers, workersNow }) {
    const setting = row('page', 'workers');
    const counts = Array.from(
      { length: setting.max ?? 1 },
      (_, i) => /** @type {[string, string]} */ ([`${i + 1}`, num(i + 1)]),
    );
    return choice({
      row: setting,
      label: t('settings.workers'),
      value: String(workers),
      options: [['0', t('settings.workers.auto')], ...counts],
      hint: workersNow > 0 ? t('settings.workers.now', { n: workersNow }) : t('settings.workers.hint'),
      change: (value) => this.#on.share(Number(value)),
    });
  }

  /** @param {SettingsData} data */
  #engine({ engine, variant }) {
    const missing = engine === 'relaxed' && variant !== null && variant !== 'relaxed';
    return choice({
      row: row('page', 'engine'),
      label: t('settings.engine'),
      value: engine,
      options: [
        ['', t('settings.engine.same')],
        ['relaxed', t('settings.engine.relaxed')],
      ],
      hint: t(missing ? 'settings.engine.missing' : 'settings.engine.hint'),
      change: (value) => this.#on.rebuild(value === 'relaxed' ? 'relaxed' : ''),
    });
  }

  /** @param {SettingsData} data @param {RunSettings} draft */
  #foot({ estimate, stepMs, peak, errors, hasModel, fitting }, draft) {
    const known = estimate && !estimate.error;
    const refused = Object.keys(errors).length > 0;
    const fact = (/** @type {string} */ name, /** @type {string} */ value) =>
      html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
    return html`<dl>
        ${fact(t('settings.parameters'), known ? num(estimate.parameters) : '–')}
        ${fact(t('settings.memory'), known ? size(estimate.memoryBytes) : '–')}
        ${fact(t('settings.time'), known && stepMs !== null ? duration(stepMs * draft.steps) : '–')}
      </dl>
      <p class="cap">${known ? estimate.formula : nothing}${known && stepMs !== null ? t('settings.measured', { ms: plain(Number(stepMs.toPrecision(2))) }) : nothing}</p>
      ${peak ? html`<p class="cap peak">${t('settings.peak', { n: peak.workers, size: size(peak.bytes) })}</p>` : nothing}
      ${fitting ? html`<p class="cap">${t('settings.fitting', { layers: fitting.layers, width: fitting.width, time: duration(fitting.ms) })}</p>` : nothing}
      ${wrong(errors.model, 'set-model-wrong')}
      <div class="acts">
        <button class="btn primary" type="button" ?disabled=${refused} @click=${this.#on.start}>${t('settings.start')}</button>
        <button class="btn" type="button" @click=${() => this.#dialog.close()}>${t(hasModel ? 'settings.keep' : 'close')}</button>
      </div>`;
  }
}
