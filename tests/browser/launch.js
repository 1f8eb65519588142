/** Finds and starts the two browsers, headless. */

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';

/** @typedef {'chromium' | 'firefox'} BrowserName */

const PROGRAMS = {
  chromium: [process.env.GLASSGPT_CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome'],
  firefox: [process.env.GLASSGPT_FIREFOX, 'firefox-esr', 'firefox'],
};

/**
 * Starts a browser; colour scheme, language and motion are set at the start because Firefox can't change them later.
 * @param {BrowserName} name
 * @param {{ dark?: boolean, lang?: string, reducedMotion?: boolean }} [options]
 */
export async function launch(name, { dark = false, lang = 'en-US', reducedMotion = false } = {}) {
  const common = { executablePath: program(name), headless: true, protocolTimeout: 900_000 };
  if (name === 'firefox') {
    return puppeteer.launch({
      ...common,
      browser: 'firefox',
      extraPrefsFirefox: {
        'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
        'intl.accept_languages': lang,
        'ui.prefersReducedMotion': reducedMotion ? 1 : 0,
        'dom.max_script_run_time': 0,
      },
    });
  }
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  const more = ['--disable-component-update', '--disable-sync', `--lang=${lang}`, `--accept-lang=${lang}`];
  if (dark) more.push('--force-dark-mode', '--blink-settings=preferredColorScheme=0');
  if (reducedMotion) more.push('--force-prefers-reduced-motion');
  return puppeteer.launch({
    ...common,
    browser: 'chrome',
    args: [...flags, ...more],
    env: { ...process.env, LANGUAGE: lang },
  });
}

/** @param {BrowserName} name */
function program(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = PROGRAMS[name].flatMap((file) => (file ? [file, ...folders.map((folder) => join(folder, file))] : []));
  const found = paths.find((path) => path.includes('/') && existsSync(path));
  if (!found) throw new Error(`${name} is not installed; \`cargo xtask test\` says how to get it`);
  return found;
}
