/** Colours of the page's custom properties for canvases, `light-dark()` resolved. */

/** Attribute of the page while it is printed: its colours are the light ones. */
export const ON_PAPER = 'data-paper';

/** A colour as the canvas understands it: custom properties resolved, `light-dark()` included. */
export class Probe {
  #element = document.createElement('i');
  /** A pixel that any colour can be put on, transparent. */
  #context = () =>
    /** @type {CanvasRenderingContext2D} */ (
      Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
        willReadFrequently: true,
      })
    );

  constructor() {
    this.#element.hidden = true;
    document.body.append(this.#element);
  }

  /** @param {string} property @returns {string} */
  css(property) {
    this.#element.style.setProperty('color', `var(${property})`);
    this.#element.style.setProperty('forced-color-adjust', 'none');
    return getComputedStyle(this.#element).color;
  }

  /** @param {string} property @returns {Uint8ClampedArray} RGBA */
  rgba(property) {
    const colour = this.css(property);
    const [, ...parts] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour) ?? [];
    if (parts.length === 3) return Uint8ClampedArray.of(...parts.map(Number), 255);
    const context = this.#context();
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  }

  remove() {
    this.#element.remove();
  }
}

/** The key under which a palette stays valid. */
export const themeKey = () => {
  const { dataset, classList } = document.documentElement;
  if (dataset.paper !== undefined) return 'paper';
  return `${dataset.theme ?? ''}/${matchMedia('(prefers-color-scheme: dark)').matches}/${classList.contains('projector')}`;
};

/**
 * Several colours of the current theme as CSS strings.
 * @template {string} N @param {readonly N[]} names @returns {Record<N, string>}
 */
export function colours(names) {
  const probe = new Probe();
  const found = /** @type {Record<N, string>} */ (
    Object.fromEntries(names.map((name) => [name, probe.css(`--${name}`)]))
  );
  probe.remove();
  return found;
}
