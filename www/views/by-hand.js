/** One step of a tiny model, number by number: forward pass, one gradient beside its finite difference, the update. */

import { gap, t } from '../i18n/index.js';
import { html, nothing, render } from '../vendor/lit-html/lit-html.js';

/** @typedef {import('../engine/pretraining-protocol.js').ByHand} ByHand */

/** Digits that are enough to compute on by hand. */
const DIGITS = 5;
/** Last tensor, whose gradient can be written out. */
const isHead = (/** @type {ByHand} */ data) => data.tensor === data.tensors.length - 1;

/** @param {number} x @param {number} [digits] */
export const exact = (x, digits = DIGITS) =>
  x
    .toFixed(digits)
    .replace('-', '−')
    .replace(/^−(0\.0*)$/, '$1');

/** A number with a sign of its own in brackets, as something that is squared needs it. @param {number} x */
const factor = (x) => (exact(x).startsWith('−') ? `(${exact(x)})` : exact(x));

/** The terms of the gradient of a weight of the head: a place each. @param {ByHand} data @returns {{ hidden: number, p: number, right: number, value: number }[]} */
export function terms({ targets, probs, hidden, head, index, losses }) {
  const width = hidden.length / targets.length;
  const words = head.length / width;
  const [word, c] = [Math.floor(index / width), index % width];
  return targets.map((target, place) => {
    const [h, p, right] = [hidden[place * width + c], probs[place * words + word], Number(target === word)];
    return { hidden: h, p, right, value: ((p - right) * h) / losses.length };
  });
}

/** The gradient that moving the weight to both sides shows. @param {ByHand} data */
export const difference = ({ lossAbove, lossBelow, nudge }) => (lossAbove - lossBelow) / (2 * nudge);

/** The update of the weight by AdamW, in the steps that one would write down. @param {ByHand} data */
export function updated({
  step,
  beta1,
  beta2,
  epsilon,
  learningRate,
  weightDecay,
  momentum,
  variance,
  weight,
  gradients,
  index,
}) {
  const g = gradients[index];
  const m = beta1 * momentum[0] + (1 - beta1) * g;
  const v = beta2 * variance[0] + (1 - beta2) * g * g;
  const [mHat, vHat] = [m / (1 - beta1 ** step), v / (1 - beta2 ** step)];
  const kept = weight[0] * (1 - learningRate * weightDecay);
  return { g, m, v, mHat, vHat, kept, weight: kept - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon) };
}

export class ByHandView {
  #root;
  #on;

  /** @param {HTMLElement} root @param {{ choose(hand: { step?: number, tensor?: number, index?: number }): void, print(): void }} on */
  constructor(root, on) {
    this.#root = root;
    this.#on = on;
    root.classList.add('by-hand');
  }

  /** @param {{ found: ByHand | null, most: number }} data */
  update({ found, most }) {
    render(
      found
        ? html`<header><h3>${t('hand.title', { step: found.step })}</h3></header>
            <p class="cap">${t('hand.caption', { n: found.parameters })}</p>
            ${this.#forward(found)} ${this.#choice(found)} ${this.#gradient(found)} ${this.#update(found)}
            <div class="tools">
              <button class="btn sm" type="button" ?disabled=${found.step <= 1} @click=${() => this.#on.choose({ step: found.step - 1 })}>${t('hand.before')}</button>
              <button class="btn sm" type="button" ?disabled=${found.step >= most} @click=${() => this.#on.choose({ step: found.step + 1 })}>${t('hand.after')}</button>
              <button class="btn sm" type="button" @click=${this.#on.print}>${t('hand.print')}</button>
            </div>`
        : html`<h3>${t('hand.title', { step: 1 })}</h3><p class="cap" role="status">${t('hand.waiting')}</p>`,
      this.#root,
    );
  }

  destroy() {
    render(nothing, this.#root);
    this.#root.classList.remove('by-hand');
  }

  /** @param {ByHand} data */
  #forward({ tokens, targets, hidden, probs, losses, lossNats }) {
    const [width, words] = [hidden.length / tokens.length, probs.length / tokens.length];
    const word = (/** @type {number} */ i) => t(`hand.word.${i}`);
    const all = Array.from({ length: words }, (_, i) => i);
    return html`<h4>${t('hand.forward')}</h4>
      <div class="table" tabindex="0" role="group" aria-label=${t('hand.forward')}>
        <table>
          <thead><tr><th scope="col">${t('hand.read')}</th><th scope="col">${t('hand.follows')}</th>
            ${Array.from({ length: width }, (_, c) => html`<th scope="col" class="n">h<sub>${c + 1}</sub></th>`)}
            ${all.map((i) => html`<th scope="col" class="n">p(<span class="q">${word(i)}</span>)</th>`)}
            <th scope="col" class="n">−ln p</th></tr></thead>
          <tbody>${tokens.map(
            (
              token,
              place,
            ) => html`<tr><td class="tk"><span class="q">${word(token)}</span></td><td class="tk"><span class="q">${word(targets[place])}</span></td>
              ${Array.from({ length: width }, (_, c) => html`<td class="n">${exact(hidden[place * width + c], 4)}</td>`)}
              ${all.map((i) => html`<td class=${i === targets[place] ? 'n on' : 'n'}>${exact(probs[place * words + i], 4)}</td>`)}
              <td class="n">${exact(losses[place], 4)}</td></tr>`,
          )}</tbody>
        </table>
      </div>
      <p class="sum">${t('hand.loss')} = (${losses.map((l) => exact(l, 4)).join(' + ')}) ÷ ${losses.length} = <b>${exact(lossNats)}</b></p>`;
  }

  /** @param {ByHand} data */
  #choice(data) {
    const { tensors, tensor, weights, gradients, index } = data;
    const columns = tensors[tensor].shape.at(-1) ?? 1;
    return html`<h4>${t('hand.choose')}</h4>
      <label class="pick"><span>${t('hand.tensor')}</span>
        <select @change=${(/** @type {Event} */ e) => this.#on.choose({ tensor: Number(/** @type {HTMLSelectElement} */ (e.target).value), index: 0 })}>
          ${tensors.map((part, i) => html`<option value=${i} .selected=${i === tensor}>${part.name} (${part.shape.join(' × ')})</option>`)}
        </select></label>
      <div class="weights" role="group" aria-label=${t('hand.weights')} .style=${`--n:${columns}`}>
        ${weights.map(
          (
            w,
            i,
          ) => html`<button type="button" aria-pressed=${i === index} @click=${() => this.#on.choose({ index: i })}>
            <b>${exact(w, 4)}</b><small>${t('hand.pull', { gradient: exact(gradients[i], 4) })}</small></button>`,
        )}
      </div>`;
  }

  /** @param {ByHand} data */
  #gradient(data) {
    const g = data.gradients[data.index];
    return html`<h4>${t('hand.gradient')}</h4>
      ${
        isHead(data)
          ? html`<p class="sum">${t('hand.gradient.sum')}</p>
              <ol class="terms">${terms(data).map(
                (term) =>
                  html`<li>(${exact(term.p, 4)} − ${term.right}) × ${exact(term.hidden, 4)} ÷ ${data.losses.length} = ${exact(term.value)}</li>`,
              )}</ol>`
          : html`<p class="cap">${t('hand.gradient.deep')}</p>`
      }
      <p class="sum">${t('hand.gradient.is')} = <b>${exact(g)}</b></p>
      <p class="sum">${t('hand.difference', { nudge: exact(data.nudge, 2) })}:
        (${exact(data.lossAbove, 8)} − ${exact(data.lossBelow, 8)}) ÷ ${exact(2 * data.nudge, 2)} = <b>${exact(difference(data))}</b></p>`;
  }

  /** @param {ByHand} data */
  #update(data) {
    const { beta1, beta2, epsilon, learningRate, weightDecay, momentum, variance, weight, step } = data;
    const u = updated(data);
    const decay = weightDecay > 0 ? html` × (1 − ${exact(learningRate, 1)} × ${exact(weightDecay, 1)})` : nothing;
    return html`<h4>${t('hand.update')}</h4>
      <ol class="terms">
        <li>m = ${exact(beta1, 2)} × ${exact(momentum[0])} + ${exact(1 - beta1, 2)} × ${exact(u.g)} = ${exact(u.m)}</li>
        <li>v = ${exact(beta2, 2)} × ${exact(variance[0], 7)} + ${exact(1 - beta2, 2)} × ${factor(u.g)}² = ${exact(u.v, 7)}</li>
        <li>m̂ = m ÷ (1 − ${exact(beta1, 2)}<sup>${step}</sup>) = ${exact(u.mHat)}, v̂ = v ÷ (1 − ${exact(beta2, 2)}<sup>${step}</sup>) = ${exact(u.vHat, 7)}</li>
        <li>w = ${exact(weight[0])}${decay} − ${exact(learningRate, 1)} × m̂ ÷ (√v̂ + ${Number(epsilon.toPrecision(3))}) = <b>${exact(u.weight)}</b></li>
      </ol>
      <p class="sum">${t('hand.moved', { from: exact(weight[0]), to: exact(weight[1]) })}${gap()}${t('hand.after-loss', { from: exact(data.lossNats), to: exact(data.lossAfter) })}</p>`;
  }
}
